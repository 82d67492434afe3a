"""One database transaction, as the repositories use it."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any, TypeVar, cast

import attrs
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Result,
    Select,
    Table,
    case,
    insert,
    inspect,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mta_adapters.sql.failures import storage_errors
from mta_adapters.sql.rows import Base, Versioned
from mta_core.domain.errors import StorageConflict

T = TypeVar("T")
R = TypeVar("R", bound=Base)

CHUNK = 10_000
"""How many values one statement may name; SQLite takes 32,766."""

_UPSERT: Mapping[str, Any] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


@attrs.define
class Work:
    """Statements of one transaction; every failure is one of MTA's errors.

    Attributes:
        erased: something was erased, so the log shall not keep it either.
    """

    _session: AsyncSession
    erased: bool = False

    async def all(self, statement: Select[T]) -> Sequence[T]:
        """Read rows, or single values."""
        with storage_errors():
            return (await self._session.scalars(statement)).all()

    async def columns(
        self, statement: Select[*tuple[Any, ...]]
    ) -> Sequence[Sequence[Any]]:
        """Read several columns of many rows, and no objects."""
        with storage_errors():
            found: Result[*tuple[Any, ...]] = await self._session.execute(statement)
            return found.all()

    async def first(self, statement: Select[T]) -> T | None:
        """Read one row or value, if there is one."""
        with storage_errors():
            return (await self._session.scalars(statement)).first()

    async def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> int:
        """Write, and return how many rows it concerned."""
        with storage_errors():
            result = await self._session.execute(
                statement,
                rows,
                execution_options={"synchronize_session": False},
            )
        return cast(CursorResult[Any], result).rowcount

    async def add(self, *rows: Base) -> None:
        """Insert rows of one kind, all or none. Raises `StorageConflict`."""
        if not rows:
            return
        statement = insert(table_of(rows[0]))
        if len(rows) == 1:
            await self.run(statement, [values_of(rows[0])])
            return
        async with self.whole():
            await self.run(statement, [values_of(row) for row in rows])

    async def replace(self, row: Versioned) -> None:
        """Insert a row's first version, or update the version before it.

        Raises:
            StorageConflict: somebody else saved first, or a constraint is hurt.
        """
        if row.version == 1:
            await self.add(row)
            return
        table = table_of(row)
        before = (table.c.id == row.id) & (table.c.version == row.version - 1)
        if not await self.run(update(table).where(before).values(values_of(row))):
            raise StorageConflict

    async def put(self, *rows: Base) -> None:
        """Insert rows of one kind, or overwrite those that exist."""
        if not rows:
            return
        table = table_of(rows[0])
        keys = [column.name for column in table.primary_key]
        statement = self._upsert(table)
        rest = {c.name: c for c in statement.excluded if c.name not in keys}
        overwrite = statement.on_conflict_do_update(index_elements=keys, set_=rest)
        await self.run(overwrite, [values_of(row) for row in rows])

    async def raise_to(self, row: R, column: str) -> R:
        """Insert a row, or raise one column of the one that exists to the row's.

        Returns:
            The row as it is now: with its own value if that was higher.
        """
        return await self._merge(
            row, column, lambda mine, other: case((other > mine, other), else_=mine)
        )

    async def add_bits(self, row: R, column: str) -> R:
        """Insert a row, or set the row's bits in one column of the one that exists.

        Returns:
            The row as it is now: with its own bits alone if it is new.
        """
        return await self._merge(
            row, column, lambda mine, other: mine.bitwise_or(other)
        )

    async def _merge(
        self,
        row: R,
        column: str,
        merged: Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[Any]],
    ) -> R:
        table = table_of(row)
        statement = self._upsert(table)
        put = statement.values(values_of(row)).on_conflict_do_update(
            index_elements=[key.name for key in table.primary_key],
            set_={column: merged(table.c[column], statement.excluded[column])},
        )
        with storage_errors():
            found = await self._session.execute(put.returning(*table.c))
            return type(row)(**found.mappings().one())

    @asynccontextmanager
    async def whole(self) -> AsyncGenerator[None, None]:
        """Do all of several statements, or none of them."""
        with storage_errors():
            async with self._session.begin_nested():
                yield

    def _upsert(self, table: Table) -> Any:
        return _UPSERT[self._session.get_bind().dialect.name](table)

    async def commit(self) -> None:
        """Make it last."""
        with storage_errors():
            await self._session.commit()


def table_of(row: Base) -> Table:
    """Return the table that a row belongs to."""
    return cast(Table, type(row).__table__)


def values_of(row: Base) -> dict[str, Any]:
    """Return a row's values by column."""
    mapper = inspect(type(row))
    return {column.key: getattr(row, column.key) for column in mapper.column_attrs}


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Cut values into pieces that one statement can name."""
    rest = iter(values)
    while piece := list(islice(rest, CHUNK)):
        yield piece
