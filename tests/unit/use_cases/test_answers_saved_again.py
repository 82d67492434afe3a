"""A full disk in the middle of a booking: the answer waits until it can be recorded."""

from __future__ import annotations

import asyncio

import pytest

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call
from mta_core.domain.errors import (
    Answer,
    SiteUnreachable,
    StorageDamaged,
    StorageUnavailable,
)
from mta_core.domain.notifications import Kind
from mta_core.testing.site import SiteCall
from mta_core.use_cases.calls import LEASE, SAVE_AGAIN, SAVE_TRIES
from tests.unit.use_cases.world import HOUR, MINUTE, World

S = BookingState
FULL = StorageUnavailable("the disk is full")
LINE: list[SiteCall] = ["reserve", "update", "preconfirm"]
LATENCY = 2.0


async def answer_comes(
    world: World, call: SiteCall, failures: int
) -> tuple[Booking, asyncio.Task[None]]:
    """Work on a booking; the disk is full from when this call is out."""
    booking = await world.requested()
    line = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(LATENCY * LINE.index(call) + 1)
    assert world.site.calls[-1].call == call
    world.store.fail(FULL, times=failures)
    return booking, line


@pytest.mark.parametrize("failures", [1, 5, 200])
@pytest.mark.parametrize("call", LINE)
async def test_no_answer_is_lost_and_nothing_is_sent_twice(
    slow_world: World, call: SiteCall, failures: int
) -> None:
    world = slow_world
    booking, line = await answer_comes(world, call, failures)
    await world.side_by_side(line)
    after = await world.booking(booking.id)
    assert (after.state, after.orphan_until) == (S.PRECONFIRMED, None)
    assert [each.call for each in world.site.calls] == LINE
    assert len(world.site.mailed) == 1
    kinds = await world.kinds(booking.user)
    assert kinds.count(Kind.OPEN_MAIL) == 1


async def test_the_clocks_of_the_city_run_on_meanwhile(slow_world: World) -> None:
    world = slow_world
    booking, line = await answer_comes(world, "reserve", 200)
    await world.side_by_side(line)
    after = await world.booking(booking.id)
    assert after.reserved_at == booking.requested_at
    record = (await world.call_records(booking))[0]
    waited = (record.answered_at - record.sent_at).total_seconds()
    assert waited == LATENCY + 200 * SAVE_AGAIN


async def test_while_an_answer_is_being_saved_nobody_writes_it_off(
    slow_world: World,
) -> None:
    """The lease is long over; only the disk does not take what was heard."""
    world = slow_world
    booking, line = await answer_comes(world, "reserve", 60)
    await world.clock.advance(2 * LEASE.total_seconds())
    for _ in range(3):
        await world.book(booking.id)
        await world.follow_up(booking.id)
    assert (await world.booking(booking.id)).pending is not None
    await world.side_by_side(line)
    assert (await world.booking(booking.id)).state is S.PRECONFIRMED
    records = await world.call_records(booking)
    assert {record.answer for record in records} == {Answer.DONE}


async def test_who_gives_it_back_meanwhile_waits_for_the_answer(
    slow_world: World,
) -> None:
    """The disk takes their word, and by then the answer with its keys, too."""
    world = slow_world
    booking, line = await answer_comes(world, "reserve", 20)
    await world.clock.advance(30)  # twenty seconds of trouble are over
    after, _ = await world.side_by_side(world.release(booking.id, booking.user), line)
    assert after.state is S.RELEASED
    assert not any(process.live for process in world.site.processes.values())


async def test_other_bookings_are_not_held_up(slow_world: World) -> None:
    world = slow_world
    booking, line = await answer_comes(world, "reserve", 1)
    await world.clock.advance(1)  # the answer is there, and could not be saved
    other = await world.requested()
    await world.side_by_side(world.book(other.id), line)
    for each in (booking, other):
        assert (await world.booking(each.id)).state is S.PRECONFIRMED


async def test_an_error_of_the_city_is_saved_again_like_an_answer(
    slow_world: World,
) -> None:
    world = slow_world
    world.site.fail("reserve", SiteUnreachable())
    booking, line = await answer_comes(world, "reserve", 30)
    await world.side_by_side(line)
    waiting = await world.booking(booking.id)
    assert (waiting.state, waiting.orphan_until) == (S.REQUESTED, None)
    (record,) = await world.call_records(booking)
    assert (record.call, record.answer) == (Call.RESERVE, Answer.NOT_EXECUTED)


# It never works again


async def test_after_minutes_it_is_given_up_and_counts_as_unknown(
    slow_world: World,
) -> None:
    world = slow_world
    booking, line = await answer_comes(world, "reserve", SAVE_TRIES)
    with pytest.raises(StorageUnavailable, match="full"):
        await world.side_by_side(line)
    assert world.clock.now() - booking.requested_at < 5 * MINUTE
    (after,) = await world.side_by_side(world.carry_on(booking.id))
    assert after.state is S.FAILED
    assert after.orphan_until is not None
    assert [each.call for each in world.site.calls] == ["reserve"]


async def test_a_damaged_database_is_not_written_again(slow_world: World) -> None:
    world = slow_world
    booking = await world.requested()
    line = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    world.store.fail(StorageDamaged())
    with pytest.raises(StorageDamaged):
        await world.side_by_side(line)
    assert world.clock.now() - booking.requested_at < MINUTE
    (after,) = await world.side_by_side(world.carry_on(booking.id, HOUR))
    assert after.state is S.FAILED
