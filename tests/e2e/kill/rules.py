"""What must hold at every moment, whatever was killed, and whenever one looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import Call
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.notifications import Kind
from tests.e2e.kill.books import Appointment, Books, named, shown

MOST_ORPHANS = 1
"""Reservations of one citizen of which nobody has the keys."""

_TWICE = {Kind.MAIL_REMINDER, Kind.APPOINTMENT}
"""Reminders: a booking may bring more than one."""


def always(books: Books) -> Iterator[str]:
    """Say what must never be."""
    yield from _unknown(books)
    yield from _too_many(books)
    yield from _mails(books)
    yield from _told(books)
    yield from _beside_orphans(books)


def _unknown(books: Books) -> Iterator[str]:
    """Everything that the city holds is known to MTA, or lapses by itself."""
    if books.ours.forgotten:
        return
    for each in books.theirs.live:
        owner = books.ours.owner(each)
        if owner is None:
            yield f"nobody knows the city's {shown(each)}"
            continue
        over = owner.ended and owner.state is not BookingState.PAST
        still = over and each["processId"] in books.theirs.still
        if still and not _may_lapse(owner, each, books.at):
            yield f"{named(owner)} is over, the city's {shown(each)} is not"


def _may_lapse(owner: Booking, appointment: Appointment, at: datetime) -> bool:
    orphan = owner.orphan_until is not None and owner.orphan_until > at
    left = owner.state is BookingState.EXPIRED  # the city refused to cancel it
    return appointment["status"] != "confirmed" and (orphan or left)


def _too_many(books: Books) -> Iterator[str]:
    """Nobody holds two of the same, but for an orphan, and while they are swapped."""
    held: Counter[tuple[UUID, ServiceSet]] = Counter()
    orphans: Counter[UUID] = Counter()
    for each in books.theirs.live:
        if (owner := books.ours.owner(each)) and each[
            "processId"
        ] in books.theirs.still:
            if owner.held is None:
                orphans[owner.user] += 1
            else:
                held[owner.user, owner.slot.services] += 1
    swapping = Counter(
        (b.user, b.slot.services)
        for b in books.ours.bookings
        if b.lane is Lane.SWAP and not b.ended
    )
    for what, count in held.items():
        if count > 1 + swapping[what]:
            yield f"one citizen holds {count} appointments at the city"
    for count in orphans.values():
        if count > MOST_ORPHANS:
            yield f"one citizen has {count} reservations without keys at the city"


def _mails(books: Books) -> Iterator[str]:
    mails = books.theirs.mails
    sent = Counter(m["processId"] for m in mails if m["kind"] == "activation")
    for process, count in sent.items():
        if count > 1:
            yield f"the city sent {count} mails to activate {process}"


def _told(books: Books) -> Iterator[str]:
    """Nobody hears twice of one thing."""
    notes = books.ours.notifications
    for note in notes:
        again = set(note.slots) - set(books.ours.told.get(note.id, ()))
        if note.kind is Kind.FOUND and again:
            yield f"{len(again)} slot(s) were told once more to one citizen"
    steps = Counter(
        (note.booking, note.kind)
        for note in notes
        if note.booking and note.kind not in _TWICE
    )
    for (booking, kind), count in steps.items():
        if count > 1:
            yield f"{count} messages of kind {kind.value} about booking {booking}"


def _beside_orphans(books: Books) -> Iterator[str]:
    """No further reservation while one may live whose keys are lost."""
    known = {booking.id: booking for booking in books.ours.bookings}
    for call in books.ours.calls:
        if call.call is not Call.RESERVE:
            continue
        mine = known[call.booking]
        others = [
            other
            for other in books.ours.orphans(call.sent_at)
            if (other.user, other.id != mine.id) == (mine.user, True)
            and other.ended_at
            and other.ended_at <= call.sent_at
        ]
        if len(others) >= MOST_ORPHANS:
            yield (
                f"{named(mine)} was reserved while {len(others)} reservation(s) "
                "of unknown fate could still live"
            )
