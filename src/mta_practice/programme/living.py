"""The living city in time: what the staff and the other citizens do, and when.

Between two runs of the minute jobs people act at any second. What they give back and
what the staff open shows with a run, as in the city (contract 8).
"""

from __future__ import annotations

import heapq
from datetime import date, timedelta
from typing import Final

import attrs

from mta_practice.catalogue import Catalogue
from mta_practice.clock import munich_day
from mta_practice.jobs import Life
from mta_practice.programme.counters import Counter, counters
from mta_practice.programme.crowd import Crowd, Fate, Hold
from mta_practice.programme.draws import Draws
from mta_practice.programme.news import Item, News, What
from mta_practice.programme.plan import (
    PlannedRelease,
    PlannedReturn,
    releases,
    returns,
)
from mta_practice.stock import Batch, Origin, Stock

_MINUTE: Final = 60

#: Whoever cancels does so at least this many seconds before the appointment.
_LATEST: Final = 3600

#: How often a citizen who cancels is looked for before there is none.
_LOOKS: Final = 12


@attrs.frozen(order=True)
class Cancelled:
    """A cancelled appointment whose slots return when *due* (epoch seconds).

    *known*: held by somebody of the crowd; else booked before the city's story began,
    and in the stock only from then on.
    """

    due: float
    hold: Hold
    known: bool = attrs.field(order=False)


class Living(Life):
    """The life of a city from epoch *begin* on; all before that is taken."""

    def __init__(
        self, catalogue: Catalogue, stock: Stock, seed: int, begin: float
    ) -> None:
        self.draws = Draws(seed)
        self.counters = counters(catalogue, self.draws)
        self.news = News()
        self.begin = begin
        self._stock = stock
        self._freed = stock.watch()
        self._crowd = Crowd(self.counters, stock, self.draws, self.news)
        self._next_day: date = munich_day(begin)
        self._releases: list[PlannedRelease] = []
        self._returns: list[PlannedReturn] = []
        self._cancelled: list[Cancelled] = []
        self._leaving: set[tuple[int, int]] = set()

    def live(self, at: float) -> None:
        """Let other citizens come and cancel until *at*, in order of time."""
        self._plan(at)
        while True:
            arrival = self._crowd.next_arrival
            cancelling = self._returns[0].at if self._returns else None
            due = [time for time in (arrival, cancelling) if time is not None]
            if not due or min(due) > at:
                return
            if arrival == min(due):
                self._crowd.arrive()
            else:
                self._cancel(heapq.heappop(self._returns))

    def delete_unconfirmed(self, at: float) -> None:
        """Return what was preconfirmed and left."""
        self._crowd.lapse(Fate.UNCLICKED, at)
        self._notice(at)

    def deallocate(self, at: float) -> None:
        """Return what was cancelled the office's deallocation time ago."""
        while self._cancelled and self._cancelled[0].due <= at:
            cancelled = heapq.heappop(self._cancelled)
            hold = cancelled.hold
            if cancelled.known:
                self._crowd.give_back(hold)
            else:
                places = {(hold.office_id, start) for start in hold.starts}
                self._leaving -= places
                self._add(hold.office_id, hold.starts, 1)
            self.news.note(Item(at, What.RETURNED, hold.office_id, hold.starts))
        self._notice(at)

    def delete_reserved(self, at: float) -> None:
        """Return what was reserved and left."""
        self._crowd.lapse(Fate.LAPSES, at)
        self._notice(at)

    def calculate_slots(self, at: float) -> None:
        """Put into the stock what the staff have saved by *at*."""
        while self._releases and self._releases[0].at <= at:
            planned = heapq.heappop(self._releases)
            starts = tuple(start for start in planned.starts if start > at)
            self._add(
                planned.office_id, starts, self.counters[planned.office_id].capacity
            )
            self.news.note(Item(at, What.RELEASED, planned.office_id, starts))
        self._notice(at)

    def planned(self) -> list[PlannedRelease]:
        """Give the releases to come, as far as they are planned, in order of time."""
        return sorted(self._releases)

    def holding(self) -> frozenset[int]:
        """Give the numbers of all others who hold slots, also cancelled ones."""
        leaving = {item.hold.number for item in self._cancelled if item.known}
        return self._crowd.holding | leaving

    def _plan(self, at: float) -> None:
        """Plan until the end of the day after the one of *at*."""
        while self._next_day <= munich_day(at) + timedelta(days=1):
            for counter in self.counters.values():
                for planned in releases(counter, self._next_day):
                    if planned.at >= self.begin:
                        heapq.heappush(self._releases, planned)
                for leaving in returns(counter, self._next_day):
                    if leaving.at >= self.begin:
                        heapq.heappush(self._returns, leaving)
            self._crowd.forget_before(at)
            self._next_day += timedelta(days=1)

    def _cancel(self, planned: PlannedReturn) -> None:
        """Let somebody cancel at an office, if somebody has an appointment there."""
        counter, at = self.counters[planned.office_id], planned.at
        for look in range(_LOOKS):
            found = self._somebody(counter, at, look)
            if found is not None:
                minutes = counter.scope.hidden.deallocation
                cancelled = attrs.evolve(found, due=at + minutes * _MINUTE)
                heapq.heappush(self._cancelled, cancelled)
                item = Item(at, What.CANCELLED, counter.id, found.hold.starts)
                self.news.note(item)
                return

    def _somebody(self, counter: Counter, at: float, look: int) -> Cancelled | None:
        """Look at a drawn time for somebody who has booked it; most often soon."""
        purpose = ("cancels", counter.id, at, look)
        share = self.draws.share(*purpose, "day")
        day = munich_day(at) + timedelta(days=int(share**2 * (counter.farthest + 1)))
        grid = counter.grid(day)
        if not grid:
            return None
        start = self.draws.one(list(grid), *purpose, "start")
        if start < at + _LATEST:
            return None
        if self._stock.slot(counter.id, start) is not None:
            hold = self._crowd.booked((counter.id, start))
            if hold is not None:
                self._crowd.withdraw(hold)
            return None if hold is None else Cancelled(at, hold, known=True)
        starts = self._booked_before(counter, day, start, purpose)
        if not starts:
            return None
        self._leaving |= {(counter.id, known) for known in starts}
        return Cancelled(at, Hold(at, 0, counter.id, starts), known=False)

    def _booked_before(
        self, counter: Counter, day: date, start: int, purpose: tuple[object, ...]
    ) -> tuple[int, ...]:
        """Give an appointment from *start* on that was booked before the story."""
        grid = counter.grid(day)
        needed = self.draws.one(counter.lengths, *purpose, "length")
        length = counter.office.slot_seconds
        starts = tuple(start + index * length for index in range(needed))
        gone = all(
            known in grid
            and grid[known].at < self.begin
            and (counter.id, known) not in self._leaving
            and self._stock.slot(counter.id, known) is None
            for known in starts
        )
        return starts if gone else ()

    def _add(self, office_id: int, starts: tuple[int, ...], capacity: int) -> None:
        self._stock.add(Batch(office_id, starts, Origin.PROGRAMME, capacity))

    def _notice(self, at: float) -> None:
        """Let people come for what has become free."""
        freed = list(dict.fromkeys(self._freed))
        self._freed.clear()
        for place in freed:
            self._crowd.notice(place, at)
