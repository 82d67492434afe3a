"""Why a call about a booking shall not be made after all, or not yet."""

from __future__ import annotations

from datetime import datetime

from mta_core.domain.bookings import CHECK_OVER, Booking
from mta_core.domain.calls import Call, Pending
from mta_core.domain.errors import StorageConflict
from mta_core.domain.shifts import Shift
from mta_core.domain.subscriptions import Mode
from mta_core.domain.wishes import Misfit
from mta_core.ports.queue import Job, Task
from mta_core.ports.repository import Transaction
from mta_core.ports.site import Details

AN_ORPHAN = "another reservation of yours is out whose fate is unknown"
UNSUITABLE = "it does not suit any more"


async def why_not(
    tx: Transaction,
    begun: Booking,
    details: Details | None,
    shift: Shift | None,
    now: datetime,
) -> str:
    """Say why a call shall not be made; empty if it shall.

    Args:
        shift: whose human check is good, where a call takes one.

    Raises:
        StorageConflict: not now; another call must come back first.
    """
    match begun.pending:
        case Pending(call=Call.UPDATE) if details is None:
            return "the contact details were taken back"
        case Pending(call=Call.RESERVE) if begun.checked and shift is None:
            return CHECK_OVER
        case Pending(call=Call.RESERVE):
            return await _unwanted(tx, begun, now) or await _orphaned(tx, begun, now)
    return ""


async def reserving(tx: Transaction, booking: Booking) -> bool:
    """Whether another reservation of this citizen is out just now.

    Its fate may turn out to be unknown, and there may be only one such at a time.
    """
    others = await tx.bookings.of(booking.user)
    return any(
        other.pending is not None and other.pending.call is Call.RESERVE
        for other in others
        if other.id != booking.id
    )


async def held_up(tx: Transaction, booking: Booking, now: datetime) -> list[Job]:
    """Find the citizen's bookings that have waited for this one's reservation."""
    others = await tx.bookings.of(booking.user)
    return [
        Job(Task.BOOK, other.id)
        for other in others
        if other.id != booking.id and other.next_call(now) is Call.RESERVE
    ]


async def _unwanted(tx: Transaction, begun: Booking, now: datetime) -> str:
    wish = await tx.subscriptions.get(begun.subscription)
    if not wish.active:
        return f"the subscription is {wish.state.value}"
    if now not in wish.mail_hours:
        return "it is too late to open the city's mail"
    misfit = wish.wishes.misfit(begun.slot, now)
    if misfit is Misfit.NOTICE:
        return "it is too late for this slot"
    unsuitable = misfit or wish.mode is Mode.TELL or not wish.gains(begun.slot.start)
    return UNSUITABLE if unsuitable else ""


async def _orphaned(tx: Transaction, begun: Booking, now: datetime) -> str:
    """At most one reservation of unknown fate: the next one might end so, too."""
    others = await tx.bookings.of(begun.user)
    if any(other.orphan_until and other.orphan_until > now for other in others):
        return AN_ORPHAN
    if await reserving(tx, begun):
        raise StorageConflict("Another reservation of this citizen is out just now.")
    return ""
