"""Watch shifts and the rota in the in-memory database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.errors import StorageConflict
from mta_core.domain.rota import Invitation, Turn
from mta_core.domain.shifts import Shift
from mta_core.ports.repository import Rota, Shifts
from mta_core.testing._tables import Tables, find, put


@attrs.frozen
class InMemoryShifts(Shifts):
    """Watch shifts in memory."""

    _tables: Tables

    async def get(self, shift_id: UUID) -> Shift:
        """Raises `NotFound`."""
        return find(self._tables.shifts, shift_id)

    async def live(self, now: datetime, egress: str) -> Sequence[Shift]:
        """Those that the city may be asked in now, from an address, oldest first."""
        return [s for s in self._all() if s.egress == egress and s.lives(now)]

    async def of(self, user_id: UUID, limit: int) -> Sequence[Shift]:
        """The latest of one citizen, newest first, ended ones too."""
        mine = [shift for shift in self._all() if shift.user == user_id]
        return mine[::-1][:limit]

    async def opened_since(self, moment: datetime) -> Sequence[Shift]:
        """All that were opened at that moment or later, oldest first."""
        return [shift for shift in self._all() if shift.opened_at >= moment]

    async def over(self, now: datetime) -> Sequence[Shift]:
        """Those whose time has passed and that have not been ended yet."""
        return [s for s in self._all() if s.ended_at is None and not s.lives(now)]

    async def save(self, shift: Shift) -> Shift:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        return put(self._tables.shifts, shift)

    def _all(self) -> list[Shift]:
        every = self._tables.shifts.values()
        return sorted(every, key=lambda shift: (shift.opened_at, shift.id))


@attrs.frozen
class InMemoryRota(Rota):
    """Turns and invitations in memory."""

    _tables: Tables

    async def turns(self) -> Sequence[Turn]:
        """All that are offered, oldest first."""
        every = self._tables.turns.values()
        return sorted(every, key=lambda turn: (turn.offered_at, turn.id))

    async def offer(self, turn: Turn) -> Turn:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        return put(self._tables.turns, turn)

    async def withdraw(self, turn_id: UUID) -> None:
        """Delete it, if it is there."""
        self._tables.turns.pop(turn_id, None)

    async def invited(self, hour: datetime) -> Sequence[Invitation]:
        """The invitations to a stated hour, in the order of their time."""
        found = [one for one in self._tables.invitations if one.hour == hour]
        return sorted(found, key=lambda one: (one.due_at, one.user))

    async def invite(self, invitation: Invitation) -> None:
        """Note one. Raises `StorageConflict` if this citizen had it before."""
        if invitation in self._tables.invitations:
            raise StorageConflict("The citizen was invited before.")
        self._tables.invitations.add(invitation)

    async def forget(self, before: datetime) -> None:
        """Drop the invitations to hours before that moment."""
        every = self._tables.invitations
        every -= {one for one in every if one.hour < before}
