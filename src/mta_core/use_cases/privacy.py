"""Export and Erase: a citizen's data are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.bookings import BookingState
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork
from mta_core.use_cases.release import Release
from mta_core.use_cases.standing import stands

_GIVEN_BACK = frozenset({BookingState.RELEASED, BookingState.CANCELLED})


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

    What is held but not confirmed, or is being given back, is given back first; any
    other confirmed appointment is the citizen's own and stays with the city. If the
    city cannot be reached, what is held lapses by itself (contract 4).
    """

    store: UnitOfWork
    release: Release
    clock: Clock

    async def __call__(self, user_id: UUID) -> Erased:
        """Delete every record of a citizen.

        Raises:
            NotFound: there is no such citizen.
            StorageUnavailable: it is not done yet, and can be asked for again.
        """
        async with self.store.begin() as tx:
            await tx.users.get(user_id)
            for subscription in await tx.subscriptions.of(user_id):
                if subscription.active:
                    await tx.subscriptions.save(subscription.cancel())
            live = [b for b in await tx.bookings.of(user_id) if not b.ended]
            held = [b for b in live if not stands(b)]
            for booking in held:
                wish = booking.give_up(self.clock.now(), "the citizen left")
                await tx.bookings.save(wish)
            await tx.commit()
        released = 0
        for booking in held:
            settled = await self.release.settle(booking.id)
            released += settled.state in _GIVEN_BACK
        async with self.store.begin() as tx:
            await tx.users.erase(user_id)
            await tx.commit()
        return Erased(released, len(live) - len(held))
