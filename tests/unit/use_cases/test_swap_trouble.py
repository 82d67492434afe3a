"""Whatever comes between: of two appointments one is left, and never none."""

from __future__ import annotations

import asyncio

import pytest

from mta_core.domain.bookings import BookingState, Lane
from mta_core.domain.calls import CityStatus
from mta_core.domain.errors import Refused, SiteSilent, SiteUnreachable
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import SubscriptionState
from mta_core.testing.builders import a_slot
from mta_core.testing.site import When
from tests.unit.use_cases.swapping import EARLY, LATE, Swap
from tests.unit.use_cases.world import World

S = BookingState
CONFIRMED = CityStatus.CONFIRMED
WHEN: list[When] = ["before", "after"]


# The earlier one comes to nothing


async def test_if_the_mail_is_not_opened_nothing_is_lost(world: World) -> None:
    swap = await (await Swap.beginning(world)).mailed()
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert (swap.swap.state, swap.main.state) == (S.EXPIRED, S.CONFIRMED)
    assert (swap.wish.active, swap.wish.standing) == (True, LATE.start)


async def test_if_somebody_was_faster_nothing_is_lost(world: World) -> None:
    swap = await (await Swap.beginning(world)).seen()
    world.site.take(EARLY)
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert (await world.kinds(swap.wish.user))[-1] is Kind.LOST


async def test_if_the_city_refuses_the_details_nothing_is_lost(world: World) -> None:
    swap = await (await Swap.beginning(world)).seen()
    world.site.fail("update", Refused("tooManyAppointmentsWithSameMail"))
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert swap.swap.state is S.RELEASED


async def test_who_gives_the_earlier_one_back_keeps_the_later_one(
    world: World,
) -> None:
    swap = await (await Swap.beginning(world)).mailed()
    await world.release(swap.swap.id, swap.wish.user)
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert (swap.main.release, swap.wish.standing) == (False, LATE.start)


async def test_who_gives_it_back_while_a_look_finds_it_confirmed_keeps_the_later_one(
    slow_world: World,
) -> None:
    """It was confirmed at the city, but it is not what the citizen wants."""
    world = slow_world
    swap = (await world.side_by_side(begun_and_mailed(world)))[0]
    world.open_mail(swap.swap)
    said = world.follow_up.opened(swap.swap.id, swap.wish.user)
    look = asyncio.create_task(said)
    await world.clock.advance(1)
    given_back = world.release(swap.swap.id, swap.wish.user)
    await world.side_by_side(given_back)
    await look
    await world.side_by_side(swap.rest())
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert swap.wish.standing == LATE.start


@pytest.mark.parametrize("first", ["earlier", "later"])
async def test_a_cancellation_that_never_arrived_is_not_sent_again(
    slow_world: World, first: str
) -> None:
    """It was out when the citizen gave the earlier one back: nothing replaces it now.

    The earlier one is gone before that answer comes, or after.
    """
    world = slow_world
    (swap,) = await world.side_by_side(begun_and_confirmed(world))
    await world.clock.advance(60)  # a new minute, a new budget
    out = asyncio.create_task(world.follow_up(swap.main.id))
    await world.clock.advance(0.2 if first == "earlier" else 1.8)
    world.site.latency = 0.5
    given_back = asyncio.create_task(world.release(swap.swap.id, swap.wish.user))
    await world.clock.advance(1 if first == "earlier" else 0.1)
    world.site.fail("cancel", SiteUnreachable())
    await world.side_by_side(given_back, out)
    await world.side_by_side(swap.rest())
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert len(world.site.asked("cancel")) == 2
    assert swap.wish.standing == LATE.start


async def begun_and_confirmed(world: World) -> Swap:
    return await (await Swap.beginning(world)).confirmed()


async def begun_and_mailed(world: World) -> Swap:
    return await (await Swap.beginning(world)).mailed()


async def test_who_gives_the_confirmed_one_back_in_time_keeps_the_later_one(
    world: World,
) -> None:
    """The city could not be asked to cancel the later one yet: now it need not be."""
    swap = await (await Swap.beginning(world)).confirmed()
    world.site.fail("cancel", SiteUnreachable())
    await world.follow_up(swap.main.id)
    await world.clock.advance(1)
    await world.release(swap.swap.id, swap.wish.user)
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED}
    assert (swap.main.release, swap.main.due_at) == (False, LATE.start)
    assert swap.wish.standing == LATE.start


@pytest.mark.parametrize("when", WHEN)
async def test_if_nobody_knows_whether_the_later_one_is_cancelled_it_is_found_out(
    world: World, when: When
) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    world.site.fail("cancel", SiteSilent(), when)
    await world.follow_up(swap.main.id)
    await world.release(swap.swap.id, swap.wish.user)
    await swap.rest()
    kept = when == "before"
    assert swap.at_the_city() == ({LATE: CONFIRMED} if kept else {})
    assert swap.main.state is (S.CONFIRMED if kept else S.CANCELLED)
    assert swap.wish.standing == (LATE.start if kept else None)
    assert swap.wish.active


async def test_who_gives_both_back_has_none(world: World) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    await world.release(swap.main.id, swap.wish.user)
    await world.release(swap.swap.id, swap.wish.user)
    await swap.rest()
    assert swap.at_the_city() == {}
    assert (swap.wish.active, swap.wish.standing) == (True, None)


