"""A citizen's data are theirs: to have, and to have forgotten."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID

import pytest

from mta_core.domain.calls import CityStatus
from mta_core.domain.errors import (
    NotFound,
    Refused,
    SiteSilent,
    SiteUnreachable,
    StorageUnavailable,
)
from mta_core.ports.limiter import Budget
from mta_core.testing.builders import PASSPORT, a_service_set, a_slot, an_id
from mta_core.use_cases.privacy import Erase, Erased, Export
from tests.unit.use_cases.world import World

SECOND_SERVICE = a_service_set(PASSPORT)


def eraser(world: World) -> Erase:
    return Erase(world.store, world.release, world.clock)


async def assert_forgotten(world: World, user_id: UUID) -> None:
    async with world.store.snapshot() as tx:
        with pytest.raises(NotFound):
            await tx.users.get(user_id)
        assert not await tx.subscriptions.of(user_id)
        assert not await tx.bookings.of(user_id)
        assert not await tx.notifications.of(user_id, 9)


def live(world: World) -> list[CityStatus]:
    return [p.status for p in world.site.processes.values() if p.live]


# Export


async def test_everything_about_a_citizen_is_handed_out(world: World) -> None:
    wish = await world.booker()
    await world.preconfirmed(wish)
    await world.preconfirmed()
    data = await Export(world.store)(wish.user)
    assert [row["id"] for row in data["users"]] == [str(wish.user)]
    assert [row["id"] for row in data["subscriptions"]] == [str(wish.id)]
    assert len(data["bookings"]) == 1
    assert len(data["notifications"]) == 3
    assert "ada.mueller@example.org" in json.dumps(data)


async def test_nothing_is_handed_out_about_nobody(world: World) -> None:
    with pytest.raises(NotFound):
        await Export(world.store)(an_id())


# Erase


async def test_who_leaves_is_forgotten(world: World) -> None:
    wish = await world.wish()
    assert await eraser(world)(wish.user) == Erased(released=0, kept_by_city=0)
    await assert_forgotten(world, wish.user)


async def test_others_stay(world: World) -> None:
    wish, other = await world.wish(), await world.wish()
    await eraser(world)(wish.user)
    assert (await world.subscription(other)).active


async def test_nobody_cannot_leave(world: World) -> None:
    with pytest.raises(NotFound):
        await eraser(world)(an_id())


async def test_what_is_held_is_given_back_first(world: World) -> None:
    wish = await world.booker()
    await world.preconfirmed(wish)
    assert await eraser(world)(wish.user) == Erased(released=1, kept_by_city=0)
    assert live(world) == []
    await assert_forgotten(world, wish.user)


async def test_a_confirmed_appointment_stays_with_the_city(world: World) -> None:
    wish = await world.booker()
    await world.confirmed(wish)
    assert await eraser(world)(wish.user) == Erased(released=0, kept_by_city=1)
    assert live(world) == [CityStatus.CONFIRMED]
    await assert_forgotten(world, wish.user)


async def test_a_booking_that_held_nothing_yet_asks_nothing_of_the_city(
    world: World,
) -> None:
    booking = await world.requested()
    await eraser(world)(booking.user)
    assert not world.site.calls
    await assert_forgotten(world, booking.user)


async def test_what_has_ended_is_only_forgotten(world: World) -> None:
    booking = await world.preconfirmed()
    await world.carry_on(booking.id)
    calls = len(world.site.calls)
    assert (await eraser(world)(booking.user)).released == 0
    assert len(world.site.calls) == calls
    await assert_forgotten(world, booking.user)


@pytest.mark.parametrize(
    "error", [SiteUnreachable(), SiteSilent(), Refused("appointmentCanNotBeCanceled")]
)
async def test_while_the_city_is_away_who_leaves_is_forgotten_all_the_same(
    world: World, error: Exception
) -> None:
    wish = await world.booker()
    await world.preconfirmed(wish)
    world.site.fail("cancel", error, times=None)
    assert await eraser(world)(wish.user) == Erased(released=0, kept_by_city=0)
    await assert_forgotten(world, wish.user)


async def test_while_the_limiter_is_away_who_leaves_is_forgotten_all_the_same(
    world: World,
) -> None:
    wish = await world.booker()
    await world.preconfirmed(wish)
    world.limiter.unreachable = True
    assert await eraser(world)(wish.user) == Erased(released=0, kept_by_city=0)
    await assert_forgotten(world, wish.user)


async def test_while_the_database_is_away_nothing_is_done(world: World) -> None:
    wish = await world.booker()
    await world.preconfirmed(wish)
    world.store.unavailable = True
    with pytest.raises(StorageUnavailable):
        await eraser(world)(wish.user)
    assert live(world) == [CityStatus.PRECONFIRMED]


async def test_who_confirmed_while_leaving_loses_the_appointment(world: World) -> None:
    """They asked for everything unconfirmed to be given back, and nobody knew."""
    wish = await world.booker()
    booking = await world.preconfirmed(wish)
    world.open_mail(booking)
    done = await eraser(world)(wish.user)
    assert live(world) == []
    assert done == Erased(released=1, kept_by_city=0)


async def test_nothing_new_is_booked_for_who_is_leaving(slow_world: World) -> None:
    """Giving back waits for the budget, and the watcher goes on meanwhile."""
    world = slow_world
    user = await world.citizen()
    wish = await world.booker_of(user)
    other = await world.booker_of(user, services=SECOND_SERVICE)
    for booking in (
        await world.requested(wish),
        await world.requested(other, slot=a_slot(2, services=SECOND_SERVICE)),
    ):
        line = asyncio.create_task(world.book(booking.id))
        await world.clock.advance(120)
        await line
    for _ in range(Budget.BOOKING.limit - 1):
        await world.limiter.ask(Budget.BOOKING)
    leaving = asyncio.create_task(eraser(world)(user.id))
    await world.clock.advance(5)  # one is given back, the other waits for its turn
    world.site.release(a_slot(1, 60))
    watching = asyncio.create_task(world.watch())
    await world.clock.advance(5)
    await watching
    assert len(await world.bookings(wish)) == 1
    await world.clock.advance(120)
    await leaving
    assert len(world.site.asked("cancel")) == 2


async def test_who_leaves_while_a_slot_is_reserved_holds_nothing(
    slow_world: World,
) -> None:
    """The answer is waited for: it brings the only key to give the slot back."""
    world = slow_world
    booking = await world.requested()
    line = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    leaving = asyncio.create_task(eraser(world)(booking.user))
    await world.clock.advance(120)
    await asyncio.gather(line, leaving)
    assert live(world) == []
    await assert_forgotten(world, booking.user)
