"""What every store must do with wishes."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from hypothesis import given

from mta_core.domain.errors import NotFound, StorageConflict
from mta_core.domain.subscriptions import Subscription, SubscriptionState
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    PASSPORT,
    RESIDENCE,
    a_service_set,
    a_subscription,
    an_id,
)
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.storing import (
    save_subscription,
    stored_opening,
    stored_subscription,
    stored_user,
)
from tests.contracts.strategies import subscriptions


class SubscriptionsContract:
    """Wishes."""

    @inherited
    @given(drawn=subscriptions)
    async def test_every_field_of_a_wish_comes_back(
        self, store: UnitOfWork, drawn: Subscription
    ) -> None:
        user = await stored_user(store)
        saved = await save_subscription(
            store, attrs.evolve(drawn, id=an_id(), user=user.id)
        )
        async with store.snapshot() as tx:
            found = await tx.subscriptions.get(saved.id)
        assert found == saved
        assert saved.version == 1
        assert found.waiting_since.utcoffset() == timedelta(0)

    async def test_an_unknown_wish_is_not_found(self, store: UnitOfWork) -> None:
        async with store.snapshot() as tx:
            with pytest.raises(NotFound):
                await tx.subscriptions.get(an_id())

    async def test_a_stale_wish_is_refused(self, store: UnitOfWork) -> None:
        wish = await stored_subscription(store)
        await save_subscription(store, wish.fulfil())
        with pytest.raises(StorageConflict):
            await save_subscription(store, wish.cancel())
        async with store.snapshot() as tx:
            found = await tx.subscriptions.get(wish.id)
        assert found == attrs.evolve(wish.fulfil(), version=2)

    async def test_a_wish_is_inserted_once(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        wish = a_subscription(user)
        await save_subscription(store, wish)
        with pytest.raises(StorageConflict):
            await save_subscription(store, wish)

    async def test_a_citizen_sees_all_of_their_own(self, store: UnitOfWork) -> None:
        user = await stored_user(store)
        older = await stored_subscription(
            store, user, waiting_since=NOON - timedelta(days=2)
        )
        newer = await stored_subscription(
            store, user, waiting_since=NOON - timedelta(days=1)
        )
        ended = await save_subscription(store, older.cancel())
        await stored_subscription(store)
        async with store.snapshot() as tx:
            assert list(await tx.subscriptions.of(user.id)) == [ended, newer]

    async def test_who_waits_longest_is_first(self, store: UnitOfWork) -> None:
        last = await stored_subscription(store)
        first = await stored_subscription(
            store, waiting_since=NOON - timedelta(days=30)
        )
        twin = await stored_subscription(store)
        for state in set(SubscriptionState) - {SubscriptionState.ACTIVE}:
            await stored_subscription(store, state=state)
        async with store.snapshot() as tx:
            active = await tx.subscriptions.active()
            waiting = await tx.subscriptions.waiting_for(a_service_set())
        assert list(active) == list(waiting) == [first, last, twin]

    async def test_only_the_very_same_services_are_waited_for(
        self, store: UnitOfWork
    ) -> None:
        wish = await stored_subscription(store, services=a_service_set(PASSPORT))
        await stored_subscription(store, services=a_service_set(RESIDENCE))
        both = a_service_set(PASSPORT, RESIDENCE)
        pair = await stored_subscription(store, services=both)
        async with store.snapshot() as tx:
            alone = await tx.subscriptions.waiting_for(wish.services)
            together = await tx.subscriptions.waiting_for(both)
        assert (list(alone), list(together)) == ([wish], [pair])

    async def test_the_revision_grows_with_every_change(
        self, store: UnitOfWork
    ) -> None:
        seen = [await _revision(store)]
        wish = await stored_subscription(store)
        seen.append(await _revision(store))
        await save_subscription(store, wish.cancel())
        seen.append(await _revision(store))
        assert seen == sorted(set(seen))

    async def test_the_revision_stays_while_nothing_changes(
        self, store: UnitOfWork
    ) -> None:
        wish = await stored_subscription(store)
        before = await _revision(store)
        async with store.begin() as tx:
            await tx.subscriptions.save(wish.cancel())
        await stored_opening(store)
        assert await _revision(store) == before


async def _revision(store: UnitOfWork) -> int:
    async with store.snapshot() as tx:
        return await tx.subscriptions.revision()
