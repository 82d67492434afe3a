"""Export and Erase: a citizen's data are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import PortError
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork
from mta_core.use_cases.book import Book
from mta_core.use_cases.calls import LEASE

PATIENCE = 2 * LEASE
"""How long erasing waits for what is held to be given back, besides the budget."""

LOOK_EVERY = 0.5


@attrs.frozen
class Export:
    """Hand out everything that is stored about a citizen."""

    store: UnitOfWork

    async def __call__(self, user_id: UUID) -> Mapping[str, Any]:
        """Return all records, opened, as plain JSON values. Raises `NotFound`."""
        async with self.store.snapshot() as tx:
            return await tx.users.everything(user_id)


@attrs.frozen
class Erased:
    """What came of it. *kept_by_city*: starts of confirmed appointments, which stay."""

    released: int
    kept_by_city: int


@attrs.frozen
class Erase:
    """Forget a citizen.

    Slots that are held but not confirmed are given back first; a confirmed appointment
    is the citizen's own and stays with the city. If the city cannot be reached, what
    is held lapses by itself (contract 4).
    """

    store: UnitOfWork
    book: Book
    clock: Clock

    async def __call__(self, user_id: UUID) -> Erased:
        """Delete every record of a citizen. Raises `NotFound`."""
        async with self.store.begin() as tx:
            await tx.users.get(user_id)
            for subscription in await tx.subscriptions.of(user_id):
                if subscription.active:
                    await tx.subscriptions.save(subscription.cancel())
            live = [b for b in await tx.bookings.of(user_id) if not b.ended]
            held = [b for b in live if b.state is not BookingState.CONFIRMED]
            for booking in held:
                wish = booking.give_up(self.clock.now(), "the citizen left")
                await tx.bookings.save(wish)
            await tx.commit()
        released = 0
        for booking in held:
            released += await self._release(booking.id)
        async with self.store.begin() as tx:
            await tx.users.erase(user_id)
            await tx.commit()
        return Erased(released, len(live) - len(held))

    async def _release(self, booking_id: UUID) -> bool:
        """Give a slot back, and wait for a call that is out: only its answer may bring
        the key that the city asks for."""
        patience = self.clock.now() + PATIENCE
        try:
            while self.clock.now() < patience:
                await self.book(booking_id)
                async with self.store.snapshot() as tx:
                    booking = await tx.bookings.get(booking_id)
                if booking.ended:
                    return booking.state is BookingState.RELEASED
                await self.clock.sleep(LOOK_EVERY)
        except PortError:
            pass
        return False
