"""The limiter in SQLite keeps the limiter contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import SqlLimiter
from mta_core.testing.clock import FakeClock
from tests.contracts.limiter_contract import (
    LimiterContract,
    UnreachableLimiterContract,
)
from tests.contracts.limiter_traffic import TIMEOUT, Reopen
from tests.integration.sql.limiter_files import copy_to, hasten, lose

pytestmark = pytest.mark.integration


class TestSqlLimiter(LimiterContract):
    """The log in a file, and a second engine on it as a restart."""

    @pytest.fixture
    def engine(
        self, path: Path, open_engine: Callable[..., AsyncEngine]
    ) -> AsyncEngine:
        copy_to(path)
        return hasten(open_engine(path))

    @pytest.fixture
    def limiter(self, engine: AsyncEngine, clock: FakeClock) -> SqlLimiter:
        return SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)

    @pytest.fixture
    def reopen(
        self, path: Path, clock: FakeClock, open_engine: Callable[..., AsyncEngine]
    ) -> Reopen:
        async def again() -> SqlLimiter:
            engine = hasten(open_engine(path))
            return SqlLimiter(engine, clock, TIMEOUT, open_at_birth=False)

        return again

    @pytest.fixture
    def lose(
        self, path: Path, clock: FakeClock, open_engine: Callable[..., AsyncEngine]
    ) -> Reopen:
        async def anew() -> SqlLimiter:
            lose(path)
            engine = hasten(open_engine(path))
            return SqlLimiter(engine, clock, TIMEOUT, open_at_birth=False)

        return anew


class TestUnreachableSqlLimiter(UnreachableLimiterContract):
    """A file that nobody migrated has no log."""

    @pytest.fixture
    def unreachable(
        self, path: Path, open_engine: Callable[..., AsyncEngine]
    ) -> SqlLimiter:
        return SqlLimiter(open_engine(path), FakeClock(), TIMEOUT, open_at_birth=True)
