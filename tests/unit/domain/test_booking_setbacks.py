"""Calls that were not executed, or nobody knows; and citizens who give up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mta_core.domain.answers import answered
from mta_core.domain.bookings import (
    DOUBT_PAUSE,
    JOB_SLACK,
    LONGEST_RETRY,
    Booking,
    BookingState,
)
from mta_core.domain.calls import Call, CityStatus
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import (
    RateLimited,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
)
from tests.unit.domain.builders import (
    LEASE,
    MINUTE,
    NOW,
    a_booking,
    a_confirmed,
    a_detailed,
    a_preconfirmed,
    a_reserved,
    an_appointment,
    giving_back,
    hear,
    out,
)

S = BookingState
SECOND = timedelta(seconds=1)
TERMS = Terms()
DUE = {
    S.REQUESTED: Call.RESERVE,
    S.RESERVED: Call.UPDATE,
    S.DETAILED: Call.PRECONFIRM,
    S.PRECONFIRMED: Call.LOOK,
}


# Not executed


@pytest.mark.parametrize(
    "booking", [a_booking(), a_reserved(), a_detailed(), giving_back(a_reserved())]
)
def test_a_call_that_was_not_executed_is_sent_again_later(booking: Booking) -> None:
    first = booking if booking.pending else out(booking)
    assert first.pending is not None
    again = hear(first, SiteUnreachable())
    assert again.due_at == NOW + 5 * SECOND
    assert again.next_call(NOW + 5 * SECOND) is first.pending.call
    assert again.state is not S.RESERVING


@pytest.mark.parametrize("booking", [a_reserved(), a_detailed(), a_preconfirmed()])
def test_a_look_that_was_not_executed_is_taken_again(booking: Booking) -> None:
    """A call in doubt is never sent again blindly."""
    doubtful = hear(out(booking), SiteSilent())
    again = hear(out(doubtful), SiteUnreachable())
    assert again.due_at is not None
    assert again.next_call(again.due_at) is Call.LOOK


@pytest.mark.parametrize(
    ("since", "wait"),
    [(0, 5), (4, 5), (10, 10), (40, 40), (61, 61), (600, 61), (99_999, 61)],
)
def test_each_wait_is_as_long_as_all_before_up_to_a_minute(
    since: int, wait: int
) -> None:
    now = NOW + since * SECOND
    for booking in (a_booking(), a_reserved()):
        again = hear(out(booking), SiteUnreachable(), now)
        assert again.due_at == now + wait * SECOND


@pytest.mark.parametrize(
    ("until", "wait"), [(None, 61), (NOW + 30 * SECOND, 30), (NOW + 5 * MINUTE, 300)]
)
def test_a_rate_limit_is_waited_out(until: datetime | None, wait: int) -> None:
    again = hear(out(a_reserved()), RateLimited(until=until))
    assert again.due_at == NOW + wait * SECOND


@pytest.mark.parametrize("until", [NOW, NOW - MINUTE])
def test_a_rate_limit_that_seems_over_is_not_hammered(until: datetime) -> None:
    again = hear(out(a_reserved()), RateLimited(until=until))
    assert again.next_call(NOW) is None


def test_who_gave_up_before_anything_was_held_is_released() -> None:
    booking = out(a_booking()).give_up(NOW, "not needed")
    ended = hear(booking, SiteUnreachable("connection refused"))
    assert (ended.state, ended.reason) == (S.RELEASED, "not needed")


def test_an_end_is_never_in_the_future() -> None:
    booking = out(a_booking()).give_up(NOW, "not needed")
    assert hear(booking, SiteUnreachable()).ended_at == NOW


# Unknown


@pytest.mark.parametrize("error", [SiteSilent(), SiteChanged()])
def test_an_unknown_reservation_fails_and_may_be_an_orphan(error: SiteError) -> None:
    terms = Terms(reservation_minutes=5)
    ended = answered(out(a_booking()), error, NOW + MINUTE, terms)
    assert (ended.state, ended.ended_at) == (S.FAILED, NOW + MINUTE)
    assert ended.orphan_until == NOW + LEASE + 5 * MINUTE + JOB_SLACK
    assert ended.due_at is None


@pytest.mark.parametrize(
    "booking",
    [a_reserved(), a_detailed(), a_preconfirmed(), giving_back(a_confirmed())],
)
def test_every_other_unknown_call_is_looked_into_after_a_pause(
    booking: Booking,
) -> None:
    first = booking if booking.pending else out(booking)
    assert first.pending is not None
    lost = first.pending.lease_until
    doubtful = first.unknown(lost, TERMS, "the answer was lost")
    assert doubtful.state is first.state
    assert doubtful.next_call(lost) is None
    assert doubtful.due_at is not None
    assert DOUBT_PAUSE <= doubtful.due_at - lost <= LONGEST_RETRY
    assert doubtful.next_call(doubtful.due_at) is Call.LOOK
    assert not out(doubtful).doubt


# Giving up


def test_giving_up_before_anything_is_held_ends_at_once() -> None:
    ended = a_booking().give_up(NOW, "not needed")
    assert (ended.state, ended.reason, ended.due_at) == (S.RELEASED, "not needed", None)


@pytest.mark.parametrize(
    "booking", [a_reserved(), a_detailed(), a_preconfirmed(), a_confirmed()]
)
def test_giving_up_gives_back_what_is_held_at_once(booking: Booking) -> None:
    assert booking.give_up(NOW, "not needed").next_call(NOW) is Call.CANCEL


def test_giving_up_while_a_call_is_out_is_only_noted() -> None:
    first = out(a_booking())
    booking = first.give_up(NOW, "not needed")
    assert (booking.pending, booking.due_at) == (first.pending, first.due_at)
    assert booking.release
    held = answered(booking, an_appointment(), NOW, TERMS)
    assert held.next_call(NOW) is Call.CANCEL


def test_giving_up_what_has_ended_changes_nothing() -> None:
    ended = a_booking().give_up(NOW, "first")
    assert ended.give_up(NOW, "second") == ended


@pytest.mark.parametrize(
    "status", [CityStatus.PRECONFIRMED, CityStatus.CONFIRMED, CityStatus.RESERVED]
)
def test_who_gives_up_while_the_mail_is_ordered_is_released_at_once(
    status: CityStatus,
) -> None:
    """Design: what will not be used is released at once, not at half time."""
    booking = out(a_detailed()).give_up(NOW, "not needed")
    heard = answered(booking, an_appointment(status), NOW, TERMS)
    assert heard.next_call(NOW + DOUBT_PAUSE) is Call.CANCEL
    assert heard.reason == "not needed"


def test_an_unknown_cancellation_that_was_not_executed_is_sent_again_soon() -> None:
    doubtful = hear(giving_back(a_preconfirmed()), SiteSilent())
    assert doubtful.due_at is not None
    heard = answered(
        out(doubtful), an_appointment(CityStatus.PRECONFIRMED), doubtful.due_at, TERMS
    )
    assert heard.next_call(doubtful.due_at + DOUBT_PAUSE) is Call.CANCEL


def test_what_was_confirmed_while_it_was_given_back_is_given_back() -> None:
    doubtful = hear(giving_back(a_preconfirmed()), SiteSilent())
    assert doubtful.due_at is not None
    heard = answered(
        out(doubtful), an_appointment(CityStatus.CONFIRMED), doubtful.due_at, TERMS
    )
    assert heard.state is S.CONFIRMED
    assert heard.next_call(doubtful.due_at + DOUBT_PAUSE) is Call.CANCEL
