"""Short ways to put records into any store, parents first."""

from __future__ import annotations

from typing import Any

from mta_core.domain.accounts import User
from mta_core.domain.availability import Opening
from mta_core.domain.bookings import Booking
from mta_core.domain.notifications import Notification
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    a_booking,
    a_notification,
    a_subscription,
    a_user,
    an_opening,
)


async def save_user(store: UnitOfWork, user: User) -> User:
    """Save a citizen in a transaction of its own."""
    async with store.begin() as tx:
        saved = await tx.users.save(user)
        await tx.commit()
    return saved


async def save_subscription(
    store: UnitOfWork, subscription: Subscription
) -> Subscription:
    """Save a subscription in a transaction of its own."""
    async with store.begin() as tx:
        saved = await tx.subscriptions.save(subscription)
        await tx.commit()
    return saved


async def save_booking(store: UnitOfWork, booking: Booking) -> Booking:
    """Save a booking in a transaction of its own."""
    async with store.begin() as tx:
        saved = await tx.bookings.save(booking)
        await tx.commit()
    return saved


async def save_notification(
    store: UnitOfWork, notification: Notification
) -> Notification:
    """Save a notification in a transaction of its own."""
    async with store.begin() as tx:
        saved = await tx.notifications.save(notification)
        await tx.commit()
    return saved


async def save_openings(store: UnitOfWork, *openings: Opening) -> None:
    """Save openings in a transaction of its own."""
    async with store.begin() as tx:
        await tx.openings.save(openings)
        await tx.commit()


async def tell(
    store: UnitOfWork, notification: Notification, *openings: Opening
) -> None:
    """Note that a notification tells of openings."""
    async with store.begin() as tx:
        found = [opening.id for opening in openings]
        await tx.openings.tell(notification.user, found, notification.id)
        await tx.commit()


async def stored_user(store: UnitOfWork, **changes: Any) -> User:
    """Store a citizen."""
    return await save_user(store, a_user(**changes))


async def stored_subscription(
    store: UnitOfWork, user: User | None = None, **changes: Any
) -> Subscription:
    """Store a subscription, of a new citizen if none is given."""
    owner = user or await stored_user(store)
    return await save_subscription(store, a_subscription(owner, **changes))


async def stored_booking(
    store: UnitOfWork, subscription: Subscription | None = None, **changes: Any
) -> Booking:
    """Store a booking, for a new subscription if none is given."""
    wish = subscription or await stored_subscription(store)
    return await save_booking(store, a_booking(wish, **changes))


async def stored_notification(
    store: UnitOfWork, user: User | None = None, **changes: Any
) -> Notification:
    """Store a notification, to a new citizen if none is given."""
    owner = user or await stored_user(store)
    return await save_notification(store, a_notification(owner, **changes))


async def stored_opening(store: UnitOfWork, **changes: Any) -> Opening:
    """Store an opening."""
    opening = an_opening(**changes)
    await save_openings(store, opening)
    return opening
