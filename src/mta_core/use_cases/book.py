"""Book: from a slot that was seen to the city's mail, as fast as the budget allows."""

from __future__ import annotations

from uuid import UUID

import attrs

from mta_core.use_cases.calls import Calls


@attrs.frozen
class Book:
    """Take every step of a booking that is due, one after the other.

    Reserve at once, details afterwards; then it is the citizen's turn. May be run
    twice, or again after a crash: a step is taken once.
    """

    calls: Calls

    async def __call__(self, booking_id: UUID) -> None:
        """Advance until nothing is due.

        Raises:
            NotFound: there is no such booking.
            StorageUnavailable: the relay will start again where it stopped.
        """
        while await self.calls.advance(booking_id):
            pass
