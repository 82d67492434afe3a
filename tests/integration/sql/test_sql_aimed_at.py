"""Which slots are aimed at, from the rows."""

from __future__ import annotations

import attrs
import pytest

from mta_adapters.sql import SqlStore
from mta_core.domain.bookings import BookingState
from mta_core.testing.builders import PASSPORT, a_service_set, a_slot, some_keys
from mta_core.testing.clock import NOON
from tests.contracts.storing import save_booking, stored_booking

pytestmark = pytest.mark.integration


async def test_a_slot_is_aimed_at_until_it_is_held_or_given_up(
    store: SqlStore,
) -> None:
    early, late = a_slot(minutes=0), a_slot(minutes=15)
    requested = await stored_booking(store, slot=early)
    reserving = await stored_booking(store, slot=late, state=BookingState.RESERVING)
    passport = a_slot(services=a_service_set(PASSPORT))
    await stored_booking(store, slot=passport)
    async with store.snapshot() as tx:
        assert await tx.bookings.aimed_at(a_service_set()) == {early, late}
        assert await tx.bookings.aimed_at(passport.services) == {passport}
    await save_booking(store, requested.give_up(NOON, "not wanted any more"))
    held = attrs.evolve(reserving, state=BookingState.RESERVED, held=some_keys())
    await save_booking(store, held)
    async with store.snapshot() as tx:
        assert await tx.bookings.aimed_at(a_service_set()) == set()
