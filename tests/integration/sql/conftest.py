"""Real files, a real cipher."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore, make_engine, migrate

CITY = "https://city.example.org/api"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database file is, or will be."""
    return tmp_path / "mta.db"


@pytest.fixture
async def engine(path: Path) -> AsyncGenerator[AsyncEngine, None]:
    """A migrated database."""
    engine = make_engine(path)
    await migrate(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
def cipher() -> AesCipher:
    """The cipher of the real thing."""
    return AesCipher(bytes(range(32)))


@pytest.fixture
def store(engine: AsyncEngine, cipher: AesCipher) -> SqlStore:
    """An empty store."""
    return SqlStore(engine, cipher, CITY)
