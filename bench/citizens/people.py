"""The citizens: what each needs, where and when they can come, how they live."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from math import hypot, log, sqrt
from uuid import UUID

import attrs

from bench.citizens.assumptions import Assumptions
from mta_core.domain.availability import DateWindow, Slot, day_of
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_practice.programme.draws import Draws

_NOON = time(12)
_LATITUDES, _LONGITUDES = (48.06, 48.20), (11.42, 11.68)  # where people live in Munich
_WIDER = 0.67  # a degree of longitude against one of latitude, there
_WORKDAYS = range(5)
_DAY = 86_400
_ARRIVE = (9 * 3600, 21 * 3600)


@attrs.define(eq=False)
class Citizen:
    """One citizen, and how far they have come.

    Attributes:
        offices: where they would go, among those that take what they need.
        checked: all of these are behind the human check.
        arrives: when they begin to look, in epoch seconds.
        wakes, sleeps: minutes of the day.
        holding: something is reserved for them, or is just being reserved.
        unopened: bookings that died because the mail was not opened in time.
        confirmed_at: when they got their appointment.
    """

    number: int
    wish: Subscription
    offices: frozenset[OfficeId]
    checked: bool
    arrives: float
    wakes: int
    sleeps: int
    holding: bool = False
    unopened: int = 0
    confirmed_at: float | None = None

    @property
    def looking(self) -> bool:
        """Whether they would take an appointment now."""
        return self.confirmed_at is None and not self.holding

    def accepts(self, slot: Slot, now: datetime) -> bool:
        """Whether a slot suits them."""
        return slot.services == self.wish.services and self.wish.accepts(slot, now)


@attrs.frozen
class Drawing:
    """Draws citizens. *medians*: how long slots live at each office, in seconds."""

    catalogue: Catalogue
    medians: Mapping[OfficeId, float]
    draws: Draws
    assume: Assumptions
    mode: Mode

    def citizens(self, begin: float) -> list[Citizen]:
        """Draw them all, in the order in which they arrive."""
        ranked = self._services()
        weights = accumulate(
            1 / rank**self.assume.zipf for rank in range(1, len(ranked) + 1)
        )
        upto = list(weights)
        return sorted(
            (
                self._citizen(number, ranked, upto, begin)
                for number in range(self.assume.citizens)
            ),
            key=lambda citizen: citizen.arrives,
        )

    def _services(self) -> list[ServiceSet]:
        """Rank what can be had, the most popular first.

        Popular is what others take fastest at all of its offices together, as far as
        the two are tied; the rest is chance.
        """
        wanted: dict[ServiceSet, float] = {}
        for service in sorted(self.catalogue.services):
            services = ServiceSet.of([service])
            offices = self._bookable(services)
            if offices:
                wanted[services] = log(sum(1 / self.medians[o] for o in offices))
        levels = list(wanted.values())
        mean = sum(levels) / len(levels)
        spread = sqrt(sum((x - mean) ** 2 for x in levels) / len(levels)) or 1.0
        tied, free = self.assume.scarcity, sqrt(1 - self.assume.scarcity**2)
        score = {
            services: tied * (level - mean) / spread
            + free * self.draws.normal("popular", services)
            for services, level in wanted.items()
        }
        return sorted(score, key=lambda services: -score[services])

    def _bookable(self, services: ServiceSet) -> list[OfficeId]:
        able = self.catalogue.able(services)
        return sorted(office for office in able if office in self.medians)

    def _citizen(
        self, number: int, ranked: list[ServiceSet], upto: list[float], begin: float
    ) -> Citizen:
        share = self.draws.share("service", number)
        services = ranked[bisect_left(upto, share * upto[-1])]
        arrives = self._arrival(number, begin)
        offices = self._offices(number, services)
        who = UUID(int=number + 1)
        moment = datetime.fromtimestamp(arrives, UTC)
        wishes = self._wishes(number, offices, day_of(moment))
        varied = self.assume.sleep_spread
        return Citizen(
            number=number,
            wish=Subscription(who, who, services, wishes, self.mode, moment),
            offices=offices,
            checked=all(map(self.catalogue.is_checked, offices)),
            arrives=arrives,
            wakes=self.assume.wakes + self.draws.whole(-varied, varied, "wake", number),
            sleeps=min(
                self.assume.sleeps + self.draws.whole(-varied, varied, "sleep", number),
                1439,
            ),
        )

    def _arrival(self, number: int, begin: float) -> float:
        first, last = _ARRIVE
        day = self.draws.whole(0, self.assume.arrival_days - 1, "arrives", number)
        second = self.draws.whole(first, last, "arrives at", number)
        return begin + day * _DAY + second

    def _offices(self, number: int, services: ServiceSet) -> frozenset[OfficeId]:
        offices = self._bookable(services)
        if self.draws.share("near", number) >= self.assume.near:
            return frozenset(offices)
        home = tuple(
            low + (high - low) * self.draws.share("home", number, low)
            for low, high in (_LATITUDES, _LONGITUDES)
        )
        return frozenset(sorted(offices, key=lambda o: self._way(home, o))[:2])

    def _way(self, home: tuple[float, ...], number: OfficeId) -> float:
        """How far it is to an office, in degrees of latitude."""
        office = self.catalogue.office(number)
        if office.latitude is None or office.longitude is None:
            return 1.0
        north, east = office.latitude - home[0], office.longitude - home[1]
        return hypot(north, east * _WIDER)

    def _wishes(self, number: int, offices: frozenset[OfficeId], today: date) -> Wishes:
        return Wishes(
            offices=offices,
            windows=self._windows(number, today),
            weekdays=self._weekdays(number),
            hours=self._hours(number),
        )

    def _windows(self, number: int, today: date) -> tuple[DateWindow, ...]:
        share = self.draws.share("within", number)
        spans = (
            (14, self.assume.within_14),
            (30, self.assume.within_30),
            (60, self.assume.within_60),
        )
        for days, part in spans:
            if share < part:
                return (DateWindow(today, today + timedelta(days=days)),)
            share -= part
        return ()

    def _weekdays(self, number: int) -> frozenset[int]:
        if self.draws.share("weekdays", number) >= self.assume.few_weekdays:
            return frozenset(range(7))
        many = self.draws.whole(2, 3, "how many weekdays", number)
        order = sorted(
            _WORKDAYS, key=lambda day: self.draws.share("weekday", number, day)
        )
        return frozenset(order[:many])

    def _hours(self, number: int) -> Hours:
        share = self.draws.share("hours", number)
        if share < self.assume.mornings:
            return Hours(last=_NOON)
        if share < self.assume.mornings + self.assume.afternoons:
            return Hours(first=_NOON)
        return Hours()


def by_service(people: Iterable[Citizen]) -> dict[ServiceSet, list[Citizen]]:
    """Group citizens by what they need, keeping their order."""
    groups: dict[ServiceSet, list[Citizen]] = {}
    for citizen in people:
        groups.setdefault(citizen.wish.services, []).append(citizen)
    return groups
