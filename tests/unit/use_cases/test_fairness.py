"""Who waits longest comes first, keeps that place, and never gets what they did not ask.

Who gets which of several free slots is in ``test_allot.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import time, timedelta
from typing import Any

import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_slot
from mta_core.testing.clock import NOON
from mta_core.use_cases.change import Changes
from mta_core.use_cases.misgivings import UNSUITABLE
from tests.unit.use_cases.world import HOUR, World

S = BookingState
AT_PASING = Wishes(offices=frozenset({PASING}))
MORNING = Hours(time(8), time(12))


async def see(world: World, *slots: Slot) -> None:
    world.site.release(*slots)
    await world.side_by_side(world.look())


async def slots_of(world: World, wish: Subscription) -> list[Slot]:
    return [booking.slot for booking in await world.bookings(wish)]


async def change(world: World, wish: Subscription, **wanted: Any) -> None:
    await world.manage(wish.id, wish.user, world.site.city, Changes(**wanted))


# A place in the queue

Fate = Callable[[World, Subscription], Awaitable[None]]


async def changed(world: World, wish: Subscription) -> None:
    await change(world, wish, wishes=AT_PASING, mail_hours=Hours())


async def changed_to_and_fro(world: World, wish: Subscription) -> None:
    await change(world, wish, mode=Mode.TELL)
    await change(world, wish, mode=Mode.BOOK)


async def paused(world: World, wish: Subscription) -> None:
    await world.manage.pause(wish.id, wish.user)
    await world.clock.advance(3600)
    await world.manage.resume(wish.id, wish.user)


async def beaten(world: World, wish: Subscription) -> None:
    await see(world, a_slot(3))
    world.site.take(a_slot(3))
    await world.work_off()
    assert [b.state for b in await world.bookings(wish)] == [S.LOST]


async def asked_whether_it_is_needed(world: World, wish: Subscription) -> None:
    await world.clock.advance(61 * 86_400)
    assert await world.tend() == 2
    await world.manage.resume(wish.id, wish.user)


@pytest.mark.parametrize(
    "fate", [changed, changed_to_and_fro, paused, beaten, asked_whether_it_is_needed]
)
async def test_a_place_in_the_queue_survives(world: World, fate: Fate) -> None:
    first = await world.booker(waits=2 * HOUR)
    second = await world.booker(waits=HOUR, wishes=AT_PASING)
    await fate(world, first)
    slot = a_slot(90)
    await see(world, slot)
    assert (await slots_of(world, first))[-1] == slot
    assert not await slots_of(world, second)
    assert (await world.subscription(first)).waiting_since == NOON - 2 * HOUR


async def test_a_crowd_of_bookers_gets_one_slot_each_in_turn(world: World) -> None:
    """Five slots in three answers for eight citizens, however they come."""
    wishes = [await world.booker(waits=(8 - n) * HOUR) for n in range(8)]
    free = [a_slot(1, 15 * n) for n in range(5)]
    for some in (free[:2], free[2:3], free[3:]):
        await see(world, *some)
        await world.work_off()
    assert [await slots_of(world, wish) for wish in wishes] == [
        *([slot] for slot in free),
        *([] for _ in range(3)),
    ]


# The next best of the same answer


async def two_racing(world: World, *left: Slot) -> list[Booking]:
    """Let two of MTA's citizens lose the race for their slots at the same time."""
    wishes = [await world.booker(waits=n * HOUR) for n in (2, 1)]
    await see(world, a_slot(1), a_slot(1, 15), a_slot(1, 30), a_slot(1, 45))
    bookings = [(await world.bookings(wish))[0] for wish in wishes]
    world.site.free = set(left)
    await world.side_by_side(*(world.book(booking.id) for booking in bookings))
    return [await world.booking(booking.id) for booking in bookings]


async def test_two_who_lose_together_do_not_race_each_other(slow_world: World) -> None:
    """Both would like the same next slot: each call is one of five in a minute."""
    ends = await two_racing(slow_world, a_slot(1, 30), a_slot(1, 45))
    assert {end.slot for end in ends} == {a_slot(1, 30), a_slot(1, 45)}
    assert {end.state for end in ends} == {S.PRECONFIRMED}
    tried = [line.about for line in slow_world.site.asked("reserve")]
    assert len(tried) == len(set(tried)) == 4


async def test_when_one_slot_is_left_for_two_one_of_them_has_lost(
    slow_world: World,
) -> None:
    ends = await two_racing(slow_world, a_slot(1, 30))
    assert sorted(end.state.value for end in ends) == ["lost", "preconfirmed"]


async def test_the_next_best_is_the_earliest_of_the_same_answer(world: World) -> None:
    wish = await world.booker()
    await see(world, *(a_slot(1, minutes) for minutes in (45, 15, 0, 30)))
    world.site.take(a_slot(1), a_slot(1, 15))
    await world.work_off()
    assert await slots_of(world, wish) == [a_slot(1, 30)]


async def test_the_next_best_is_never_outside_the_wishes(world: World) -> None:
    """The answer holds more: it was asked for everybody who waits."""
    wish = await world.booker(wishes=Wishes(AT_PASING.offices, hours=MORNING))
    await see(world, a_slot(1), a_slot(1, office=ORLEANSPLATZ), a_slot(1, 4 * 60))
    world.site.take(a_slot(1))
    await world.work_off()
    (booking,) = await world.bookings(wish)
    assert (booking.state, booking.alternatives) == (S.LOST, ())
    assert [line.about for line in world.site.asked("reserve")] == [a_slot(1)]


async def test_wishes_that_changed_during_the_race_hold_for_the_next_best(
    slow_world: World,
) -> None:
    world = slow_world
    wish = await world.booker()
    await see(world, a_slot(1), a_slot(1, office=ORLEANSPLATZ))
    (booking,) = await world.bookings(wish)
    world.site.take(a_slot(1))
    race = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    await change(world, wish, wishes=AT_PASING)  # what is out suits these, too
    await world.clock.advance(60)
    await race
    after = await world.booking(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, UNSUITABLE)
    assert len(world.site.asked("reserve")) == 1


async def test_a_next_best_that_has_come_too_near_is_not_tried(
    slow_world: World,
) -> None:
    world = slow_world
    wish = await world.booker(wishes=Wishes(notice=timedelta(hours=20)))
    near = Slot(NOON + timedelta(hours=20, seconds=10), PASING, wish.services)
    far = a_slot(2)
    booking = await world.requested(wish, near, slot=far)
    world.site.take(far)
    world.site.latency = 12
    await world.side_by_side(world.book(booking.id))
    assert (await world.booking(booking.id)).state is S.RELEASED
    assert len(world.site.asked("reserve")) == 1
