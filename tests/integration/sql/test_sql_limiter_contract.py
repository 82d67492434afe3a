"""The limiter in SQLite keeps the limiter contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import SqlLimiter
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
    def reopen(
        self, path: Path, clock: FakeClock, open_engine: Callable[..., AsyncEngine]
    ) -> Reopen:
        async def again() -> SqlLimiter:
            return SqlLimiter(open_engine(path), clock, TIMEOUT, open_at_birth=True)

        return again


class TestUnreachableSqlLimiter(UnreachableLimiterContract):
    """A file that nobody migrated has no log."""

    @pytest.fixture
    def unreachable(
        self, path: Path, open_engine: Callable[..., AsyncEngine]
    ) -> SqlLimiter:
        return SqlLimiter(open_engine(path), FakeClock(), TIMEOUT, open_at_birth=True)
