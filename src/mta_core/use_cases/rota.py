"""Turns: at which hours people offer to pass the human check."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import attrs

from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.rota import Turn
from mta_core.domain.wishes import EVERY_WEEKDAY, Hours
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.repository import Transaction, UnitOfWork


@attrs.frozen
class Turns:
    """Offer turns, see them, and take them back."""

    store: UnitOfWork
    clock: Clock
    ids: Ids

    async def __call__(
        self, user_id: UUID, hours: Hours, weekdays: frozenset[int]
    ) -> Turn:
        """Offer to watch at these hours on these weekdays (0 is Monday).

        Raises:
            InvalidValue: no weekday is named, or the very same is offered already.
        """
        if not weekdays or not weekdays <= EVERY_WEEKDAY:
            raise InvalidValue("Weekdays are 0 (Monday) to 6, at least one.")
        turn = Turn(self.ids.new(), user_id, hours, weekdays, self.clock.now())
        async with self.store.begin() as tx:
            for other in await _own(tx, user_id):
                if (other.hours, other.weekdays) == (hours, weekdays):
                    raise InvalidValue("You have offered the very same already.")
            turn = await tx.rota.offer(turn)
            await tx.commit()
        return turn

    async def of(self, user_id: UUID) -> Sequence[Turn]:
        """Return what somebody has offered, oldest first."""
        async with self.store.snapshot() as tx:
            return await _own(tx, user_id)

    async def withdraw(self, turn_id: UUID, user_id: UUID) -> None:
        """Take a turn back.

        Raises:
            NotFound: this citizen has not offered it.
        """
        async with self.store.begin() as tx:
            if turn_id not in {turn.id for turn in await _own(tx, user_id)}:
                raise NotFound("There is no such turn.")
            await tx.rota.withdraw(turn_id)
            await tx.commit()


async def _own(tx: Transaction, user_id: UUID) -> list[Turn]:
    return [turn for turn in await tx.rota.turns() if turn.user == user_id]
