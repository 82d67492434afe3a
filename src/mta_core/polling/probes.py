"""Folding many subscriptions into few questions.

All who wait for the same services with the same counts share one probe, over the union
of the offices that any of them wants. Checked offices are left out: they are asked
only in a watch shift, by questions of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import attrs

from mta_core.domain.availability import DateWindow, Observation, Probe, day_of
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.subscriptions import Subscription

HORIZON = timedelta(days=180)
"""How far ahead MTA asks: the city makes slots for at most 180 days (contract 8)."""


@attrs.frozen
class Demand:
    """Who waits for one service set, and where.

    Attributes:
        waiting: how many would come to each office; the weights of the planner.
        since: the earliest day that suits anybody.
        firsts: for each day that is somebody's earliest, in order: how many of these
            would come to each office.
        holds: how long an office reserves a slot, where it is known.
        checked: all these offices are behind a human check; otherwise none is.
    """

    services: ServiceSet
    waiting: Mapping[OfficeId, int]
    since: date
    subscriptions: tuple[Subscription, ...]
    firsts: Mapping[date, Mapping[OfficeId, int]] = attrs.field(factory=dict)
    holds: Mapping[OfficeId, timedelta] = attrs.field(factory=dict)
    checked: bool = False

    def waiting_from(self, first: date, until: date | None) -> Mapping[OfficeId, int]:
        """Count those whose earliest day is *first* or later, but before *until*."""
        waiting: Counter[OfficeId] = Counter()
        for day, counts in self.firsts.items():
            if first <= day and (until is None or day < until):
                waiting.update(counts)
        return waiting

    def wanting(self, day: date) -> Mapping[OfficeId, int]:
        """Count those who would come on a day, at each office."""
        if not self.since <= day <= self.since + HORIZON:
            return {}
        willing = [wish for wish in self.subscriptions if wish.wants_day(day)]
        counts = {
            office: sum(wish.wishes.accept_office(office) for wish in willing)
            for office in self.waiting
        }
        return {office: count for office, count in counts.items() if count}

    def probe(self) -> Probe:
        """Ask for the first bookable day at any office that somebody wants."""
        window = DateWindow(self.since, self.since + HORIZON)
        return Probe(self.services, frozenset(self.waiting), window)

    def follow_up(self, day: date) -> Probe:
        """Ask for the times of one later day, and whatever follows it."""
        return Probe(
            self.services,
            frozenset(self.waiting),
            DateWindow(day, self.since + HORIZON),
        )

    def wanted_hints(self, observation: Observation) -> tuple[date, ...]:
        """Return the unverified days that would suit somebody, earliest first."""
        return tuple(
            day
            for day, offices in sorted(observation.hints.items())
            if self.wants(day, offices)
        )

    def wants(self, day: date, offices: Iterable[OfficeId] | None = None) -> bool:
        """Whether somebody would come on this day, to any of these offices."""
        asked = frozenset(self.waiting if offices is None else offices)
        return self.since <= day <= self.since + HORIZON and any(
            subscription.wants_day(day)
            and any(map(subscription.wishes.accept_office, asked))
            for subscription in self.subscriptions
        )


def fold(
    subscriptions: Iterable[Subscription],
    catalogue: Catalogue,
    now: datetime,
    *,
    checked: bool = False,
) -> tuple[Demand, ...]:
    """Fold active subscriptions into demands, one per service set.

    A subscription for which no day is left, or that wants no office of this kind, adds
    nothing.

    Args:
        checked: over the offices behind a human check, instead of all others.
    """
    groups: dict[ServiceSet, list[Subscription]] = {}
    for subscription in subscriptions:
        if subscription.active and subscription.first_day(now) is not None:
            groups.setdefault(subscription.services, []).append(subscription)
    demands = (
        _demand(services, tuple(group), catalogue, now, checked)
        for services, group in groups.items()
    )
    return tuple(demand for demand in demands if demand.waiting)


def _demand(
    services: ServiceSet,
    group: tuple[Subscription, ...],
    catalogue: Catalogue,
    now: datetime,
    checked: bool,
) -> Demand:
    asked_offices = [
        office
        for office in sorted(catalogue.able(services))
        if catalogue.is_checked(office) is checked
    ]
    firsts: dict[date, Counter[OfficeId]] = {}
    served = []
    for subscription in group:
        suiting = list(filter(subscription.wishes.accept_office, asked_offices))
        if suiting and (first := subscription.first_day(now)):
            served.append(subscription)
            firsts.setdefault(first, Counter()).update(suiting)
    return Demand(
        services,
        waiting=dict(sum(firsts.values(), Counter())),
        since=min(firsts, default=day_of(now)),
        subscriptions=tuple(served),
        firsts=dict(sorted(firsts.items())),
        holds={office: _hold(catalogue, office) for office in asked_offices},
        checked=checked,
    )


def _hold(catalogue: Catalogue, office: OfficeId) -> timedelta:
    terms = catalogue.offices[office].terms
    return timedelta(minutes=terms.reservation_minutes if terms else 0)
