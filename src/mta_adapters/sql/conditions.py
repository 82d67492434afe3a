"""What is not as it should be, at the present city."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import attrs
from sqlalchemy import delete, select

from mta_adapters.sql.rows import ConditionRow
from mta_adapters.sql.work import Work
from mta_core.domain.conditions import Condition, ConditionName
from mta_core.ports.repository import Conditions

_ROW = ConditionRow


@attrs.frozen
class SqlConditions(Conditions):
    """The table ``conditions``, as far as it concerns one city."""

    _work: Work
    _city: str

    async def now(self) -> Sequence[Condition]:
        """Those that stand, oldest first."""
        mine = select(_ROW).where(_ROW.city == self._city, _ROW.ended_at.is_(None))
        ordered = mine.order_by(_ROW.since, _ROW.name, _ROW.about)
        return [condition_of(row) for row in await self._work.all(ordered)]

    async def since(self, moment: datetime) -> Sequence[Condition]:
        """Those that stand, or stood at that moment or later, oldest first."""
        stood = _ROW.ended_at.is_(None) | (_ROW.ended_at >= moment)
        mine = select(_ROW).where(_ROW.city == self._city, stood)
        ordered = mine.order_by(_ROW.since, _ROW.name, _ROW.about)
        return [condition_of(row) for row in await self._work.all(ordered)]

    async def save(self, condition: Condition) -> None:
        """Insert, or overwrite what was known of it since then."""
        await self._work.put(condition_row(condition, self._city))

    async def forget(self, before: datetime) -> int:
        """Drop those that ended before then; return how many."""
        mine = (_ROW.city == self._city) & (_ROW.ended_at < before)
        return await self._work.run(delete(_ROW).where(mine))


def condition_row(condition: Condition, city: str) -> ConditionRow:
    """Write a condition of one city."""
    return ConditionRow(
        city=city,
        name=condition.name.value,
        about=condition.about,
        since=condition.since,
        detail=condition.detail,
        ended_at=condition.ended_at,
        told_at=condition.told_at,
        over_told_at=condition.over_told_at,
    )


def condition_of(row: ConditionRow) -> Condition:
    """Read a condition."""
    return Condition(
        name=ConditionName(row.name),
        about=row.about,
        since=row.since,
        detail=row.detail,
        ended_at=row.ended_at,
        told_at=row.told_at,
        over_told_at=row.over_told_at,
    )
