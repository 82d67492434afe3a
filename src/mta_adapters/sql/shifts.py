"""Watch shifts with their tokens sealed, and the rota."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import attrs
from sqlalchemy import Select, delete, select

from mta_adapters.sql.documents import hours_of, plain
from mta_adapters.sql.rows import InvitationRow, ShiftRow, TurnRow
from mta_adapters.sql.sealing import Seal
from mta_adapters.sql.work import Work
from mta_core.domain.errors import NotFound
from mta_core.domain.rota import Invitation, Turn
from mta_core.domain.shifts import Shift, Token
from mta_core.ports.cipher import Cipher
from mta_core.ports.repository import Rota, Shifts

_ROW = ShiftRow


@attrs.frozen
class SqlShifts(Shifts):
    """The table ``shifts``."""

    _work: Work
    _cipher: Cipher

    async def get(self, shift_id: UUID) -> Shift:
        """Read a shift. Raises `NotFound`."""
        row = await self._work.first(select(_ROW).where(_ROW.id == shift_id))
        if row is None:
            raise NotFound("There is no such watch shift.")
        return shift_of(row, self._cipher)

    async def live(self, now: datetime, egress: str) -> Sequence[Shift]:
        """Those that the city may be asked in now, from an address, oldest first."""
        open_ones = _ROW.ended_at.is_(None) & (_ROW.expires_at > now)
        return await self._oldest_first(
            select(_ROW).where(open_ones, _ROW.egress == egress)
        )

    async def of(self, user_id: UUID, limit: int) -> Sequence[Shift]:
        """The latest of one citizen, newest first, ended ones too."""
        rows = await self._work.all(
            select(_ROW)
            .where(_ROW.user_id == user_id)
            .order_by(_ROW.opened_at.desc(), _ROW.id.desc())
            .limit(limit)
        )
        return [shift_of(row, self._cipher) for row in rows]

    async def opened_since(self, moment: datetime) -> Sequence[Shift]:
        """All that were opened at that moment or later, oldest first."""
        return await self._oldest_first(select(_ROW).where(_ROW.opened_at >= moment))

    async def over(self, now: datetime) -> Sequence[Shift]:
        """Those whose time has passed and that have not been ended yet."""
        over = _ROW.ended_at.is_(None) & (_ROW.expires_at <= now)
        return await self._oldest_first(select(_ROW).where(over))

    async def save(self, shift: Shift) -> Shift:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        await self._work.replace(shift_row(shift, self._cipher))
        return attrs.evolve(shift, version=shift.version + 1)

    async def _oldest_first(self, statement: Select[ShiftRow]) -> Sequence[Shift]:
        ordered = statement.order_by(_ROW.opened_at, _ROW.id)
        return [shift_of(r, self._cipher) for r in await self._work.all(ordered)]


@attrs.frozen
class SqlRota(Rota):
    """The tables ``turns`` and ``invitations``."""

    _work: Work

    async def turns(self) -> Sequence[Turn]:
        """All that are offered, oldest first."""
        ordered = select(TurnRow).order_by(TurnRow.offered_at, TurnRow.id)
        return [turn_of(row) for row in await self._work.all(ordered)]

    async def offer(self, turn: Turn) -> Turn:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        await self._work.replace(turn_row(turn))
        return attrs.evolve(turn, version=turn.version + 1)

    async def withdraw(self, turn_id: UUID) -> None:
        """Delete it, if it is there."""
        await self._work.run(delete(TurnRow).where(TurnRow.id == turn_id))

    async def invited(self, hour: datetime) -> Sequence[Invitation]:
        """The invitations to a stated hour, in the order of their time."""
        row = InvitationRow
        rows = await self._work.all(
            select(row).where(row.hour == hour).order_by(row.lead.desc(), row.user_id)
        )
        return [invitation_of(found) for found in rows]

    async def invite(self, invitation: Invitation) -> None:
        """Note one. Raises `StorageConflict` if this citizen had it before."""
        await self._work.add(
            InvitationRow(
                user_id=invitation.user,
                hour=invitation.hour,
                lead=int(invitation.lead.total_seconds()),
            )
        )

    async def forget(self, before: datetime) -> None:
        """Drop the invitations to hours before that moment."""
        await self._work.run(delete(InvitationRow).where(InvitationRow.hour < before))


def shift_row(shift: Shift, cipher: Cipher) -> ShiftRow:
    """Write the next version of a shift, with its token sealed."""
    seal = Seal(cipher, shift.user, shift.id)
    return ShiftRow(
        id=shift.id,
        version=shift.version + 1,
        user_id=shift.user,
        egress=shift.egress,
        token_sealed=seal.close("token", shift.token.text) if shift.token else None,
        opened_at=shift.opened_at,
        expires_at=shift.expires_at,
        ended_at=shift.ended_at,
        reason=shift.reason,
        asked=shift.asked,
        heard_at=shift.heard_at,
        trouble=shift.trouble,
    )


def shift_of(row: ShiftRow, cipher: Cipher) -> Shift:
    """Read a shift."""
    text = Seal(cipher, row.user_id, row.id).open("token", row.token_sealed)
    return Shift(
        id=row.id,
        user=row.user_id,
        egress=row.egress,
        token=Token(text) if text else None,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        reason=row.reason,
        asked=row.asked,
        heard_at=row.heard_at,
        trouble=row.trouble,
        version=row.version,
    )


def turn_row(turn: Turn) -> TurnRow:
    """Write the next version of a turn."""
    return TurnRow(
        id=turn.id,
        version=turn.version + 1,
        user_id=turn.user,
        hours=plain(turn.hours),
        weekdays=plain(turn.weekdays),
        offered_at=turn.offered_at,
        served_at=turn.served_at,
    )


def turn_of(row: TurnRow) -> Turn:
    """Read a turn."""
    return Turn(
        id=row.id,
        user=row.user_id,
        hours=hours_of(row.hours),
        weekdays=frozenset(row.weekdays),
        offered_at=row.offered_at,
        served_at=row.served_at,
        version=row.version,
    )


def invitation_of(row: InvitationRow) -> Invitation:
    """Read an invitation."""
    return Invitation(row.user_id, row.hour, timedelta(seconds=row.lead))
