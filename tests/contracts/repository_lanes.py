"""What every store must do with an earlier booking beside a confirmed one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import attrs
import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.bookings import REPLACED, Booking, BookingState, Lane
from mta_core.domain.errors import StorageConflict
from mta_core.ports.repository import UnitOfWork
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASSPORT,
    RESIDENCE,
    a_booking,
    a_service_set,
    a_slot,
    an_id,
    some_keys,
)
from mta_core.testing.clock import NOON
from tests.contracts.storing import (
    save_booking,
    stored_booking,
    stored_subscription,
    stored_user,
)

CONFIRMED: dict[str, Any] = {"state": BookingState.CONFIRMED, "held": some_keys()}


async def _pair(store: UnitOfWork) -> tuple[Booking, Booking]:
    """Store a confirmed booking, and the earlier one that is to replace it."""
    wish = await stored_subscription(store)
    main = await stored_booking(store, wish, slot=a_slot(9), **CONFIRMED)
    swap = await stored_booking(store, wish, lane=Lane.SWAP, replaces=main.id)
    return main, swap


async def _claimed(store: UnitOfWork, booking: Booking) -> set[Lane]:
    """In which lanes the citizen of a booking has one alive."""
    async with store.snapshot() as tx:
        return {
            lane
            for lane in Lane
            if await tx.bookings.claimed([booking.user], booking.slot.services, lane)
        }


def _ended(booking: Booking) -> Booking:
    return attrs.evolve(booking, state=BookingState.CANCELLED, due_at=None)


class LanesContract:
    """One live booking per citizen, service and lane."""

    async def test_a_swap_lives_beside_the_main_booking(
        self, store: UnitOfWork
    ) -> None:
        main, swap = await _pair(store)
        assert await _claimed(store, main) == {Lane.MAIN, Lane.SWAP}
        async with store.snapshot() as tx:
            assert {b.id for b in await tx.bookings.of(main.user)} == {main.id, swap.id}

    async def test_the_main_lane_is_meant_if_none_is_named(
        self, store: UnitOfWork
    ) -> None:
        main, swap = await _pair(store)
        people, services = [main.user], main.slot.services
        await save_booking(store, _ended(main))
        async with store.snapshot() as tx:
            assert not await tx.bookings.claimed(people, services)
            claimed = await tx.bookings.claimed(people, services, swap.lane)
        assert claimed == {swap.user}

    @pytest.mark.parametrize("lane", Lane)
    async def test_two_of_one_lane_are_refused(
        self, store: UnitOfWork, lane: Lane
    ) -> None:
        wish = await stored_subscription(store)
        first = await stored_booking(store, wish, lane=lane)
        with pytest.raises(StorageConflict):
            await stored_booking(store, wish, lane=lane, slot=a_slot(2))
        async with store.snapshot() as tx:
            assert list(await tx.bookings.of(wish.user)) == [first]

    async def test_one_common_service_is_enough_in_the_swap_lane_too(
        self, store: UnitOfWork
    ) -> None:
        _main, swap = await _pair(store)
        async with store.snapshot() as tx:
            wish = await tx.subscriptions.get(swap.subscription)
        both = a_slot(2, services=a_service_set(RESIDENCE, PASSPORT))
        with pytest.raises(StorageConflict):
            await stored_booking(store, wish, slot=both, lane=Lane.SWAP)

    async def test_the_end_of_one_leaves_the_other(self, store: UnitOfWork) -> None:
        main, swap = await _pair(store)
        await save_booking(store, _ended(swap))
        assert await _claimed(store, main) == {Lane.MAIN}

    async def test_taking_over_moves_the_claim(self, store: UnitOfWork) -> None:
        main, swap = await _pair(store)
        async with store.begin() as tx:
            await tx.bookings.save(_ended(main))
            await tx.bookings.save(swap.take_over())
            await tx.commit()
        assert await _claimed(store, swap) == {Lane.MAIN}
        async with store.snapshot() as tx:
            found = await tx.bookings.get(swap.id)
        assert (found.lane, found.replaces) == (Lane.MAIN, None)

    async def test_nobody_takes_over_from_the_living(self, store: UnitOfWork) -> None:
        main, swap = await _pair(store)
        with pytest.raises(StorageConflict):
            await save_booking(store, swap.take_over())
        assert await _claimed(store, main) == {Lane.MAIN, Lane.SWAP}
        async with store.snapshot() as tx:
            assert await tx.bookings.get(swap.id) == swap

    async def test_after_taking_over_the_next_swap_is_free(
        self, store: UnitOfWork
    ) -> None:
        main, swap = await _pair(store)
        await save_booking(store, _ended(main))
        taken = await save_booking(store, swap.take_over())
        await save_booking(
            store,
            attrs.evolve(
                a_booking(), user=taken.user, lane=Lane.SWAP, replaces=taken.id
            ),
        )
        assert await _claimed(store, taken) == {Lane.MAIN, Lane.SWAP}

    async def test_both_ended_claim_nothing(self, store: UnitOfWork) -> None:
        main, swap = await _pair(store)
        for booking in (swap, main):
            await save_booking(store, _ended(booking))
        assert await _claimed(store, main) == set()


class ReplacingContract:
    """Which booking is to replace which."""

    async def test_a_live_swap_is_found_by_what_it_replaces(
        self, store: UnitOfWork
    ) -> None:
        main, swap = await _pair(store)
        assert await self._replacing(store, main.id) == swap
        assert await self._replacing(store, swap.id) is None
        assert await self._replacing(store, an_id()) is None

    async def test_a_swap_that_failed_replaces_nothing(self, store: UnitOfWork) -> None:
        main, swap = await _pair(store)
        lost = await save_booking(store, _ended(swap))
        assert await self._replacing(store, main.id) is None
        async with store.snapshot() as tx:
            again = await tx.subscriptions.get(swap.subscription)
        second = await stored_booking(store, again, lane=Lane.SWAP, replaces=main.id)
        assert await self._replacing(store, main.id) == second
        assert lost.replaces == main.id

    async def test_a_main_booking_that_is_given_back_still_has_its_swap(
        self, store: UnitOfWork
    ) -> None:
        main, swap = await _pair(store)
        await save_booking(store, main.give_up(NOON, REPLACED))
        confirmed = await save_booking(store, attrs.evolve(swap, **CONFIRMED))
        assert await self._replacing(store, main.id) == confirmed

    async def test_who_has_taken_over_replaces_nothing(self, store: UnitOfWork) -> None:
        main, swap = await _pair(store)
        await save_booking(store, _ended(main))
        await save_booking(store, swap.take_over())
        assert await self._replacing(store, main.id) is None

    @staticmethod
    async def _replacing(store: UnitOfWork, booking_id: UUID) -> Booking | None:
        async with store.snapshot() as tx:
            return await tx.bookings.replacing(booking_id)


class RivalsContract:
    """How many others were tried for."""

    async def test_other_citizens_with_the_same_slot_are_rivals(
        self, store: UnitOfWork
    ) -> None:
        slot = a_slot()
        for _ in range(2):
            await stored_booking(store, slot=slot)
        ended = await stored_booking(store, slot=slot)
        await save_booking(store, ended.give_up(NOON, "not needed"))
        mine = await stored_booking(store, slot=slot)
        stranger = await stored_user(store)
        async with store.snapshot() as tx:
            assert await tx.bookings.rivals(slot, mine.user) == 3
            assert await tx.bookings.rivals(slot, stranger.id) == 4

    async def test_who_tried_twice_is_one_rival(self, store: UnitOfWork) -> None:
        first = await stored_booking(store)
        await save_booking(store, first.give_up(NOON, "not needed"))
        async with store.snapshot() as tx:
            wish = await tx.subscriptions.get(first.subscription)
        await stored_booking(store, wish)
        async with store.snapshot() as tx:
            assert await tx.bookings.rivals(first.slot, an_id()) == 1
            assert await tx.bookings.rivals(first.slot, first.user) == 0

    @pytest.mark.parametrize(
        "other",
        [
            a_slot(2),
            a_slot(office=ORLEANSPLATZ),
            a_slot(services=a_service_set(PASSPORT)),
            a_slot(services=a_service_set(RESIDENCE, PASSPORT)),
        ],
        ids=["another time", "another office", "other services", "more services"],
    )
    async def test_another_slot_has_other_rivals(
        self, store: UnitOfWork, other: object
    ) -> None:
        await stored_booking(store, slot=other)
        async with store.snapshot() as tx:
            assert await tx.bookings.rivals(a_slot(), an_id()) == 0


class AimedAtContract:
    """Which slots are somebody's already, though the city does not know it yet."""

    async def test_a_slot_is_aimed_at_until_it_is_held_or_given_up(
        self, store: UnitOfWork
    ) -> None:
        early, late = a_slot(minutes=0), a_slot(minutes=15)
        requested = await stored_booking(store, slot=early)
        reserving = await stored_booking(store, slot=late, state=BookingState.RESERVING)
        assert await self._aimed_at(store) == {early, late}
        await save_booking(store, requested.give_up(NOON, "not wanted any more"))
        held = attrs.evolve(reserving, state=BookingState.RESERVED, held=some_keys())
        await save_booking(store, held)
        assert await self._aimed_at(store) == set()

    async def test_a_swap_aims_as_well(self, store: UnitOfWork) -> None:
        main, swap = await _pair(store)
        assert main.slot != swap.slot
        assert await self._aimed_at(store) == {swap.slot}

    async def test_only_the_very_same_services_are_aimed_at(
        self, store: UnitOfWork
    ) -> None:
        passport = a_slot(services=a_service_set(PASSPORT))
        both = a_slot(services=a_service_set(RESIDENCE, PASSPORT))
        for slot in (passport, both):
            await stored_booking(store, slot=slot)
        assert await self._aimed_at(store) == set()
        assert await self._aimed_at(store, passport) == {passport}
        assert await self._aimed_at(store, both) == {both}

    @staticmethod
    async def _aimed_at(store: UnitOfWork, slot: Slot | None = None) -> set[Slot]:
        async with store.snapshot() as tx:
            return await tx.bookings.aimed_at((slot or a_slot()).services)
