"""The city's minute jobs, in the order of its cron file (contract 8).

Here lives what they do to appointments made over the API. What they do to the rest
of the city's life is told to a `Life`; by default there is none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

import attrs

from mta_practice.appointments import Appointment, Book, End, State
from mta_practice.errors import PracticeError
from mta_practice.mails import Mailroom
from mta_practice.stock import Stock

_MINUTE: Final = 60

#: Free slots that start within this many seconds are cancelled by every run.
_TOO_SOON: Final = 5 * _MINUTE

#: Most runs that a job can be told to leave out: a day's.
_MOST_SKIPPED: Final = 1440


class Job(StrEnum):
    """The minute jobs by the names of the city's cron, in its order.

    SEND_MAILS is the mail service's own minute job. The city's other three (session
    data, mail reminders, API quota) change nothing that a citizen sees.
    """

    DELETE_UNCONFIRMED = "deleteUnconfirmedAppointmentData"
    DEALLOCATE = "deallocateAppointmentData"
    SEND_MAILS = "sendMails"
    DELETE_RESERVED = "deleteReservedData"
    CALCULATE_SLOTS = "calculateSlots"


class Life(Protocol):
    """What happens in the city besides the requests that reach it.

    *at* is epoch seconds. The four jobs are called at each run, `live` before it and
    before each request.
    """

    def live(self, at: float) -> None:
        """Let other citizens act until *at*."""
        ...

    def delete_unconfirmed(self, at: float) -> None:
        """Return what other citizens preconfirmed and left."""
        ...

    def deallocate(self, at: float) -> None:
        """Return what other citizens cancelled."""
        ...

    def delete_reserved(self, at: float) -> None:
        """Return what other citizens reserved and left."""
        ...

    def calculate_slots(self, at: float) -> None:
        """Release what the staff have opened by *at*."""
        ...


class NoLife(Life):
    """A city in which nothing happens by itself."""

    def live(self, at: float) -> None:
        """Do nothing."""

    def delete_unconfirmed(self, at: float) -> None:
        """Do nothing."""

    def deallocate(self, at: float) -> None:
        """Do nothing."""

    def delete_reserved(self, at: float) -> None:
        """Do nothing."""

    def calculate_slots(self, at: float) -> None:
        """Do nothing."""


class MinuteJobs:
    """Run the jobs every *period* seconds, at whole multiples of it.

    They may be told to run late or to leave out runs, as the city's do when a job
    hangs or is switched off.
    """

    def __init__(
        self,
        book: Book,
        stock: Stock,
        mailroom: Mailroom,
        period: float,
        start: float,
        life: Life | None = None,
    ) -> None:
        self._book = book
        self._stock = stock
        self._mailroom = mailroom
        self._period = period
        self._run = math.floor(start / period)
        self._life = life or NoLife()
        self._late = 0.0
        self._skips: dict[Job, int] = {}

    @property
    def next_run(self) -> float:
        """Give the epoch second of the next run."""
        return (self._run + 1) * self._period + self._late

    @property
    def disturbed(self) -> Mapping[str, object]:
        """Tell how late the jobs run and how many runs are still left out."""
        return {"late": self._late, "skip": {str(k): n for k, n in self._skips.items()}}

    def disturb(self, late: float | None, skip: Mapping[Job, int]) -> None:
        """Let the next runs come *late* seconds late and leave out *skip* of a job's.

        None leaves the lateness as it is.

        Raises:
            PracticeError: *late* is not below the period, or more than a day's runs
                would be left out.
        """
        if late is not None and not 0 <= late < self._period:
            raise PracticeError(f"late must be from 0 to below {self._period:g} s")
        if any(not 0 <= runs <= _MOST_SKIPPED for runs in skip.values()):
            raise PracticeError(f"skip must be from 0 to {_MOST_SKIPPED} runs")
        self._late = self._late if late is None else late
        self._skips |= skip

    def catch_up(self, now: float) -> int:
        """Run every run due by epoch *now*, each at its own time; give the number."""
        runs = 0
        while self.next_run <= now:
            self._life.live(self.next_run)
            self._run_at(self.next_run)
            self._run += 1
            runs += 1
        self._life.live(now)
        return runs

    def _run_at(self, at: float) -> None:
        work = {
            Job.DELETE_UNCONFIRMED: self._delete_unconfirmed,
            Job.DEALLOCATE: self._deallocate,
            Job.SEND_MAILS: self._mailroom.send_queued,
            Job.DELETE_RESERVED: self._delete_reserved,
            Job.CALCULATE_SLOTS: self._calculate_slots,
        }
        for job, do in work.items():
            if left := self._skips.pop(job, 0):
                self._skips |= {job: left - 1} if left > 1 else {}
                continue
            do(at)

    def _delete_unconfirmed(self, at: float) -> None:
        """Forget preconfirmed ones whose link was not opened in time."""
        for item in self._in_state(State.PRECONFIRMED):
            if _minutes_over(item.reserved_at, _activation(item), at):
                self._lapse(item, at, End.ACTIVATION_EXPIRED)
        self._life.delete_unconfirmed(at)

    def _deallocate(self, at: float) -> None:
        """Return cancelled ones to the pool after the scope's deallocation time."""
        for item in self._in_state(State.DELETED):
            wait = item.office.scope.hidden.deallocation if item.office.scope else 15
            if _minutes_over(item.ended_at or at, wait, at):
                self._return(item)
        self._life.deallocate(at)

    def _delete_reserved(self, at: float) -> None:
        """Forget reservations that were not continued in time."""
        for item in self._in_state(State.RESERVED):
            if _minutes_over(item.reserved_at, _reservation(item), at):
                self._lapse(item, at, End.RESERVATION_EXPIRED)
        self._life.delete_reserved(at)

    def _calculate_slots(self, at: float) -> None:
        """Drop the slot links of blocked ones, cancel free slots that are too soon."""
        for item in self._in_state(State.BLOCKED):
            self._return(item)
        self._life.calculate_slots(at)
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
