"""Which booking call goes first, and whether one more reservation can be borne.

The city holds a reservation for so many minutes (contract 4). What is held has to be
finished or given back by then, out of 5 calls in any 60 s; whoever wants another one
comes after that.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import attrs

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call
from mta_core.polling.budgets import SPAN, Budget

CALL = timedelta(seconds=15)
"""What a call may take, with all that is written down around it: its lease."""

_BUSY = CALL + timedelta(seconds=SPAN)
"""So long a call takes a place in the budget, at most."""

_CALLS_LEFT = {BookingState.RESERVED: 2, BookingState.DETAILED: 1}
"""To update and to preconfirm. Then it is the citizen's turn."""


@attrs.frozen
class Due:
    """How urgent a booking call is.

    Attributes:
        since: since when the citizen has waited.
        by: when it must have left; None for a reservation, which nobody holds yet.
    """

    since: datetime
    by: datetime | None = None

    def rank(self, now: datetime) -> tuple[int, datetime]:
        """Order calls: the lowest goes first.

        The earliest deadline, then what is too late already, and reservations last,
        those who have waited longest before the others.
        """
        if self.by is None:
            return 2, self.since
        return int(self.by + CALL <= now), self.by


def due(booking: Booking, call: Call, since: datetime) -> Due:
    """Say how urgent a booking's next call is."""
    return Due(since, None if call is Call.RESERVE else _held_until(booking) - CALL)


@attrs.frozen
class Hold:
    """What the city holds, and what it takes to keep it or to give it back.

    Attributes:
        until: by then the last call must have been answered.
        calls: how many there are, one after the other.
        ready: the next one cannot leave before.
    """

    until: datetime
    calls: int
    ready: datetime

    def after(self, leaves: datetime) -> Hold:
        """Return what is left after a call that leaves then."""
        return attrs.evolve(self, calls=self.calls - 1, ready=leaves + CALL)


def holds(bookings: Iterable[Booking], now: datetime) -> Iterator[Hold]:
    """Yield what has to be finished, or given back. What is lost already is not."""
    for booking in bookings:
        calls = _CALLS_LEFT.get(booking.state, 0)
        if booking.held is None or not (calls or booking.release):
            continue
        calls = 1 if booking.release else calls
        hold = Hold(_held_until(booking), calls, now)
        if booking.pending is not None:
            hold = hold.after(booking.pending.lease_until - CALL)
        if hold.calls and hold.until >= hold.ready + CALL:
            yield hold


def admits(
    taken_until: Iterable[datetime], held: Iterable[Hold], now: datetime
) -> bool:
    """Whether a reservation may leave, and all that is held is still in time.

    It is played through: every call takes as long as it may, and the most urgent one
    has the next place.

    Args:
        taken_until: until when each place counts that is taken in the budget.
    """
    limit = Budget.BOOKING.limit
    first, *others = sorted([*[now] * limit, *taken_until])[-limit:]
    return in_time([first + _BUSY, *others], held)


def in_time(free_at: Iterable[datetime], held: Iterable[Hold]) -> bool:
    """Whether all calls can be answered in time. *free_at*: when each place is free."""
    places, waiting = sorted(free_at), list(held)
    while waiting:
        place = places[0]
        ready = [hold for hold in waiting if hold.ready <= place]
        first = min(ready or waiting, key=_urgency if ready else _readiness)
        leaves = max(place, first.ready)
        if leaves + CALL > first.until:
            return False
        heapq.heapreplace(places, leaves + _BUSY)
        waiting.remove(first)
        if first.calls > 1:
            waiting.append(first.after(leaves))
    return True


def _urgency(hold: Hold) -> tuple[datetime, datetime]:
    return hold.until, hold.ready


def _readiness(hold: Hold) -> tuple[datetime, datetime]:
    return hold.ready, hold.until


def _held_until(booking: Booking) -> datetime:
    """Return until when a call about it is of use."""
    match booking.state:
        case BookingState.CONFIRMED:
            until = booking.slot.start
        case BookingState.PRECONFIRMED:
            until = booking.open_by or booking.slot.start
        case _:
            until = booking.preconfirm_by or booking.slot.start
    return until
