"""The contract of the repository port: subclass `RepositoryContract`, give a ``store``.

A fixture named ``store`` (async or not) gives an empty `UnitOfWork` for each test. It
is called on one event loop. Sealing is not this suite's concern: what went in open
comes out open.
"""

from __future__ import annotations

import asyncio

import attrs
import pytest

from mta_core.domain.errors import NotFound, StorageConflict
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    a_booking,
    a_notification,
    a_subscription,
    a_user,
    an_opening,
)
from tests.contracts.repository_bookings import BookingsContract, ClaimsContract
from tests.contracts.repository_conditions import ConditionsContract
from tests.contracts.repository_lanes import (
    AimedAtContract,
    LanesContract,
    ReplacingContract,
    RivalsContract,
)
from tests.contracts.repository_learnt import LearntContract
from tests.contracts.repository_lives import LivesContract, SeenContract
from tests.contracts.repository_notifications import (
    NotificationsContract,
    SightsContract,
)
from tests.contracts.repository_openings import OpeningsContract, ToldContract
from tests.contracts.repository_shifts import RotaContract, ShiftsContract
from tests.contracts.repository_subscriptions import SubscriptionsContract
from tests.contracts.repository_users import PrivacyContract, UsersContract
from tests.contracts.repository_watched import AppearedContract, WatchedContract
from tests.contracts.storing import save_user, stored_subscription, stored_user


class TransactionsContract:
    """All or nothing, one writer at a time, readers undisturbed."""

    async def test_what_is_committed_lasts(self, store: UnitOfWork) -> None:
        user, opening = a_user(), an_opening()
        wish = a_subscription(user)
        letter = a_notification(user)
        async with store.begin() as tx:
            await tx.users.save(user)
            await tx.subscriptions.save(wish)
            await tx.openings.save([opening])
            await tx.bookings.save(a_booking(wish))
            await tx.notifications.save(letter)
            await tx.openings.tell(user.id, [opening.id], letter.id)
            await tx.commit()
        async with store.snapshot() as tx:
            assert len(await tx.bookings.of(user.id)) == 1
            assert list(await tx.openings.told_by(letter.id)) == [opening]

    async def test_what_is_not_committed_never_was(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        wish = a_subscription(user)
        async with store.begin() as tx:
            await tx.users.save(attrs.evolve(user, language="de"))
            await tx.subscriptions.save(wish)
            await tx.bookings.save(a_booking(wish))
        async with store.snapshot() as tx:
            assert await tx.users.get(user.id) == user
            assert not await tx.subscriptions.active()
            assert not await tx.bookings.claimed([user.id], wish.services)

    async def test_an_error_rolls_back(self, store: UnitOfWork) -> None:
        user = a_user()

        async def fail() -> None:
            async with store.begin() as tx:
                await tx.users.save(user)
                raise NotFound("in the middle")

        with pytest.raises(NotFound, match="in the middle"):
            await fail()
        async with store.snapshot() as tx:
            assert await tx.users.at(user.home) is None
        await save_user(store, user)

    async def test_a_conflict_undoes_the_whole_transaction(
        self, store: UnitOfWork
    ) -> None:
        user = await stored_user(store)
        newer = await save_user(store, attrs.evolve(user, language="de"))
        opening = an_opening()

        async def save_both() -> None:
            async with store.begin() as tx:
                await tx.openings.save([opening])
                await tx.users.save(user)
                await tx.commit()

        with pytest.raises(StorageConflict):
            await save_both()
        async with store.snapshot() as tx:
            assert not await tx.openings.some([opening.id])
            assert await tx.users.get(user.id) == newer

    async def test_a_writer_sees_what_it_wrote(self, store: UnitOfWork) -> None:
        async with store.begin() as tx:
            user = await tx.users.save(a_user())
            assert await tx.users.get(user.id) == user
            again = await tx.users.save(attrs.evolve(user, language="de"))
            assert await tx.users.at(user.home) == again

    async def test_readers_do_not_see_an_open_writer(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        async with store.begin() as writer:
            newer = await writer.users.save(attrs.evolve(user, language="de"))
            async with store.snapshot() as reader:
                assert await reader.users.get(user.id) == user
            await writer.commit()
        async with store.snapshot() as reader:
            assert await reader.users.get(user.id) == newer

    async def test_a_snapshot_stays_as_it_was(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        async with store.snapshot() as reader:
            before = await reader.users.get(user.id)
            await stored_subscription(store, user)
            await save_user(store, attrs.evolve(user, language="de"))
            assert await reader.users.get(user.id) == before
            assert not await reader.subscriptions.of(user.id)

    async def test_writers_take_turns(self, store: UnitOfWork) -> None:
        user = await stored_user(store, language="")

        async def append(letter: str) -> None:
            async with store.begin() as tx:
                found = await tx.users.get(user.id)
                await asyncio.sleep(0)
                longer = attrs.evolve(found, language=found.language + letter)
                await tx.users.save(longer)
                await tx.commit()

        await asyncio.gather(*map(append, "abcde"))
        async with store.snapshot() as tx:
            found = await tx.users.get(user.id)
        assert sorted(found.language) == list("abcde")
        assert found.version == user.version + 5

    async def test_of_two_who_read_the_same_one_wins(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        answers = await asyncio.gather(
            save_user(store, attrs.evolve(user, language="de")),
            save_user(store, attrs.evolve(user, language="fr")),
            return_exceptions=True,
        )
        saved = [answer for answer in answers if not isinstance(answer, Exception)]
        assert len(saved) == 1
        assert sum(isinstance(a, StorageConflict) for a in answers) == 1
        async with store.snapshot() as tx:
            assert await tx.users.get(user.id) == saved[0]

    async def test_a_writer_who_fails_lets_the_next_one_go(
        self, store: UnitOfWork
    ) -> None:
        inside = asyncio.Event()

        async def fail() -> None:
            async with store.begin():
                inside.set()
                await asyncio.sleep(0)
                raise NotFound("in the middle")

        async def follow() -> None:
            await inside.wait()
            await save_user(store, a_user())

        failed, followed = await asyncio.gather(
            fail(), follow(), return_exceptions=True
        )
        assert isinstance(failed, NotFound)
        assert followed is None


class RepositoryContract(
    TransactionsContract,
    UsersContract,
    PrivacyContract,
    SubscriptionsContract,
    LivesContract,
    OpeningsContract,
    ToldContract,
    SeenContract,
    BookingsContract,
    ClaimsContract,
    LanesContract,
    ReplacingContract,
    RivalsContract,
    AimedAtContract,
    NotificationsContract,
    SightsContract,
    LearntContract,
    ConditionsContract,
    WatchedContract,
    AppearedContract,
    ShiftsContract,
    RotaContract,
):
    """Everything that is asked of a store."""
