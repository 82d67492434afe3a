"""Real files, a real cipher."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

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
async def open_engine() -> AsyncGenerator[Callable[..., AsyncEngine], None]:
    """`make_engine`, and closed when the test ends."""
    opened: list[AsyncEngine] = []

    def make(url_or_path: str | Path, **settings: Any) -> AsyncEngine:
        opened.append(make_engine(url_or_path, **settings))
        return opened[-1]

    yield make
    for engine in opened:
        await engine.dispose()


@pytest.fixture
async def engine(path: Path, open_engine: Callable[..., AsyncEngine]) -> AsyncEngine:
    """A migrated database."""
    engine = open_engine(path)
    await migrate(engine)
    return engine


@pytest.fixture
def cipher() -> AesCipher:
    """The cipher of the real thing."""
    return AesCipher(bytes(range(32)))


@pytest.fixture
def store(engine: AsyncEngine, cipher: AesCipher) -> SqlStore:
    """An empty store."""
    return SqlStore(engine, cipher, CITY)
