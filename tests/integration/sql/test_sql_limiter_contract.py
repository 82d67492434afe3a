"""The limiter in SQLite keeps the limiter contract."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import SqlLimiter, make_engine
from mta_core.testing.clock import FakeClock
from tests.contracts.limiter_contract import (
    TIMEOUT,
    LimiterContract,
    Reopen,
    UnreachableLimiterContract,
)

pytestmark = pytest.mark.integration


class TestSqlLimiter(LimiterContract):
    """The log in a file, and a second engine on it as a restart."""

    @pytest.fixture
    def limiter(self, engine: AsyncEngine, clock: FakeClock) -> SqlLimiter:
        return SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)

    @pytest.fixture
    async def reopen(
        self, path: Path, clock: FakeClock
    ) -> AsyncGenerator[Reopen, None]:
        engine = make_engine(path)

        async def again() -> SqlLimiter:
            return SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)

        yield again
        await engine.dispose()


class TestUnreachableSqlLimiter(UnreachableLimiterContract):
    """A file that nobody migrated has no log."""

    @pytest.fixture
    async def unreachable(self, path: Path) -> AsyncGenerator[SqlLimiter, None]:
        engine = make_engine(path)
        yield SqlLimiter(engine, FakeClock(), TIMEOUT, open_at_birth=True)
        await engine.dispose()
