"""A booking: the attempt to get one slot, as a crash-safe state machine.

``requested → reserving → reserved → detailed → preconfirmed → confirmed``. Every call
to the city is recorded (`Booking.begin`) before it is sent, and its answer before
anything else happens. A call whose answer never came is *unknown*: it is looked into,
never blindly sent again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.availability import Slot
from mta_core.domain.booking_states import CALLS, ENDS, NEXT
from mta_core.domain.booking_states import BookingState as BookingState
from mta_core.domain.booking_states import Lane as Lane
from mta_core.domain.calls import Call, CityAppointment, CityStatus, Held, Pending
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import IllegalTransition

JOB_SLACK = timedelta(minutes=2)
"""The city ends what has lapsed by a job that runs every minute (contract 8)."""

DOUBT_PAUSE = timedelta(seconds=5)
"""How long the city may finish an unknown call before MTA looks what came of it."""

MAX_LATE_LOOKS = 5
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(seconds=61)  # the city's counter dies after 60 s (2.5)


CHECK_OVER = "the human check is over"
GIVEN_BACK = "the citizen gave it back"
REPLACED = "replaced by an earlier appointment"
"""Reasons that mean something to MTA, beside those that are only shown."""

_S = BookingState


@attrs.frozen
class Booking:
    """One attempt to get one slot for one subscription.

    Attributes:
        alternatives: other slots of the same answer that fit, best first.
        tried: slots that somebody else was faster at.
        lane: *swap* if it is to replace the citizen's confirmed appointment.
        replaces: the booking whose appointment is given back once this is confirmed.
        checked: the office is behind a human check: it takes a token to reserve.
        seen_at: when the slot was seen free.
        requested_at: when the booking was decided.
        pending: the call that is out at the city.
        doubt: a call's outcome is unknown; the next call is a look.
        release: what is held shall be given back.
        denied: the city refused what it was told, so trying again makes no sense.
        mailed: the city was seen to wait for the citizen to open its mail.
        due_at: when the next step is due; None when nothing is left to do.
        reserved_at: both of the city's clocks run from here (contract 4).
        preconfirm_by: until then the city holds the reservation.
        open_by: until then the mail's link works.
        orphan_until: a reservation that may exist without MTA knowing its keys lapses
            by then.
        reason: why it ended, or what the last call ran into.
    """

    id: UUID
    user: UUID
    subscription: UUID
    slot: Slot
    seen_at: datetime
    requested_at: datetime
    alternatives: tuple[Slot, ...] = ()
    tried: tuple[Slot, ...] = ()
    lane: Lane = Lane.MAIN
    replaces: UUID | None = None
    checked: bool = False
    state: BookingState = BookingState.REQUESTED
    pending: Pending | None = None
    doubt: bool = False
    release: bool = False
    denied: bool = False
    mailed: bool = False
    due_at: datetime | None = attrs.field()
    held: Held | None = None
    reserved_at: datetime | None = None
    preconfirm_by: datetime | None = None
    open_by: datetime | None = None
    display_number: str = ""
    orphan_until: datetime | None = None
    looks: int = 0
    reason: str = ""
    ended_at: datetime | None = None
    version: int = 0

    @due_at.default
    def _due_at_once(self) -> datetime:
        return self.requested_at

    # What comes next

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDS

    @property
    def unopened(self) -> bool:
        """Whether it was lost because the citizen let the city's mail lie."""
        return self.state is _S.EXPIRED and self.mailed

    def next_call(self, now: datetime) -> Call | None:
        """Say which call to the city is due; None if none is.

        While a call is out nothing is due: see `lease_over`.
        """
        if self.pending is not None or self.due_at is None or now < self.due_at:
            return None
        if self.doubt:
            return Call.LOOK
        if self.release:
            return Call.CANCEL
        return CALLS.get(self.state)

    def lease_over(self, now: datetime) -> bool:
        """Whether a call is out whose answer will not come any more."""
        return self.pending is not None and now >= self.pending.lease_until

    @property
    def half_time(self) -> datetime | None:
        """The middle of the time in which the mail's link works."""
        if self.reserved_at is None or self.open_by is None:
            return None
        return self.reserved_at + (self.open_by - self.reserved_at) / 2

    # Before and after a call

    def begin(self, call: Call, now: datetime, lease: timedelta) -> Booking:
        """Record that a call is about to be sent.

        Raises:
            IllegalTransition: another call is out, or this one does not fit the state.
        """
        if call is not self.next_call(now):
            raise IllegalTransition(f"{call.value} is not due for this booking.")
        started = _to(self, _S.RESERVING) if call is Call.RESERVE else self
        until = now + lease
        return attrs.evolve(
            started, pending=Pending(call, now, until), due_at=until, doubt=False
        )

    def not_executed(self, now: datetime, retry_at: datetime, reason: str) -> Booking:
        """The call did not reach the city: it will be sent again."""
        out = self._out()
        back = _to(self, _S.REQUESTED) if self.state is _S.RESERVING else self
        if self.release and self.held is None:
            return _end(back, _S.RELEASED, now, self.reason)
        return attrs.evolve(
            back,
            pending=None,
            doubt=out.call is Call.LOOK,
            due_at=retry_at,
            reason=self._why(reason),
        )

    def unknown(self, now: datetime, terms: Terms, reason: str) -> Booking:
        """Nobody knows whether the call was executed.

        A reservation of which the keys are unknown can only lapse; every other call is
        looked into.
        """
        out = self._out()
        if out.call is Call.RESERVE:
            held_for = timedelta(minutes=terms.reservation_minutes) + JOB_SLACK
            failed = _end(self, _S.FAILED, now, reason)
            return attrs.evolve(failed, orphan_until=out.lease_until + held_for)
        pause = DOUBT_PAUSE
        if out.call is Call.LOOK:  # as long again as it has already taken
            waited = now - (self.reserved_at or now)
            pause = min(max(waited, DOUBT_PAUSE), LONGEST_RETRY)
        return self._look_again(now + pause, reason)

    def reserved(
        self, appointment: CityAppointment, now: datetime, terms: Terms
    ) -> Booking:
        """The city holds the slot. Its clocks count from when the call was sent."""
        sent_at = self._out().sent_at
        return attrs.evolve(
            _to(self, _S.RESERVED),
            pending=None,
            held=appointment.held,
            display_number=appointment.display_number,
            reserved_at=sent_at,
            preconfirm_by=sent_at + timedelta(minutes=terms.reservation_minutes),
            open_by=sent_at + timedelta(minutes=terms.activation_minutes),
            due_at=now,
            reason=self._why(""),
        )

    def slot_gone(self, now: datetime, reason: str) -> Booking:
        """Somebody else was faster: take the next best slot, or end as lost."""
        self._out()
        if self.release or not self.alternatives:
            return _end(self, _S.LOST, now, reason)
        best, *rest = self.alternatives
        return attrs.evolve(
            _to(self, _S.REQUESTED),
            pending=None,
            slot=best,
            alternatives=tuple(rest),
            tried=(*self.tried, self.slot),
            due_at=now,
            reason=reason,
        )

    def unproven(self, now: datetime) -> Booking:
        """The city wants a new human check before it reserves: nothing is held."""
        self._out()
        return _end(self, _S.FAILED, now, CHECK_OVER)

    def refused(self, now: datetime, reason: str) -> Booking:
        """The city will not do it: give back what is held, if anything is.

        A refused look says nothing of the appointment.
        """
        out = self._out()
        if self.held is None:
            failed = _end(self, _S.FAILED, now, reason)
            return attrs.evolve(failed, denied=True)
        if out.call is Call.LOOK:
            return self._look_again(now + LONGEST_RETRY, reason)
        if out.call is Call.CANCEL:
            return self._kept(now, reason)
        given_back = attrs.evolve(self, pending=None, release=True, due_at=now)
        return attrs.evolve(given_back, denied=True, reason=self._why(reason))

    def detailed(self, now: datetime) -> Booking:
        """The city has the citizen's details."""
        self._out()
        return attrs.evolve(
            _to(self, _S.DETAILED), pending=None, due_at=now, reason=self._why("")
        )

    def seen(self, appointment: CityAppointment, now: datetime) -> Booking:
        """Take over what the city says of the appointment (look or preconfirm)."""
        self._out()
        looked = attrs.evolve(
            self,
            pending=None,
            display_number=appointment.display_number or self.display_number,
            due_at=now + DOUBT_PAUSE,
            reason=self._why(""),
        )
        match appointment.status:
            case CityStatus.CONFIRMED:
                return _confirmed(looked, now)
            case CityStatus.PRECONFIRMED:
                return _preconfirmed(looked, now)
            case CityStatus.DELETED | CityStatus.BLOCKED:
                return looked.given_back(now)
            case _ if looked.state is _S.PRECONFIRMED:
                return _preconfirmed(looked, now)
            case _:
                return looked

    def gone(self, now: datetime, reason: str) -> Booking:
        """The city does not know the appointment (any more)."""
        out = self._out()
        if self.release or out.call is Call.CANCEL:
            return self.given_back(now)
        end = _S.CANCELLED if self.state is _S.CONFIRMED else _S.EXPIRED
        return _end(self, end, now, reason)

    def given_back(self, now: datetime) -> Booking:
        """The slot is free again for somebody else."""
        end = _S.CANCELLED if self.state is _S.CONFIRMED else _S.RELEASED
        return _end(self, end, now, self.reason)

    # Without a call

    def opened(self, now: datetime) -> Booking:
        """The citizen says that they opened the mail's link: look now.

        Raises:
            IllegalTransition: there is no mail to open.
        """
        if self.state is not _S.PRECONFIRMED:
            raise IllegalTransition(
                f"There is no mail to open: this booking is {self.state.value}."
            )
        return self if self.pending else attrs.evolve(self, due_at=now)

    def without(self, taken: Collection[Slot]) -> Booking:
        """Leave out alternatives that somebody else of MTA's aims at."""
        rest = tuple(slot for slot in self.alternatives if slot not in taken)
        return attrs.evolve(self, alternatives=rest)

    def take_over(self) -> Booking:
        """The appointment that this one replaces is gone: this is the main one now."""
        return attrs.evolve(self, lane=Lane.MAIN, replaces=None)

    def give_up(self, now: datetime, reason: str) -> Booking:
        """Stop here: give back what is held, or end at once if nothing is.

        While a call is out the wish is only noted.
        """
        if self.ended:
            return self
        if self.held is None and self.pending is None:
            return _end(self, _S.RELEASED, now, reason)
        due = self.due_at if self.pending else now
        return attrs.evolve(self, release=True, due_at=due, reason=reason)

    def past(self, now: datetime) -> Booking:
        """The appointment's time has come."""
        return _end(self, _S.PAST, now, "")

    # Inside

    def _kept(self, now: datetime, reason: str) -> Booking:
        """The city does not cancel it.

        A confirmed appointment stays as it is, one that waits for the mail may be
        confirmed any moment, and a mere reservation lapses by itself.
        """
        if self.state is _S.CONFIRMED:
            stays = attrs.evolve(self, pending=None, release=False, reason=reason)
            return attrs.evolve(stays, due_at=self.slot.start)
        if self.state is _S.PRECONFIRMED:
            return self._look_again(now + LONGEST_RETRY, reason)
        return _end(self, _S.EXPIRED, now, self._why(reason))

    def _look_again(self, at: datetime, reason: str) -> Booking:
        return attrs.evolve(
            self, pending=None, doubt=True, due_at=at, reason=self._why(reason)
        )

    def _why(self, reason: str) -> str:
        """Why a slot is given back outlives whatever happens on the way."""
        return self.reason if self.release else reason

    def _out(self) -> Pending:
        if self.pending is None:
            raise IllegalTransition("No call is out for this booking.")
        return self.pending


