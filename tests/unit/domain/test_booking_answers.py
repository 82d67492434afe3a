"""Done, refused, gone: what the city's answers make of a booking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.answers import answered
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call, CityStatus
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import (
    Refused,
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


# Done


def test_the_wanted_answers_lead_to_a_preconfirmed_appointment() -> None:
    booking = a_booking()
    for status, state in [
        (CityStatus.RESERVED, S.RESERVED),
        (CityStatus.RESERVED, S.DETAILED),
        (CityStatus.PRECONFIRMED, S.PRECONFIRMED),
        (CityStatus.CONFIRMED, S.CONFIRMED),
    ]:
        sent_out = out(booking)
        assert sent_out.due_at is not None
        booking = answered(sent_out, an_appointment(status), sent_out.due_at, TERMS)
        assert booking.state is state
        assert booking.pending is None
        assert not booking.doubt


@pytest.mark.parametrize("status", [CityStatus.RESERVED, CityStatus.BLOCKED])
def test_a_cancelled_reservation_is_given_back_whatever_status_is_echoed(
    status: CityStatus,
) -> None:
    """Cancel answers with the record as it was before, or blocked (contract 1.3)."""
    booking = giving_back(a_reserved())
    ended = answered(booking, an_appointment(status), NOW, TERMS)
    assert (ended.state, ended.reason) == (S.RELEASED, "not needed")


def test_a_cancelled_appointment_is_cancelled() -> None:
    ended = answered(
        giving_back(a_confirmed()), an_appointment(CityStatus.DELETED), NOW, TERMS
    )
    assert ended.state is S.CANCELLED


# The slot is gone


def test_the_next_best_slot_is_taken_when_somebody_was_faster() -> None:
    second, third = a_slot(NOW + days(4)), a_slot(NOW + days(5))
    booking = out(a_booking(alternatives=(second, third)))
    again = hear(booking, SlotGone("appointmentNotAvailable"))
    assert (again.state, again.slot, again.alternatives) == (
        S.REQUESTED,
        second,
        (third,),
    )
    assert again.next_call(NOW) is Call.RESERVE


def test_without_another_slot_the_race_is_lost() -> None:
    ended = hear(out(a_booking()), SlotGone("appointmentNotAvailable"))
    assert (ended.state, ended.ended_at, ended.due_at) == (S.LOST, NOW, None)


def test_who_gave_up_meanwhile_gets_no_other_slot() -> None:
    booking = out(a_booking(alternatives=(a_slot(NOW + days(4)),)))
    ended = hear(booking.give_up(NOW, "not needed"), SlotGone("x"))
    assert ended.state is S.LOST


# Refused


def test_a_refused_reservation_has_failed() -> None:
    ended = hear(out(a_booking()), Refused("invalidTimestamp"))
    assert ended.state is S.FAILED
    assert "invalidTimestamp" in ended.reason


@pytest.mark.parametrize("booking", [a_reserved(), a_detailed()])
def test_what_is_held_is_given_back_when_the_city_refuses(booking: Booking) -> None:
    refused = hear(out(booking), Refused("tooManyAppointmentsWithSameMail"))
    assert refused.next_call(NOW) is Call.CANCEL
    ended = answered(out(refused), an_appointment(CityStatus.BLOCKED), NOW, TERMS)
    assert ended.state is S.RELEASED
    assert "tooManyAppointmentsWithSameMail" in ended.reason


def test_why_it_was_given_back_survives_a_detour() -> None:
    refused = hear(out(a_reserved()), Refused("tooManyAppointmentsWithSameMail"))
    delayed = hear(out(refused), SiteUnreachable("connection refused"))
    ended = answered(out(delayed), an_appointment(CityStatus.BLOCKED), NOW, TERMS)
    assert "tooManyAppointmentsWithSameMail" in ended.reason


def test_a_refused_cancellation_leaves_a_confirmed_appointment_as_it_is() -> None:
    kept = hear(giving_back(a_confirmed()), Refused("appointmentCanNotBeCanceled"))
    assert (kept.state, kept.release, kept.pending) == (S.CONFIRMED, False, None)
    assert kept.due_at == kept.slot.start


@pytest.mark.parametrize("booking", [a_reserved(), a_detailed()])
def test_a_reservation_that_can_not_be_cancelled_lapses_by_itself(
    booking: Booking,
) -> None:
    ended = hear(giving_back(booking), Refused("appointmentCanNotBeCanceled"))
    assert ended.state is S.EXPIRED


def test_a_mail_whose_appointment_can_not_be_cancelled_is_still_looked_after() -> None:
    """Its link works on: the citizen may have an appointment without knowing."""
    booking = hear(giving_back(a_preconfirmed()), Refused("internalError"))
    assert not booking.ended
    assert booking.next_call(NOW) is None
    assert booking.due_at is not None
    assert booking.next_call(booking.due_at) is Call.LOOK


@pytest.mark.parametrize("code", ["IP_BLACKLISTED", "invalidAuthKey"])
def test_a_refused_look_never_gives_an_appointment_back(code: str) -> None:
    """It says nothing of the appointment, which the citizen may have confirmed."""
    booking = hear(out(a_preconfirmed()), Refused(code))
    assert booking.due_at is not None
    assert booking.next_call(booking.due_at) is not Call.CANCEL
    assert not booking.ended


# The city does not know it (any more)


@pytest.mark.parametrize("booking", [a_reserved(), a_detailed(), a_preconfirmed()])
def test_what_the_city_does_not_know_any_more_has_expired(booking: Booking) -> None:
    ended = hear(out(booking), UnknownAppointment("appointmentNotFound"))
    assert ended.state is S.EXPIRED
    assert "appointmentNotFound" in ended.reason


@pytest.mark.parametrize(
    ("booking", "state"),
    [
        (a_reserved(), S.RELEASED),
        (a_preconfirmed(), S.RELEASED),
        (a_confirmed(), S.CANCELLED),
    ],
)
def test_a_cancelled_appointment_that_is_unknown_was_cancelled(
    booking: Booking, state: BookingState
) -> None:
    """406 authKeyMismatch after a cancel means cancelled (design 4)."""
    ended = hear(giving_back(booking), UnknownAppointment("authKeyMismatch"))
    assert ended.state is state


def test_a_confirmed_appointment_that_is_unknown_was_cancelled_by_the_citizen() -> None:
    booking = hear(giving_back(a_confirmed()), SiteSilent())
    ended = hear(out(booking), UnknownAppointment("appointmentNotFound"))
    assert ended.state is S.CANCELLED
