"""A small town that answers as the city does, and somebody who asks it all day long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from mta_core.domain.availability import (
    Calendar,
    DateWindow,
    Observation,
    Probe,
    day_of,
)
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet, Terms
from mta_core.domain.errors import SiteError
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.learning import Candidate, LearningPlanner
from mta_core.polling.learning.candidates import Reason
from mta_core.polling.planner import Outcome
from mta_core.polling.probes import Demand, fold
from tests.unit.domain.builders import (
    NOW,
    a_catalogue,
    a_service,
    a_subscription,
    an_office,
    days,
    some,
    wanting,
)

EVEN = timedelta(seconds=6)
AGO = NOW - days(1)
AHEAD = days(40)
"""Appointments are that far ahead, unless a test says otherwise."""

EVER = 1e7
CHECKED = 30


def a_town(size: int, **terms: Any) -> Catalogue:
    """As many services as offices, each at all of them and at a checked one."""
    return a_catalogue(
        *(an_office(n, terms=Terms(**terms)) for n in range(1, size + 1)),
        an_office(CHECKED, checked=True),
        services=[a_service(n, max_quantity=2) for n in range(1, size + 1)],
    )


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def ahead(day: date) -> int:
    """Count days from today on."""
    return (day - day_of(NOW)).days


@attrs.frozen
class Stay:
    """A slot that is free from *born* until it is *gone*.

    Attributes:
        hollow: its day is said to be bookable, but there is no such time.
    """

    office: OfficeId
    start: datetime
    born: datetime
    gone: datetime
    day: date
    hollow: bool

    def free(self, probe: Probe, now: datetime) -> bool:
        """Whether an answer would know of it."""
        return (
            self.born <= now < self.gone
            and self.office in probe.offices
            and self.day in probe.window
        )


def _no_trouble(_: Probe, __: datetime) -> SiteError | None:
    return None


@attrs.define
class Town:
    """What is free, and when; it answers as the city does (contract 1.2)."""

    trouble: Callable[[Probe, datetime], SiteError | None] = _no_trouble
    stays: dict[ServiceSet, list[Stay]] = attrs.field(factory=dict)
    _made: int = 0

    def free(
        self,
        at: datetime,
        services: str = "1",
        office: int = 1,
        *,
        count: int = 1,
        lasting: float = 300,
        ahead: timedelta = AHEAD,
        hollow: bool = False,
    ) -> None:
        """Let slots be free from a moment on, for so many seconds; all are different."""
        kept = self.stays.setdefault(some(services), [])
        for _ in range(count):
            self._made += 1
            start = (at + ahead).replace(second=0, microsecond=self._made)
            gone = at + seconds(lasting)
            day = day_of(start)
            kept.append(Stay(OfficeId(office), start, at, gone, day, hollow))

    def answer(self, probe: Probe, now: datetime) -> Outcome:
        """Tell what is free now; what is over is forgotten."""
        error = self.trouble(probe, now)
        if error is not None:
            return Outcome(probe, now, error=error)
        known = [s for s in self.stays.get(probe.services, ()) if now < s.gone]
        self.stays[probe.services] = known
        calendar = _calendar([s for s in known if s.free(probe, now)], probe)
        return Outcome(probe, now, Observation.of(probe, calendar, now))


def _calendar(free: Sequence[Stay], probe: Probe) -> Calendar:
    """Times for the first day; its month as said to be bookable; the next day of all."""
    if not free:
        return Calendar(DateWindow(probe.window.first, probe.window.first), {}, {})
    first = min(stay.day for stay in free)
    listed: dict[date, set[OfficeId]] = {}
    times: dict[OfficeId, list[datetime]] = {}
    for stay in free:
        if stay.day > first:
            listed.setdefault(stay.day, set()).add(stay.office)
        elif not stay.hollow:
            listed.setdefault(first, set()).add(stay.office)
            times.setdefault(stay.office, []).append(stay.start)
    month = (first.year, first.month)
    return Calendar(
        DateWindow(first, first),
        {d: frozenset(o) for d, o in listed.items() if (d.year, d.month) == month},
        {office: tuple(starts) for office, starts in times.items()},
        min((day for day in listed if (day.year, day.month) > month), default=None),
    )


@attrs.define
class Asking:
    """Somebody who asks what the planner wants, and tells it what came of it."""

    town: Town
    group: Sequence[Subscription]
    now: datetime = NOW
    planner: LearningPlanner = attrs.field(factory=LearningPlanner)
    catalogue: Catalogue = attrs.field(factory=lambda: a_town(6))
    outcomes: list[Outcome] = attrs.field(factory=list)
    _demands: tuple[Demand, ...] = ()
    _folded: tuple[date, Sequence[Subscription]] | None = None

    @property
    def demands(self) -> Sequence[Demand]:
        """As the watcher has them: folded when a day begins, somebody comes or goes."""
        today = day_of(self.now)
        folded = self._folded
        if folded is None or folded[0] != today or folded[1] is not self.group:
            self._folded = (today, self.group)
            self._demands = fold(self.group, self.catalogue, self.now)
        return self._demands

    def next(self) -> Probe | None:
        """Choose a question."""
        return self.planner.next(self.demands, self.now)

    def ask(self) -> Probe | None:
        """Ask it."""
        probe = self.next()
        if probe is not None:
            self.tell(probe)
        return probe

    def tell(self, probe: Probe) -> None:
        """Tell the planner what came of a question."""
        outcome = self.town.answer(probe, self.now)
        self.outcomes.append(outcome)
        self.planner.learn(outcome)

    def until(self, end: datetime, every: timedelta = EVEN) -> list[Outcome]:
        """Ask at an even pace; return what came of it."""
        before = len(self.outcomes)
        while self.now < end:
            self.ask()
            self.now = min(self.now + every, end)
        return self.outcomes[before:]

    def times(self, count: int, every: timedelta = EVEN) -> list[Outcome]:
        """Ask so many times."""
        return self.until(self.now + count * every, every)

    def candidates(self) -> list[Candidate]:
        """Return all that might be asked now."""
        return self.planner.explain(self.now)

    def firsts(self) -> list[Candidate]:
        """Return what might be asked but for follow-ups."""
        return [c for c in self.candidates() if c.reason is not Reason.FOLLOW_UP]

    def about(self, services: str) -> Candidate:
        """Return the only first question for these services."""
        [found] = [c for c in self.firsts() if str(c.probe.services) == services]
        return found


def one_each(*services: str, office: int | None = None) -> list[Subscription]:
    """One citizen for each service, at the office of the same number or at this one."""
    return [
        a_subscription(number, services=text, wishes=wanting(office or number))
        for number, text in enumerate(services, 1)
    ]


def asked(outcomes: Sequence[Outcome]) -> list[str]:
    """Name the services that were asked for."""
    return [str(outcome.probe.services) for outcome in outcomes]


def moments(outcomes: Sequence[Outcome], services: str) -> Iterator[datetime]:
    """Return when these services were asked for."""
    wanted = some(services)
    return (o.at for o in outcomes if o.probe.services == wanted)
