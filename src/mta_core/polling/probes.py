"""Folding many subscriptions into few questions.

All who wait for the same services with the same counts share one probe, over the union
of the offices that any of them wants. Checked offices are left out: they are asked
only in a watch shift.
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
    """

    services: ServiceSet
    waiting: Mapping[OfficeId, int]
    since: date
    subscriptions: tuple[Subscription, ...]

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
    subscriptions: Iterable[Subscription], catalogue: Catalogue, now: datetime
) -> tuple[Demand, ...]:
    """Fold active subscriptions into demands, one per service set.

    A subscription for which no day is left, or whose offices are all checked, adds
    nothing.
    """
    groups: dict[ServiceSet, list[Subscription]] = {}
    for subscription in subscriptions:
        if subscription.active and subscription.first_day(now) is not None:
            groups.setdefault(subscription.services, []).append(subscription)
    demands = (
        _demand(services, tuple(group), catalogue, now)
        for services, group in groups.items()
    )
    return tuple(demand for demand in demands if demand.waiting)


def _demand(
    services: ServiceSet,
    group: tuple[Subscription, ...],
    catalogue: Catalogue,
    now: datetime,
) -> Demand:
    open_offices = [
        office
        for office in sorted(catalogue.able(services))
        if not catalogue.is_checked(office)
    ]
    waiting = Counter(
        office
        for subscription in group
        for office in open_offices
        if subscription.wishes.accept_office(office)
    )
    served = tuple(
        subscription
        for subscription in group
        if any(map(subscription.wishes.accept_office, open_offices))
    )
    days = (subscription.first_day(now) for subscription in served)
    since = min((day for day in days if day is not None), default=day_of(now))
    return Demand(services, dict(waiting), since, served)
