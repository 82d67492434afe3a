"""Deliver: hand one message over, if it is still wanted."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.accounts import User
from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import (
    DeliveryFailed,
    IllegalTransition,
    RecipientGone,
    StorageConflict,
)
from mta_core.domain.notifications import MAX_ATTEMPTS, Kind, Notification
from mta_core.ports.clock import Clock
from mta_core.ports.notifier import Notifier
from mta_core.ports.repository import Transaction, UnitOfWork

LEASE = timedelta(seconds=60)
"""A sender that has not reported for this long is taken for dead."""


@attrs.frozen
class Deliver:
    """Deliver one notification, at least once."""

    store: UnitOfWork
    notifier: Notifier
    clock: Clock

    async def __call__(self, notification_id: UUID) -> None:
        """Take it in hand, hand it over, and note what came of it.

        Raises:
            NotFound: there is no such notification.
            StorageUnavailable: it is tried again when its lease is over.
        """
        try:
            taken = await self._take(notification_id)
        except (IllegalTransition, StorageConflict):
            return  # done, not due, or in somebody else's hands
        if taken is None:
            return
        notification, user = taken
        try:
            await self.notifier.deliver(notification, user.home, user.language)
        except DeliveryFailed as error:
            after = notification.failed(self.clock.now(), str(error))
        except RecipientGone as error:
            after = notification.given_up(str(error))
        else:
            after = notification.delivered(self.clock.now())
        # Who was taken for dead meanwhile, or was sending to somebody who has left,
        # has nothing more to say.
        with suppress(StorageConflict):
            async with self.store.begin() as tx:
                await tx.notifications.save(after)
                await tx.commit()

    async def _take(self, notification_id: UUID) -> tuple[Notification, User] | None:
        async with self.store.begin() as tx:
            notification = await tx.notifications.get(notification_id)
            now = self.clock.now()
            taken = notification.sending(now, LEASE)
            if reason := await _why_not(tx, notification, now):
                taken = notification.superseded(reason)
            elif taken.attempts > MAX_ATTEMPTS:
                taken = taken.given_up("its senders died")
            taken = await tx.notifications.save(taken)
            user = await tx.users.get(notification.user)
            await tx.commit()
        return None if taken.ended else (taken, user)


async def _why_not(tx: Transaction, notification: Notification, now: datetime) -> str:
    """Say why nobody needs this message any more; empty if somebody does."""
    match notification:
        case Notification(kind=Kind.FOUND, subscription=UUID() as subscription_id):
            subscription = await tx.subscriptions.get(subscription_id)
            if not subscription.active:
                return f"the subscription is {subscription.state.value}"
            openings = await tx.openings.told_by(notification.id)
            if openings and all(o.gone_at or o.slot.start <= now for o in openings):
                return "every opening is gone"
        case Notification(
            kind=Kind.OPEN_MAIL | Kind.MAIL_REMINDER, booking=UUID() as booking_id
        ):
            booking = await tx.bookings.get(booking_id)
            if booking.state is not BookingState.PRECONFIRMED:
                return f"the booking is {booking.state.value}"
            if booking.open_by is not None and now >= booking.open_by:
                return "the mail's link is dead"
    return ""
