"""Brings a database file to the schema of this release."""

from __future__ import annotations

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mta_adapters.sql.engine import BEGIN, database_file
from mta_adapters.sql.failures import storage_errors
from mta_core.domain.errors import StorageUnavailable


def migration_config(connection: Connection | None = None) -> Config:
    """Return the settings of Alembic, for the scripts that come with this package."""
    folder = Path(__file__).with_name("migrations")
    config = Config()
    # Alembic's settings take % as the start of a variable.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def migrate(engine: AsyncEngine) -> None:
    """Make or upgrade the database; one that is up to date stays as it is.

    All or nothing, and one process at a time: whoever comes second finds it done.

    Raises:
        StorageUnavailable: the file cannot be used, is no database of MTA, or was
            written by a newer release. Its content is as it was.
    """
    _make_private(database_file(engine))
    with storage_errors():
        async with engine.connect() as connection:
            await _upgrade(await connection.execution_options(**{BEGIN: None}))


async def _upgrade(connection: AsyncConnection) -> None:
    # A table that a migration rebuilds is dropped, and its children must stay.
    await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    try:
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
        await connection.run_sync(_run_scripts)
        await connection.commit()
    finally:
        await connection.rollback()
        await connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _run_scripts(connection: Connection) -> None:
    config = migration_config(connection)
    scripts = ScriptDirectory.from_config(config)
    present = set(MigrationContext.configure(connection).get_current_heads())
    unknown = present - {script.revision for script in scripts.walk_revisions()}
    if unknown:
        raise StorageUnavailable(
            f"The database was written by a newer release of MTA (schema "
            f"{', '.join(sorted(unknown))}): update MTA, or restore a backup."
        )
    if present != set(scripts.get_heads()):
        command.upgrade(config, "head")
        _check_references(connection)


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise StorageUnavailable(
            f"The database has records that belong to nobody (in {tables}): restore "
            f"it from a backup."
        )


def _make_private(file: Path) -> None:
    """Make the file for its owner alone; SQLite itself would obey a loose umask."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StorageUnavailable(
            f"The database cannot be made: {error.strerror} ({file})."
        ) from error
