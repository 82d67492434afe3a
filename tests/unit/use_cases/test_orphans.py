"""A reservation of unknown fate: never two at a time, whatever a citizen waits for."""

from __future__ import annotations

import asyncio

import pytest

from mta_core.domain.bookings import BookingState
from mta_core.domain.calls import Call
from mta_core.domain.errors import SiteSilent, SiteUnreachable
from mta_core.domain.notifications import Kind
from mta_core.ports.limiter import Budget
from mta_core.testing.builders import PASSPORT, a_service_set, a_slot
from mta_core.use_cases.calls import LEASE
from mta_core.use_cases.misgivings import AN_ORPHAN
from tests.unit.use_cases.world import HOUR, Crash, World

S = BookingState
PASSPORTS = a_service_set(PASSPORT)


async def see(world: World, *minutes: int) -> None:
    world.site.release(*(a_slot(1, minute) for minute in minutes))
    await world.look()


async def orphan(world: World, minutes: int = 0) -> None:
    """Let a reservation succeed whose answer gets lost."""
    world.site.fail("reserve", SiteSilent("timeout"), "after")
    await see(world, minutes)
    await world.work_off()


# While it lives nothing else is reserved


async def test_beside_an_orphan_nothing_is_reserved(world: World) -> None:
    """The next try might end the same way, and block a second slot for nobody."""
    wish = await world.booker()
    await orphan(world)
    for minutes in (30, 60, 90):
        world.site.fail("reserve", SiteSilent("timeout"), "after")
        await see(world, minutes)
        await world.work_off()
    assert [b.state for b in await world.bookings(wish)] == [S.FAILED]
    assert len(world.site.asked("reserve")) == 1


async def test_beside_an_orphan_a_citizen_is_told_instead(world: World) -> None:
    wish = await world.booker()
    await orphan(world)
    await see(world, 120)
    assert await world.kinds(wish.user) == [Kind.BOOKING, Kind.FAILED, Kind.FOUND]


async def test_somebody_else_is_booked_beside_it(world: World) -> None:
    first, second = await world.booker(waits=2 * HOUR), await world.booker()
    await orphan(world)
    world.site.heal()
    await see(world, 30)
    await world.work_off()
    assert [b.state for b in await world.bookings(first)] == [S.FAILED]
    assert [b.state for b in await world.bookings(second)] == [S.PRECONFIRMED]


async def test_once_it_has_lapsed_slots_are_tried_again(world: World) -> None:
    wish = await world.booker()
    await orphan(world)
    ((lapses),) = [b.orphan_until for b in await world.bookings(wish)]
    assert lapses is not None
    await world.wait_until(lapses)
    await see(world, 120)
    await world.work_off()
    assert [b.state for b in await world.bookings(wish)] == [S.FAILED, S.PRECONFIRMED]


async def test_it_counts_across_the_wishes_of_a_citizen(world: World) -> None:
    """Who stops waiting and starts anew still has what may be held for them."""
    user = await world.citizen()
    wish = await world.booker_of(user)
    await orphan(world)
    await world.manage.end(wish.id, user.id)
    again = await world.booker_of(user)
    await see(world, 120)
    assert not await world.bookings(again)


# Two services of one citizen at once


async def two_requested(world: World) -> list[tuple[str, S]]:
    """Let two bookings of one citizen be worked on side by side."""
    user = await world.citizen()
    first = await world.requested(await world.booker_of(user))
    wish = await world.booker_of(user, services=PASSPORTS)
    second = await world.requested(wish, slot=a_slot(2, services=PASSPORTS))
    await world.side_by_side(world.book(first.id), world.book(second.id))
    await world.side_by_side(world.work_off())
    ends = [await world.booking(each.id) for each in (first, second)]
    return [(end.reason, end.state) for end in ends]


async def test_reservations_of_one_citizen_leave_one_after_the_other(
    slow_world: World,
) -> None:
    await two_requested(slow_world)
    first, second = [line.at for line in slow_world.site.asked("reserve")]
    assert (second - first).total_seconds() >= slow_world.site.latency


async def test_who_had_to_wait_has_their_turn_when_the_answer_is_there(
    world: World,
) -> None:
    """The relay would come half a minute later: too late for most slots."""
    user = await world.citizen()
    first = await world.requested(await world.booker_of(user))
    wish = await world.booker_of(user, services=PASSPORTS)
    second = await world.requested(wish, slot=a_slot(2, services=PASSPORTS))
    world.site.fail("reserve", SiteUnreachable())  # it will be sent again, later
    await world.book(first.id)
    (job,) = [job for job in world.queue.drain() if job.id == second.id]
    await world.work(job.task, job.id)
    assert (await world.booking(second.id)).state is S.PRECONFIRMED


async def test_who_has_to_wait_takes_no_place_in_the_budget(slow_world: World) -> None:
    world = slow_world
    user = await world.citizen()
    first = await world.requested(await world.booker_of(user))
    wish = await world.booker_of(user, services=PASSPORTS)
    second = await world.requested(wish, slot=a_slot(2, services=PASSPORTS))
    line = asyncio.create_task(world.book(first.id))
    await world.clock.advance(1)
    await world.book(second.id)
    places = [budget for _, budget in world.limiter.granted]
    assert places == [Budget.BOOKING]
    await world.clock.advance(60)
    await line


async def test_if_the_first_ends_unknown_the_second_is_not_tried(
    slow_world: World,
) -> None:
    slow_world.site.fail("reserve", SiteSilent("timeout"), "after")
    ends = await two_requested(slow_world)
    assert sorted(ends, key=lambda end: end[0]) == sorted(
        [("timeout", S.FAILED), (AN_ORPHAN, S.RELEASED)]
    )
    assert len(slow_world.site.asked("reserve")) == 1


@pytest.mark.parametrize("answered", ["before", "after"])
async def test_a_reservation_whose_worker_died_is_waited_for(
    world: World, answered: str
) -> None:
    """Until its lease is over nobody knows what has become of it."""
    user = await world.citizen()
    first = await world.requested(await world.booker_of(user))
    wish = await world.booker_of(user, services=PASSPORTS)
    second = await world.requested(wish, slot=a_slot(2, services=PASSPORTS))
    world.site.fail("reserve", Crash(), "before" if answered == "before" else "after")
    with pytest.raises(Crash):
        await world.book(first.id)
    await world.book(second.id)
    assert (await world.booking(second.id)).state is S.REQUESTED
    await world.clock.advance(LEASE.total_seconds())
    await world.book(first.id)
    await world.work_off()
    after = await world.booking(second.id)
    assert (after.state, after.reason) == (S.RELEASED, AN_ORPHAN)
    sent = [record.call for record in await world.call_records(second)]
    assert sent == []
    assert Call.RESERVE in [r.call for r in await world.call_records(first)]
