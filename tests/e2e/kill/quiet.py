"""When nothing is to be done: then time may run ahead, or a story is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call
from mta_core.domain.errors import Answer
from mta_core.domain.notifications import DeliveryState
from mta_core.ports.limiter import Budget
from tests.e2e.kill.books import ON_ITS_WAY, Books

SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)
LONGEST_SPAN = 20 * SECOND


def span(books: Books, alive_since: datetime) -> timedelta:
    """Return a span in which nobody would do anything; often it is none.

    Args:
        alive_since: since when the oldest process lives; what was begun before, nobody
            does any more.
    """
    if in_hand(books, alive_since) or on_its_way(books):
        return NOTHING
    due = min(_due(books), default=None)
    if due is None:
        return LONGEST_SPAN
    if (wait := due + SECOND - books.at) > NOTHING:
        return min(wait, LONGEST_SPAN)
    return min(_wait_for_budget(books), LONGEST_SPAN)


def _wait_for_budget(books: Books) -> timedelta:
    """Return how long everything that is due waits for its place in a budget."""
    notes = (note.due_at for note in books.ours.notifications if not note.ended)
    if any(due <= books.at for due in notes if due):
        return NOTHING
    waits = [
        books.ours.free_at[Budget.OTHER if call is Call.LOOK else Budget.BOOKING]
        for booking in books.ours.bookings
        if (call := booking.next_call(books.at))
    ]
    return max(min(waits, default=books.at) - books.at, NOTHING)


def in_hand(books: Books, alive_since: datetime) -> bool:
    """Whether a living process is busy: time must not run away from it."""
    calls = [b.pending for b in books.ours.bookings if b.pending]
    sending = [
        note.sent_at
        for note in books.ours.notifications
        if note.state is DeliveryState.SENDING and note.sent_at
    ]
    begun = [*(call.sent_at for call in calls), *sending]
    return any(at >= alive_since for at in begun)


def on_its_way(books: Books) -> bool:
    """Whether a call that MTA has given up may still be on its way to the city."""
    return any(
        call.answer is Answer.UNKNOWN
        and (
            books.at < call.sent_at + ON_ITS_WAY
            or books.at < call.answered_at + 2 * SECOND
        )
        for call in books.ours.calls
    )


def at_rest(books: Books) -> bool:
    """Whether nothing is left to do but to wait for an opening or an appointment."""
    bookings = all(b.ended or _waits_for_its_day(b) for b in books.ours.bookings)
    return bookings and not any(_to_be_sent(books)) and not on_its_way(books)


def _waits_for_its_day(booking: Booking) -> bool:
    busy = booking.pending or booking.doubt or booking.release
    return booking.state is BookingState.CONFIRMED and not busy


def _due(books: Books) -> Iterator[datetime]:
    for booking in books.ours.bookings:
        if booking.due_at and not _waits_for_its_day(booking):
            yield booking.due_at
    for note in books.ours.notifications:
        if note.due_at and not note.ended:
            yield note.due_at


def _to_be_sent(books: Books) -> Iterator[bool]:
    for note in books.ours.notifications:
        if not note.ended:
            yield note.state is DeliveryState.SENDING
            # The books of the city were read first, and that took a moment.
            yield note.due_at is None or note.due_at <= books.at + 2 * SECOND
