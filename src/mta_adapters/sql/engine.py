"""Engines for SQLite files, set up so that nothing is lost and nobody is starved."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import attrs
from sqlalchemy import URL, Connection, PoolResetState, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mta_core.domain.errors import InvalidValue, StorageUnavailable

BUSY_SECONDS = 5.0
"""How long a writer waits for its turn."""

BEGIN = "sqlite_begin"
"""The execution option that says how a transaction begins; None is not at all."""

_QUEUE = "mta_queue"
_TRY_AGAIN = 0.02
_PRAGMAS = (
    "synchronous = FULL",
    "foreign_keys = ON",
    # What was erased is overwritten, not just unlinked.
    "secure_delete = ON",
)


@attrs.frozen
class _Queue:
    """Where this loop's writers wait, and for how many seconds at most."""

    patience: float
    lock: asyncio.Lock = attrs.field(factory=asyncio.Lock)

    @property
    def pragma(self) -> str:
        """How long SQLite is to wait for writers elsewhere."""
        return f"PRAGMA busy_timeout = {round(self.patience * 1000)}"


def make_engine(
    url_or_path: str | Path, *, busy_seconds: float = BUSY_SECONDS
) -> AsyncEngine:
    """Make an engine for an SQLite file. Nothing is opened until it is used.

    Transactions take the write lock when they begin: a transaction that reads first
    and writes later would fail whenever another one wrote in between. An engine serves
    one event loop.

    Args:
        busy_seconds: how long a writer waits for its turn before it gives up.

    Raises:
        InvalidValue: the URL is not one of an SQLite file.
    """
    queue = _Queue(busy_seconds)
    engine = create_async_engine(
        _url(url_or_path),
        execution_options={_QUEUE: queue},
        # Errors end up in logs, and parameters may be personal.
        hide_parameters=True,
        # `_leave` does it.
        pool_reset_on_return=None,
    )
    event.listen(engine.sync_engine, "do_connect", _open)
    event.listen(engine.sync_engine, "connect", partial(_set_up, queue))
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "reset", _leave)
    return engine


def database_file(engine: AsyncEngine) -> Path:
    """Return the file that an engine works on."""
    return Path(engine.url.database or "")


@asynccontextmanager
async def turn(engine: AsyncEngine) -> AsyncGenerator[None, None]:
    """Wait for this loop's turn to write, first come, first served.

    SQLite itself lets writers poll for its lock, which is neither fair nor fast.
    Writers of other processes and loops still meet there.

    Raises:
        StorageUnavailable: the turn did not come in time.
    """
    queue: _Queue = engine.get_execution_options()[_QUEUE]
    try:
        async with asyncio.timeout(queue.patience):
            await queue.lock.acquire()
    except TimeoutError:
        raise StorageUnavailable(
            "The database is busy: another part of MTA is writing for too long."
        ) from None
    try:
        yield
    finally:
        queue.lock.release()


async def shed_log(engine: AsyncEngine) -> None:
    """Take what was erased out of the write-ahead log, where it would linger.

    While somebody reads an older state this does nothing; the next erasure, or closing
    the database, makes up for it.
    """
    queue: _Queue = engine.get_execution_options()[_QUEUE]
    async with engine.connect() as connection:
        connection = await connection.execution_options(**{BEGIN: None})
        # Writers are not made to wait for it.
        await connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            await connection.exec_driver_sql(queue.pragma)


def _url(url_or_path: str | Path) -> URL:
    text = str(url_or_path)
    if "://" not in text:
        return URL.create("sqlite+aiosqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidValue("The database URL cannot be read.") from None
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise InvalidValue(
            "MTA keeps its data in an SQLite file: name it by its path, or as "
            "sqlite:////path/to/mta.db."
        )
    return url.set(drivername="sqlite+aiosqlite")


def _open(_dialect: object, _record: object, args: list[str], more: Any) -> None:
    # The driver's thread outlives its failure to open a file, and complains aloud when
    # the event loop ends before it does. So what cannot be opened fails here.
    sqlite3.connect(args[0], uri=more.get("uri", False)).close()


def _set_up(queue: _Queue, connection: Any, _record: object) -> None:
    # SQLAlchemy begins and ends transactions, not the driver.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        # First, since the next one may have to wait for another process.
        cursor.execute(queue.pragma)
        _use_log(queue, connection, cursor)
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def _use_log(queue: _Queue, connection: Any, cursor: Any) -> None:
    """Turn the file to write-ahead logging, unless it is so already.

    While several do this to a new file at once SQLite refuses some of them without
    waiting, whatever it was told.
    """
    until = monotonic() + queue.patience
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or monotonic() >= until:
                raise
        connection.run_async(lambda _: asyncio.sleep(_TRY_AGAIN))


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(BEGIN, "IMMEDIATE")
    if mode is not None:
        connection.exec_driver_sql(f"BEGIN {mode}")


def _leave(connection: Any, record: Any, state: PoolResetState) -> None:
    # A commit that fails leaves the transaction open, and the file locked; SQLAlchemy
    # takes it for ended. So the connection itself is asked.
    if state.asyncio_safe and record.driver_connection.in_transaction:
        connection.rollback()
