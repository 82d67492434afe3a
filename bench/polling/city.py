"""The city as it answers: the times of the first bookable day, and a counter.

Contract 1.2 (one day's times, the other days of its month, the next one after it) and
2.5 (60 requests without a pause of 60 s).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import attrs

from bench.polling.appointments import Appointments
from bench.polling.produced import MONDAY, START
from bench.polling.worlds import DAY, World
from mta_core.domain.availability import Calendar, DateWindow, Probe
from mta_core.domain.catalogue import OfficeId
from mta_core.polling.counter import Counter

_LIMIT, _LIFE = 60, 60.0


@attrs.define(eq=False)
class CityCounter:
    """Counts accepted requests; each renews the counter's life (contract 2.5)."""

    count: int = 0
    last: float = -_LIFE

    def accept(self, t: float) -> Counter | None:
        """Count a request and return what the answer's header says; None is a 429."""
        if t - self.last >= _LIFE:
            self.count = 0
        if self.count >= _LIMIT:
            return None
        self.count, self.last = self.count + 1, t
        left = max(_LIMIT - self.count - 1, 0)
        return Counter(left, START + timedelta(seconds=t))


@attrs.frozen(eq=False)
class Answer:
    """A calendar, and for the books: which slots of which keys it shows."""

    calendar: Calendar
    shown: tuple[tuple[int, int], ...]


@attrs.define(eq=False)
class City:
    """Who is free, and what of it an answer tells."""

    world: World
    appointments: Appointments
    _alive: list[list[int]] = attrs.field(init=False)
    _next: list[int] = attrs.field(init=False)
    _release: list[list[float]] = attrs.field(init=False)
    _end: list[list[float]] = attrs.field(init=False)
    _day: list[list[int]] = attrs.field(init=False)
    _start: list[list[datetime]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        keys, given = self.world.keys, self.appointments
        self._alive, self._next = [[] for _ in range(keys)], [0] * keys
        self._release = [slots.release.tolist() for slots in self.world.slots]
        self._end = [end.tolist() for end in given.end]
        self._day = [(start // DAY).astype(int).tolist() for start in given.start]
        self._start = [
            [START + timedelta(seconds=second) for second in start.tolist()]
            for start in given.start
        ]

    def answer(self, probe: Probe, offices: Mapping[OfficeId, int], t: float) -> Answer:
        """Answer a probe at this second. *offices*: the key of each asked office."""
        first = (probe.window.first - MONDAY.date()).days
        free = [
            (self._day[key][number], office, key, number)
            for office, key in offices.items()
            for number in self._free(key, t)
            if self._day[key][number] >= first
        ]
        if not free:
            nothing = DateWindow(probe.window.first, probe.window.first)
            return Answer(Calendar(nothing, {}, {}), ())
        day = min(entry[0] for entry in free)
        times: dict[OfficeId, tuple[datetime, ...]] = {}
        for _, office, key, number in sorted(e for e in free if e[0] == day):
            times[office] = (*times.get(office, ()), self._start[key][number])
        searched = _date(day)
        later = {entry[0] for entry in free if entry[0] > day}
        month = {d for d in later if _same_month(_date(d), searched)}
        bookable = {
            _date(d): frozenset(office for other, office, *_ in free if other == d)
            for d in (day, *sorted(month))
        }
        after = min(later - month, default=None)
        calendar = Calendar(
            DateWindow(searched, searched),
            bookable,
            times,
            None if after is None else _date(after),
        )
        return Answer(calendar, tuple((k, n) for d, _, k, n in free if d == day))

    def _free(self, key: int, t: float) -> list[int]:
        release, end = self._release[key], self._end[key]
        alive = [number for number in self._alive[key] if end[number] > t]
        at, count = self._next[key], len(release)
        while at < count and release[at] <= t:
            if end[at] > t:
                alive.append(at)
            at += 1
        self._next[key], self._alive[key] = at, alive
        return alive


def _date(day: int) -> date:
    return MONDAY.date() + timedelta(days=day)


def _same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)
