"""Migrations: up and down, like the rows, all or nothing, once."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import SqlStore, migrate
from mta_adapters.sql.migration import migration_config
from mta_adapters.sql.migrations import env
from mta_adapters.sql.migrations.versions import (
    r0001_first,
    r0002_lives_and_lanes,
    r0003_watching,
)
from mta_adapters.sql.rows import Base
from mta_core.domain.errors import StorageUnavailable
from tests.contracts.storing import stored_user

pytestmark = pytest.mark.integration

OpenEngine = Callable[..., AsyncEngine]

REVISIONS = [
    script.revision
    for script in ScriptDirectory.from_config(migration_config()).walk_revisions()
]
_MIGRATE = """
import asyncio, sys
from mta_adapters.sql import make_engine, migrate

async def main():
    engine = make_engine(sys.argv[1])
    sys.stdin.readline()
    await migrate(engine)
    await engine.dispose()

asyncio.run(main())
"""


async def _within(engine: AsyncEngine, work: Callable[[Connection], Any]) -> Any:
    async with engine.begin() as connection:
        return await connection.run_sync(work)


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


@pytest.mark.parametrize("revision", REVISIONS[::-1])
async def test_every_step_can_be_taken_back(
    path: Path, revision: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(path)

    def up_down_up(connection: Connection) -> None:
        config = migration_config(connection)
        command.upgrade(config, revision)
        command.downgrade(config, "-1")
        command.upgrade(config, revision)

    await _within(engine, up_down_up)


async def test_all_steps_back_leave_nothing(engine: AsyncEngine) -> None:
    await _within(engine, lambda c: command.downgrade(migration_config(c), "base"))
    assert await _within(engine, _tables) == {"alembic_version"}


async def test_the_tables_are_those_of_the_rows(engine: AsyncEngine) -> None:
    assert await _within(engine, _differences) == []
    tables = await _within(engine, _tables)
    assert tables == set(Base.metadata.tables) | {"alembic_version"}


async def test_the_scripts_need_no_alembic_command(
    path: Path, open_engine: OpenEngine
) -> None:
    engine = open_engine(path)

    def up_and_down(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            for script in (r0001_first, r0002_lives_and_lanes, r0003_watching):
                script.upgrade()
            assert _tables(connection) == set(Base.metadata.tables)
            for script in (r0003_watching, r0002_lives_and_lanes, r0001_first):
                script.downgrade()
            assert not _tables(connection)

    await _within(engine, up_and_down)


async def test_the_environment_uses_the_given_connection(
    path: Path, open_engine: OpenEngine
) -> None:
    engine = open_engine(path)

    def run(connection: Connection) -> None:
        config = migration_config(connection)
        scripts = ScriptDirectory.from_config(config)
        seen = []

        def no_steps(_revision: object, context: MigrationContext) -> list[Any]:
            seen.append(context.connection)
            return []

        with EnvironmentContext(config, scripts, fn=no_steps):
            env.run()
        assert seen == [connection]

    await _within(engine, run)


async def test_a_drift_would_be_noticed(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DROP INDEX ix_bookings_due")
        await connection.exec_driver_sql("ALTER TABLE told ADD COLUMN why VARCHAR")
    assert len(await _within(engine, _differences)) == 2


async def test_migrating_again_changes_nothing(
    engine: AsyncEngine, store: SqlStore
) -> None:
    user = await stored_user(store)
    await migrate(engine)
    async with store.snapshot() as tx:
        assert await tx.users.get(user.id) == user


async def test_foreign_keys_hold_after_migrating(
    path: Path, open_engine: OpenEngine
) -> None:
    engine = open_engine(path)
    for _ in range(2):
        await migrate(engine)
        async with engine.connect() as connection:
            found = await connection.exec_driver_sql("PRAGMA foreign_keys")
            assert found.scalar() == 1


async def test_only_the_owner_can_read_the_file(path: Path, store: SqlStore) -> None:
    await stored_user(store)
    files = [path, path.with_name("mta.db-wal"), path.with_name("mta.db-shm")]
    modes = {stat.S_IMODE(file.stat().st_mode) for file in files}
    assert modes == {0o600}


async def test_engines_that_start_at_once_agree(
    path: Path, open_engine: OpenEngine
) -> None:
    engines = [open_engine(path) for _ in range(4)]
    await asyncio.gather(*map(migrate, engines))
    assert await _within(engines[0], _differences) == []


def test_processes_that_start_at_once_agree(path: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _MIGRATE, str(path)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    assert [child.communicate()[1] for child in children] == ["", "", ""]
    assert [child.returncode for child in children] == [0, 0, 0]
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version")
        assert found.fetchall() == [(REVISIONS[0],)]


async def test_a_newer_database_is_left_alone(
    engine: AsyncEngine, store: SqlStore
) -> None:
    user = await stored_user(store)
    async with engine.begin() as connection:
        newer = "UPDATE alembic_version SET version_num = '9999'"
        await connection.exec_driver_sql(newer)
    with pytest.raises(StorageUnavailable, match=r"newer release of MTA \(schema 9999"):
        await migrate(engine)
    async with store.snapshot() as tx:
        assert await tx.users.get(user.id) == user


async def test_a_failing_step_leaves_everything_as_it_was(
    path: Path, open_engine: OpenEngine
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE limiter_state (mine)")
        connection.execute("INSERT INTO limiter_state VALUES (42)")
        connection.commit()
    engine = open_engine(path)
    with pytest.raises(StorageUnavailable, match="limiter_state already exists"):
        await migrate(engine)
    assert await _within(engine, _tables) == {"limiter_state"}
    async with engine.connect() as other:
        found = await other.exec_driver_sql("SELECT mine FROM limiter_state")
        assert found.scalar() == 42


async def test_orphans_are_not_taken_over(path: Path, open_engine: OpenEngine) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE strays (owner REFERENCES users (id))")
        connection.execute("INSERT INTO strays VALUES ('nobody')")
        connection.commit()
    engine = open_engine(path)
    with pytest.raises(StorageUnavailable, match=r"belong to nobody \(in strays\)"):
        await migrate(engine)
    assert await _within(engine, _tables) == {"strays"}


def test_a_percent_sign_in_the_path_is_no_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mta_adapters.sql.migration.__file__", "/a%20b/migration.py")
    location = migration_config().get_main_option("script_location")
    assert location == "/a%20b/migrations"
