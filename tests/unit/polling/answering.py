"""A city that answers by the clock, for the detectors: what is free is said by a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import attrs

from mta_core.domain.availability import DateWindow, Observation, Probe, Slot, day_of
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.conditions import Condition, ConditionName, Key
from mta_core.domain.errors import SiteError
from mta_core.polling.planner import Outcome
from mta_core.polling.signs import Signs
from mta_core.polling.signs.documents import Document
from mta_core.polling.signs.signs import PREFIX

MONDAY = datetime(2026, 6, 8, 0, 0, tzinfo=UTC)
"""Two in the morning in Munich, in four weeks without a holiday."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ONE, TWO, THREE = map(ServiceSet.parse, ("1", "2", "3x2"))
PASING, OST = OfficeId(10), OfficeId(20)
BOTH = frozenset({PASING, OST})

Free = Callable[[datetime], bool]


def a_question(
    services: ServiceSet = ONE,
    at: datetime = MONDAY,
    offices: frozenset[OfficeId] = BOTH,
    ahead: int = 0,
) -> Probe:
    """Ask from some days ahead on, for half a year."""
    first = day_of(at) + timedelta(days=ahead)
    return Probe(services, offices, DateWindow(first, first + timedelta(days=180)))


def a_slot(at: datetime, services: ServiceSet = ONE, office: OfficeId = PASING) -> Slot:
    """A slot ten days on."""
    return Slot(at + 10 * DAY, office, services)


def an_answer(
    at: datetime,
    *slots: Slot,
    probe: Probe | None = None,
    through: date | None = None,
    hints: tuple[date, ...] = (),
) -> Observation:
    """An answer that shows these slots, and all that lies before the last of them."""
    probe = probe or a_question(at=at)
    seen = max((slot.day for slot in slots), default=probe.window.last)
    said = {day: probe.offices for day in hints}
    return Observation(probe, at, through or seen, frozenset(slots), said)


def well(seen: Observation, took: float | None = None) -> Outcome:
    """The outcome of a question that was answered."""
    lasted = None if took is None else timedelta(seconds=took)
    return Outcome(seen.probe, seen.at, observation=seen, took=lasted)


def ill(at: datetime, error: SiteError, services: ServiceSet = ONE) -> Outcome:
    """The outcome of a question that went wrong."""
    return Outcome(a_question(services, at), at, error=error)


def office_hours(at: datetime) -> bool:
    """Something is free from ten to five o'clock in Munich, on working days."""
    return at.weekday() < 5 and 8 <= at.hour < 15


@attrs.define
class City:
    """Answers every quarter of an hour; each hour it shows another slot."""

    signs: Signs = attrs.field(factory=Signs)
    now: datetime = MONDAY
    written: dict[str, Any] = attrs.field(factory=dict)

    def documents(self) -> dict[str, Any]:
        """All that the detectors have ever written, the latest of each."""
        self.written.update(self.signs.documents())
        return self.written

    def rhythm(self, services: ServiceSet = ONE) -> dict[str, Any]:
        """What is known of the rhythm of a service set."""
        known: dict[str, Any] = self.documents()[f"{PREFIX}rhythm:{services}"]
        return known

    def run(
        self,
        span: timedelta,
        free: Free,
        *services: ServiceSet,
        every: timedelta = 15 * MINUTE,
        offices: frozenset[OfficeId] = BOTH,
    ) -> Iterator[dict[Key, Condition]]:
        """Ask for each service set in turn; give what stands after each answer."""
        end = self.now + span
        while self.now < end:
            for wanted in services or (ONE,):
                hour = self.now.replace(minute=0)
                slots = [a_slot(hour, wanted)] if free(self.now) else []
                probe = a_question(wanted, self.now, offices)
                self.signs.learn(well(an_answer(self.now, *slots, probe=probe)))
                yield self.signs.conditions()
            self.now += every

    def names(
        self, span: timedelta, free: Free, *services: ServiceSet
    ) -> set[ConditionName]:
        """Name all that stood at any time in a span."""
        return {name for found in self.run(span, free, *services) for name, _ in found}


def never(_: datetime) -> bool:
    """Nothing is free."""
    return False


def learnt(*services: ServiceSet, days: int = 14) -> City:
    """A city that has kept its hours for some days."""
    city = City(now=MONDAY + days * DAY)
    city.signs.recall(taught(services, days))
    return city


@cache
def taught(services: tuple[ServiceSet, ...], days: int) -> Mapping[str, Document]:
    """What the detectors have learnt by then."""
    city = City()
    assert city.names(days * DAY, office_hours, *services) == set()
    return city.signs.documents()
