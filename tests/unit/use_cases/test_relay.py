"""What the queue has lost, or what has become due, is found in the database."""

from __future__ import annotations

from typing import Any

import pytest

from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import StorageUnavailable
from mta_core.domain.notifications import Notification
from mta_core.ports.queue import Job, Task
from mta_core.testing.builders import a_notification
from mta_core.testing.clock import NOON
from mta_core.use_cases.relay import BATCH, GRACE, PATIENCE
from tests.unit.use_cases.world import SECOND, World

S = BookingState


async def owe(world: World, **changes: Any) -> Notification:
    citizen = await world.citizen()
    async with world.store.begin() as tx:
        note = await tx.notifications.save(a_notification(citizen, **changes))
        await tx.commit()
    return note


async def pass_grace(world: World) -> None:
    await world.clock.advance((GRACE + SECOND).total_seconds())


async def test_nothing_is_queued_while_nothing_is_overdue(world: World) -> None:
    await world.requested(due_at=NOON + 60 * SECOND)
    await owe(world, due_at=NOON + 60 * SECOND)
    await pass_grace(world)
    assert await world.relay() == 0
    assert not world.queue.waiting


async def test_what_was_just_made_due_is_left_to_who_made_it(world: World) -> None:
    await world.requested()
    await owe(world)
    await world.clock.advance(GRACE.total_seconds())
    assert await world.relay() == 0


async def test_what_was_lost_is_queued_bookings_first(world: World) -> None:
    note = await owe(world, due_at=NOON - 60 * SECOND)
    booking = await world.requested()
    await pass_grace(world)
    assert await world.relay() == 2
    assert world.queue.waiting == [
        Job(Task.BOOK, booking.id),
        Job(Task.DELIVER, note.id),
    ]


async def test_what_was_queued_is_not_queued_again_soon(world: World) -> None:
    await world.requested()
    await owe(world)
    await pass_grace(world)
    await world.relay()
    await world.clock.advance((PATIENCE - SECOND).total_seconds())
    assert await world.relay() == 0
    await world.clock.advance(1)
    assert await world.relay() == 2


async def test_patience_counts_from_each_queueing(world: World) -> None:
    await world.requested()
    await pass_grace(world)
    counts = []
    for _ in range(61):
        counts.append(await world.relay())
        await world.clock.advance(1)
    assert counts == [1] + ([0] * 29 + [1]) * 2


async def test_something_new_is_queued_at_once(world: World) -> None:
    await world.requested()
    await pass_grace(world)
    await world.relay()
    world.queue.drain()
    later = await owe(world, due_at=NOON)
    assert await world.relay() == 1
    assert world.queue.drain() == [Job(Task.DELIVER, later.id)]


async def test_a_booking_up_to_the_mail_is_a_job_for_book(world: World) -> None:
    booking = await world.requested()
    await pass_grace(world)
    await world.relay()
    assert world.queue.drain() == [Job(Task.BOOK, booking.id)]


@pytest.mark.parametrize("state", [S.PRECONFIRMED, S.CONFIRMED])
async def test_a_booking_after_the_mail_is_followed_up(world: World, state: S) -> None:
    booking = await world.requested(state=state)
    await pass_grace(world)
    await world.relay()
    assert world.queue.drain() == [Job(Task.FOLLOW_UP, booking.id)]


async def test_what_has_ended_is_never_queued(world: World) -> None:
    await world.requested(state=S.LOST, due_at=None)
    await pass_grace(world)
    assert await world.relay() == 0


async def test_a_queue_that_loses_everything_only_delays(world: World) -> None:
    booking = await world.requested()
    await pass_grace(world)
    world.queue.losing = True
    await world.relay()
    world.queue.losing = False
    await world.clock.advance(PATIENCE.total_seconds())
    await world.relay()
    await world.work_off()
    assert (await world.booking(booking.id)).state is S.PRECONFIRMED


async def test_reminders_are_found_when_they_are_due(world: World) -> None:
    booking = await world.preconfirmed()
    world.queue.drain()
    reminder = (await world.owed(booking.user))[1]
    assert reminder.due_at is not None
    await world.wait_until(reminder.due_at + GRACE + SECOND)
    await world.relay()
    assert Job(Task.DELIVER, reminder.id) in world.queue.drain()


async def test_a_crowd_of_messages_does_not_hold_up_the_rest(world: World) -> None:
    """What was queued a moment ago must not hide what waits behind it."""
    for _ in range(BATCH + 1):
        await owe(world, due_at=NOON - 60 * SECOND)
    queued = await world.relay()
    await world.clock.advance(1)
    queued += await world.relay()
    assert queued == BATCH + 1


async def test_a_database_that_is_away_is_told(world: World) -> None:
    world.store.unavailable = True
    with pytest.raises(StorageUnavailable):
        await world.relay()
