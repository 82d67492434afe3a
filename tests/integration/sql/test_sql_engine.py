"""Engines: which files they take, how they are set up, and who writes when."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import aiosqlite
import attrs
import pytest
from sqlalchemy import event, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore, make_engine, migrate
from mta_adapters.sql.rows import UserRow
from mta_adapters.sql.sessions import writing
from mta_adapters.sql.work import table_of
from mta_core.domain.errors import (
    IllegalTransition,
    InvalidValue,
    StorageUnavailable,
)
from mta_core.testing.builders import a_user
from tests.contracts.storing import save_user, stored_user

pytestmark = pytest.mark.integration

OpenEngine = Callable[..., AsyncEngine]


def _is_database(path: Path) -> bool:
    return path.exists() and path.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}", "sqlite+aiosqlite:///{}"])
async def test_a_file_may_be_named_in_several_ways(
    path: Path, form: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(form.format(path))
    assert not _is_database(path)
    await migrate(engine)
    await engine.dispose()
    assert _is_database(path)


@pytest.mark.parametrize(
    "url", ["postgresql://mta@localhost/mta", "sqlite://", "sqlite:///:memory:", "x://"]
)
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(InvalidValue):
        make_engine(url)


def test_a_password_in_a_url_is_not_shown() -> None:
    with pytest.raises(InvalidValue) as caught:
        make_engine("postgresql://mta:hush@localhost:port/mta")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("secure_delete", 1),
    ],
)
async def test_connections_are_set_up(
    engine: AsyncEngine, pragma: str, value: object
) -> None:
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
        assert found.scalar() == value


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Codes with which SQLite refuses to turn a file to write-ahead logging.

    It does so at times when several connections do it to a new file at once.
    """
    codes: list[str] = []
    execute = aiosqlite.Cursor.execute

    async def refusing(cursor: aiosqlite.Cursor, sql: str, *more: Any) -> Any:
        if codes and sql == "PRAGMA journal_mode = WAL":
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorname = codes.pop(0)
            error.sqlite_errorcode = getattr(sqlite3, error.sqlite_errorname)
            raise error
        return await execute(cursor, sql, *more)

    monkeypatch.setattr(aiosqlite.Cursor, "execute", refusing)
    return codes


async def test_who_is_refused_the_log_without_waiting_tries_again(
    path: Path, open_engine: OpenEngine, refused: list[str]
) -> None:
    refused += ["SQLITE_BUSY", "SQLITE_BUSY_RECOVERY"]
    engine = open_engine(path)
    await migrate(engine)
    assert refused == []
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql("PRAGMA journal_mode")
        assert found.scalar() == "wal"


@pytest.mark.parametrize(
    ("code", "patience", "left"), [("SQLITE_BUSY", 0, 9), ("SQLITE_FULL", 5, 9)]
)
async def test_nobody_tries_for_ever_nor_in_vain(
    path: Path,
    open_engine: OpenEngine,
    refused: list[str],
    code: str,
    patience: float,
    left: int,
) -> None:
    refused += [code] * 10
    with pytest.raises(StorageUnavailable):
        await migrate(open_engine(path, busy_seconds=patience))
    assert len(refused) == left


async def test_a_snapshot_cannot_be_committed(store: SqlStore) -> None:
    async with store.snapshot() as tx:
        with pytest.raises(IllegalTransition):
            await tx.commit()


async def test_a_moment_without_a_zone_is_refused(store: SqlStore) -> None:
    naive = datetime(2026, 9, 1, 12)  # noqa: DTZ001
    with pytest.raises(InvalidValue, match="no time zone"):
        await save_user(store, a_user(created_at=naive))


@pytest.fixture
def hasty(
    path: Path, engine: AsyncEngine, cipher: AesCipher, open_engine: OpenEngine
) -> SqlStore:
    """A store on the same file as ``engine`` that does not wait long for its turn."""
    assert engine.url.database == str(path)
    return SqlStore(open_engine(path, busy_seconds=0.05), cipher, "city")


async def test_who_waits_too_long_for_its_turn_is_told(hasty: SqlStore) -> None:
    async with hasty.begin():
        with pytest.raises(StorageUnavailable, match="another part of MTA"):
            await save_user(hasty, a_user())
    await stored_user(hasty)


async def test_a_lock_from_elsewhere_is_reported(hasty: SqlStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="another program"):
        await save_user(hasty, a_user())
    async with hasty.snapshot() as tx:
        assert await tx.users.at(a_user().home) is None
    other.execute("COMMIT")
    other.close()
    await stored_user(hasty)


async def test_engines_on_one_file_take_turns(
    store: SqlStore, path: Path, cipher: AesCipher, open_engine: OpenEngine
) -> None:
    stores = (store, SqlStore(open_engine(path), cipher, store.city))
    user = await stored_user(store, language="")

    async def append(number: int) -> None:
        async with stores[number % 2].begin() as tx:
            found = await tx.users.get(user.id)
            longer = attrs.evolve(found, language=found.language + "x")
            await tx.users.save(longer)
            await tx.commit()

    await asyncio.gather(*map(append, range(20)))
    async with store.snapshot() as tx:
        assert (await tx.users.get(user.id)).language == "x" * 20


async def test_what_was_read_before_is_read_anew(
    store: SqlStore, engine: AsyncEngine
) -> None:
    user = await stored_user(store, language="en")
    async with writing(engine) as work:
        row = await work.first(select(UserRow))
        assert row is not None
        await work.run(update(table_of(row)).values(language="de"))
        again = await work.first(select(UserRow))
        assert again is row
        assert row.language == "de"
    async with store.snapshot() as tx:
        assert await tx.users.get(user.id) == user


async def test_who_stops_waiting_leaves_nothing_locked(
    store: SqlStore, engine: AsyncEngine, path: Path
) -> None:
    begins = asyncio.Event()
    event.listen(engine.sync_engine, "checkout", lambda *_: begins.set())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = [asyncio.create_task(stored_user(store)) for _ in range(2)]
    # The first waits inside SQLite, the second for the first.
    await begins.wait()
    for _ in range(10):
        await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    other.execute("COMMIT")
    other.close()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends)
    await stored_user(store)
