"""A worker that dies anywhere: no trace, or a recorded call that is looked into."""

from __future__ import annotations

import asyncio

import pytest

from mta_core.domain.bookings import DOUBT_PAUSE, BookingState
from mta_core.domain.calls import Call
from mta_core.domain.errors import Answer, StorageUnavailable
from mta_core.domain.notifications import Kind
from mta_core.testing.site import SiteCall, When
from mta_core.use_cases.calls import LEASE
from tests.unit.use_cases.world import MINUTE, SECOND, Crash, World

S = BookingState
WHEN: list[When] = ["before", "after"]


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("call", ["update", "preconfirm"])
async def test_after_a_crash_during_a_call_it_is_looked_into(
    world: World, call: SiteCall, when: When
) -> None:
    booking = await world.requested()
    world.site.fail(call, Crash(), when)
    with pytest.raises(Crash):
        await world.book(booking.id)
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.PRECONFIRMED
    assert len(world.site.asked("reserve")) == 1
    assert len(world.site.asked("appointment")) == 1
    assert len(world.site.mailed) == 1


@pytest.mark.parametrize("when", WHEN)
async def test_after_a_crash_during_the_reservation_it_is_not_sent_again(
    world: World, when: When
) -> None:
    booking = await world.requested()
    world.site.fail("reserve", Crash(), when)
    with pytest.raises(Crash):
        await world.book(booking.id)
    after = await world.carry_on(booking.id)
    assert after.state is S.FAILED
    assert after.orphan_until is not None
    assert len(world.site.asked("reserve")) == 1
    assert await world.kinds(booking.user) == [Kind.FAILED]


async def test_while_the_lease_runs_nobody_else_touches_the_call(world: World) -> None:
    booking = await world.requested()
    world.site.fail("reserve", Crash())
    with pytest.raises(Crash):
        await world.book(booking.id)
    await world.clock.advance((LEASE - SECOND).total_seconds())
    await world.book(booking.id)
    assert (await world.booking(booking.id)).pending is not None
    await world.clock.advance(1)
    await world.book(booking.id)
    assert (await world.booking(booking.id)).pending is None


async def test_an_answer_that_was_lost_is_kept_as_unknown(world: World) -> None:
    """The calls of a booking are all that tells an operator what happened."""
    booking = await world.requested()
    world.site.fail("reserve", Crash())
    with pytest.raises(Crash):
        await world.book(booking.id)
    await world.carry_on(booking.id)
    (record,) = await world.call_records(booking)
    assert (record.call, record.answer) == (Call.RESERVE, Answer.UNKNOWN)


async def test_two_workers_write_a_lost_answer_off_once(slow_world: World) -> None:
    world = slow_world
    booking = await world.requested()
    world.site.fail("reserve", Crash())
    work = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(3)
    with pytest.raises(Crash):
        await work
    await world.clock.advance(20)
    await asyncio.gather(world.book(booking.id), world.book(booking.id))
    assert (await world.booking(booking.id)).state is S.FAILED
    assert await world.kinds(booking.user) == [Kind.FAILED]


# Dying at a commit. Each call has two: before it is sent, and with its answer.

COMMITS = range(6)
LINE = ["reserve", "update", "preconfirm"]


@pytest.mark.parametrize("lasting", [True, False])
@pytest.mark.parametrize("commit", COMMITS)
async def test_a_crash_at_any_commit_harms_nobody(
    world: World, commit: int, lasting: bool
) -> None:
    booking = await world.requested()
    world.store.dies_in, world.store.lasting = commit, lasting
    with pytest.raises(Crash):
        await world.book(booking.id)
    after = await world.carry_on(booking.id, 5 * MINUTE)
    reserve_is_unknown = (commit, lasting) in {(0, True), (1, False)}
    assert after.state is (S.FAILED if reserve_is_unknown else S.PRECONFIRMED)
    assert len(world.site.asked("reserve")) == (
        0 if (commit, lasting) == (0, True) else 1
    )
    assert len(world.site.mailed) == (not reserve_is_unknown)
    told = await world.kinds(booking.user)
    assert told.count(Kind.OPEN_MAIL) == (not reserve_is_unknown)


@pytest.mark.parametrize("commit", [0, 2, 4])
async def test_a_database_that_fails_before_a_call_keeps_it_from_leaving(
    world: World, commit: int
) -> None:
    booking = await world.requested()
    world.store.dies_in, world.store.death = commit, StorageUnavailable()
    with pytest.raises(StorageUnavailable):
        await world.book(booking.id)
    assert len(world.site.calls) == commit / 2
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.PRECONFIRMED
    assert [line.call for line in world.site.calls] == LINE
    assert len(world.site.mailed) == 1


async def test_a_database_that_is_away_leaves_no_trace(world: World) -> None:
    booking = await world.requested()
    world.store.unavailable = True
    with pytest.raises(StorageUnavailable):
        await world.book(booking.id)
    world.store.unavailable = False
    assert await world.booking(booking.id) == booking
    assert not world.site.calls


async def test_a_limiter_that_is_away_leaves_no_trace(world: World) -> None:
    booking = await world.requested()
    world.limiter.unreachable = True
    with pytest.raises(StorageUnavailable):
        await world.book(booking.id)
    assert await world.booking(booking.id) == booking
    assert not world.site.calls


async def test_jobs_are_queued_only_after_the_commit(world: World) -> None:
    booking = await world.requested()
    world.site.take(booking.slot)
    world.store.dies_in = 1
    with pytest.raises(Crash):
        await world.book(booking.id)
    assert not world.queue.waiting


async def test_an_answer_that_comes_after_its_lease_changes_nothing(
    slow_world: World,
) -> None:
    world = slow_world
    booking = await world.requested()
    world.site.latency = LEASE.total_seconds() + 5
    late = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(LEASE.total_seconds() + 1)
    await world.book(booking.id)
    written_off = await world.booking(booking.id)
    assert written_off.state is S.FAILED
    await world.clock.advance(10)
    await late
    assert await world.booking(booking.id) == written_off


async def test_a_late_answer_is_not_taken_for_that_to_the_next_call(
    slow_world: World,
) -> None:
    """The look that shall tell what came of the update is out when its answer comes."""
    world = slow_world
    booking = await world.requested()
    late = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    world.site.latency = LEASE.total_seconds() + 9  # for the update, a second later
    await world.clock.advance(1 + LEASE.total_seconds())
    world.site.latency = 8
    await world.book(booking.id)
    await world.clock.advance(DOUBT_PAUSE.total_seconds())
    look = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(5)  # the answer to the update was here a second ago
    out = (await world.booking(booking.id)).pending
    assert out is not None
    assert out.call is Call.LOOK
    await world.side_by_side(late, look)
    (after,) = await world.side_by_side(world.carry_on(booking.id, MINUTE))
    assert after.state is S.PRECONFIRMED
    assert len(world.site.mailed) == 1
