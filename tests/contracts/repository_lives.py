"""What every store must do with the lives of wishes, and with what was seen lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import given

from mta_core.domain.availability import Opening
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.subscriptions import (
    STILL_NEEDED_AFTER,
    Subscription,
    SubscriptionState,
    Wishes,
)
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    PASSPORT,
    RESIDENCE,
    a_service_set,
    a_slot,
    a_window,
    an_id,
    an_opening,
)
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.storing import (
    save_openings,
    save_subscription,
    stored_opening,
    stored_subscription,
    stored_user,
)
from tests.contracts.strategies import subscriptions

SECOND = timedelta(seconds=1)
S = SubscriptionState


async def _due(
    store: UnitOfWork, before: datetime = NOON, limit: int = 9
) -> Sequence[Subscription]:
    async with store.snapshot() as tx:
        return list(await tx.subscriptions.due(before, limit))


async def _asked_about_at(
    store: UnitOfWork, moment: datetime, **more: Any
) -> Subscription:
    """Store a wish whose life needs a look at a moment."""
    since = moment - STILL_NEEDED_AFTER
    return await stored_subscription(store, waiting_since=since, **more)


class LivesContract:
    """Wishes that are to be asked about, paused or ended."""

    async def test_the_most_overdue_wish_is_first(self, store: UnitOfWork) -> None:
        late = await _asked_about_at(store, NOON - SECOND)
        later = await _asked_about_at(store, NOON - timedelta(days=9))
        await _asked_about_at(store, NOON)
        await _asked_about_at(store, NOON + SECOND)
        assert await _due(store) == [later, late]
        assert await _due(store, limit=1) == [later]
        assert len(await _due(store, before=NOON + timedelta(days=1))) == 4

    async def test_what_needs_no_look_is_never_due(self, store: UnitOfWork) -> None:
        for state in (S.FULFILLED, S.EXPIRED, S.CANCELLED, S.PAUSED):
            await _asked_about_at(store, NOON - timedelta(days=99), state=state)
        assert not await _due(store)

    async def test_a_paused_wish_is_due_when_its_days_are_over(
        self, store: UnitOfWork
    ) -> None:
        over = Wishes(windows=(a_window(-9, -1),))
        paused = await stored_subscription(store, state=S.PAUSED, wishes=over)
        assert await _due(store) == [paused]

    async def test_what_was_done_about_it_puts_it_off(self, store: UnitOfWork) -> None:
        wish = await _asked_about_at(store, NOON - SECOND)
        asked = await save_subscription(store, wish.ask(NOON))
        assert not await _due(store)
        in_two_weeks = NOON + timedelta(days=14, seconds=1)
        assert await _due(store, before=in_two_weeks) == [asked]
        await save_subscription(store, asked.pause())
        assert not await _due(store, before=in_two_weeks)

    @inherited
    @given(drawn=subscriptions)
    async def test_a_wish_is_due_when_its_own_life_says_so(
        self, store: UnitOfWork, drawn: Subscription
    ) -> None:
        user = await stored_user(store)
        wish = attrs.evolve(drawn, id=an_id(), user=user.id)
        saved = await save_subscription(store, wish)
        everything = datetime.max.replace(tzinfo=NOON.tzinfo) - timedelta(days=2)
        async with store.snapshot() as tx:
            due = await tx.subscriptions.due(everything, 10_000)
        assert (saved in due) is (saved.care_at is not None)

    async def test_what_is_wanted_is_named_once(self, store: UnitOfWork) -> None:
        assert not await _wanted(store)
        both = a_service_set(RESIDENCE, PASSPORT)
        two = ServiceSet.of({RESIDENCE: 2})
        for services in (both, a_service_set(), a_service_set(), two):
            await stored_subscription(store, services=services)
        for state in set(S) - {S.ACTIVE}:
            alone = a_service_set(PASSPORT)
            await stored_subscription(store, services=alone, state=state)
        wanted = await _wanted(store)
        assert set(wanted) == {both, a_service_set(), two}
        assert len(wanted) == 3

    async def test_what_is_paused_is_not_looked_for(self, store: UnitOfWork) -> None:
        wish = await stored_subscription(store)
        await save_subscription(store, wish.pause())
        async with store.snapshot() as tx:
            assert not await tx.subscriptions.active()
            assert not await tx.subscriptions.waiting_for(wish.services)
            assert [s.id for s in await tx.subscriptions.of(wish.user)] == [wish.id]

    async def test_a_wish_that_is_resumed_has_its_old_place(
        self, store: UnitOfWork
    ) -> None:
        long_ago = NOON - timedelta(days=30)
        patient = await stored_subscription(store, waiting_since=long_ago)
        other = await stored_subscription(store)
        paused = await save_subscription(store, patient.pause())
        back = await save_subscription(store, paused.resume(NOON))
        async with store.snapshot() as tx:
            assert list(await tx.subscriptions.active()) == [back, other]


async def _wanted(store: UnitOfWork) -> Sequence[ServiceSet]:
    async with store.snapshot() as tx:
        return await tx.subscriptions.wanted()


class SeenContract:
    """Openings of the last days, for those who ask why not they."""

    async def test_the_latest_openings_are_newest_first(
        self, store: UnitOfWork
    ) -> None:
        newer, older, oldest = [
            await stored_opening(store, first_seen=NOON - number * SECOND)
            for number in (1, 3, 2)
        ]
        await stored_opening(store, first_seen=NOON - 4 * SECOND)
        since = NOON - 3 * SECOND
        assert await self._seen(store, since) == [newer, oldest, older]
        assert await self._seen(store, since, limit=2) == [newer, oldest]
        assert not await self._seen(store, NOON)

    async def test_the_very_moment_counts(self, store: UnitOfWork) -> None:
        opening = await stored_opening(store, first_seen=NOON)
        assert await self._seen(store, NOON) == [opening]
        assert not await self._seen(store, NOON + timedelta(microseconds=1))

    async def test_gone_ones_are_told_of_too(self, store: UnitOfWork) -> None:
        gone = an_opening().missed(NOON).missed(NOON)
        await save_openings(store, gone)
        assert await self._seen(store, NOON) == [gone]

    async def test_only_the_very_same_services_are_told_of(
        self, store: UnitOfWork
    ) -> None:
        both = a_service_set(RESIDENCE, PASSPORT)
        alone, together = an_opening(), an_opening(a_slot(services=both))
        await save_openings(store, alone, together)
        assert await self._seen(store, NOON) == [alone]
        assert await self._seen(store, NOON, services=both) == [together]

    async def test_of_those_seen_at_once_the_later_id_is_first(
        self, store: UnitOfWork
    ) -> None:
        """So that a list does not change from one look to the next."""
        first, second, third = (a_slot(minutes=15 * number) for number in range(3))
        openings = [an_opening(slot) for slot in (second, third, first)]
        await save_openings(store, *openings)
        assert await self._seen(store, NOON) == openings[::-1]

    @staticmethod
    async def _seen(
        store: UnitOfWork,
        since: datetime,
        limit: int = 9,
        services: ServiceSet | None = None,
    ) -> list[Opening]:
        asked = services or a_service_set()
        async with store.snapshot() as tx:
            return list(await tx.openings.seen_since(asked, since, limit))
