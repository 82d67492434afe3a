"""The database file, looked at without MTA's own engine: that would migrate it.

Nothing is written. The write lock is taken for a moment, as a proof that it can be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import attrs

from mta_core.domain.errors import StorageUnavailable
from mta_core.domain.notifications import DeliveryState
from mta_core.domain.subscriptions import SubscriptionState
from mta_entrypoints.doctor.findings import Finding, ok, warning, wrong
from mta_entrypoints.doctor.machine import is_there

CHECK = "database"
PATIENCE = 5.0
"""Seconds until a lock counts as held for too long, as for MTA itself."""

_RESTORE = "Stop MTA, and restore the file from a backup."


class Schema(Enum):
    """How the file's schema stands to this release."""

    NONE = "none"
    NEWEST = "newest"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


@attrs.frozen
class Schemas:
    """The schemas of this release: those that it knows, and the one that it makes."""

    newest: frozenset[str]
    known: frozenset[str]

    def judge(self, present: frozenset[str]) -> Schema:
        """Say how a file's schema stands to them."""
        if present == self.newest:
            return Schema.NEWEST
        return Schema.OLDER if present <= self.known else Schema.NEWER


@attrs.frozen
class DatabaseFile:
    """The file of the database. *errors*: turns SQLite's errors into MTA's."""

    path: Path
    schemas: Schemas
    errors: Callable[[], AbstractContextManager[None]]
    patience: float = PATIENCE

    def schema(self) -> Schema:
        """Say how the file's schema stands to this release.

        Raises:
            StorageUnavailable: it cannot be read.
        """
        if not is_there(self.path):
            return Schema.NONE
        with self._open() as connection:
            tables = _column(connection, "SELECT name FROM sqlite_master")
            if "alembic_version" not in tables:
                return Schema.FOREIGN if tables else Schema.NONE
            found = _column(connection, "SELECT version_num FROM alembic_version")
        return self.schemas.judge(frozenset(map(str, found)))

    def check_writing(self) -> None:
        """Take the write lock and give it back. Raises `StorageUnavailable`."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")

    def faults(self) -> list[str]:
        """List what SQLite's own check finds. Raises `StorageUnavailable`."""
        with self._open() as connection:
            found = _column(connection, "PRAGMA quick_check(3)")
        return [str(fault) for fault in found if fault != "ok"]

    def somebody(self) -> UUID | None:
        """Return any citizen, if there is one. Raises `StorageUnavailable`."""
        with self._open() as connection:
            found = _column(connection, "SELECT id FROM users LIMIT 1")
        return UUID(str(found[0])) if found else None

    def waiting(self) -> int:
        """Count who waits. Raises `StorageUnavailable`."""
        return self._count(
            "SELECT count(*) FROM subscriptions WHERE state = ?",
            SubscriptionState.ACTIVE.value,
        )

    def given_up(self, since: datetime) -> int:
        """Count messages that will never arrive. Raises `StorageUnavailable`."""
        return self._count(
            "SELECT count(*) FROM notifications WHERE state = ? AND created_at >= ?",
            DeliveryState.GIVEN_UP.value,
            f"{since:%Y-%m-%d %H:%M:%S}",
        )

    def _count(self, statement: str, *values: str) -> int:
        with self._open() as connection:
            [count] = _column(connection, statement, *values)
        return int(str(count))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Read and write, but never make: a log that was left behind is folded in.
        address = f"file:{quote(str(self.path))}?mode=rw"
        with (
            self.errors(),
            closing(
                sqlite3.connect(
                    address, uri=True, timeout=self.patience, isolation_level=None
                )
            ) as connection,
        ):
            yield connection


def _column(
    connection: sqlite3.Connection, statement: str, *values: str
) -> list[object]:
    return [row[0] for row in connection.execute(statement, values)]


def examine(file: DatabaseFile) -> tuple[Finding, Schema | None]:
    """Look at the file; the schema is None if MTA cannot work with it."""
    try:
        schema = file.schema()
        if schema is Schema.NONE:
            return _none(file), schema
        if schema is Schema.FOREIGN:
            return _foreign(file), None
        if schema is Schema.NEWER:
            return _newer(file), None
        file.check_writing()
        faults = file.faults()
    except StorageUnavailable as error:
        return wrong(CHECK, str(error), f"The file is {file.path}."), None
    if faults:
        return wrong(CHECK, f"{file.path} is damaged: {faults[0]}.", _RESTORE), None
    return (_older(file) if schema is Schema.OLDER else _sound(file)), schema


def _none(file: DatabaseFile) -> Finding:
    return ok(
        CHECK,
        f"{file.path} was not there yet: MTA makes it before it asks the city.",
        "If there should be data already, MTA_DATA_DIR names another folder.",
    )


def _sound(file: DatabaseFile) -> Finding:
    size = file.path.stat().st_size / 1024 / 1024
    return ok(
        CHECK, f"{file.path} is sound, with this release's schema ({size:.1f} MB)."
    )


def _older(file: DatabaseFile) -> Finding:
    return warning(
        CHECK,
        f"{file.path} is sound, but was written by an older release.",
        "Make a backup. Any other command, `mta up` for one, brings it up to date.",
    )


def _newer(file: DatabaseFile) -> Finding:
    return wrong(
        CHECK,
        f"{file.path} was written by a newer release of MTA.",
        "Update MTA, or restore a backup.",
    )


def _foreign(file: DatabaseFile) -> Finding:
    return wrong(
        CHECK,
        f"{file.path} is a database, but none of MTA's.",
        "Set MTA_DATA_DIR to another folder.",
    )
