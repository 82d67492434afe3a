"""The comparison of the books: it finds what must never be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call, Pending
from mta_core.domain.notifications import DeliveryState, Kind
from mta_core.ports.limiter import Budget
from mta_core.testing import (
    a_booking,
    a_call,
    a_notification,
    a_slot,
    a_subscription,
    some_keys,
)
from mta_core.testing.clock import NOON
from tests.e2e.kill.books import Books, Ours, Theirs
from tests.e2e.kill.rest import settled, without_need
from tests.e2e.kill.rules import always

WISH = a_subscription()
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HELD = a_booking(
    WISH, state=BookingState.CONFIRMED, held=some_keys(), due_at=a_slot().start
)
KEYLESS = a_booking(
    WISH,
    state=BookingState.FAILED,
    due_at=None,
    ended_at=NOON + 15 * SECOND,
    orphan_until=NOON + 17 * MINUTE,
)
TOLD = a_notification(
    user=WISH.user,
    booking=HELD.id,
    kind=Kind.CONFIRMED,
    state=DeliveryState.DELIVERED,
    due_at=None,
)


def at_city(booking: Booking, **changes: Any) -> dict[str, Any]:
    """Build what the city holds for a booking."""
    made = {
        "processId": booking.held.process_id if booking.held else 77_777,
        "timestamp": booking.slot.start.timestamp(),
        "status": "confirmed" if booking.held else "reserved",
        "reservedAt": (NOON + SECOND).isoformat(),
    }
    return {**made, **changes}


def some_books(
    bookings: Sequence[Booking] = (HELD,),
    appointments: Sequence[dict[str, Any]] | None = None,
    mails: Sequence[dict[str, Any]] = (),
    ledger: Sequence[dict[str, Any]] = (),
    **changes: Any,
) -> Books:
    """Build books that agree, but for what is named."""
    known = [at_city(b) for b in bookings] if appointments is None else appointments
    status = {each["processId"]: each["status"] for each in known}
    theirs = Theirs(known, set(status), status, mails, ledger)
    ours = Ours((WISH,), bookings, (), (TOLD,), {}, (TOLD.id,), {})
    return Books(NOON + MINUTE, theirs, attrs.evolve(ours, **changes))


def test_books_that_agree_are_in_order() -> None:
    assert not list(settled(some_books()))


def test_a_reservation_without_keys_may_live_until_it_lapses() -> None:
    books = some_books([KEYLESS])
    assert not list(always(books))
    later = attrs.evolve(books, at=NOON + 18 * MINUTE)
    assert "is over" in next(always(later))


def test_a_call_that_is_out_may_have_made_a_reservation() -> None:
    out = Pending(Call.RESERVE, NOON, NOON + 15 * SECOND)
    asking = a_booking(WISH, state=BookingState.RESERVING, pending=out)
    assert not list(always(some_books([asking])))
    too_early = at_city(asking, reservedAt=(NOON - SECOND).isoformat())
    assert "nobody knows" in next(always(some_books([asking], [too_early])))


def test_an_appointment_that_mta_forgot_is_found() -> None:
    assert "nobody knows" in next(always(some_books([], [at_city(HELD)])))


def test_an_appointment_that_outlives_its_booking_is_found() -> None:
    over = attrs.evolve(HELD, state=BookingState.CANCELLED, due_at=None)
    said = next(always(some_books([over], [at_city(HELD)])))
    assert "(cancelled) is over" in said


def test_two_appointments_of_one_citizen_are_found() -> None:
    other = attrs.evolve(
        HELD, id=a_booking().id, held=some_keys(process_id=5), slot=a_slot(2)
    )
    assert "holds 2 appointments" in next(always(some_books([HELD, other])))


def test_two_reservations_without_keys_are_found() -> None:
    other = attrs.evolve(KEYLESS, id=a_booking().id, slot=a_slot(2))
    there = [at_city(KEYLESS), at_city(other, processId=88_888)]
    said = next(always(some_books([KEYLESS, other], there)))
    assert "2 reservations without keys" in said


def test_a_reserve_beside_a_reservation_without_keys_is_found() -> None:
    next_one = a_booking(WISH, slot=a_slot(2))
    calls = (a_call(next_one, sent_at=NOON + 20 * SECOND),)
    books = some_books([KEYLESS, next_one], [], calls=calls)
    assert "of unknown fate" in next(always(books))


def test_a_second_mail_is_found() -> None:
    mail = {"processId": 1, "kind": "activation"}
    assert "sent 2 mails" in next(always(some_books(mails=[mail, mail])))


def test_an_opening_told_twice_is_found() -> None:
    news = a_notification(user=WISH.user, state=DeliveryState.DELIVERED, due_at=None)
    known = {news.id: set(news.slots)}
    assert not list(always(some_books(notifications=(news,), told=known)))
    books = some_books(notifications=(news,), told={news.id: set()})
    assert "told once more" in next(always(books))


def test_a_step_told_twice_is_found() -> None:
    again = attrs.evolve(TOLD, id=a_notification().id)
    books = some_books(notifications=(TOLD, again))
    assert "2 messages of kind confirmed" in next(always(books))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"notifications": (), "inbox": ()}, "nobody was told"),
        ({"inbox": ()}, "never came into the inbox"),
        (
            {"notifications": (attrs.evolve(TOLD, state=DeliveryState.SENDING),)},
            "is sending",
        ),
    ],
)
def test_a_message_that_is_missing_is_found(changes: dict[str, Any], said: str) -> None:
    assert said in next(settled(some_books(**changes)))


def test_a_booking_that_stays_halfway_is_found() -> None:
    halfway = attrs.evolve(HELD, state=BookingState.PRECONFIRMED)
    said = list(settled(some_books([halfway])))
    assert any("never came to its end" in each for each in said)
    assert any("but the city says: confirmed" in each for each in said)


def test_a_budget_that_was_overdrawn_is_found() -> None:
    ledger = [
        {
            "userAgent": "MunichTerminAutomator/1",
            "route": "/reserve-appointment/",
            "at": (NOON + 9 * n * SECOND).isoformat(),
        }
        for n in range(Budget.BOOKING.limit + 1)
    ]
    assert "more than 5 in 60 s" in next(settled(some_books(ledger=ledger)))
    assert not list(settled(some_books(ledger=ledger[1:])))


def test_what_was_lost_without_need_is_found() -> None:
    lost = a_booking(WISH, state=BookingState.LOST, reason="gone", due_at=None)
    assert "without need: gone" in next(without_need(some_books([lost], [])))
    assert not list(without_need(some_books([KEYLESS])))
