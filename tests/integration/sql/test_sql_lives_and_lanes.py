"""The second schema: what the first release wrote is read, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlStore, migrate
from mta_adapters.sql.engine import BEGIN
from mta_adapters.sql.migration import migration_config
from mta_adapters.sql.rows import Base
from mta_core.domain.accounts import Consent, Contact, Home, User
from mta_core.domain.availability import DateWindow, Slot
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import Held
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.notifications import DeliveryState, Kind
from mta_core.domain.subscriptions import (
    MAIL_HOURS,
    Hours,
    Mode,
    Subscription,
    SubscriptionState,
    Wishes,
)
from mta_core.testing.builders import a_notification
from tests.contracts.storing import (
    save_booking,
    save_notification,
    save_subscription,
    stored_booking,
)
from tests.integration.sql import old_rows as old
from tests.integration.sql.schemas import schema_of

pytestmark = pytest.mark.integration

OpenEngine = Callable[..., AsyncEngine]
SINCE = datetime(2026, 8, 24, 6, 0, 0, 250_000, UTC)
AT, START = datetime(2026, 8, 31, 10, tzinfo=UTC), datetime(2026, 9, 7, 7, tzinfo=UTC)
SLOT = Slot(START, OfficeId(old.OFFICE), ServiceSet.parse(old.SERVICE))


async def _run(engine: AsyncEngine, work: Callable[[Connection], Any]) -> Any:
    """Do as `migrate` does: a table that is built anew is dropped in between."""
    async with engine.connect() as plain:
        connection = await plain.execution_options(**{BEGIN: None})
        await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
        done = await connection.run_sync(work)
        await connection.commit()
        await connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    return done


async def _to(engine: AsyncEngine, revision: str) -> None:
    down = revision == "0001"

    def step(connection: Connection) -> None:
        config = migration_config(connection)
        if down and connection.dialect.has_table(connection, "users"):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)

    await _run(engine, step)


@pytest.fixture
async def engine(path: Path, cipher: AesCipher, open_engine: OpenEngine) -> AsyncEngine:
    """A database of the first release, with a row in every table."""
    engine = open_engine(path)
    await _to(engine, "0001")
    old.write_old_rows(path, cipher)
    return engine


ADDED_SINCE = {
    *("learnt", "conditions", "watched"),
    *("shifts", "turns", "invitations"),
}
"""Tables of later releases: an old database has no rows for them."""


async def test_every_table_has_a_row_to_be_kept(
    engine: AsyncEngine, path: Path
) -> None:
    rows = old.dump(path)
    assert rows.keys() == Base.metadata.tables.keys() - ADDED_SINCE
    assert all(rows.values())


async def test_the_citizen_is_as_before(engine: AsyncEngine, store: SqlStore) -> None:
    await migrate(engine)
    agreed = datetime(2026, 8, 20, 9, 30, tzinfo=UTC)
    amira = User(
        id=old.USER,
        home=Home(*old.HOME),
        consent=Consent("2026-08", agreed),
        created_at=agreed,
        contact=Contact("Amira Beispiel", "amira@example.org"),
        channels=(),
        version=3,
    )
    async with store.snapshot() as tx:
        assert await tx.users.at(Home(*old.HOME)) == amira


async def test_wishes_are_as_if_they_were_made_now(
    engine: AsyncEngine, store: SqlStore
) -> None:
    await migrate(engine)
    active = Subscription(
        id=old.ACTIVE,
        user=old.USER,
        services=ServiceSet.parse(old.SERVICE),
        wishes=Wishes(
            offices=frozenset({OfficeId(old.OFFICE)}),
            windows=(DateWindow(date(2026, 8, 24), date(2026, 9, 30)),),
            excluded=frozenset({date(2026, 9, 1)}),
            weekdays=frozenset(range(5)),
            hours=Hours.parse("8-24"),
        ),
        mode=Mode.BOOK,
        waiting_since=SINCE,
        mail_hours=MAIL_HOURS,
        answers={"custom": "M-X 1234"},
        armed_at=SINCE,
        renewed_at=SINCE,
        version=2,
    )
    async with store.snapshot() as tx:
        found = await tx.subscriptions.of(old.USER)
        assert list(await tx.subscriptions.active()) == [active]
        assert list(await tx.subscriptions.wanted()) == [active.services]
        assert await tx.subscriptions.revision() == 7
    assert [wish.state for wish in found] == [
        SubscriptionState.ACTIVE,
        SubscriptionState.FULFILLED,
        SubscriptionState.CANCELLED,
    ]
    assert {(wish.armed_at, wish.renewed_at) for wish in found} == {(SINCE, SINCE)}


async def test_what_is_looked_for_is_looked_after_at_once(
    engine: AsyncEngine, store: SqlStore
) -> None:
    """Nobody knows yet when its life needs a look; saving it finds out."""
    await migrate(engine)
    async with store.begin() as tx:
        (due,) = await tx.subscriptions.due(AT, 9)
        await tx.subscriptions.save(due)
        await tx.commit()
    assert due.id == old.ACTIVE
    assert due.care_at == datetime(2026, 9, 30, 22, tzinfo=UTC)
    async with store.snapshot() as tx:
        assert not await tx.subscriptions.due(due.care_at, 9)
        assert len(await tx.subscriptions.due(due.care_at + timedelta(1), 9)) == 1


async def test_bookings_are_main_ones_and_nobody_is_blamed(
    engine: AsyncEngine, store: SqlStore
) -> None:
    await migrate(engine)
    confirmed = Booking(
        id=old.CONFIRMED,
        user=old.USER,
        subscription=old.FULFILLED,
        slot=SLOT,
        seen_at=SINCE,
        requested_at=SINCE,
        tried=(SLOT,),
        lane=Lane.MAIN,
        replaces=None,
        state=BookingState.CONFIRMED,
        denied=False,
        mailed=False,
        due_at=START,
        held=Held(102345, "ab" * 32),
        reserved_at=SINCE,
        preconfirm_by=AT,
        open_by=AT,
        display_number="K0042",
        version=5,
    )
    async with store.snapshot() as tx:
        assert await tx.bookings.get(old.CONFIRMED) == confirmed
        failed = await tx.bookings.get(old.FAILED)
        assert len(await tx.bookings.calls(old.CONFIRMED)) == 1
        claimed = await tx.bookings.claimed([old.USER], SLOT.services)
        swapping = await tx.bookings.claimed([old.USER], SLOT.services, Lane.SWAP)
        assert await tx.bookings.replacing(old.CONFIRMED) is None
    assert (failed.orphan_until, failed.lane, failed.denied) == (AT, Lane.MAIN, False)
    assert (claimed, swapping) == ({old.USER}, set())


async def test_messages_and_openings_are_as_before(
    engine: AsyncEngine, store: SqlStore
) -> None:
    await migrate(engine)
    async with store.snapshot() as tx:
        pending = await tx.notifications.get(old.LETTER)
        told = await tx.openings.told_by(old.OLD_LETTER)
        assert [o.id for o in told] == [old.OPENING]
        seen = await tx.openings.seen_since(SLOT.services, SINCE, 9)
        assert [o.slot for o in seen] == [SLOT]
        assert {n.id for n in await tx.notifications.of(old.USER, 9)} == {
            old.LETTER,
            old.OLD_LETTER,
        }
        everything = await tx.users.everything(old.USER)
    assert (pending.kind, pending.state) == (Kind.CONFIRMED, DeliveryState.PENDING)
    assert (pending.outcomes, pending.slots) == ({}, (SLOT,))
    assert everything["inbox"][0]["title"] == "Free now"


async def test_life_goes_on_after_the_upgrade(
    engine: AsyncEngine, store: SqlStore
) -> None:
    await migrate(engine)
    async with store.snapshot() as tx:
        confirmed = await tx.bookings.get(old.CONFIRMED)
        wish = await tx.subscriptions.get(old.FULFILLED)
    swap = await stored_booking(store, wish, lane=Lane.SWAP, replaces=confirmed.id)
    await save_booking(store, confirmed.past(START))
    async with store.snapshot() as tx:
        assert not await tx.bookings.claimed([old.USER], SLOT.services)
        assert await tx.bookings.replacing(confirmed.id) == swap
    async with store.begin() as tx:
        await tx.users.erase(old.USER)
        await tx.commit()
    rows = old.dump(Path(str(engine.url.database)))
    left = {table for table, found in rows.items() if found}
    assert left == {
        *("appointments", "catalogue", "blindness", "revisions"),
        *("limiter_stamps", "limiter_state"),
    }


# The stairway


async def test_taking_it_back_leaves_every_row_as_it_was(
    engine: AsyncEngine, path: Path
) -> None:
    before, schema = old.dump(path), schema_of(path)
    await migrate(engine)
    assert {table: len(rows) for table, rows in old.dump(path).items()} == {
        **{table: len(rows) for table, rows in before.items()},
        **dict.fromkeys(ADDED_SINCE, 0),
    }
    await _to(engine, "0001")
    assert old.dump(path) == before
    assert schema_of(path) == schema


async def test_up_down_and_up_again_is_like_once_up(
    engine: AsyncEngine, path: Path
) -> None:
    await migrate(engine)
    once, schema = old.dump(path), schema_of(path)
    await _to(engine, "0001")
    await migrate(engine)
    assert old.dump(path) == once
    assert schema_of(path) == schema


async def test_the_older_release_can_read_what_is_left_to_it(
    engine: AsyncEngine, store: SqlStore, path: Path
) -> None:
    await migrate(engine)
    async with store.snapshot() as tx:
        active = await tx.subscriptions.get(old.ACTIVE)
        user = await tx.users.get(old.USER)
    paused = await save_subscription(store, active.pause())
    await save_subscription(
        store, attrs.evolve(paused, id=old.STAMP, version=0).resume(AT).hold(START)
    )
    for kind in Kind:
        await save_notification(store, a_notification(user, kind=kind))
    await _to(engine, "0001")
    rows = old.dump(path)
    assert {row["state"] for row in rows["subscriptions"]} == {"fulfilled", "cancelled"}
    assert {row["kind"] for row in rows["notifications"]} == {
        *("found", "booking", "open mail", "mail reminder", "confirmed", "lost"),
        *("expired", "failed", "cancelled"),
    }


# The schema


async def test_an_upgraded_database_is_like_one_made_from_the_rows(
    engine: AsyncEngine, path: Path, open_engine: OpenEngine
) -> None:
    """Alembic's own comparison sees neither defaults nor what an index leaves out."""
    await migrate(engine)
    made = path.with_name("made.db")
    await _run(open_engine(made), Base.metadata.create_all)
    upgraded = schema_of(path)
    del upgraded["alembic_version"]
    assert upgraded == schema_of(made)
