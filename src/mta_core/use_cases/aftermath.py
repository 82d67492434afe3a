"""What follows when a booking has taken a step: messages, the wait's end, the swap."""

from __future__ import annotations

from datetime import datetime

import attrs

from mta_core.domain.bookings import REPLACED, Booking, BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.queue import Job, Task
from mta_core.ports.repository import Transaction
from mta_core.use_cases.notices import notices
from mta_core.use_cases.standing import settle, stands

_S = BookingState


async def aftermath(
    tx: Transaction,
    before: Booking,
    after: Booking,
    catalogue: Catalogue,
    clock: Clock,
    ids: Ids,
) -> list[Job]:
    """Write what a step of a booking brings about, in the step's own transaction.

    Args:
        after: as it was saved.

    Returns:
        The jobs to queue once the transaction is committed.
    """
    now = clock.now()
    jobs = await _swap(tx, before, after, catalogue, now)
    if stands(before) != stands(after):
        await _settle(tx, after, catalogue)
    for notice in notices(before, after, catalogue, now, ids):
        await tx.notifications.save(notice)
        if notice.due_at is not None and notice.due_at <= now:
            jobs.append(Job(Task.DELIVER, notice.id))
    return jobs


async def _settle(tx: Transaction, booking: Booking, catalogue: Catalogue) -> None:
    wish = await tx.subscriptions.get(booking.subscription)
    if booking.state is _S.PAST and wish.waits:
        await tx.subscriptions.save(wish.fulfil())
    else:
        await settle(tx, wish, catalogue)


async def _swap(
    tx: Transaction,
    before: Booking,
    after: Booking,
    catalogue: Catalogue,
    now: datetime,
) -> list[Job]:
    """Keep a swap whole: of two appointments one is left, and never none.

    The later one is given back once the earlier one is confirmed, and kept after all if
    that comes to nothing before it is done. Once the later one has ended, the earlier
    one is the main one.
    """
    confirmed = before.state is _S.CONFIRMED
    if after.replaces is not None:
        later = await tx.bookings.get(after.replaces)
        if not stands(after):
            await _keep(tx, later, catalogue)
        elif not confirmed:
            await tx.bookings.save(later.give_up(now, REPLACED))
            return [Job(Task.FOLLOW_UP, later.id)]
    elif confirmed:
        earlier = await tx.bookings.replacing(after.id)
        if after.ended:
            if earlier is not None:
                await tx.bookings.save(earlier.take_over())
        elif earlier is None or not stands(earlier):
            await _keep(tx, after, catalogue)
    return []


async def _keep(tx: Transaction, later: Booking, catalogue: Catalogue) -> None:
    """Nothing stands in its place: do not give the later appointment back after all.

    While a call about it is out it is too late for that.
    """
    if later.release and later.reason == REPLACED and later.pending is None:
        # A doubt must still be cleared up: it may have been cancelled.
        due_at = later.due_at if later.doubt else later.slot.start
        kept = attrs.evolve(later, release=False, reason="", due_at=due_at)
        await tx.bookings.save(kept)
        wish = await tx.subscriptions.get(later.subscription)
        await settle(tx, wish, catalogue)
