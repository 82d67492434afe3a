"""A booking beside the main one, what the city refused, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from mta_core.domain.bookings import (
    GIVEN_BACK,
    REPLACED,
    Booking,
    BookingState,
    Lane,
)
from mta_core.domain.calls import Call, CityStatus
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import (
    Refused,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
    UnknownAppointment,
)
from tests.unit.domain.builders import (
    NOW,
    a_booking,
    a_confirmed,
    a_detailed,
    a_preconfirmed,
    a_reserved,
    a_slot,
    an_appointment,
    days,
    giving_back,
    hear,
    out,
    sent,
    uid,
)

S = BookingState
MAIN = uid(77)
MADE: list[Callable[..., Booking]] = [
    a_booking,
    a_reserved,
    a_detailed,
    a_preconfirmed,
    a_confirmed,
]


# Lanes


def test_a_booking_is_the_main_one_unless_it_replaces_another() -> None:
    assert (a_booking().lane, a_booking().replaces) == (Lane.MAIN, None)


@pytest.mark.parametrize("make", MADE)
def test_a_swap_goes_the_same_way_and_stays_one(make: Callable[..., Booking]) -> None:
    swap = make(lane=Lane.SWAP, replaces=MAIN)
    assert (swap.lane, swap.replaces) == (Lane.SWAP, MAIN)
    assert attrs.evolve(swap, lane=Lane.MAIN, replaces=None) == make()


@pytest.mark.parametrize("make", MADE)
def test_taking_over_makes_it_the_main_one_and_changes_nothing_else(
    make: Callable[..., Booking],
) -> None:
    assert make(lane=Lane.SWAP, replaces=MAIN).take_over() == make()


def test_taking_over_lets_a_call_that_is_out_go_on() -> None:
    """The appointment that it replaces may end at any moment."""
    looking = sent(a_preconfirmed(lane=Lane.SWAP, replaces=MAIN).opened(NOW), Call.LOOK)
    main = looking.take_over()
    assert main.pending == looking.pending
    confirmed = main.seen(an_appointment(CityStatus.CONFIRMED), NOW)
    assert (confirmed.state, confirmed.lane) == (S.CONFIRMED, Lane.MAIN)


def test_the_later_appointment_is_cancelled_and_says_why() -> None:
    later = a_confirmed().give_up(NOW, REPLACED)
    cancelled = sent(later, Call.CANCEL).given_back(NOW)
    assert (cancelled.state, cancelled.reason) == (S.CANCELLED, REPLACED)


def test_a_later_appointment_that_the_city_keeps_stays_confirmed() -> None:
    kept = hear(giving_back(a_confirmed()), Refused("appointmentCanNotBeCanceled"))
    assert (kept.state, kept.release, kept.denied) == (S.CONFIRMED, False, False)


def test_what_the_citizen_gave_back_says_so() -> None:
    released = sent(a_preconfirmed().give_up(NOW, GIVEN_BACK), Call.CANCEL)
    assert released.given_back(NOW).reason == GIVEN_BACK


# Alternatives that somebody else aims at


FIRST, SECOND, THIRD = (a_slot(NOW + days(number)) for number in (1, 2, 3))


def test_alternatives_of_others_are_left_out_in_the_same_order() -> None:
    booking = a_booking(alternatives=(FIRST, SECOND, THIRD))
    assert booking.without({SECOND}).alternatives == (FIRST, THIRD)
    assert booking.without({FIRST, SECOND, THIRD}).alternatives == ()
    assert booking.without(()) == booking


def test_the_slot_it_aims_at_itself_is_not_left_out() -> None:
    booking = a_booking(slot=FIRST, alternatives=(SECOND,))
    assert booking.without({FIRST}) == booking


def test_the_next_best_slot_is_one_that_nobody_else_aims_at() -> None:
    trying = sent(a_booking(alternatives=(FIRST, SECOND)), Call.RESERVE)
    moved = trying.without({FIRST}).slot_gone(NOW, "taken")
    assert (moved.slot, moved.alternatives) == (SECOND, ())
    alone = trying.without({FIRST, SECOND}).slot_gone(NOW, "taken")
    assert alone.state is S.LOST


# What the city has refused


@pytest.mark.parametrize(
    ("booking", "error", "denied"),
    [
        (out(a_booking()), Refused("invalidOfficeId"), True),
        (out(a_reserved()), Refused("invalidEmail"), True),
        (out(a_detailed()), Refused("tooManyAppointmentsWithSameMail"), True),
        # These say nothing of what the citizen has told.
        (out(a_booking()), SlotGone("appointmentNotAvailable"), False),
        (out(a_reserved()), UnknownAppointment("appointmentNotFound"), False),
        (out(a_reserved()), SiteUnreachable(), False),
        (out(a_reserved()), SiteSilent(), False),
        (out(a_preconfirmed()), Refused("internal rule"), False),
        (giving_back(a_reserved()), Refused("appointmentCanNotBeCanceled"), False),
        (giving_back(a_confirmed()), Refused("appointmentCanNotBeCanceled"), False),
    ],
)
def test_only_a_refusal_of_what_was_told_counts_as_one(
    booking: Booking, error: SiteError, denied: bool
) -> None:
    assert hear(booking, error).denied is denied


def test_a_refusal_is_remembered_when_the_slot_is_given_back() -> None:
    refused = hear(out(a_reserved()), Refused("invalidEmail", "no such address"))
    assert (refused.release, refused.reason) == (True, "no such address")
    ended = out(refused).given_back(NOW)
    assert (ended.state, ended.denied) == (S.RELEASED, True)
    assert ended.reason == "no such address"


def test_why_the_citizen_gave_up_outlives_a_refusal() -> None:
    trying = out(a_reserved()).give_up(NOW, GIVEN_BACK)
    refused = hear(trying, Refused("invalidEmail"))
    assert (refused.denied, refused.reason) == (True, GIVEN_BACK)


# Whose fault it was


def test_a_mail_counts_from_the_moment_the_city_waits_for_it() -> None:
    assert not a_detailed().mailed
    assert a_preconfirmed().mailed
    assert a_confirmed().mailed


def test_a_look_may_find_out_that_the_mail_was_sent() -> None:
    doubtful = hear(out(a_detailed()), SiteSilent())
    assert not doubtful.mailed
    assert out(doubtful).seen(an_appointment(CityStatus.PRECONFIRMED), NOW).mailed


@pytest.mark.parametrize(
    ("booking", "unopened"),
    [
        (a_preconfirmed(), False),
        (a_confirmed(), False),
        (hear(out(a_preconfirmed()), UnknownAppointment("appointmentNotFound")), True),
        (hear(out(a_detailed()), UnknownAppointment("appointmentNotFound")), False),
        (hear(out(a_reserved()), UnknownAppointment("appointmentNotFound")), False),
        (a_confirmed().past(NOW + days(3)), False),
        (sent(a_preconfirmed().give_up(NOW, ""), Call.CANCEL).given_back(NOW), False),
    ],
)
def test_only_who_had_a_mail_and_let_it_lie_has_not_opened_it(
    booking: Booking, unopened: bool
) -> None:
    assert booking.unopened is unopened


def test_a_mail_that_nobody_opens_in_time_was_not_opened() -> None:
    booking = a_preconfirmed()
    while not booking.ended:
        assert booking.due_at is not None
        waiting = an_appointment(CityStatus.PRECONFIRMED)
        booking = out(booking).seen(waiting, booking.due_at)
    assert booking.unopened


# Orphans


@pytest.mark.parametrize(("minutes", "lapses"), [(15, 17), (5, 7), (0, 2)])
def test_an_orphan_lapses_by_the_citys_clock(minutes: int, lapses: int) -> None:
    """From the last moment at which the city may have executed the call."""
    trying = out(a_booking())
    terms = Terms(reservation_minutes=minutes)
    lost = trying.unknown(NOW, terms, "the answer was lost")
    assert trying.pending is not None
    until = trying.pending.lease_until + timedelta(minutes=lapses)
    assert lost.orphan_until == until
    assert not lost.denied
