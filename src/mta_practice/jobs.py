"""The city's minute jobs, in the order of its cron file (contract 8)."""

from __future__ import annotations

import math
from typing import Final

import attrs

from mta_practice.appointments import Appointment, Book, End, State
from mta_practice.mails import Mailroom
from mta_practice.stock import Stock

_MINUTE: Final = 60

#: Free slots that start within this many seconds are cancelled by every run.
_TOO_SOON: Final = 5 * _MINUTE

_ENDED: Final = frozenset({State.DELETED, State.BLOCKED})


class MinuteJobs:
    """Run the jobs every *period* seconds, at whole multiples of it."""

    def __init__(
        self, book: Book, stock: Stock, mailroom: Mailroom, period: float, start: float
    ) -> None:
        self._book = book
        self._stock = stock
        self._mailroom = mailroom
        self._period = period
        self._run = math.floor(start / period)

    @property
    def next_run(self) -> float:
        """Give the epoch second of the next run."""
        return (self._run + 1) * self._period

    def catch_up(self, now: float) -> int:
        """Run every run due by epoch *now*, each at its own time; give the number."""
        runs = 0
        while self.next_run <= now:
            self._run_at(self.next_run)
            self._run += 1
            runs += 1
        return runs

    def _run_at(self, at: float) -> None:
        self._delete_unconfirmed(at)
        self._deallocate(at)
        self._mailroom.send_queued(at)
        self._delete_reserved(at)
        self._calculate_slots(at)

    def _delete_unconfirmed(self, at: float) -> None:
        """Forget preconfirmed ones whose link was not opened in time."""
        for item in self._in_state(State.PRECONFIRMED):
            if _minutes_over(item.reserved_at, _activation(item), at):
                self._lapse(item, at, End.ACTIVATION_EXPIRED)

    def _deallocate(self, at: float) -> None:
        """Return cancelled ones to the pool after the scope's deallocation time."""
        for item in self._in_state(State.DELETED):
            wait = item.office.scope.hidden.deallocation if item.office.scope else 15
            if _minutes_over(item.ended_at or at, wait, at):
                self._return(item)

    def _delete_reserved(self, at: float) -> None:
        """Forget reservations that were not continued in time."""
        for item in self._in_state(State.RESERVED):
            if _minutes_over(item.reserved_at, _reservation(item), at):
                self._lapse(item, at, End.RESERVATION_EXPIRED)

    def _calculate_slots(self, at: float) -> None:
        """Drop the slot links of blocked ones, cancel free slots that are too soon."""
        for item in self._in_state(State.BLOCKED):
            self._return(item)
        self._stock.drop_free_before(at + _TOO_SOON)

    def _in_state(self, state: State) -> list[Appointment]:
        return [item for item in self._book.all() if _awaits(item, state)]

    def _lapse(self, item: Appointment, at: float, end: End) -> None:
        self._return(item.ended(State.LAPSED, at, end))

    def _return(self, item: Appointment) -> None:
        self._stock.release(item.office.id, item.slots, item.process_id)
        self._book.write(attrs.evolve(item, returned=True))


def _awaits(item: Appointment, state: State) -> bool:
    return item.state is state and not item.returned


def _reservation(item: Appointment) -> int:
    return item.office.scope.reservation if item.office.scope else _MINUTE


def _activation(item: Appointment) -> int:
    return item.office.scope.activation if item.office.scope else _MINUTE


def _minutes_over(since: float, minutes: int, at: float) -> bool:
    return since + minutes * _MINUTE <= at
