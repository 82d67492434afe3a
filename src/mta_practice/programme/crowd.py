"""The other citizens: they take free slots, let some lapse, cancel some of theirs.

They take only what the programme has released, never what was opened by hand. They
hold slots under negative numbers, so that no process id is ever one of theirs.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

import attrs

from mta_practice.clock import munich_hour
from mta_practice.programme.counters import Counter
from mta_practice.programme.draws import Draws
from mta_practice.programme.news import Item, News, What
from mta_practice.stock import Origin, Stock

#: Scatter of the time until a slot is taken (lognormal).
SIGMA: Final = 1.0

#: By how much slots live longer at night, and when that is.
NIGHT: Final = 4.0
_NIGHT_BEGINS: Final = 23
_NIGHT_ENDS: Final = 6

#: Nobody is faster than this, in seconds.
_FASTEST: Final = 1.0

#: How many of those who take a slot never continue, and never open the mail's link.
LAPSING: Final = 0.2
UNCLICKED: Final = 0.05

_MINUTE: Final = 60

Place: TypeAlias = tuple[int, int]
"""An office id and the start of a grid slot."""


class Fate(StrEnum):
    """What becomes of what somebody has taken."""

    LAPSES = "lapses"
    UNCLICKED = "unclicked"
    BOOKED = "booked"


@attrs.frozen(order=True)
class Hold:
    """Grid slots at an office that somebody holds until *due* (epoch seconds)."""

    due: float
    number: int
    office_id: int = attrs.field(order=False)
    starts: tuple[int, ...] = attrs.field(order=False)


class Crowd:
    """All other citizens, in a *stock* that they share with those of the API."""

    def __init__(
        self, counters: Mapping[int, Counter], stock: Stock, draws: Draws, news: News
    ) -> None:
        self._counters = counters
        self._stock = stock
        self._draws = draws
        self._news = news
        self._last = 0
        self._arrivals: list[tuple[float, Place]] = []
        self._awaited: dict[Place, float] = {}
        self._waiting: dict[Fate, list[Hold]] = {Fate.LAPSES: [], Fate.UNCLICKED: []}
        self._booked: dict[int, Hold] = {}

    @property
    def next_arrival(self) -> float | None:
        """Give when the next one comes for a slot (epoch seconds)."""
        return self._arrivals[0][0] if self._arrivals else None

    @property
    def holding(self) -> frozenset[int]:
        """Give the numbers of all who have something, booked or only reserved."""
        waiting = (hold.number for holds in self._waiting.values() for hold in holds)
        return frozenset((*self._booked, *waiting))

    def notice(self, place: Place, at: float) -> None:
        """Let somebody come for a slot that is free since *at*."""
        slot = self._stock.slot(*place)
        if slot is None or not slot.free or slot.origin is not Origin.PROGRAMME:
            return
        hour = munich_hour(at)
        night = hour >= _NIGHT_BEGINS or hour < _NIGHT_ENDS
        median = self._counters[place[0]].median * (NIGHT if night else 1.0)
        life = self._draws.lognormal(median, SIGMA, "life", *place, at)
        self._awaited[place] = at + max(_FASTEST, life)
        heapq.heappush(self._arrivals, (self._awaited[place], place))

    def arrive(self) -> None:
        """Let the next one come and take a slot, if it is still there."""
        at, place = heapq.heappop(self._arrivals)
        if self._awaited.get(place) != at:
            return
        del self._awaited[place]
        starts = self._run(place, at)
        if starts:
            self._take(place[0], starts, at)
            self.notice(place, at)

    def lapse(self, fate: Fate, at: float) -> None:
        """Return what is held by those who did not continue by *at*."""
        what = {
            Fate.LAPSES: What.RESERVATION_LAPSED,
            Fate.UNCLICKED: What.ACTIVATION_LAPSED,
        }[fate]
        waiting = self._waiting[fate]
        while waiting and waiting[0].due <= at:
            hold = heapq.heappop(waiting)
            self.give_back(hold)
            self._news.note(Item(at, what, hold.office_id, hold.starts))

    def booked(self, place: Place) -> Hold | None:
        """Give an appointment of somebody that begins or goes on at *place*."""
        holders = self._stock.holders_of(*place)
        return next((self._booked[n] for n in holders if n in self._booked), None)

    def withdraw(self, hold: Hold) -> None:
        """Let the holder cancel: it still holds the slots, but is done with them."""
        del self._booked[hold.number]

    def give_back(self, hold: Hold) -> None:
        """Free what *hold* holds."""
        self._stock.release(hold.office_id, hold.starts, hold.number)

    def forget_before(self, at: float) -> None:
        """Forget appointments that were over by *at*."""
        for hold in list(self._booked.values()):
            if hold.starts[-1] < at:
                del self._booked[hold.number]

    def _run(self, place: Place, at: float) -> tuple[int, ...]:
        """Give what somebody takes from *place*: a service's slots, or what is left."""
        office_id, start = place
        counter = self._counters[office_id]
        needed = self._draws.one(counter.lengths, "length", *place, at)
        run: list[int] = []
        while len(run) < needed:
            slot = self._stock.slot(office_id, start)
            if slot is None or not slot.free or slot.origin is not Origin.PROGRAMME:
                break
            run.append(start)
            start += counter.office.slot_seconds
        return tuple(run)

    def _take(self, office_id: int, starts: tuple[int, ...], at: float) -> None:
        self._last -= 1
        self._stock.take(office_id, starts, self._last)
        self._news.note(Item(at, What.TAKEN, office_id, starts))
        fate = self._fate(office_id, starts[0], at)
        if fate is Fate.BOOKED:
            self._booked[self._last] = Hold(starts[0], self._last, office_id, starts)
            return
        scope = self._counters[office_id].scope
        lapses = fate is Fate.LAPSES
        minutes = scope.reservation if lapses else scope.activation
        hold = Hold(at + minutes * _MINUTE, self._last, office_id, starts)
        heapq.heappush(self._waiting[fate], hold)

    def _fate(self, office_id: int, start: int, at: float) -> Fate:
        share = self._draws.share("fate", office_id, start, at)
        if share < LAPSING:
            return Fate.LAPSES
        return Fate.UNCLICKED if share < LAPSING + UNCLICKED else Fate.BOOKED
