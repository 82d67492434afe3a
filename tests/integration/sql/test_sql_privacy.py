"""Nothing personal stands in the database file in the open, nor stays when erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import attrs
import pytest
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import SqlInbox, SqlStore
from mta_adapters.sql.rows import Base
from mta_core.domain.accounts import Contact, Home, User
from mta_core.domain.errors import CannotUnseal, StorageUnavailable
from mta_core.domain.notifications import TAKEN, Notification
from mta_core.domain.rota import Invitation
from mta_core.domain.shifts import Token
from mta_core.ports.notifier import Text
from mta_core.testing.builders import a_call, a_shift, a_turn, a_user, some_keys
from mta_core.testing.clock import NOON, FakeClock
from tests.contracts.storing import (
    save_booking,
    save_user,
    stored_booking,
    stored_notification,
    stored_opening,
    stored_subscription,
    stored_user,
    tell,
)

pytestmark = pytest.mark.integration

ADDRESS = "chat-4711-0815"
CONTACT = Contact("Zacharias Zwirn", "zwirn@example.org", "+498912345600")
LABEL, ANSWER = "Kundennummer oder Bescheid", "98-76-54"
AUTH_KEY = "c0ffee" * 8
TOKEN = "eyJ0eXAiOiJKV1QifQ.eyJpcCI6IjE5Mi4wLjIuMSJ9.signed"
CHANNELS = (
    Home("apprise", "ntfys://ntfy.example.org/zz-topic"),
    Home("apprise", "mailtos://zz:s3cr3t-word@example.org"),
)
OUTCOMES = {CHANNELS[0].key: TAKEN, CHANNELS[1].key: "the mailbox is full"}
SECRETS = (
    *(ADDRESS, "Zacharias", "Zwirn", "zwirn@", "498912345600", LABEL, ANSWER, AUTH_KEY),
    *("zz-topic", "s3cr3t-word", "ntfys", "mailtos", TOKEN),
    # Names of channels hold a hash of the address, which may be easy to guess.
    *OUTCOMES,
)


def _wording(notification: Notification, lang: str) -> Text:
    return Text("A slot was found", f"It is free ({notification.kind.value}, {lang}).")


async def _lived_in(
    store: SqlStore, engine: AsyncEngine, cipher: AesCipher, address: str = ADDRESS
) -> User:
    """Store a citizen with a row in every table that can hold one."""
    user = await stored_user(
        store, home=Home("telegram", address), contact=CONTACT, channels=CHANNELS
    )
    wish = await stored_subscription(store, user, answers={LABEL: ANSWER})
    booking = await stored_booking(store, wish)
    keys = some_keys(auth_key=AUTH_KEY)
    await save_booking(store, attrs.evolve(booking, held=keys))
    letter = await stored_notification(
        store, user, booking=booking.id, outcomes=OUTCOMES
    )
    await tell(store, letter, await stored_opening(store))
    async with store.begin() as tx:
        await tx.bookings.record(a_call(booking))
        await tx.shifts.save(a_shift(user, token=Token(TOKEN)))
        await tx.rota.offer(a_turn(user))
        await tx.rota.invite(Invitation(user.id, NOON, timedelta(minutes=1)))
        await tx.commit()
    inbox = SqlInbox(engine, cipher, _wording, FakeClock())
    await inbox.deliver(letter, user.home, "en")
    return user


def _bytes(path: Path) -> bytes:
    """Read the database, its log and whatever else lies beside it."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


async def _sealed(engine: AsyncEngine, user: User) -> list[bytes]:
    """Read what the cipher made of a citizen's secrets, as it stands in the file."""
    found: list[bytes] = []
    async with engine.connect() as connection:
        for table in Base.metadata.tables.values():
            sealed = [column for column in table.c if column.name.endswith("_sealed")]
            owner = table.c.id if table.name == "users" else table.c.get("user_id")
            if sealed and owner is not None:
                rows = await connection.execute(select(*sealed).where(owner == user.id))
                found += [text.encode() for row in rows for text in row if text]
    return found


def _counts(connection: Connection) -> dict[str, int]:
    tables = inspect(connection).get_table_names()
    count = "SELECT count(*) FROM "
    return {t: connection.scalar(text(count + t)) or 0 for t in tables}


async def test_nothing_personal_is_in_the_file(
    store: SqlStore, engine: AsyncEngine, cipher: AesCipher, path: Path
) -> None:
    user = await _lived_in(store, engine, cipher)
    written = _bytes(path)
    # The file was read at all, log included.
    assert b"It is free (found, en)." in written
    assert path.with_name("mta.db-wal").stat().st_size > 0
    for secret in SECRETS:
        assert secret.encode() not in written, secret
    async with store.snapshot() as tx:
        assert (await tx.users.get(user.id)).contact == CONTACT
        assert await tx.users.at(Home("telegram", ADDRESS)) == user
    await engine.dispose()
    for secret in SECRETS:
        assert secret.encode() not in _bytes(path), secret


