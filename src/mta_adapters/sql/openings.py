"""Slots seen free (table ``appointments``), and who was told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import func, select

from mta_adapters.sql.mapping import opening_of, opening_row
from mta_adapters.sql.rows import OpeningRow, ToldRow
from mta_adapters.sql.seconds import seconds_since_1970
from mta_adapters.sql.work import Work, chunks
from mta_core.domain.availability import DateWindow, Opening
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.history import Appearance
from mta_core.ports.repository import Openings


@attrs.frozen
class SqlOpenings(Openings):
    """The tables ``appointments`` and ``told``."""

    _work: Work

    async def open_at(
        self, services: ServiceSet, offices: Iterable[OfficeId], days: DateWindow
    ) -> Sequence[Opening]:
        """Openings not gone, for these services, at these offices, on these days."""
        rows = await self._work.all(
            select(OpeningRow)
            .where(OpeningRow.gone_at.is_(None))
            .where(OpeningRow.services == str(services))
            .where(OpeningRow.day.between(days.first, days.last))
            .order_by(OpeningRow.start, OpeningRow.office)
        )
        wanted = frozenset(offices)
        return [opening_of(row) for row in rows if row.office in wanted]

    async def some(self, opening_ids: Iterable[UUID]) -> Sequence[Opening]:
        """Those of these openings that are still stored."""
        found: list[Opening] = []
        for ids in chunks(opening_ids):
            rows = select(OpeningRow).where(OpeningRow.id.in_(ids))
            found += map(opening_of, await self._work.all(rows))
        return found

    async def save(self, openings: Iterable[Opening]) -> None:
        """Insert or overwrite."""
        await self._work.put(*map(opening_row, openings))

    async def told(self, opening_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
        """The (citizen, opening) pairs that have been told, of these openings."""
        pairs: set[tuple[UUID, UUID]] = set()
        for ids in chunks(opening_ids):
            told = select(ToldRow).where(ToldRow.opening_id.in_(ids))
            rows = await self._work.all(told)
            pairs |= {(row.user_id, row.opening_id) for row in rows}
        return pairs

    async def tell(
        self, user_id: UUID, opening_ids: Iterable[UUID], notification_id: UUID
    ) -> None:
        """Note that a notification tells of openings. Raises `StorageConflict`."""
        await self._work.add(
            *(
                ToldRow(
                    user_id=user_id, opening_id=told, notification_id=notification_id
                )
                for told in dict.fromkeys(opening_ids)
            )
        )

    async def told_by(self, notification_id: UUID) -> Sequence[Opening]:
        """The openings that a notification tells of, earliest first."""
        rows = await self._work.all(
            select(OpeningRow)
            .join(ToldRow, ToldRow.opening_id == OpeningRow.id)
            .where(ToldRow.notification_id == notification_id)
            .order_by(OpeningRow.start, OpeningRow.office)
        )
        return [opening_of(row) for row in rows]

    async def seen_since(
        self, services: ServiceSet, since: datetime, limit: int
    ) -> Sequence[Opening]:
        """Openings first seen since then, gone ones too, newest first."""
        rows = await self._work.all(
            select(OpeningRow)
            .where(OpeningRow.services == str(services))
            .where(OpeningRow.first_seen >= since)
            .order_by(OpeningRow.first_seen.desc(), OpeningRow.id.desc())
            .limit(limit)
        )
        return [opening_of(row) for row in rows]

    async def appeared(
        self, services: ServiceSet, since: datetime
    ) -> Sequence[Appearance]:
        """All of them, in any order."""
        until = func.coalesce(OpeningRow.gone_at, OpeningRow.last_seen)
        rows = await self._work.columns(
            select(
                OpeningRow.office,
                seconds_since_1970(OpeningRow.first_seen),
                seconds_since_1970(until),
                OpeningRow.gone_at.is_not(None),
                OpeningRow.last_seen > OpeningRow.first_seen,
            )
            .where(OpeningRow.services == str(services))
            .where(OpeningRow.first_seen >= since)
        )
        return [Appearance(*row) for row in rows]
