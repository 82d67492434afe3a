"""What MTA knows of the present city: its catalogue, and where it is blind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs
from sqlalchemy import delete, select

from mta_adapters.sql.documents import catalogue_document, catalogue_of
from mta_adapters.sql.mapping import blindness_of, blindness_row
from mta_adapters.sql.rows import BlindnessRow, CatalogueRow
from mta_adapters.sql.work import Work, chunks
from mta_core.domain.blindness import Blindness
from mta_core.domain.catalogue import Catalogue
from mta_core.ports.repository import Sights

_ROW = BlindnessRow


@attrs.frozen
class SqlSights(Sights):
    """The tables ``catalogue`` and ``blindness``, as far as they concern one city."""

    _work: Work
    _city: str

    async def catalogue(self) -> tuple[Catalogue, datetime] | None:
        """The last catalogue read from this city, and when it was read."""
        mine = select(CatalogueRow).where(CatalogueRow.city == self._city)
        row = await self._work.first(mine)
        return None if row is None else (catalogue_of(row.document), row.read_at)

    async def keep_catalogue(self, catalogue: Catalogue, at: datetime) -> None:
        """Replace the catalogue of this city."""
        document = catalogue_document(catalogue)
        await self._work.put(
            CatalogueRow(city=self._city, read_at=at, document=document)
        )

    async def blind(self) -> Sequence[Blindness]:
        """Every probe that is blind now, by name."""
        mine = select(_ROW).where(_ROW.city == self._city).order_by(_ROW.probe)
        return [blindness_of(row) for row in await self._work.all(mine)]

    async def mark_blind(self, blindness: Blindness) -> None:
        """Note a blind probe; *since* of an earlier note for the same reason stays."""
        since = await self._work.first(
            select(_ROW.since)
            .where(_ROW.city == self._city)
            .where(_ROW.probe == blindness.probe)
            .where(_ROW.reason == blindness.reason.value)
        )
        noted = attrs.evolve(blindness, since=since or blindness.since)
        await self._work.put(blindness_row(noted, self._city))

    async def mark_seeing(self, probe: str) -> None:
        """The probe sees (again)."""
        await self._drop([probe])

    async def forget_blindness(self, keep: Iterable[str]) -> None:
        """Drop the notes of probes that nobody asks any more."""
        noted = await self._work.all(select(_ROW.probe).where(_ROW.city == self._city))
        for probes in chunks(set(noted).difference(keep)):
            await self._drop(probes)

    async def _drop(self, probes: Sequence[str]) -> None:
        mine = (_ROW.city == self._city) & _ROW.probe.in_(probes)
        await self._work.run(delete(_ROW).where(mine))