async def test_every_table_of_a_citizen_is_emptied(
    store: SqlStore, engine: AsyncEngine, cipher: AesCipher
) -> None:
    user = await _lived_in(store, engine, cipher)
    async with engine.connect() as connection:
        before = await connection.run_sync(_counts)
    personal = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.ondelete == "CASCADE" for key in table.foreign_keys)
    } | {"users"}
    # Whoever adds a table of citizens' data adds it to `_lived_in`.
    assert personal == {table for table in personal if before[table]}
    assert personal >= {
        *("users", "subscriptions", "told", "notifications", "bookings"),
        *("booking_calls", "live_claims", "inbox"),
        *("shifts", "turns", "invitations"),
    }
    async with store.begin() as tx:
        await tx.users.erase(user.id)
        await tx.commit()
    async with engine.connect() as connection:
        after = await connection.run_sync(_counts)
    assert {table: after[table] for table in personal} == dict.fromkeys(personal, 0)
    assert after["appointments"] == 1


async def test_every_table_with_a_citizen_hangs_on_the_citizen() -> None:
    for table in Base.metadata.tables.values():
        if "user_id" in table.c:
            (key,) = table.c.user_id.foreign_keys
            assert (key.target_fullname, key.ondelete) == ("users.id", "CASCADE")


async def test_the_erased_are_not_in_the_file_any_more(
    store: SqlStore, engine: AsyncEngine, cipher: AesCipher, path: Path
) -> None:
    user = await _lived_in(store, engine, cipher)
    digest = cipher.digest(f"telegram\n{ADDRESS}").encode()
    # One of many, so that no page is given back whole.
    for number in range(20):
        await _lived_in(store, engine, cipher, f"chat-{number}")
    traces = (user.id.hex.encode(), digest, *await _sealed(engine, user))
    written = _bytes(path)
    assert [trace for trace in traces if trace not in written] == []
    # Address, name, mail, telephone, channels; answers, the city's key, outcomes; the
    # token of a human check.
    assert len(traces) == 2 + 9
    async with store.begin() as tx:
        await tx.users.erase(user.id)
        await tx.commit()
    written = _bytes(path)
    assert [trace for trace in traces if trace in written] == []


async def test_an_erasure_does_not_wait_for_readers(
    store: SqlStore, engine: AsyncEngine, cipher: AesCipher
) -> None:
    user = await _lived_in(store, engine, cipher)
    async with store.snapshot() as reader:
        assert await reader.users.get(user.id) == user
        async with store.begin() as tx:
            await tx.users.erase(user.id)
            await tx.commit()
        assert await reader.users.get(user.id) == user
    async with store.snapshot() as tx:
        assert await tx.users.at(user.home) is None


async def test_an_erasure_that_is_not_committed_erases_nothing(
    store: SqlStore, engine: AsyncEngine, cipher: AesCipher
) -> None:
    user = await _lived_in(store, engine, cipher)
    async with store.begin() as tx:
        await tx.users.erase(user.id)
    async with store.snapshot() as tx:
        assert await tx.users.get(user.id) == user


async def test_the_export_shows_every_table(
    store: SqlStore, engine: AsyncEngine, cipher: AesCipher
) -> None:
    user = await _lived_in(store, engine, cipher)
    async with store.snapshot() as tx:
        found = await tx.users.everything(user.id)
    assert {table: len(rows) for table, rows in found.items()} == dict.fromkeys(
        (
            *("users", "subscriptions", "bookings", "booking_calls", "live_claims"),
            *("notifications", "told", "inbox"),
            *("shifts", "turns", "invitations"),
        ),
        1,
    )
    assert found["inbox"][0]["body"] == "It is free (found, en)."
    assert found["users"][0]["home"] == {"channel": "telegram", "address": ADDRESS}
    assert found["users"][0]["channels"] == [
        {"channel": home.channel, "address": home.address} for home in CHANNELS
    ]
    assert found["notifications"][0]["outcomes"] == OUTCOMES
    assert found["subscriptions"][0]["answers"] == {LABEL: ANSWER}
    assert found["users"][0]["created_at"] == "2026-08-31T10:00:00+00:00"
    assert found["bookings"][0]["held"]["auth_key"] == AUTH_KEY
    assert found["shifts"][0]["token"] == {"text": TOKEN}


async def test_another_master_key_does_not_open_it(
    store: SqlStore, engine: AsyncEngine
) -> None:
    user = await stored_user(store, contact=CONTACT)
    stranger = SqlStore(engine, AesCipher(bytes(32)), store.city)
    async with stranger.snapshot() as tx:
        assert await tx.users.at(user.home) is None
        with pytest.raises(CannotUnseal, match="MTA_MASTER_KEY"):
            await tx.users.get(user.id)


async def test_errors_do_not_show_what_was_to_be_stored(
    path: Path, cipher: AesCipher, open_engine: Callable[..., AsyncEngine]
) -> None:
    store = SqlStore(open_engine(path), cipher, "city")
    with pytest.raises(StorageUnavailable, match="no such table") as caught:
        await save_user(store, a_user(language="klingon"))
    error: BaseException | None = caught.value
    while error is not None:
        assert "klingon" not in str(error)
        error = error.__cause__
