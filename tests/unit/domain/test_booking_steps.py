"""A booking, step by step, as long as the city does what is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.bookings import (
    DOUBT_PAUSE,
    JOB_SLACK,
    MAX_LATE_LOOKS,
    Booking,
    BookingState,
)
from mta_core.domain.calls import Call, CityStatus, Held
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import IllegalTransition
from tests.unit.domain.builders import (
    HELD,
    LEASE,
    MINUTE,
    NOW,
    a_booking,
    a_confirmed,
    a_detailed,
    a_preconfirmed,
    a_reserved,
    an_appointment,
    days,
    sent,
)

S = BookingState
OPEN_BY = NOW + 30 * MINUTE
LATE = OPEN_BY + JOB_SLACK


@pytest.mark.parametrize(
    ("booking", "state", "call"),
    [
        (a_booking(), S.REQUESTED, Call.RESERVE),
        (a_reserved(), S.RESERVED, Call.UPDATE),
        (a_detailed(), S.DETAILED, Call.PRECONFIRM),
        (a_preconfirmed(), S.PRECONFIRMED, None),
        (a_confirmed(), S.CONFIRMED, None),
    ],
)
def test_each_state_has_its_next_call(
    booking: Booking, state: BookingState, call: Call | None
) -> None:
    assert booking.state is state
    assert booking.next_call(NOW) is call
    assert booking.due_at is not None


def test_nothing_is_due_before_its_time() -> None:
    waiting = a_booking(due_at=NOW + MINUTE)
    assert waiting.next_call(NOW) is None
    assert waiting.next_call(NOW + MINUTE) is Call.RESERVE


def test_a_call_is_recorded_with_a_lease_before_it_is_sent() -> None:
    out = sent(a_booking(), Call.RESERVE)
    assert out.state is S.RESERVING
    assert out.pending is not None
    assert (out.pending.sent_at, out.pending.lease_until) == (NOW, NOW + LEASE)
    assert out.due_at == NOW + LEASE


def test_while_a_call_is_out_no_other_is_sent() -> None:
    out = sent(a_reserved(), Call.UPDATE)
    for later in (NOW, NOW + LEASE, NOW + 60 * MINUTE):
        assert out.next_call(later) is None
        with pytest.raises(IllegalTransition, match="not due"):
            out.begin(Call.UPDATE, later, LEASE)


def test_a_call_that_is_not_due_is_not_sent() -> None:
    with pytest.raises(IllegalTransition, match="preconfirm is not due"):
        a_reserved().begin(Call.PRECONFIRM, NOW, LEASE)


def test_the_lease_of_a_call_runs_out() -> None:
    out = sent(a_booking(), Call.RESERVE)
    assert not a_booking().lease_over(NOW)
    assert not out.lease_over(NOW + LEASE - timedelta(seconds=1))
    assert out.lease_over(NOW + LEASE)


def test_an_answer_to_no_call_is_illegal() -> None:
    with pytest.raises(IllegalTransition, match="No call is out"):
        a_reserved().detailed(NOW)


def test_an_answer_that_does_not_fit_the_state_is_illegal() -> None:
    out = sent(a_reserved(), Call.UPDATE)
    with pytest.raises(IllegalTransition, match="reserved cannot become reserved"):
        out.reserved(an_appointment(), NOW, Terms())


def test_both_clocks_of_the_city_run_from_the_moment_reserve_was_sent() -> None:
    out = sent(a_booking(), Call.RESERVE)
    terms = Terms(reservation_minutes=5, activation_minutes=60)
    held = out.reserved(an_appointment(), NOW + 3 * MINUTE, terms)
    assert held.held == HELD
    assert held.display_number == "M0042"
    assert held.reserved_at == NOW
    assert held.preconfirm_by == NOW + 5 * MINUTE
    assert held.open_by == NOW + 60 * MINUTE
    assert held.due_at == NOW + 3 * MINUTE


def test_the_keys_of_an_appointment_are_never_shown() -> None:
    assert HELD.auth_key not in repr(a_reserved())
    assert "100042" in repr(Held(100_042, "secret"))


# The mail


def test_the_mail_is_looked_after_at_half_time() -> None:
    waiting = a_preconfirmed()
    assert waiting.due_at == NOW + 15 * MINUTE
    assert waiting.next_call(NOW + 15 * MINUTE) is Call.LOOK


def looked(
    booking: Booking, status: CityStatus, minutes: float | None = None
) -> Booking:
    """Look when it is due, or at a minute."""
    now = booking.due_at if minutes is None else NOW + minutes * MINUTE
    assert now is not None
    return sent(booking, Call.LOOK, now).seen(an_appointment(status), now)


def test_after_half_time_the_next_look_is_when_the_city_has_let_go() -> None:
    assert looked(a_preconfirmed(), CityStatus.PRECONFIRMED).due_at == LATE


def test_a_stale_answer_does_not_undo_the_preconfirmation() -> None:
    booking = looked(a_preconfirmed(), CityStatus.RESERVED)
    assert (booking.state, booking.due_at) == (S.PRECONFIRMED, LATE)


def test_a_mail_that_is_never_opened_expires_after_some_late_looks() -> None:
    booking = looked(a_preconfirmed(), CityStatus.PRECONFIRMED)
    for number in range(MAX_LATE_LOOKS):
        booking = looked(booking, CityStatus.PRECONFIRMED)
        assert booking.looks == number + 1
        assert booking.due_at == LATE + (number + 1) * JOB_SLACK
    ended = looked(booking, CityStatus.PRECONFIRMED)
    assert ended.state is S.EXPIRED
    assert ended.ended_at == booking.due_at
    assert "not opened" in ended.reason


def test_who_says_that_they_opened_the_link_is_looked_after_at_once() -> None:
    booking = a_preconfirmed().opened(NOW + MINUTE)
    assert booking.next_call(NOW + MINUTE) is Call.LOOK
    confirmed = looked(booking, CityStatus.CONFIRMED)
    assert confirmed.state is S.CONFIRMED
    assert confirmed.due_at == confirmed.slot.start


def test_an_early_word_does_not_cost_the_look_at_half_time() -> None:
    """Design: looks when they say so, at half time *and* at the deadline."""
    booking = a_preconfirmed()
    half = booking.due_at
    early = looked(booking.opened(NOW + MINUTE), CityStatus.PRECONFIRMED)
    assert early.due_at == half


def test_while_a_look_is_out_the_word_changes_nothing() -> None:
    out = sent(a_preconfirmed().opened(NOW), Call.LOOK)
    assert out.opened(NOW) == out


@pytest.mark.parametrize("booking", [a_booking(), a_detailed(), a_confirmed()])
def test_where_no_mail_is_there_is_none_to_open(booking: Booking) -> None:
    with pytest.raises(IllegalTransition, match="no mail to open"):
        booking.opened(NOW)


@pytest.mark.parametrize(("minute", "due"), [(1, 15), (14, 15), (16, 32), (30, 32)])
def test_a_mail_that_came_late_has_fewer_looks(minute: int, due: int) -> None:
    out = sent(a_detailed(), Call.PRECONFIRM)
    after = NOW + minute * MINUTE
    waiting = out.seen(an_appointment(CityStatus.PRECONFIRMED), after)
    assert waiting.due_at == NOW + due * MINUTE


def test_a_mail_that_came_too_late_is_looked_after_at_once() -> None:
    """The answer of preconfirm took longer than the link lives."""
    out = sent(a_detailed(), Call.PRECONFIRM)
    after = OPEN_BY + MINUTE
    waiting = out.seen(an_appointment(CityStatus.PRECONFIRMED), after)
    assert waiting.next_call(after) is Call.LOOK
    assert looked(waiting, CityStatus.PRECONFIRMED, 31).due_at == LATE


def test_without_a_mail_there_is_no_half_time() -> None:
    assert a_booking().half_time is None
    assert a_preconfirmed().half_time == NOW + 15 * MINUTE


# What the city says at a look or at preconfirm


@pytest.mark.parametrize("booking", [a_reserved(), a_detailed()])
@pytest.mark.parametrize(
    ("status", "state"),
    [
        (CityStatus.CONFIRMED, S.CONFIRMED),
        (CityStatus.PRECONFIRMED, S.PRECONFIRMED),
        (CityStatus.DELETED, S.RELEASED),
        (CityStatus.BLOCKED, S.RELEASED),
    ],
)
def test_what_the_city_says_counts(
    booking: Booking, status: CityStatus, state: BookingState
) -> None:
    out = sent(booking, booking.next_call(NOW) or Call.LOOK)
    doubtful = out.unknown(NOW, Terms(), "timeout")
    assert looked(doubtful, status).state is state


@pytest.mark.parametrize("status", [CityStatus.RESERVED, CityStatus.OTHER])
def test_a_step_that_the_city_does_not_show_is_taken_again_after_a_pause(
    status: CityStatus,
) -> None:
    out = sent(a_detailed(), Call.PRECONFIRM)
    again = out.seen(an_appointment(status), NOW)
    assert (again.state, again.due_at) == (S.DETAILED, NOW + DOUBT_PAUSE)
    assert again.next_call(NOW + DOUBT_PAUSE) is Call.PRECONFIRM


def test_an_appointment_that_the_citizen_cancelled_is_cancelled() -> None:
    doubtful = sent(a_confirmed().give_up(NOW, "changed my mind"), Call.CANCEL).unknown(
        NOW, Terms(), "timeout"
    )
    assert looked(doubtful, CityStatus.DELETED).state is S.CANCELLED


def test_a_number_that_the_city_leaves_out_is_kept() -> None:
    out = sent(a_detailed(), Call.PRECONFIRM)
    nameless = an_appointment(CityStatus.PRECONFIRMED)
    nameless = type(nameless)(nameless.held, nameless.status)
    assert out.seen(nameless, NOW).display_number == "M0042"


# The end


def test_the_time_of_a_confirmed_appointment_comes() -> None:
    booking = a_confirmed()
    start = booking.slot.start
    assert booking.next_call(start) is None
    past = booking.past(start)
    assert (past.state, past.ended_at, past.due_at) == (S.PAST, start, None)
    assert past.ended


def test_an_end_is_final() -> None:
    """A second worker with the same idea changes nothing of what was written."""
    past = a_confirmed().past(NOW + days(3))
    with pytest.raises(IllegalTransition):
        past.past(NOW + days(4))
    released = a_booking().give_up(NOW, "not needed")
    with pytest.raises(IllegalTransition):
        released.given_back(NOW + MINUTE)


@pytest.mark.parametrize("booking", [a_booking(), a_reserved(), a_preconfirmed()])
def test_only_a_confirmed_appointment_can_pass(booking: Booking) -> None:
    with pytest.raises(IllegalTransition, match="cannot become past"):
        booking.past(NOW)
