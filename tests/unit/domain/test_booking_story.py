"""A booking, the city, crashes and the clock in any order: what never happens.

The city answers by its own rules (`ModelCity`); around them anything may go wrong:
refusals, unreachable or silent servers, workers that die before or after the call.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from mta_core.domain.answers import answered
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import Call, CityAppointment, CityStatus
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import (
    Answer,
    IllegalTransition,
    SiteError,
)
from tests.unit.domain.builders import (
    LEASE,
    MINUTE,
    NOW,
    a_booking,
    a_slot,
    days,
    uid,
)
from tests.unit.domain.city_model import FATES, LIVE, ModelCity

S = BookingState
TERMS = Terms()
ANY_FATE = st.sampled_from(FATES) | st.just("answered")
CALLS_IN_A_MOMENT = 6
LONGEST_RETRY = timedelta(seconds=61)


class BookingStory(RuleBasedStateMachine):
    now: datetime
    booking: Booking
    city: ModelCity
    end: Booking | None
    on_its_way: CityAppointment | SiteError | None
    in_doubt: bool
    refused: bool

    @initialize(
        lead=st.sampled_from([2 * MINUTE, 120 * MINUTE, days(3)]),
        steps=st.integers(0, 3),
        lane=st.sampled_from(Lane),
    )
    def a_slot_is_seen(self, lead: timedelta, steps: int, lane: Lane) -> None:
        """Begin with some steps that went well, so that late states are reached."""
        slots = [a_slot(NOW + lead + number * MINUTE) for number in range(3)]
        self.now, self.city = NOW, ModelCity()
        self.end, self.on_its_way = None, None
        self.in_doubt, self.refused = False, False
        self.booking = a_booking(
            slot=slots[0],
            alternatives=tuple(slots[1:]),
            lane=lane,
            replaces=uid(9) if lane is Lane.SWAP else None,
        )
        for _ in range(steps):
            self.send("answered")

    # The worker

    def due(self) -> bool:
        return self.booking.next_call(self.now) is not None

    def take(self, fate: str) -> None:
        """Send the call that is due; its answer, if there is one, is on its way."""
        call = self.booking.next_call(self.now)
        assert call is not None
        assert call is Call.LOOK or not self.in_doubt, "sent again blindly"
        self.booking = self.booking.begin(call, self.now, LEASE)
        self.on_its_way = self.city.meets(fate, call, self.booking.slot, self.now)

    def send(self, fate: str) -> None:
        self.take(fate)
        if self.on_its_way is not None:
            self.the_answer_arrives()

    @precondition(due)
    @rule(fate=ANY_FATE)
    def a_call_is_sent(self, fate: str) -> None:
        self.take(fate)

    @precondition(lambda self: self.on_its_way is not None)
    @rule()
    def the_answer_arrives(self) -> None:
        assert self.on_its_way is not None
        result = self.on_its_way
        if isinstance(result, CityAppointment):
            self.in_doubt = False
        else:
            self.in_doubt |= result.answer is Answer.UNKNOWN
            self.refused |= result.answer is Answer.REFUSED
        self.booking = answered(self.booking, result, self.now, TERMS)
        self.on_its_way = None

    @precondition(due)
    @rule(fate=ANY_FATE)
    def a_worker_runs_until_nothing_is_due(self, fate: str) -> None:
        calls, most = 0, CALLS_IN_A_MOMENT + len(self.booking.alternatives)
        while self.due():
            self.send(fate)
            calls += 1
            assert calls <= most, f"busy loop: {fate}"

    @precondition(lambda self: self.booking.lease_over(self.now))
    @rule()
    def the_lost_call_is_written_off(self) -> None:
        self.booking = self.booking.unknown(self.now, TERMS, "the answer was lost")
        self.in_doubt = True
        self.on_its_way = None  # whoever hears it now finds a newer version

    @precondition(
        lambda self: self.booking.state is S.CONFIRMED
        and self.now >= self.booking.slot.start
    )
    @rule()
    def the_appointment_begins(self) -> None:
        self.booking = self.booking.past(self.now)
        self.on_its_way = None  # whoever hears it now finds a newer version

    # The world

    @rule(seconds=st.sampled_from([1, 5, 16, 61, 300, 900, 3600, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.city.job(self.now)

    @precondition(lambda self: self.booking.due_at is not None)
    @rule()
    def time_passes_until_something_is_due(self) -> None:
        assert self.booking.due_at is not None
        self.now = max(self.now, self.booking.due_at)
        self.city.job(self.now)

    @precondition(lambda self: self.booking.held is None and not self.booking.ended)
    @rule()
    def somebody_else_takes_the_slot(self) -> None:
        self.city.taken.add(self.booking.slot)

    @precondition(lambda self: self.booking.alternatives and not self.booking.ended)
    @rule()
    def another_booking_of_mta_aims_at_the_next_best_slot(self) -> None:
        best, *rest = self.booking.alternatives
        self.booking = self.booking.without({best, self.booking.slot})
        assert self.booking.alternatives == tuple(rest)

    @precondition(lambda self: self.booking.lane is Lane.SWAP and not self.end)
    @rule()
    def the_appointment_that_it_replaces_ends(self) -> None:
        before, self.booking = self.booking, self.booking.take_over()
        assert self.booking.pending == before.pending
        assert self.booking.next_call(self.now) is before.next_call(self.now)

    @precondition(lambda self: self.city.status is CityStatus.PRECONFIRMED)
    @rule()
    def the_citizen_opens_the_link(self) -> None:
        self.city.opens_link()

    @precondition(lambda self: self.city.ever_confirmed)
    @rule()
    def the_citizen_cancels_by_the_mail(self) -> None:
        self.city.cancelled_by_citizen()

    @precondition(lambda self: not self.booking.ended and not self.booking.release)
    @rule()
    def the_citizen_gives_up(self) -> None:
        self.booking = self.booking.give_up(self.now, "not needed")

    @precondition(lambda self: self.booking.state is S.PRECONFIRMED)
    @rule()
    def the_citizen_says_that_they_opened_it(self) -> None:
        self.booking = self.booking.opened(self.now)

    # What always holds

    @invariant()
    def never_two_calls_are_out(self) -> None:
        if self.booking.pending is None:
            return
        assert self.booking.next_call(self.now) is None
        for call in Call:
            with pytest.raises(IllegalTransition):
                self.booking.begin(call, self.now + days(9), LEASE)

    @invariant()
    def what_has_not_ended_is_due_at_some_time(self) -> None:
        assert (self.booking.due_at is None) == self.booking.ended
        assert (self.booking.ended_at is None) != self.booking.ended
        assert not (self.booking.ended and self.booking.pending)

    @invariant()
    def what_is_due_has_something_to_do(self) -> None:
        booking = self.booking
        if booking.due_at is None or booking.due_at > self.now or booking.pending:
            return
        its_time = booking.state is S.CONFIRMED and self.now >= booking.slot.start
        assert its_time or booking.next_call(self.now) is not None

    @invariant()
    def what_will_not_be_used_is_given_back_soon(self) -> None:
        booking = self.booking
        if booking.release and not booking.pending and booking.due_at is not None:
            assert booking.due_at - self.now <= LONGEST_RETRY

    @invariant()
    def the_machine_is_never_more_confident_than_the_city(self) -> None:
        if self.booking.state in {S.CONFIRMED, S.PAST, S.CANCELLED}:
            assert self.city.ever_confirmed
        if self.booking.state is S.RESERVED and self.city.status is CityStatus.RESERVED:
            assert self.booking.preconfirm_by is not None
            assert self.city.lapses_at is not None
            assert self.booking.preconfirm_by <= self.city.lapses_at

    @invariant()
    def nobody_is_blamed_for_what_they_have_not_done(self) -> None:
        if self.booking.mailed:
            assert self.city.ever_mailed
        if self.booking.denied:
            assert self.refused
        if self.booking.unopened:
            assert self.booking.state is S.EXPIRED

    @invariant()
    def only_a_swap_replaces_another(self) -> None:
        swap = self.booking.lane is Lane.SWAP
        assert (self.booking.replaces is not None) is swap

    @invariant()
    def an_end_is_for_ever_and_leaves_nothing_behind(self) -> None:
        if self.end is not None:
            assert self.booking == self.end
        elif self.booking.ended:
            self.end = self.booking
            self.check_end()

    def check_end(self) -> None:
        """At the moment of the end the city has let go, or a timer will."""
        state, holds = self.booking.state, self.city.status
        if state is S.PAST:
            assert self.now >= self.booking.slot.start
        elif self.booking.held is None and holds is CityStatus.RESERVED:
            assert state is S.FAILED
            assert self.booking.orphan_until is not None
            assert self.city.lapses_at is not None
            assert self.booking.orphan_until >= self.city.lapses_at
        elif state is not S.EXPIRED:
            assert holds not in LIVE
        elif holds is CityStatus.CONFIRMED:
            assert self.now >= self.booking.slot.start
        if self.booking.orphan_until is not None:
            assert state is S.FAILED

    def teardown(self) -> None:
        """Once everything works again, every booking comes to an end."""
        if not hasattr(self, "booking"):
            return
        for _ in range(120):
            if self.booking.due_at is None:
                return
            self.now = max(self.now, self.booking.due_at)
            self.city.job(self.now)
            if self.on_its_way is not None:
                self.the_answer_arrives()
            elif self.booking.lease_over(self.now):
                self.the_lost_call_is_written_off()
            elif (
                self.booking.state is S.CONFIRMED
                and self.now >= self.booking.slot.start
            ):
                self.the_appointment_begins()
            else:
                self.send("answered")
        raise AssertionError(f"never ends: {self.booking}")


TestBookingStory = BookingStory.TestCase
TestBookingStory.settings = settings(
    max_examples=400,
    stateful_step_count=30,
    deadline=None,
    phases=set(Phase) - {Phase.explain},  # it would explain for a minute
)
