"""A wish that rested, was fulfilled or is over is looked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.availability import DateWindow, day_of
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import Mode, Subscription, SubscriptionState, Wishes
from mta_core.testing.builders import PASING, PASSPORT, a_service_set, a_slot, a_window
from mta_core.testing.clock import NOON
from mta_core.use_cases.change import Changes
from mta_core.use_cases.subscribe import Subscribed
from tests.unit.use_cases.world import World

State = SubscriptionState
AT_PASING = Wishes(offices=frozenset({PASING}))


async def change(world: World, wish: Subscription, wanted: Changes) -> Subscribed:
    return await world.manage(wish.id, wish.user, world.site.city, wanted)


# By changing it


@pytest.mark.parametrize("state", [State.PAUSED, State.EXPIRED, State.FULFILLED])
async def test_a_wish_that_rests_is_looked_for_again(
    world: World, state: State
) -> None:
    wish = await world.booker(state=state, asked_at=NOON)
    done = await change(world, wish, Changes(wishes=AT_PASING))
    after = done.subscription
    assert (after.state, after.asked_at) == (State.ACTIVE, None)
    assert after.waiting_since == wish.waiting_since


async def test_days_that_are_over_can_be_given_anew(world: World) -> None:
    wish = await world.booker(wishes=Wishes(windows=(a_window(1, 2),)))
    await world.clock.advance(5 * 86_400)
    await world.tend()
    assert (await world.subscription(wish)).state is State.EXPIRED
    with pytest.raises(InvalidValue, match="over"):
        await change(world, wish, Changes(mode=Mode.TELL))
    today = day_of(world.clock.now())
    more = DateWindow(today, today + timedelta(days=9))
    await change(world, wish, Changes(wishes=Wishes(windows=(more,))))
    world.site.release(a_slot(8))
    await world.look()
    (booking,) = await world.bookings(wish)
    assert booking.slot == a_slot(8)


async def test_who_has_the_appointment_does_not_wait_again(world: World) -> None:
    """One live booking per citizen and service: they would wait in vain."""
    wish = await world.booker()
    await world.confirmed(wish)
    with pytest.raises(InvalidValue, match="stands"):
        await change(world, wish, Changes(wishes=AT_PASING))
    assert (await world.subscription(wish)).state is State.FULFILLED


async def test_who_has_the_appointment_may_look_for_an_earlier_one(
    world: World,
) -> None:
    wish = await world.booker()
    booking = await world.confirmed(wish, slot=a_slot(20))
    wanted = Changes(earlier_by=timedelta(days=7))
    after = (await change(world, wish, wanted)).subscription
    assert (after.state, after.standing) == (State.ACTIVE, booking.slot.start)
    world.site.release(a_slot(10))
    await world.look()
    (swap,) = [b for b in await world.bookings(wish) if b.replaces == booking.id]
    assert swap.slot == a_slot(10)


async def test_who_gave_the_appointment_back_waits_again(world: World) -> None:
    wish = await world.booker()
    booking = await world.confirmed(wish)
    await world.release(booking.id, wish.user)
    after = (await change(world, wish, Changes())).subscription
    assert (after.state, after.standing) == (State.ACTIVE, None)


# By saying so


@pytest.mark.parametrize("state", [State.PAUSED, State.FULFILLED, State.EXPIRED])
async def test_what_rests_can_be_looked_for_again(world: World, state: State) -> None:
    wish = await world.wish(state=state)
    assert (await world.manage.resume(wish.id, wish.user)).active


async def test_days_that_are_over_are_not_looked_for_again(world: World) -> None:
    over = Wishes(windows=(a_window(-9, -1),))
    wish = await world.wish(state=State.EXPIRED, wishes=over)
    with pytest.raises(InvalidValue, match="over"):
        await world.manage.resume(wish.id, wish.user)
    assert await world.subscription(wish) == wish


async def test_who_waits_for_the_same_elsewhere_does_not_wait_twice(
    world: World,
) -> None:
    user = await world.citizen()
    old = await world.wish(user, state=State.FULFILLED)
    new = await world.wish(user)
    with pytest.raises(InvalidValue, match=str(new.id)):
        await world.manage.resume(old.id, user.id)


async def test_who_has_the_appointment_does_not_wait_for_it(world: World) -> None:
    wish = await world.booker()
    await world.confirmed(wish)
    with pytest.raises(InvalidValue, match="stands"):
        await world.manage.resume(wish.id, wish.user)


async def test_who_has_it_elsewhere_does_not_wait_for_it(world: World) -> None:
    user = await world.citizen()
    await world.confirmed(await world.booker_of(user))
    both = a_service_set(PASSPORT, *a_service_set().ids)
    wish = await world.booker_of(user, services=both, state=State.PAUSED)
    with pytest.raises(InvalidValue, match="Wohnsitz"):
        await world.manage.resume(wish.id, user.id)
