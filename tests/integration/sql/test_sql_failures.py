"""What a broken database says, and that a crash breaks nothing."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, InterfaceError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore, migrate
from mta_adapters.sql.failures import storage_errors
from mta_adapters.sql.rows import RevisionRow, ToldRow
from mta_adapters.sql.sessions import reading, writing
from mta_core.domain.accounts import User
from mta_core.domain.errors import (
    StorageConflict,
    StorageDamaged,
    StorageUnavailable,
)
from mta_core.testing.builders import (
    a_booking,
    a_home,
    a_notification,
    a_slot,
    a_subscription,
    an_id,
    an_opening,
)
from tests.contracts.storing import (
    save_booking,
    save_openings,
    save_subscription,
    stored_booking,
    stored_opening,
    stored_subscription,
    stored_user,
)

pytestmark = pytest.mark.integration

OpenEngine = Callable[..., AsyncEngine]

_CRASH = """
import asyncio, sys
from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore, make_engine
from mta_core.testing.builders import a_home, a_subscription, a_user

async def main():
    store = SqlStore(make_engine(sys.argv[1]), AesCipher(bytes(range(32))), "city")
    async with store.begin() as tx:
        kept = await tx.users.save(a_user(home=a_home(1)))
        await tx.commit()
    async with store.begin() as tx:
        lost = await tx.users.save(a_user(home=a_home(2)))
        for user in (kept, lost):
            for _ in range(500):
                await tx.subscriptions.save(a_subscription(user))
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def _crash_in_the_middle(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _CRASH, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    child.kill()
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()


def _damage(path: Path) -> None:
    # The first page lives, so it looks like a database until it is read.
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))


async def test_a_killed_process_leaves_whole_transactions_only(
    store: SqlStore, path: Path
) -> None:
    _crash_in_the_middle(path)
    async with store.snapshot() as tx:
        kept = await tx.users.at(a_home(1))
        assert kept is not None
        assert await tx.users.at(a_home(2)) is None
        assert not await tx.subscriptions.active()
    # Nothing is locked, and the file is sound.
    await stored_subscription(store, kept)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


async def test_a_damaged_file_is_reported(
    path: Path, cipher: AesCipher, open_engine: OpenEngine
) -> None:
    engine = open_engine(path)
    await migrate(engine)
    store = SqlStore(engine, cipher, "city")
    for _ in range(50):
        await stored_user(store)
    await engine.dispose()
    _damage(path)
    with pytest.raises(StorageDamaged, match="damaged: restore it"):
        await stored_user(store)
    with pytest.raises(StorageDamaged, match="damaged: restore it"):
        await migrate(engine)


def test_only_damage_is_beyond_waiting() -> None:
    assert not StorageDamaged.transient
    assert StorageUnavailable.transient


@pytest.fixture
def diary(path: Path) -> Iterator[Path]:
    """A file that is something else, and stays so."""
    text = "Dear diary, " * 100
    path.write_text(text)
    yield path
    assert path.read_text() == text


@pytest.mark.usefixtures("diary")
async def test_a_file_that_is_no_database_is_reported_and_left_alone(
    path: Path, open_engine: OpenEngine, cipher: AesCipher
) -> None:
    engine = open_engine(path)
    with pytest.raises(StorageDamaged, match="is no database"):
        await migrate(engine)
    with pytest.raises(StorageDamaged, match="is no database"):
        await stored_user(SqlStore(engine, cipher, "city"))


async def test_a_missing_folder_is_reported(
    tmp_path: Path, open_engine: OpenEngine, cipher: AesCipher
) -> None:
    engine = open_engine(tmp_path / "nowhere" / "mta.db")
    with pytest.raises(StorageUnavailable, match="cannot be made: No such file"):
        await migrate(engine)
    threads = threading.active_count()
    with pytest.raises(StorageUnavailable, match="check that its folder exists"):
        await stored_user(SqlStore(engine, cipher, "city"))
    assert threading.active_count() == threads


async def test_a_file_that_may_only_be_read_is_reported(
    engine: AsyncEngine, path: Path, open_engine: OpenEngine, cipher: AesCipher
) -> None:
    user = await stored_user(SqlStore(engine, cipher, "city"))
    readonly = open_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    store = SqlStore(readonly, cipher, "city")
    with pytest.raises(StorageUnavailable, match="check the permissions"):
        await stored_user(store)
    async with store.snapshot() as tx:
        assert await tx.users.get(user.id) == user


async def _store_much(store: SqlStore, user: User) -> None:
    for _ in range(100):
        await stored_subscription(store, user)


async def test_a_full_disk_is_reported_and_nothing_is_lost(
    store: SqlStore, engine: AsyncEngine
) -> None:
    user = await stored_user(store)

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1").close()

    event.listen(engine.sync_engine, "checkout", limit)
    with pytest.raises(StorageUnavailable, match="disk is full"):
        await _store_much(store, user)
    async with store.snapshot() as tx:
        assert await tx.users.get(user.id) == user


