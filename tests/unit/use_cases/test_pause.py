"""A wish that pauses, goes on or ends; what is under way is given back or kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import IllegalTransition
from mta_core.domain.notifications import DeliveryState, Kind
from mta_core.domain.subscriptions import SubscriptionState
from mta_core.testing.builders import a_slot
from mta_core.testing.clock import NOON
from mta_core.use_cases.change import ENDED, PAUSED
from tests.unit.use_cases.world import HOUR, World

S = BookingState
State = SubscriptionState
STOPS = ["pause", "end"]


def live(world: World) -> list[int]:
    return [process.id for process in world.site.processes.values() if process.live]


# While it rests


@pytest.mark.parametrize("stop", STOPS)
async def test_nothing_is_told_or_booked_meanwhile(world: World, stop: str) -> None:
    told, booked = await world.wish(), await world.booker()
    for wish in (told, booked):
        await getattr(world.manage, stop)(wish.id, wish.user)
    await world.wish()  # somebody for whom it is looked
    world.site.release(a_slot(1))
    await world.look()
    assert not await world.owed(told.user)
    assert not await world.owed(booked.user)


@pytest.mark.parametrize("stop", STOPS)
async def test_news_that_was_not_sent_yet_is_not_sent(world: World, stop: str) -> None:
    wish = await world.wish()
    world.site.release(a_slot(1))
    await world.look()
    await getattr(world.manage, stop)(wish.id, wish.user)
    await world.work_off()
    (note,) = await world.owed(wish.user)
    assert note.state is DeliveryState.SUPERSEDED


async def test_who_comes_back_hears_what_is_free_then(world: World) -> None:
    wish = await world.wish()
    await world.manage.pause(wish.id, wish.user)
    await world.wish()
    world.site.release(a_slot(1))
    await world.look()
    await world.clock.advance(3600)
    after = await world.manage.resume(wish.id, wish.user)
    assert (after.state, after.waiting_since) == (State.ACTIVE, NOON - HOUR)
    await world.look()
    assert await world.kinds(wish.user) == [Kind.FOUND]


async def test_what_rests_cannot_be_paused(world: World) -> None:
    wish = await world.wish()
    await world.manage.pause(wish.id, wish.user)
    with pytest.raises(IllegalTransition, match="paused"):
        await world.manage.pause(wish.id, wish.user)


async def test_who_is_asked_whether_they_need_it_says_so_by_resuming(
    world: World,
) -> None:
    wish = await world.wish(asked_at=NOON)
    await world.clock.advance(60)
    after = await world.manage.resume(wish.id, wish.user)
    now = world.clock.now()
    assert (after.asked_at, after.renewed_at, after.armed_at) == (None, now, now)
    assert after.active


# What is under way


@pytest.mark.parametrize(("stop", "reason"), [("pause", PAUSED), ("end", ENDED)])
@pytest.mark.parametrize("seconds", [0, 1, 3, 5])
async def test_what_the_city_has_not_mailed_is_given_back(
    slow_world: World, stop: str, reason: str, seconds: int
) -> None:
    """Before the first call, and while each of the three is out."""
    world = slow_world
    wish = await world.booker()
    booking = await world.requested(wish)
    races = [asyncio.create_task(world.book(booking.id))] if seconds else []
    await world.clock.advance(seconds)
    await getattr(world.manage, stop)(wish.id, wish.user)
    await world.side_by_side(world.work_off(), *races)
    after = await world.booking(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, reason)
    assert live(world) == []


async def test_a_pause_keeps_what_the_city_has_mailed(world: World) -> None:
    wish = await world.booker()
    booking = await world.preconfirmed(wish)
    await world.manage.pause(wish.id, wish.user)
    assert await world.booking(booking.id) == booking
    world.open_mail(booking)
    await world.carry_on(booking.id)
    assert (await world.subscription(wish)).state is State.FULFILLED


async def test_the_end_gives_back_what_the_city_has_mailed(world: World) -> None:
    wish = await world.booker()
    booking = await world.preconfirmed(wish)
    await world.manage.end(wish.id, wish.user)
    await world.work_off()
    after = await world.booking(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, ENDED)
    assert live(world) == []


@pytest.mark.parametrize("stop", STOPS)
async def test_a_confirmed_appointment_is_kept(world: World, stop: str) -> None:
    wish = await world.booker(earlier_by=timedelta(days=7))
    booking = await world.confirmed(wish, slot=a_slot(20))
    await getattr(world.manage, stop)(wish.id, wish.user)
    await world.work_off()
    assert await world.booking(booking.id) == booking
    assert len(live(world)) == 1
