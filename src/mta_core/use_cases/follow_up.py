"""Follow up: was the mail opened, and has the appointment's time come?

The outcome is only observed, by a look at the appointment: when the citizen says that
they opened the link, at half time and at the deadline. MTA never opens that link.
"""

from __future__ import annotations

from uuid import UUID

import attrs

from mta_core.domain.bookings import Booking
from mta_core.domain.errors import NotFound
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork
from mta_core.use_cases.calls import Calls


@attrs.frozen
class FollowUp:
    """Take the steps of a booking that come after the city's mail."""

    store: UnitOfWork
    calls: Calls
    clock: Clock

    async def __call__(self, booking_id: UUID) -> None:
        """Take every step that is due. Raises as `Book` does."""
        if await self.calls.past(booking_id):
            return
        while await self.calls.advance(booking_id):
            pass

    async def opened(self, booking_id: UUID, user_id: UUID) -> Booking:
        """The citizen says that they opened the link, or that no mail has come.

        Either way MTA looks at once what is true, and returns it.

        Raises:
            NotFound: this citizen has no such booking.
            IllegalTransition: there is no mail to open.
        """
        async with self.store.begin() as tx:
            booking = await tx.bookings.get(booking_id)
            if booking.user != user_id:
                raise NotFound(f"There is no booking {booking_id}.")
            await tx.bookings.save(booking.opened(self.clock.now()))
            await tx.commit()
        await self(booking_id)
        async with self.store.snapshot() as tx:
            return await tx.bookings.get(booking_id)
