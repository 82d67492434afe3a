"""MTA's booking calls: five a minute, a reserve only if what is held can be finished."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import UUID

import attrs

from bench.citizens.lookout import Sighting
from bench.citizens.people import Citizen
from bench.citizens.town import COUNTER, Hold
from bench.citizens.world import MINUTE, World
from mta_core.domain.availability import Slot
from mta_core.polling.budgets import SPAN, Budget
from mta_core.polling.sliding import SlidingLog, lifetime

MTA = "mta"
"""MTA's address, for the city's counter."""

_CALLS = 3  # reserve, update, preconfirm
_EACH = SPAN / Budget.BOOKING.limit
_TIMEOUT = 12.0


@attrs.define(eq=False)
class Errand:
    """A booking under way.

    Attributes:
        aims: the slot to be tried and, behind it, what else would suit.
        at_hand: the citizen has tapped *Book this* and fills in what is asked.
        done: is told whether anything could be reserved.
    """

    citizen: Citizen
    aims: deque[Sighting]
    at_hand: bool
    done: Callable[[bool], None]
    hold: Hold | None = None
    calls_left: int = _CALLS
    ready_at: float = 0.0

    @property
    def due(self) -> float:
        """When its next call must have left: a reserve at once, it is a race."""
        return self.hold.due - MINUTE if self.hold else 0.0


@attrs.define(eq=False)
class Desk:
    """Makes the calls one by one, earliest deadline first (design 7)."""

    world: World
    _log: SlidingLog = attrs.field(init=False)
    _wanting: deque[Errand] = attrs.field(factory=deque, init=False)
    _held: list[Errand] = attrs.field(factory=list, init=False)
    _awake_at: float | None = attrs.field(default=None, init=False)
    _places: count[int] = attrs.field(factory=count, init=False)

    @_log.default
    def _budget(self) -> SlidingLog:
        return SlidingLog(lifetime(_TIMEOUT))

    @property
    def aimed_at(self) -> set[Slot]:
        """The slots that somebody's reserve is out for."""
        return {errand.aims[0].slot for errand in self._wanting}

    def book(self, errand: Errand) -> None:
        """Begin at once, as far as the budget allows."""
        errand.citizen.holding = True
        self._wanting.append(errand)
        self._wake(self.world.timeline.now)

    def pause(self) -> None:
        """Let the city's counter die: only what cannot wait leaves from now on."""
        self._log.pause(timedelta(seconds=self.world.timeline.now))

    def pause_left(self) -> float:
        """Return how long the pause goes on: each call makes it begin anew."""
        now = timedelta(seconds=self.world.timeline.now)
        return self._log.wait(Budget.CALENDAR, now).total_seconds()

    def _wake(self, at: float) -> None:
        if self._awake_at is None or at < self._awake_at:
            self._awake_at = at
            self.world.timeline.at(at, partial(self._work, at))

    def _work(self, at: float) -> None:
        if self._awake_at != at:
            return  # an earlier call has taken over
        self._awake_at = None
        now = self.world.timeline.now
        errand = self._next(now)
        if errand is None:
            return self._rest(now)
        wait = self._wait(errand, now)
        if wait > 0:
            return self._wake(now + wait)
        if self.world.admit(MTA) is None:
            return self._wake(now + COUNTER)
        place = UUID(int=next(self._places))
        self._log.take(place, Budget.BOOKING, timedelta(seconds=now))
        self._log.settle(place, timedelta(seconds=now + self.world.assume.call))
        self._call(errand)
        self._wake(now + self.world.assume.call)

    def _wait(self, errand: Errand, now: float) -> float:
        by = timedelta(seconds=errand.due)
        return self._log.wait(
            Budget.BOOKING, timedelta(seconds=now), by
        ).total_seconds()

    def _rest(self, now: float) -> None:
        """Wait for those who are still filling in."""
        if self._held:
            self._wake(max(now, min(errand.ready_at for errand in self._held)))

    def _next(self, now: float) -> Errand | None:
        if self._wanting and (not self._held or self._has_room(now)):
            return self._wanting[0]
        ready = (errand for errand in self._held if errand.ready_at <= now)
        return min(ready, key=lambda errand: errand.due, default=None)

    def _has_room(self, now: float) -> bool:
        """Whether what is held can still be finished after one more reserve."""
        calls = sum(errand.calls_left for errand in self._held) + _CALLS
        return now + calls * _EACH < min(errand.due for errand in self._held)

    def _call(self, errand: Errand) -> None:
        errand.calls_left -= 1
        if errand.hold is None:
            self._reserve(errand)
        elif errand.calls_left == 0:
            self._held.remove(errand)
            self._preconfirm(errand, errand.hold)

    def _reserve(self, errand: Errand) -> None:
        self._wanting.popleft()
        aim = errand.aims.popleft()
        aim.tried.add(errand.citizen.number)
        errand.hold = self.world.reserve(errand.citizen, aim.slot)
        if errand.hold is None:
            return self._try_another(errand)
        form = self.world.assume.form if errand.at_hand else 0.0
        errand.ready_at = self.world.timeline.now + form
        self._held.append(errand)
        errand.done(True)

    def _try_another(self, errand: Errand) -> None:
        """The next best slot of the same answer that nobody else aims at."""
        aimed_at = self.aimed_at
        rest = (a for a in errand.aims if not a.gone and a.slot not in aimed_at)
        errand.aims, errand.calls_left = deque(rest), _CALLS
        if errand.aims:
            errand.citizen.holding = True
            return self._wanting.appendleft(errand)
        errand.done(False)

    def _preconfirm(self, errand: Errand, hold: Hold) -> None:
        if self.world.town.preconfirm(hold, self.world.timeline.now):
            self.world.await_mail(errand.citizen, hold, at_hand=errand.at_hand)
        else:
            errand.citizen.holding = False
