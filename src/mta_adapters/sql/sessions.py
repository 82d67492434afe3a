"""Sessions: each is one transaction of the database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from mta_adapters.sql.engine import BEGIN, shed_log, turn
from mta_adapters.sql.failures import storage_errors
from mta_adapters.sql.work import Work


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[Work, None]:
    """Open a transaction that may write; what is not committed is rolled back.

    Raises:
        StorageUnavailable: the turn does not come in time, or the file cannot be used.
    """
    async with turn(engine), _session(engine, "IMMEDIATE") as work:
        yield work
    if work.erased:
        with storage_errors():
            await shed_log(engine)


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[Work, None]:
    """Open a transaction that reads one state, beside any writer.

    Raises:
        StorageUnavailable: the file cannot be used.
    """
    async with _session(engine, "DEFERRED") as work:
        yield work


@asynccontextmanager
async def _session(engine: AsyncEngine, mode: str) -> AsyncGenerator[Work, None]:
    async with AsyncSession(
        engine,
        autoflush=False,
        expire_on_commit=False,
        # Rows are written by statements, so what was read before may be old.
        execution_options={"populate_existing": True},
    ) as session:
        with storage_errors():
            _ = await session.connection(execution_options={BEGIN: mode})
        yield Work(session)
