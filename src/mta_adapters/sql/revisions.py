"""A number that grows whenever any subscription changes."""

from __future__ import annotations

from sqlalchemy import select, update

from mta_adapters.sql.rows import RevisionRow
from mta_adapters.sql.work import Work

_SUBSCRIPTIONS = "subscriptions"


async def read_revision(work: Work) -> int:
    """Return the number; a database without any subscription starts at 0."""
    found = select(RevisionRow.value).where(RevisionRow.name == _SUBSCRIPTIONS)
    return await work.first(found) or 0


async def grow_revision(work: Work) -> None:
    """Let it grow by one."""
    mine = RevisionRow.name == _SUBSCRIPTIONS
    grown = update(RevisionRow).where(mine).values(value=RevisionRow.value + 1)
    if not await work.run(grown):
        await work.add(RevisionRow(name=_SUBSCRIPTIONS, value=1))
