"""What every store must do with bookings."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import given

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call, CallRecord
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import Answer, NotFound, StorageConflict
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    PASSPORT,
    RESIDENCE,
    a_booking,
    a_call,
    a_service_set,
    a_slot,
    an_id,
    some_keys,
)
from mta_core.testing.clock import NOON
from tests.contracts.examples import inherited
from tests.contracts.storing import (
    save_booking,
    stored_booking,
    stored_subscription,
    stored_user,
)
from tests.contracts.strategies import bookings


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def _ended(booking: Booking) -> Booking:
    return booking.give_up(NOON, "not wanted any more")


async def _due(store: UnitOfWork, limit: int = 9) -> list[UUID]:
    async with store.snapshot() as tx:
        return [booking.id for booking in await tx.bookings.due(NOON, limit)]


async def _two_wishes(store: UnitOfWork) -> tuple[Subscription, Subscription]:
    """Store two wishes of one citizen for the same service."""
    first = await stored_subscription(store)
    async with store.snapshot() as tx:
        user = await tx.users.get(first.user)
    return first, await stored_subscription(store, user)


class BookingsContract:
    """Attempts to get a slot."""

    @inherited
    @given(drawn=bookings)
    async def test_every_field_of_a_booking_comes_back(
        self, store: UnitOfWork, drawn: Booking
    ) -> None:
        wish = await stored_subscription(store)
        saved = await save_booking(
            store,
            attrs.evolve(drawn, id=an_id(), user=wish.user, subscription=wish.id),
        )
        async with store.snapshot() as tx:
            found = await tx.bookings.get(saved.id)
        assert found == saved
        assert saved.version == 1
        assert found.slot.start.utcoffset() == timedelta(0)

    async def test_a_booking_is_followed_through_its_states(
        self, store: UnitOfWork
    ) -> None:
        booking = await stored_booking(store)
        begun = await save_booking(
            store, booking.begin(Call.RESERVE, NOON, timedelta(seconds=20))
        )
        async with store.snapshot() as tx:
            found = await tx.bookings.get(booking.id)
        assert found == begun
        assert found.pending is not None
        lost = await save_booking(store, found.slot_gone(NOON, "appointmentNotFound"))
        async with store.snapshot() as tx:
            found = await tx.bookings.get(booking.id)
        assert found == lost
        assert (found.state, found.version) == (BookingState.LOST, 3)

    async def test_an_unknown_booking_is_not_found(self, store: UnitOfWork) -> None:
        async with store.snapshot() as tx:
            with pytest.raises(NotFound):
                await tx.bookings.get(an_id())

    async def test_taking_a_step_is_a_compare_and_set(self, store: UnitOfWork) -> None:
        booking = await stored_booking(store)
        begun = booking.begin(Call.RESERVE, NOON, timedelta(seconds=20))
        await save_booking(store, begun)
        with pytest.raises(StorageConflict):
            await save_booking(store, begun)

    async def test_a_booking_is_inserted_once(self, store: UnitOfWork) -> None:
        ended = _ended(a_booking(await stored_subscription(store)))
        await save_booking(store, ended)
        with pytest.raises(StorageConflict):
            await save_booking(store, ended)

    async def test_all_of_a_citizen_oldest_first(self, store: UnitOfWork) -> None:
        first, second = await _two_wishes(store)
        older = await stored_booking(
            store, first, requested_at=NOON - timedelta(hours=1)
        )
        ended = await save_booking(store, _ended(older))
        newer = await stored_booking(store, second)
        await stored_booking(store)
        async with store.snapshot() as tx:
            assert list(await tx.bookings.of(first.user)) == [ended, newer]
            assert list(await tx.bookings.of_subscription(first.id)) == [ended]
            assert list(await tx.bookings.of_subscription(second.id)) == [newer]
            assert not await tx.bookings.of(an_id())
            assert not await tx.bookings.of_subscription(an_id())

    async def test_the_most_overdue_booking_is_first(self, store: UnitOfWork) -> None:
        late = await stored_booking(store, due_at=_at(-1))
        later = await stored_booking(store, due_at=_at(-60))
        await stored_booking(store, due_at=_at(0))
        await stored_booking(store, due_at=_at(1))
        await stored_booking(store, due_at=None)
        assert await _due(store) == [later.id, late.id]
        assert await _due(store, limit=1) == [later.id]

    async def test_calls_are_kept_oldest_first(self, store: UnitOfWork) -> None:
        booking, other = await stored_booking(store), await stored_booking(store)
        second = a_call(booking, sent_at=NOON + timedelta(minutes=1), waited=1.5)
        first = a_call(booking, answer=Answer.REFUSED, code="unknownError")
        await self._record(store, second, first, a_call(other, call=Call.LOOK))
        async with store.snapshot() as tx:
            assert list(await tx.bookings.calls(booking.id)) == [first, second]
            assert len(await tx.bookings.calls(other.id)) == 1
            assert not await tx.bookings.calls(an_id())

    async def test_calls_are_found_by_when_they_were_answered(
        self, store: UnitOfWork
    ) -> None:
        booking, other = await stored_booking(store), await stored_booking(store)
        minute = timedelta(minutes=1)
        early = a_call(booking, answered_at=NOON)
        late = a_call(other, answered_at=NOON + 2 * minute, answer=Answer.UNKNOWN)
        middle = a_call(booking, answered_at=NOON + minute, code="unknownError")
        await self._record(store, late, early, middle)
        async with store.snapshot() as tx:
            assert list(await tx.bookings.answered_since(NOON + minute)) == [
                middle,
                late,
            ]
            assert not await tx.bookings.answered_since(NOON + 3 * minute)

    @staticmethod
    async def _record(store: UnitOfWork, *calls: CallRecord) -> None:
        async with store.begin() as tx:
            for call in calls:
                await tx.bookings.record(call)
            await tx.commit()


class ClaimsContract:
    """One live booking per citizen and service."""

    async def test_a_live_booking_claims_its_services(self, store: UnitOfWork) -> None:
        both = a_service_set(RESIDENCE, PASSPORT)
        wish = await stored_subscription(store, services=both)
        await stored_booking(store, wish)
        other = await stored_user(store)
        people = [wish.user, other.id, an_id()]
        async with store.snapshot() as tx:
            for services in (both, *map(a_service_set, both.ids)):
                assert await tx.bookings.claimed(people, services) == {wish.user}
            elsewhere = ServiceSet.parse("7")
            assert await tx.bookings.claimed(people, elsewhere) == set()
            assert await tx.bookings.claimed([other.id], both) == set()
            assert await tx.bookings.claimed([], both) == set()

    async def test_a_second_live_booking_is_refused(self, store: UnitOfWork) -> None:
        first, second = await _two_wishes(store)
        booking = await stored_booking(store, first)
        with pytest.raises(StorageConflict):
            await stored_booking(store, second)
        async with store.snapshot() as tx:
            assert list(await tx.bookings.of(first.user)) == [booking]

    async def test_one_common_service_is_enough(self, store: UnitOfWork) -> None:
        first, second = await _two_wishes(store)
        await stored_booking(store, first)
        both = a_slot(services=a_service_set(RESIDENCE, PASSPORT))
        with pytest.raises(StorageConflict):
            await stored_booking(store, second, slot=both)
        async with store.snapshot() as tx:
            people, passport = [first.user], a_service_set(PASSPORT)
            assert await tx.bookings.claimed(people, passport) == set()

    async def test_another_service_is_free(self, store: UnitOfWork) -> None:
        first, second = await _two_wishes(store)
        await stored_booking(store, first)
        passport = a_slot(services=a_service_set(PASSPORT))
        await stored_booking(store, second, slot=passport)
        async with store.snapshot() as tx:
            assert len(await tx.bookings.of(first.user)) == 2

    async def test_other_citizens_are_free(self, store: UnitOfWork) -> None:
        first, second = await stored_booking(store), await stored_booking(store)
        async with store.snapshot() as tx:
            people = [first.user, second.user]
            claimed = await tx.bookings.claimed(people, a_service_set())
        assert claimed == set(people)

    async def test_the_end_gives_the_claim_back(self, store: UnitOfWork) -> None:
        first, second = await _two_wishes(store)
        booking = await stored_booking(store, first)
        await save_booking(store, _ended(booking))
        async with store.snapshot() as tx:
            assert not await tx.bookings.claimed([first.user], a_service_set())
        await stored_booking(store, second)

    async def test_an_ended_one_disturbs_no_live_one(self, store: UnitOfWork) -> None:
        first, second = await _two_wishes(store)
        ended = await save_booking(store, _ended(await stored_booking(store, first)))
        live = await stored_booking(store, second)
        again = await save_booking(store, attrs.evolve(ended, reason="too late"))
        async with store.snapshot() as tx:
            assert await tx.bookings.get(ended.id) == again
            assert await tx.bookings.get(live.id) == live
            claimed = await tx.bookings.claimed([live.user], a_service_set())
        assert claimed == {live.user}

    async def test_a_booking_keeps_its_claim_while_it_moves(
        self, store: UnitOfWork
    ) -> None:
        booking = await stored_booking(store)
        for held in (some_keys(), None):
            booking = await save_booking(store, attrs.evolve(booking, held=held))
        async with store.snapshot() as tx:
            claimed = await tx.bookings.claimed([booking.user], a_service_set())
        assert claimed == {booking.user}

    async def test_a_stale_save_leaves_the_claims(self, store: UnitOfWork) -> None:
        booking = await stored_booking(store)
        await save_booking(store, attrs.evolve(booking, doubt=True))
        with pytest.raises(StorageConflict):
            await save_booking(store, _ended(booking))
        async with store.snapshot() as tx:
            assert await tx.bookings.claimed([booking.user], a_service_set())
