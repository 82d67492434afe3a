"""Deliver: hand one message over, if it is still wanted."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.accounts import Home, User
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.errors import (
    DeliveryFailed,
    IllegalTransition,
    RecipientGone,
    StorageConflict,
)
from mta_core.domain.notifications import MAX_ATTEMPTS, TAKEN, Kind, Notification
from mta_core.ports.clock import Clock
from mta_core.ports.notifier import Notifier
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.invite import invited_in_vain
from mta_core.use_cases.misgivings import UNSUITABLE

LEASE = timedelta(seconds=60)
"""A sender that has not reported for this long is taken for dead."""


@attrs.frozen
class Deliver:
    """Deliver one notification by all of its citizen's channels, at least once.

    Attributes:
        notifier: brings it to the citizen's home.
        channels: by name, what brings it elsewhere.
    """

    store: UnitOfWork
    notifier: Notifier
    clock: Clock
    channels: Mapping[str, Notifier] = attrs.field(factory=dict)

    async def __call__(self, notification_id: UUID) -> None:
        """Take it in hand, hand it over, and note what came of it.

        A channel that took it is not bothered again when another one is retried.

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
        # Who was taken for dead meanwhile, or was sending to somebody who has left,
        # has nothing more to say.
        with suppress(StorageConflict):
            await self._keep(await self._hand_over(*taken))

    async def _hand_over(self, note: Notification, user: User) -> Notification:
        """Try every channel that has not had its say; note each before the next."""
        trouble: list[str] = []
        homes = [h for h in (user.home, *user.channels) if h.key not in note.outcomes]
        for home in homes:
            try:
                outcome = await self._reach(home, note, user)
            except DeliveryFailed as error:
                trouble.append(str(error))
                continue
            note = note.at(home.key, outcome, self.clock.now() + LEASE)
            if home != homes[-1]:
                note = await self._keep(note)
        return _closed(note, trouble, self.clock.now())

    async def _reach(self, home: Home, note: Notification, user: User) -> str:
        """Hand it to one channel, and say what came of it for good.

        Raises:
            DeliveryFailed: another try may succeed, and there will be one.
        """
        at_home = home == user.home
        channel = self.notifier if at_home else self.channels.get(home.channel)
        if channel is None:
            return f"MTA has no channel named {home.channel}."
        try:
            await channel.deliver(note, home, user.language)
        except RecipientGone as error:
            return str(error)
        except DeliveryFailed as error:
            if note.attempts < MAX_ATTEMPTS:
                raise
            return str(error)
        return TAKEN

    async def _keep(self, notification: Notification) -> Notification:
        async with self.store.begin() as tx:
            notification = await tx.notifications.save(notification)
            await tx.commit()
        return notification

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


def _closed(note: Notification, trouble: list[str], now: datetime) -> Notification:
    """Decide what becomes of a message once every channel has been tried."""
    if trouble:
        return note.failed(now, "; ".join(trouble))
    if TAKEN in note.outcomes.values():
        return note.delivered(now)
    return note.given_up("; ".join(note.outcomes.values()))


async def _why_not(tx: Transaction, notification: Notification, now: datetime) -> str:
    """Say why nobody needs this message any more; empty if somebody does."""
    match notification:
        case Notification(kind=Kind.FOUND, subscription=UUID() as subscription_id):
            return await _found_in_vain(tx, notification, subscription_id, now)
        case Notification(
            kind=Kind.STILL_NEEDED, subscription=UUID() as subscription_id
        ):
            subscription = await tx.subscriptions.get(subscription_id)
            asked = subscription.active and subscription.asked_at
            return "" if asked else "the citizen has answered already"
        case Notification(kind=Kind.INVITATION, subscription=UUID() as subscription_id):
            wish = await tx.subscriptions.get(subscription_id)
            return await invited_in_vain(tx, notification, wish, now)
        case Notification(
            kind=Kind.OPEN_MAIL | Kind.MAIL_REMINDER, booking=UUID() as booking_id
        ):
            return _mail_in_vain(await tx.bookings.get(booking_id), now)
        case Notification(kind=Kind.APPOINTMENT, booking=UUID() as booking_id):
            return _reminded_in_vain(await tx.bookings.get(booking_id), now)
    return ""


async def _found_in_vain(
    tx: Transaction, notification: Notification, subscription_id: UUID, now: datetime
) -> str:
    subscription = await tx.subscriptions.get(subscription_id)
    if not subscription.active:
        return f"the subscription is {subscription.state.value}"
    openings = await tx.openings.told_by(notification.id)
    left = [o for o in openings if not o.gone_at and o.slot.start > now]
    if openings and not left:
        return "every opening is gone"
    suits = any(subscription.accepts(opening.slot, now) for opening in left)
    return "" if suits or not openings else UNSUITABLE


def _mail_in_vain(booking: Booking, now: datetime) -> str:
    if booking.state is not BookingState.PRECONFIRMED:
        return f"the booking is {booking.state.value}"
    dead = booking.open_by is not None and now >= booking.open_by
    return "the mail's link is dead" if dead else ""


def _reminded_in_vain(booking: Booking, now: datetime) -> str:
    if booking.state is not BookingState.CONFIRMED:
        return f"the booking is {booking.state.value}"
    if booking.release:
        return "the appointment is being given back"
    return "the appointment has begun" if now >= booking.slot.start else ""
