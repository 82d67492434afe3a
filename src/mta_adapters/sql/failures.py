"""What a failing database means: the one place where its errors become MTA's."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mta_core.domain.errors import (
    MtaError,
    StorageConflict,
    StorageDamaged,
    StorageUnavailable,
)

_CONFLICTS = (
    # What SQLite says (columns), what PostgreSQL says (a name), what it means.
    (
        "live_claims.",
        "pk_live_claims",
        "This citizen has a live booking for one of these services already.",
    ),
    ("told.", "pk_told", "This citizen was told of one of these openings before."),
    ("users.home_digest", "uq_users_home_digest", "Somebody is registered there."),
    ("FOREIGN KEY", "fk_", "What this record belongs to was erased meanwhile."),
)

_OUTAGES = (
    (
        "SQLITE_BUSY",
        "The database is locked: another program has been writing to it for too long.",
    ),
    ("SQLITE_LOCKED", "The database is locked by another part of MTA."),
    (
        "SQLITE_CANTOPEN",
        "The database cannot be opened: check that its folder exists and that MTA "
        "may write there.",
    ),
    ("SQLITE_FULL", "The disk is full: the database cannot grow. Free some space."),
    (
        "SQLITE_READONLY",
        "The database cannot be written: check the permissions of the file and its "
        "folder.",
    ),
    ("SQLITE_IOERR", "The disk failed to read or write the database."),
    ("SQLITE_PERM", "MTA may not access the database file."),
)

_DAMAGES = (
    ("SQLITE_CORRUPT", "The database file is damaged: restore it from a backup."),
    ("SQLITE_NOTADB", "The database file is no database: restore it from a backup."),
)


@contextmanager
def storage_errors() -> Generator[None, None, None]:
    """Raise MTA's errors for the database's, for the statements inside.

    Raises:
        StorageConflict: a constraint stands against it.
        StorageUnavailable: the database does not work, and what to do about it;
            `StorageDamaged` if it will not work again by itself.
    """
    try:
        yield
    except IntegrityError as error:
        raise _conflict(error) from error
    except (DBAPIError, sqlite3.Error) as error:
        raise _outage(error) from error
    except StatementError as error:
        # A column type refused a value, before the database saw it.
        if isinstance(error.orig, MtaError):
            raise error.orig from error
        raise
    except PoolTimeout as error:
        raise StorageUnavailable(
            "The database is overloaded: no connection became free in time."
        ) from error


def _conflict(error: IntegrityError) -> StorageConflict:
    cause = getattr(error.orig, "__cause__", None)
    said = f"{error.orig} {getattr(cause, 'constraint_name', '')}"
    for columns, name, meaning in _CONFLICTS:
        if columns in said or name in said:
            return StorageConflict(meaning)
    return StorageConflict()


def _outage(error: DBAPIError | sqlite3.Error) -> StorageUnavailable:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", "")
    for prefix, meaning in _DAMAGES:
        if code.startswith(prefix):
            return StorageDamaged(meaning)
    for prefix, meaning in _OUTAGES:
        if code.startswith(prefix):
            return StorageUnavailable(meaning)
    # The database's own words name tables and columns, never values.
    return StorageUnavailable(f"The database cannot be used: {cause}")
