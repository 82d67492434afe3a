"""Release: a citizen gives back what is booked, so that somebody else gets it."""

from __future__ import annotations

from uuid import UUID

import attrs

from mta_core.domain.bookings import GIVEN_BACK, Booking
from mta_core.domain.errors import PortError
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork
from mta_core.use_cases.calls import LEASE, Calls

PATIENCE = 2 * LEASE
"""How long to wait for a call that is out: its answer may bring the keys to the slot."""

LOOK_EVERY = 0.5


@attrs.frozen
class Release:
    """Give a booking back, whatever has become of it so far."""

    store: UnitOfWork
    calls: Calls
    clock: Clock

    async def __call__(
        self, booking_id: UUID, user_id: UUID, reason: str = GIVEN_BACK
    ) -> Booking:
        """Give it back at once, and return what became of it.

        A confirmed appointment is cancelled at the city. If that could not be asked
        yet, the booking returned has not ended, and MTA goes on trying.

        Raises:
            NotFound: this citizen has no such booking.
            IllegalTransition: it has ended already.
        """
        await self.calls.give_up(booking_id, user_id, reason)
        return await self.settle(booking_id, insist=False)

    async def settle(self, booking_id: UUID, *, insist: bool = True) -> Booking:
        """Take the steps of a booking until it has ended, or patience has.

        Args:
            insist: also wait for another try at a call that the city did not take.
        """
        patience = self.clock.now() + PATIENCE
        while True:
            try:
                while await self.calls.advance(booking_id):
                    pass
            except PortError:
                patience = self.clock.now()
            async with self.store.snapshot() as tx:
                booking = await tx.bookings.get(booking_id)
            # The city may have refused: then it is not to be given back any more.
            if booking.ended or not booking.release or self.clock.now() >= patience:
                return booking
            if not insist and booking.pending is None:
                return booking  # the next try is some time off, and not for us
            await self.clock.sleep(LOOK_EVERY)
