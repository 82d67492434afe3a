"""Database files for limiters: migrated once, and written without waiting for a disk."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import make_engine, migrate


@cache
def _template() -> bytes:
    """Migrate a file, once for all tests, and return what is in it."""

    async def make(path: Path) -> None:
        engine = make_engine(path)
        await migrate(engine)
        await engine.dispose()

    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        asyncio.run(make(path))
        return path.read_bytes()


def copy_to(path: Path) -> None:
    """Put a migrated file there."""
    path.write_bytes(_template())


def hasten(engine: AsyncEngine) -> AsyncEngine:
    """Let commits not wait for the disk: the tests pull no plug."""

    def relax(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF").close()

    event.listen(engine.sync_engine, "connect", relax)
    return engine


def lose(path: Path) -> None:
    """Let the log be lost."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DELETE FROM limiter_stamps; DELETE FROM limiter_state;"
        )
