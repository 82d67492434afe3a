"""What follows when a booking has taken a step: messages, and the end of the wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.notifications import Kind, Notification, facts_of
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.queue import Job, Task
from mta_core.ports.repository import Transaction

LAST_CALL = timedelta(minutes=5)
"""The last reminder comes this long before the mail's link dies."""

_KINDS: Mapping[BookingState, Kind] = {
    BookingState.PRECONFIRMED: Kind.OPEN_MAIL,
    BookingState.CONFIRMED: Kind.CONFIRMED,
    BookingState.LOST: Kind.LOST,
    BookingState.EXPIRED: Kind.EXPIRED,
    BookingState.FAILED: Kind.FAILED,
    BookingState.RELEASED: Kind.FAILED,
    BookingState.CANCELLED: Kind.CANCELLED,
}


async def aftermath(
    tx: Transaction,
    before: Booking,
    after: Booking,
    catalogue: Catalogue,
    clock: Clock,
    ids: Ids,
) -> list[Job]:
    """Write what a step of a booking brings about, in the step's own transaction.

    Returns:
        The jobs to queue once the transaction is committed.
    """
    if after.state is before.state:
        return []
    if after.state is BookingState.CONFIRMED:
        subscription = await tx.subscriptions.get(after.subscription)
        if subscription.active:
            await tx.subscriptions.save(subscription.fulfil())
    notices = _notices(after, catalogue, clock.now(), ids)
    for notice in notices:
        await tx.notifications.save(notice)
    now = clock.now()
    return [
        Job(Task.DELIVER, notice.id)
        for notice in notices
        if notice.due_at is not None and notice.due_at <= now
    ]


def _notices(
    booking: Booking, catalogue: Catalogue, now: datetime, ids: Ids
) -> list[Notification]:
    kind = _KINDS.get(booking.state)
    if kind is None or (kind is Kind.OPEN_MAIL and booking.release):
        return []
    notice = Notification(
        id=ids.new(),
        user=booking.user,
        kind=kind,
        created_at=now,
        due_at=now,
        subscription=booking.subscription,
        booking=booking.id,
        slots=(booking.slot,),
        facts=_facts(booking, catalogue),
    )
    if kind is not Kind.OPEN_MAIL or booking.open_by is None:
        return [notice]
    due_at = {booking.half_time, booking.open_by - LAST_CALL}
    reminders = [
        attrs.evolve(notice, id=ids.new(), kind=Kind.MAIL_REMINDER, due_at=due)
        for due in sorted(due for due in due_at if due and due > now)
    ]
    return [notice, *reminders]


def _facts(booking: Booking, catalogue: Catalogue) -> dict[str, str]:
    office = catalogue.offices.get(booking.slot.office)
    more = {
        "open_by": booking.open_by.isoformat() if booking.open_by else "",
        "sender": office.terms.email_from if office and office.terms else "",
        "number": booking.display_number,
        "reason": booking.reason,
    }
    given = {name: text for name, text in more.items() if text}
    return facts_of((booking.slot,), catalogue, **given)
