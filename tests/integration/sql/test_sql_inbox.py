"""The inbox keeps the notifier contract, and shows what was delivered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import attrs
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.crypto import AesCipher
from mta_adapters.sql import InboxMessage, SqlInbox, SqlStore
from mta_core.domain.accounts import Home
from mta_core.domain.errors import RecipientGone
from mta_core.domain.notifications import Notification
from mta_core.ports.notifier import Text
from mta_core.testing.builders import a_home, a_notification, a_user
from mta_core.testing.clock import NOON, FakeClock
from tests.contracts.notifier_contract import FailingNotifierContract, NotifierContract
from tests.contracts.storing import stored_user

pytestmark = pytest.mark.integration


def wording(notification: Notification, lang: str) -> Text:
    """Write just enough to tell messages apart."""
    return Text(f"{notification.kind.value} ({lang})", str(notification.id))


@attrs.frozen
class Inbox:
    """The inbox of one citizen, and how to spoil it."""

    notifier: SqlInbox
    home: Home
    engine: AsyncEngine
    store: SqlStore
    suppresses: bool = True

    async def shown(self) -> Sequence[InboxMessage]:
        """Read it."""
        return await self.notifier.read(self.home, 99)

    async def break_once(self) -> None:
        """Let the database be read-only for the next message."""

        def limit(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute("PRAGMA query_only = ON").close()

        def relax(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute("PRAGMA query_only = OFF").close()

        event.listen(self.engine.sync_engine, "checkout", limit, once=True)
        event.listen(self.engine.sync_engine, "checkin", relax, once=True)

    async def lose_recipient(self) -> None:
        """Erase the citizen."""
        async with self.store.begin() as tx:
            user = await tx.users.at(self.home)
            assert user is not None
            await tx.users.erase(user.id)
            await tx.commit()


@pytest.fixture
def clock() -> FakeClock:
    """The clock of the inbox."""
    return FakeClock()


@pytest.fixture
def inbox(engine: AsyncEngine, cipher: AesCipher, clock: FakeClock) -> SqlInbox:
    """An empty inbox."""
    return SqlInbox(engine, cipher, wording, clock)


class TestSqlInbox(NotifierContract, FailingNotifierContract):
    """The inbox against the contract."""

    @pytest.fixture
    async def channel(
        self, inbox: SqlInbox, store: SqlStore, engine: AsyncEngine
    ) -> Inbox:
        user = await stored_user(store)
        return Inbox(inbox, user.home, engine, store)


async def test_the_newest_messages_come_first(
    inbox: SqlInbox, store: SqlStore, clock: FakeClock
) -> None:
    user, other = await stored_user(store), await stored_user(store)
    letters = [a_notification(user) for _ in range(3)]
    for letter in letters:
        await inbox.deliver(letter, user.home, "de")
        await clock.advance(1)
    await inbox.deliver(a_notification(other), other.home, "en")
    newest, second = await inbox.read(user.home, 2)
    assert [newest.id, second.id] == [letters[2].id, letters[1].id]
    assert (newest.title, newest.body) == ("found (de)", str(letters[2].id))
    assert (newest.at - NOON).total_seconds() == 2
    assert len(await inbox.read(other.home, 9)) == 1


async def test_nobody_has_no_messages(inbox: SqlInbox) -> None:
    assert not await inbox.read(a_home(), 9)


async def test_a_second_delivery_does_not_change_the_first(
    inbox: SqlInbox, store: SqlStore, clock: FakeClock
) -> None:
    user = await stored_user(store)
    letter = a_notification(user)
    await inbox.deliver(letter, user.home, "en")
    before = await inbox.read(user.home, 9)
    await clock.advance(60)
    await inbox.deliver(letter, user.home, "de")
    assert await inbox.read(user.home, 9) == before


async def test_a_stranger_is_not_written_to(inbox: SqlInbox) -> None:
    with pytest.raises(RecipientGone):
        await inbox.deliver(a_notification(), a_user().home, "en")