def _confirmed(booking: Booking, now: datetime) -> Booking:
    known = booking.state is _S.CONFIRMED
    confirmed = booking if known else _to(booking, _S.CONFIRMED)
    # What was confirmed while it was being given back is given back all the same.
    return attrs.evolve(
        confirmed, due_at=now if booking.release else booking.slot.start
    )


def _preconfirmed(booking: Booking, now: datetime) -> Booking:
    """Wait for the citizen: look at half time and at the deadline."""
    known = booking.state is _S.PRECONFIRMED
    waiting = booking if known else _to(booking, _S.PRECONFIRMED)
    waiting = attrs.evolve(waiting, mailed=True)
    half, open_by = booking.half_time or now, booking.open_by or now
    late = open_by + JOB_SLACK
    if booking.release or (not known and now > open_by):
        return attrs.evolve(waiting, due_at=now)
    if now < half:
        return attrs.evolve(waiting, due_at=half)
    if now < late:
        return attrs.evolve(waiting, due_at=late)
    if booking.looks >= MAX_LATE_LOOKS:
        return _end(waiting, _S.EXPIRED, now, "the mail was not opened in time")
    return attrs.evolve(waiting, looks=booking.looks + 1, due_at=now + JOB_SLACK)


def _end(booking: Booking, state: BookingState, now: datetime, reason: str) -> Booking:
    return attrs.evolve(
        _to(booking, state),
        pending=None,
        doubt=False,
        due_at=None,
        ended_at=now,
        reason=reason,
    )


def _to(booking: Booking, state: BookingState) -> Booking:
    if state not in NEXT[booking.state]:
        raise IllegalTransition(
            f"A booking that is {booking.state.value} cannot become {state.value}."
        )
    return attrs.evolve(booking, state=state)