async def test_too_many_readers_at_once_are_reported(
    engine: AsyncEngine, path: Path, cipher: AesCipher
) -> None:
    narrow = create_async_engine(
        engine.url, pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    store = SqlStore(narrow, cipher, "city")
    async with store.snapshot():
        with pytest.raises(StorageUnavailable, match="overloaded"):
            async with store.snapshot():
                raise AssertionError("unreachable")
    await narrow.dispose()


async def test_conflicts_say_what_stands_against_it(store: SqlStore) -> None:
    booking, opening = await stored_booking(store), await stored_opening(store)
    async with store.snapshot() as tx:
        user = await tx.users.get(booking.user)
    with pytest.raises(StorageConflict, match="live booking"):
        await save_booking(store, a_booking(await stored_subscription(store, user)))
    with pytest.raises(StorageConflict, match="registered there"):
        await stored_user(store, home=user.home)
    letter = a_notification(user)
    async with store.begin() as tx:
        await tx.openings.tell(user.id, [opening.id], letter.id)
        with pytest.raises(StorageConflict, match="was told"):
            await tx.openings.tell(user.id, [an_id(), opening.id], letter.id)
        # What was refused left nothing of itself behind, and the rest goes on.
        await tx.commit()
    async with store.snapshot() as tx:
        assert list(await tx.openings.told_by(letter.id)) == [opening]


async def test_nothing_is_stored_for_somebody_erased(store: SqlStore) -> None:
    user = await stored_user(store)
    async with store.begin() as tx:
        await tx.users.erase(user.id)
        await tx.commit()
    with pytest.raises(StorageConflict, match="erased"):
        await save_subscription(store, a_subscription(user))


async def test_a_refused_booking_leaves_the_transaction_usable(
    store: SqlStore,
) -> None:
    booking = await stored_booking(store)
    async with store.snapshot() as tx:
        user = await tx.users.get(booking.user)
    second = a_subscription(user)
    async with store.begin() as tx:
        await tx.subscriptions.save(second)
        with pytest.raises(StorageConflict):
            await tx.bookings.save(a_booking(second))
        await tx.commit()
    async with store.snapshot() as tx:
        assert list(await tx.bookings.of(user.id)) == [booking]
        assert (await tx.subscriptions.get(second.id)).user == user.id


async def test_many_ids_fit_into_a_question(store: SqlStore) -> None:
    openings = [an_opening(a_slot(minutes=n)) for n in range(3)]
    await save_openings(store, *openings)
    ids = [an_id() for _ in range(40_000)]
    asked = [openings[0].id, *ids, openings[2].id]
    booking = await stored_booking(store)
    async with store.snapshot() as tx:
        assert list(await tx.openings.some(asked)) == [openings[0], openings[2]]
        assert await tx.openings.told(asked) == set()
        claimed = await tx.bookings.claimed([*ids, booking.user], booking.slot.services)
        assert claimed == {booking.user}


class PostgresError(Exception):
    """What asyncpg raises: the constraint is an attribute of the cause."""

    def __init__(self, constraint_name: str) -> None:
        super().__init__("duplicate key value violates unique constraint")
        self.constraint_name = constraint_name


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("pk_live_claims", "live booking"),
        ("uq_users_home_digest", "registered there"),
        ("pk_told", "was told"),
        ("fk_told_user_id_users", "erased"),
        ("pk_bookings", "changed the same record first"),
    ],
)
def test_postgresql_names_its_constraints(name: str, meaning: str) -> None:
    wrapped = Exception("IntegrityError")
    wrapped.__cause__ = PostgresError(name)
    with pytest.raises(StorageConflict, match=meaning), storage_errors():
        raise IntegrityError("INSERT", None, wrapped)


def test_an_unknown_trouble_is_told_in_the_databases_own_words() -> None:
    trouble = sqlite3.OperationalError("no such function: x")
    with pytest.raises(StorageUnavailable, match="no such function"), storage_errors():
        raise InterfaceError("SELECT", None, trouble)


def test_a_mistake_in_a_statement_is_not_an_outage() -> None:
    with pytest.raises(StatementError), storage_errors():
        raise StatementError("bad", "SELECT", None, KeyError("a parameter"))


async def test_a_commit_that_fails_leaves_nothing_locked(
    store: SqlStore, engine: AsyncEngine
) -> None:
    async with writing(engine) as work:
        # Looked at in the end only: so it is the commit that fails.
        await work.run(text("PRAGMA defer_foreign_keys = ON"))
        await work.add(RevisionRow(name="told", value=1))
        await work.add(
            ToldRow(user_id=an_id(), opening_id=an_id(), notification_id=an_id())
        )
        with pytest.raises(StorageConflict):
            await work.commit()
    await stored_user(store)
    async with reading(engine) as work:
        assert not await work.all(select(RevisionRow))
