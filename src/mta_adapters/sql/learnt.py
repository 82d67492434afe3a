"""What watching the present city has taught."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import delete, select

from mta_adapters.sql.rows import LearntRow
from mta_adapters.sql.work import Work
from mta_core.ports.repository import Learnt

_ROW = LearntRow


@attrs.frozen
class SqlLearnt(Learnt):
    """The table ``learnt``, as far as it concerns one city."""

    _work: Work
    _city: str

    async def everything(self) -> Mapping[str, Mapping[str, Any]]:
        """All documents."""
        mine = select(_ROW).where(_ROW.city == self._city)
        return {row.name: row.document for row in await self._work.all(mine)}

    async def one(self, name: str) -> Mapping[str, Any] | None:
        """The document of this name, if there is one."""
        mine = (_ROW.city == self._city) & (_ROW.name == name)
        return await self._work.first(select(_ROW.document).where(mine))

    async def keep(
        self, documents: Mapping[str, Mapping[str, Any]], at: datetime
    ) -> None:
        """Insert or overwrite them."""
        await self._work.put(
            *(
                _ROW(city=self._city, name=name, at=at, document=dict(document))
                for name, document in documents.items()
            )
        )

    async def forget(self, before: datetime) -> int:
        """Drop what was not kept again since then; return how many."""
        mine = (_ROW.city == self._city) & (_ROW.at < before)
        return await self._work.run(delete(_ROW).where(mine))
