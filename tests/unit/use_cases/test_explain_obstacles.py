"""Why MTA did not book what suited: each rule that protects everybody else, named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import time

import attrs
import pytest

from mta_core.domain.availability import Opening
from mta_core.domain.catalogue import Asked
from mta_core.domain.errors import Refused, SiteSilent
from mta_core.domain.obstacles import Obstacle
from mta_core.domain.subscriptions import Hours, Subscription
from mta_core.testing.builders import PASING, a_slot, an_opening
from mta_core.testing.clock import NOON
from mta_core.use_cases.explain import Explanation, Why
from tests.unit.use_cases.swapping import Swap
from tests.unit.use_cases.world import MINUTE, World


async def asked(world: World, wish: Subscription) -> Explanation:
    """Ask about the one opening that there was."""
    (answer,) = await world.explain(wish.id, wish.user)
    return answer


async def store(world: World, opening: Opening) -> None:
    async with world.store.begin() as tx:
        await tx.openings.save([opening])
        await tx.commit()


async def at_night(world: World) -> Subscription:
    return await world.booker(mail_hours=Hours(time(20), time(22)))


async def with_an_orphan(world: World) -> Subscription:
    wish = await world.booker()
    booking = await world.requested(wish, slot=a_slot(3))
    world.site.fail("reserve", SiteSilent(), "after")
    await world.book(booking.id)
    return wish


async def who_never_opens(world: World) -> Subscription:
    wish = await world.booker()
    for days in (3, 4):
        booking = await world.preconfirmed(wish, slot=a_slot(days))
        await world.carry_on(booking.id)
    return wish


async def whom_the_city_refuses(world: World) -> Subscription:
    wish = await world.booker()
    for days in (3, 4):
        world.site.fail("update", Refused("invalidEmail"))
        booking = await world.requested(wish, slot=a_slot(days))
        await world.book(booking.id)
    return wish


async def with_a_gap(world: World) -> Subscription:
    await world.serve(PASING, custom=Asked(activated=True, required=True))
    return await world.booker()


async def without_terms(world: World) -> Subscription:
    city = world.site.city
    office = attrs.evolve(city.office(PASING), terms=None)
    world.site.city = attrs.evolve(city, offices={**city.offices, PASING: office})
    await world.know_the_city()
    return await world.booker()


async def with_one_per_mail(world: World) -> Subscription:
    swap = await Swap.beginning(world)
    await world.serve(PASING, per_mail=1)
    return swap.wish


@pytest.mark.parametrize(
    ("citizen", "obstacle"),
    [
        (at_night, Obstacle.MAIL_HOURS),
        (with_an_orphan, Obstacle.ORPHAN),
        (who_never_opens, Obstacle.UNOPENED),
        (whom_the_city_refuses, Obstacle.REFUSED),
        (with_a_gap, Obstacle.DETAILS),
        (without_terms, Obstacle.NO_TERMS),
        (with_one_per_mail, Obstacle.ONE_PER_MAIL),
    ],
)
async def test_what_kept_mta_from_booking_is_said(
    world: World,
    citizen: Callable[[World], Awaitable[Subscription]],
    obstacle: Obstacle,
) -> None:
    wish = await citizen(world)
    await world.clock.advance(60)
    now = world.clock.now()
    await store(world, an_opening(a_slot(2), first_seen=now, last_seen=now))
    answer = await asked(world, wish)
    assert (answer.why, answer.obstacle) == (Why.OBSTACLE, obstacle)


async def test_what_came_into_the_way_later_is_no_excuse(world: World) -> None:
    wish = await world.booker()
    await world.clock.advance(60)
    await store(world, an_opening(a_slot(2), gone_at=NOON + MINUTE))
    await world.clock.advance(60)
    booking = await world.requested(
        wish, slot=a_slot(3), requested_at=world.clock.now(), due_at=world.clock.now()
    )
    world.site.fail("reserve", SiteSilent(), "after")
    await world.book(booking.id)
    assert (await asked(world, wish)).why is Why.AWAY
