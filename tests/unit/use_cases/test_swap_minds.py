"""A citizen who thinks again in the middle of a swap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.bookings import BookingState, Lane
from mta_core.domain.calls import CityStatus
from mta_core.domain.subscriptions import Mode, SubscriptionState
from mta_core.use_cases.change import Changes
from mta_core.use_cases.privacy import Erase, Erased
from tests.unit.use_cases.swapping import A_DAY, EARLY, LATE, Swap
from tests.unit.use_cases.world import World

S = BookingState
CONFIRMED = CityStatus.CONFIRMED


async def test_who_stops_waiting_keeps_the_later_one(world: World) -> None:
    swap = await (await Swap.beginning(world)).mailed()
    await world.manage.end(swap.wish.id, swap.wish.user)
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED}
    await world.wait_until(LATE.start)
    await swap.rest()
    assert swap.main.state is S.PAST
    assert swap.wish.state is SubscriptionState.CANCELLED


async def test_who_stops_waiting_once_it_is_confirmed_has_the_earlier_one(
    world: World,
) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    await world.manage.end(swap.wish.id, swap.wish.user)
    await swap.rest()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
    assert swap.swap.lane is Lane.MAIN


@pytest.mark.parametrize(
    "wanted", [Changes(earlier_by=timedelta(0)), Changes(mode=Mode.TELL)]
)
@pytest.mark.parametrize("stage", ["seen", "mailed"])
async def test_who_wants_no_swap_any_more_has_one_appointment(
    world: World, stage: str, wanted: Changes
) -> None:
    """What the city has mailed may still be opened: then it is what they want."""
    swap = await Swap.beginning(world)
    await getattr(swap, stage)()
    done = await world.manage(swap.wish.id, swap.wish.user, world.site.city, wanted)
    assert done.subscription.state is SubscriptionState.FULFILLED
    await swap.read()
    if stage == "mailed":
        world.open_mail(swap.swap)
    await swap.rest()
    left = EARLY if stage == "mailed" else LATE
    assert swap.at_the_city() == {left: CONFIRMED}
    assert (swap.wish.state, swap.wish.standing) == (SubscriptionState.FULFILLED, None)


async def test_who_wants_a_greater_gain_gives_a_small_one_back(world: World) -> None:
    swap = await (await Swap.beginning(world)).seen()
    wanted = Changes(earlier_by=12 * A_DAY)
    await world.manage(swap.wish.id, swap.wish.user, world.site.city, wanted)
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert swap.swap.state is S.RELEASED


async def test_a_pause_keeps_what_the_city_has_mailed(world: World) -> None:
    swap = await (await Swap.beginning(world)).mailed()
    await world.manage.pause(swap.wish.id, swap.wish.user)
    world.open_mail(swap.swap)
    await swap.rest()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
    assert (swap.wish.state, swap.wish.standing) == (
        SubscriptionState.PAUSED,
        EARLY.start,
    )


async def test_who_leaves_in_the_middle_of_a_swap_keeps_the_earlier_one(
    world: World,
) -> None:
    """Nobody would be left to give the later one back."""
    swap = await (await Swap.beginning(world)).confirmed()
    done = await Erase(world.store, world.release, world.clock)(swap.wish.user)
    assert done == Erased(released=1, kept_by_city=1)
    assert swap.at_the_city() == {EARLY: CONFIRMED}
