"""Why not me: every answer that MTA can give, from what it has recorded."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from mta_core.domain.availability import Opening
from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import NotFound
from mta_core.domain.obstacles import Obstacle
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_core.domain.wishes import Misfit
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    a_slot,
    an_opening,
)
from mta_core.testing.clock import NOON
from mta_core.use_cases.allot import WAVE
from mta_core.use_cases.explain import LOOK_BACK, MOST, Explanation, Why
from tests.unit.use_cases.swapping import Swap
from tests.unit.use_cases.world import HOUR, MINUTE, World

S = BookingState
STEP = 6.0


async def see(world: World, *slots: Any) -> None:
    world.site.release(*slots)
    await world.clock.advance(STEP)
    await world.look()


async def lose(world: World, *slots: Any) -> None:
    """Let slots be gone, and be missed twice."""
    world.site.take(*slots)
    for _ in range(2):
        await see(world)


async def asked(world: World, wish: Subscription) -> Explanation:
    """Ask about the one opening that there was."""
    (answer,) = await world.explain(wish.id, wish.user)
    return answer


async def store(world: World, *openings: Opening) -> None:
    async with world.store.begin() as tx:
        await tx.openings.save(openings)
        await tx.commit()


# What became of it


async def test_what_was_tried_is_said_with_what_came_of_it(world: World) -> None:
    wish = await world.booker()
    await see(world, a_slot(1))
    world.site.take(a_slot(1))
    await world.work_off()
    answer = await asked(world, wish)
    assert answer.why is Why.TRIED
    assert answer.booking is not None
    assert (answer.booking.state, answer.booking.slot) == (S.LOST, a_slot(1))


async def test_what_was_tried_on_the_way_is_said_too(world: World) -> None:
    wish = await world.booker()
    await see(world, a_slot(1), a_slot(1, 30))
    world.site.take(a_slot(1))
    await world.work_off()
    answers = await world.explain(wish.id, wish.user)
    assert [answer.why for answer in answers] == [Why.TRIED, Why.TRIED]
    assert {answer.booking for answer in answers} == set(await world.bookings(wish))


async def test_the_last_of_several_tries_counts(world: World) -> None:
    """The same slot came and went and came back: each is a story of its own."""
    wish = await world.booker()
    await see(world, a_slot(1))
    await lose(world, a_slot(1))
    await world.work_off()
    await see(world, a_slot(1))
    await world.work_off()
    new, old = await world.explain(wish.id, wish.user)
    first, second = await world.bookings(wish)
    assert (old.booking, new.booking) == (first, second)
    assert (first.state, second.state) == (S.LOST, S.PRECONFIRMED)


async def test_who_was_told_was_told(world: World) -> None:
    wish, _ = await world.wish(), await world.wish()
    await see(world, a_slot(1))
    answer = await asked(world, wish)
    assert (answer.why, answer.others) == (Why.TOLD, 1)


async def test_before_they_waited_it_was_not_for_them(world: World) -> None:
    await world.wish()
    await see(world, a_slot(1))
    await lose(world, a_slot(1))
    late = await world.wish(waits=-HOUR)
    assert (await asked(world, late)).why is Why.LATER


async def test_who_came_while_it_was_free_waited_for_it(world: World) -> None:
    await world.wish()
    await see(world, a_slot(1))
    young = await world.wish(waits=-STEP * timedelta(seconds=1))
    assert (await asked(world, young)).why is Why.OPEN


@pytest.mark.parametrize(
    ("wishes", "misfit"),
    [
        (Wishes(offices=frozenset({ORLEANSPLATZ})), Misfit.OFFICE),
        (Wishes(excluded=frozenset({a_slot(1).day})), Misfit.DAY),
        (Wishes(hours=Hours(time(12))), Misfit.HOURS),
        (Wishes(notice=timedelta(days=1)), Misfit.NOTICE),
    ],
)
@pytest.mark.parametrize("mode", list(Mode))
async def test_what_does_not_suit_is_said_with_why(
    world: World, wishes: Wishes, misfit: Misfit, mode: Mode
) -> None:
    await world.wish()
    wish = await world.wish(wishes=wishes, mode=mode)
    await see(world, a_slot(1))
    answer = await asked(world, wish)
    assert (answer.why, answer.misfit, answer.others) == (Why.MISFIT, misfit, 1)


async def test_how_far_off_it_was_is_judged_as_it_was_then(world: World) -> None:
    wish = await world.wish()
    await store(world, an_opening())
    await world.wait_until(a_slot(1).start)
    assert (await asked(world, wish)).why is Why.OPEN


async def test_what_is_no_gain_is_said(world: World) -> None:
    swap = await Swap.beginning(world)
    await world.wish()
    await see(world, a_slot(19, 15))
    assert (await asked(world, swap.wish)).why is Why.NO_GAIN


async def test_what_is_a_gain_is_not_held_up_by_the_appointment(
    world: World,
) -> None:
    """The one that stands is no booking under way: it is what would be swapped."""
    swap = await Swap.beginning(world)
    await store(world, an_opening(a_slot(10), last_seen=NOON + MINUTE))
    assert (await asked(world, swap.wish)).why is Why.OPEN


async def test_while_a_swap_is_under_way_the_next_one_waits(world: World) -> None:
    swap = await (await Swap.beginning(world)).seen()
    await see(world, a_slot(10, 30))
    new, old = await world.explain(swap.wish.id, swap.wish.user)
    assert (old.why, new.why) == (Why.TRIED, Why.BUSY)


@pytest.mark.parametrize("end", [None, "ended"])
async def test_another_booking_under_way_is_said(world: World, end: str | None) -> None:
    wish = await world.booker()
    booking = await world.requested(wish, slot=a_slot(3))
    await see(world, a_slot(1))
    await world.clock.advance(1)
    if end:
        await world.release(booking.id, wish.user)
    assert (await asked(world, wish)).why is Why.BUSY


# Others were first


async def test_it_went_to_who_waits_longer(world: World) -> None:
    wish = await world.booker(waits=HOUR)
    await world.manage.pause(wish.id, wish.user)
    await world.booker(waits=2 * HOUR)
    await see(world, a_slot(1))
    answer = await asked(world, wish)
    assert (answer.why, answer.others) == (Why.RIVALS, 1)


async def test_what_is_booked_for_somebody_is_told_to_nobody(world: World) -> None:
    """Who only wants to be told comes after all who have MTA book."""
    wish = await world.wish(waits=9 * HOUR)
    await world.booker(waits=HOUR)
    await see(world, a_slot(1))
    answer = await asked(world, wish)
    assert (answer.why, answer.others) == (Why.RIVALS, 1)


async def test_it_was_gone_before_their_wave(world: World) -> None:
    wishes = [await world.wish(waits=n * HOUR) for n in range(WAVE + 1)]
    await see(world, a_slot(1))
    last = wishes[0]
    assert (await asked(world, last)).why is Why.OPEN
    await lose(world, a_slot(1))
    answer = await asked(world, last)
    assert (answer.why, answer.others) == (Why.WAVE, WAVE)


async def test_mta_was_not_looking_for_them(world: World) -> None:
    wish = await world.wish()
    await world.clock.advance(60)
    await store(world, an_opening(a_slot(2), gone_at=NOON + MINUTE))
    assert (await asked(world, wish)).why is Why.AWAY


# What is looked at


async def test_nobody_is_told_of_the_wish_of_somebody_else(world: World) -> None:
    wish, stranger = await world.wish(), await world.citizen()
    with pytest.raises(NotFound):
        await world.explain(wish.id, stranger.id)


async def test_the_latest_openings_come_first(world: World) -> None:
    wish = await world.wish()
    times = [NOON + n * MINUTE for n in range(MOST + 5)]
    await store(world, *(an_opening(first_seen=at, last_seen=at) for at in times))
    answers = await world.explain(wish.id, wish.user)
    seen = [answer.opening.first_seen for answer in answers]
    assert seen == sorted(times, reverse=True)[:MOST]


async def test_what_is_long_over_is_left_out(world: World) -> None:
    wish = await world.wish()
    old = NOON - LOOK_BACK - MINUTE
    await store(world, an_opening(first_seen=old), an_opening(first_seen=NOON))
    (answer,) = await world.explain(wish.id, wish.user)
    assert answer.opening.first_seen == NOON


async def test_before_the_city_is_known_there_are_no_terms(world: World) -> None:
    world = World()
    wish = await world.booker()
    await store(world, an_opening())
    answer = await asked(world, wish)
    assert (answer.why, answer.obstacle) == (Why.OBSTACLE, Obstacle.NO_TERMS)