async def test_after_a_swap_the_one_that_is_left_can_be_given_back(
    world: World,
) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    await swap.rest()
    await world.release(swap.swap.id, swap.wish.user)
    await swap.rest()
    assert swap.at_the_city() == {}
    assert (swap.wish.active, swap.wish.standing) == (True, None)
    await swap.see(a_slot(30))  # any that suits is a gain again
    assert (await world.bookings(swap.wish))[-1].lane is Lane.MAIN


# The later one comes to nothing


@pytest.mark.parametrize("stage", ["seen", "mailed"])
async def test_without_the_later_one_the_earlier_one_is_the_main_one(
    world: World, stage: str
) -> None:
    """The citizen gives it back while the swap is under way."""
    swap = await Swap.beginning(world)
    await getattr(swap, stage)()
    await world.release(swap.main.id, swap.wish.user)
    await swap.read()
    assert (swap.main.state, swap.wish.standing) == (S.CANCELLED, None)
    assert (swap.swap.lane, swap.swap.replaces) == (Lane.MAIN, None)
    await world.work_off()
    await swap.read()
    world.open_mail(swap.swap)
    await swap.rest()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
    assert swap.wish.standing == EARLY.start


async def test_a_later_one_that_was_cancelled_at_the_city_is_noticed(
    world: World,
) -> None:
    """The link in the city's mail cancels it; MTA learns of that when it does so."""
    swap = await (await Swap.beginning(world)).mailed()
    assert swap.main.held is not None
    world.site.withdraw(swap.main.held.process_id)
    world.open_mail(swap.swap)
    await swap.rest()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
    assert (swap.main.state, swap.swap.lane) == (S.CANCELLED, Lane.MAIN)
    assert swap.wish.standing == EARLY.start


async def test_if_both_times_come_the_wait_is_over(world: World) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    world.site.fail("cancel", Refused("appointmentCanNotBeCanceled"))
    await swap.rest()
    await world.wait_until(EARLY.start)
    await swap.rest()
    assert (swap.swap.state, swap.wish.state) == (S.PAST, SubscriptionState.FULFILLED)
    await world.wait_until(LATE.start)
    await swap.rest()
    assert swap.main.state is S.PAST


async def test_if_the_time_of_the_later_one_comes_first_the_swap_is_given_up(
    world: World,
) -> None:
    """All workers were down for weeks."""
    swap = await (await Swap.beginning(world)).mailed()
    await world.wait_until(LATE.start)
    await world.follow_up(swap.main.id)
    await swap.read()
    assert (swap.main.state, swap.wish.state) == (S.PAST, SubscriptionState.FULFILLED)
    assert (swap.swap.lane, swap.swap.replaces) == (Lane.MAIN, None)
    await swap.rest()
    assert swap.swap.state is S.EXPIRED


async def test_an_appointment_that_cannot_be_cancelled_in_time_has_been_kept(
    world: World,
) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    world.site.fail("cancel", SiteUnreachable(), times=None)
    await world.wait_until(LATE.start)
    await swap.rest()
    assert (swap.main.state, swap.swap.state) == (S.PAST, S.PAST)


# The city does not cancel


async def test_if_the_city_keeps_the_one_they_did_not_want_the_other_stays_too(
    slow_world: World,
) -> None:
    """The earlier one was given back; that it stands all the same replaces nothing."""
    world = slow_world
    (swap,) = await world.side_by_side(begun_and_mailed(world))
    world.open_mail(swap.swap)
    world.site.fail("cancel", Refused("appointmentCanNotBeCanceled"))
    said = world.follow_up.opened(swap.swap.id, swap.wish.user)
    look = asyncio.create_task(said)
    await world.clock.advance(1)
    await world.side_by_side(world.release(swap.swap.id, swap.wish.user), look)
    await world.side_by_side(swap.rest())
    assert swap.at_the_city() == {LATE: CONFIRMED, EARLY: CONFIRMED}
    assert not swap.main.release
    kinds = await world.kinds(swap.wish.user)
    assert kinds[-1] is Kind.NOT_CANCELLED
    assert Kind.REPLACED not in kinds


async def test_if_the_city_keeps_the_later_one_both_stand_and_that_is_said(
    world: World,
) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    world.site.fail("cancel", Refused("appointmentCanNotBeCanceled"))
    await swap.rest()
    assert swap.at_the_city() == {LATE: CONFIRMED, EARLY: CONFIRMED}
    assert (swap.main.release, swap.main.due_at) == (False, LATE.start)
    assert (await world.kinds(swap.wish.user))[-1] is Kind.NOT_CANCELLED
    await swap.see(a_slot(3))  # two are enough: no third one beside them
    assert len(await world.bookings(swap.wish)) == 2


async def test_what_the_city_kept_can_be_given_back_later(world: World) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    world.site.fail("cancel", Refused("appointmentCanNotBeCanceled"))
    await swap.rest()
    await world.release(swap.main.id, swap.wish.user)
    await swap.read()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
    assert (swap.swap.lane, swap.wish.standing) == (Lane.MAIN, EARLY.start)


@pytest.mark.parametrize("when", WHEN)
async def test_an_unknown_cancellation_of_the_later_one_is_looked_into(
    world: World, when: When
) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    world.site.fail("cancel", SiteSilent(), when)
    await swap.rest()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
    assert (swap.main.state, swap.swap.lane) == (S.CANCELLED, Lane.MAIN)
