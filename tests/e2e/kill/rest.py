"""What must hold once everything has come to rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from mta_core.domain.bookings import BookingState
from mta_core.domain.notifications import DeliveryState, Kind
from mta_core.ports.limiter import SPAN, Budget
from tests.e2e.kill.books import Books, named, shown
from tests.e2e.kill.rules import always

_AGENT = "MunichTerminAutomator/"
_BOOKING = ("reserve", "update", "preconfirm", "cancel")
_ENDS = {
    Kind.LOST,
    Kind.EXPIRED,
    Kind.FAILED,
    Kind.CANCELLED,
    Kind.GIVEN_BACK,
    Kind.REPLACED,
}
_S = BookingState
_HAD = {_S.CONFIRMED, _S.PAST}
_LOST = {_S.LOST, _S.EXPIRED, _S.FAILED}


def settled(books: Books) -> Iterator[str]:
    """Say what must not be once nothing is left to do."""
    yield from always(books)
    yield from _unfinished(books)
    yield from _differing(books)
    yield from _undelivered(books)
    yield from _untold(books)
    yield from _overdrawn(books)


def unlapsed(books: Books) -> Iterator[str]:
    """Say what the city still holds though it was never confirmed."""
    for each in books.theirs.live:
        if each["status"] != "confirmed":
            yield f"the city still holds {shown(each)}"


def without_need(books: Books) -> Iterator[str]:
    """Say what was lost though nothing went wrong but that processes died."""
    for booking in books.ours.bookings:
        if booking.state in _LOST and not booking.orphan_until:
            yield f"{named(booking)} without need: {booking.reason}"


def sound(database: Path) -> Iterator[str]:
    """Say what is wrong with the file itself, and with its claims."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        said = connection.execute("PRAGMA integrity_check").fetchall()
        if said != [("ok",)]:
            yield f"the database is damaged: {said}"
        if connection.execute("PRAGMA foreign_key_check").fetchall():
            yield "a row of the database names another that is not there"
        wrong = connection.execute(
            "SELECT count(*) FROM live_claims JOIN bookings"
            " ON bookings.id = live_claims.booking_id WHERE bookings.ended_at NOTNULL"
        ).fetchone()
        if wrong != (0,):
            yield "a booking that has ended still claims its service"
    finally:
        connection.close()


def _unfinished(books: Books) -> Iterator[str]:
    for booking in books.ours.bookings:
        if booking.pending or not (booking.ended or booking.state is _S.CONFIRMED):
            yield f"{named(booking)} never came to its end"
        if booking.ended != (booking.due_at is None):
            yield f"{named(booking)} has ended and is due, or the reverse"


def _differing(books: Books) -> Iterator[str]:
    """Both say the same of every appointment."""
    for booking in books.ours.bookings:
        if booking.held is not None:
            there = books.theirs.status.get(booking.held.process_id, "unknown")
            if (there == "confirmed") != (booking.state in _HAD):
                yield f"{named(booking)}, but the city says: {there}"


def _undelivered(books: Books) -> Iterator[str]:
    for note in books.ours.notifications:
        if not note.ended and (note.due_at is None or note.due_at <= books.at):
            yield f"a message of kind {note.kind.value} is {note.state.value}"
        # What was handed over and not noted may be superseded: it stays in the inbox.
        delivered = note.state is DeliveryState.DELIVERED
        if delivered and note.id not in books.ours.inbox:
            yield f"a message of kind {note.kind.value} never came into the inbox"


def _untold(books: Books) -> Iterator[str]:
    """Everybody knows how it stands with what was booked for them."""
    notes = books.ours.notifications
    read = {n.booking for n in notes if n.state is DeliveryState.DELIVERED}
    confirmed = {n.booking for n in notes if n.kind is Kind.CONFIRMED} & read
    ends = {n.booking for n in notes if n.kind in _ENDS}
    for booking in books.ours.bookings:
        known = confirmed if booking.state in _HAD else ends
        if booking.id not in known:
            yield f"nobody was told that {named(booking)}"


def _overdrawn(books: Books) -> Iterator[str]:
    """The budgets hold in any 60 s of the city's time (R3.2)."""
    sent: dict[Budget, list[datetime]] = {budget: [] for budget in Budget}
    for seen in books.theirs.ledger:
        if str(seen["userAgent"]).startswith(_AGENT):
            at = datetime.fromisoformat(seen["at"])
            sent[_budget(seen["route"])].append(at)
    for budget, moments in sent.items():
        ordered = sorted(moments)
        for first, late in zip(ordered, ordered[budget.limit :], strict=False):
            if late - first < timedelta(seconds=SPAN):
                yield f"{budget.value}: more than {budget.limit} in 60 s"
                break


def _budget(route: str) -> Budget:
    if "available-calendar" in route:
        return Budget.CALENDAR
    return Budget.BOOKING if any(b in route for b in _BOOKING) else Budget.OTHER
