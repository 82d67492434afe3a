"""One message: handed over once, if it is still wanted."""

from __future__ import annotations

import asyncio
from typing import Any

import attrs
import pytest

from mta_core.domain.accounts import User
from mta_core.domain.errors import (
    DeliveryFailed,
    NotFound,
    RecipientGone,
    StorageUnavailable,
)
from mta_core.domain.notifications import (
    MAX_ATTEMPTS,
    DeliveryState,
    Kind,
    Notification,
)
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.notifier import Notifier
from mta_core.testing.builders import a_notification, a_slot, an_id, an_opening
from mta_core.testing.clock import NOON
from mta_core.testing.notifier import RecordingNotifier
from mta_core.use_cases.deliver import LEASE, Deliver
from tests.unit.use_cases.world import HOUR, MINUTE, SECOND, Crash, World

D = DeliveryState


async def owe(world: World, user: User | None = None, **changes: Any) -> Notification:
    citizen = user or await world.citizen()
    async with world.store.begin() as tx:
        note = await tx.notifications.save(a_notification(citizen, **changes))
        await tx.commit()
    return note


async def found(
    world: World, wish: Subscription, *days: int, **changes: Any
) -> Notification:
    """Owe the news that a slot was found on each of these days."""
    async with world.store.begin() as tx:
        openings = [an_opening(a_slot(day)) for day in days or (1,)]
        note = a_notification(user=wish.user, subscription=wish.id, **changes)
        note = await tx.notifications.save(note)
        await tx.openings.save(openings)
        await tx.openings.tell(wish.user, [o.id for o in openings], note.id)
        await tx.commit()
    return note


async def lose(world: World, note: Notification, count: int) -> None:
    """Let openings that a message tells of be gone."""
    async with world.store.begin() as tx:
        openings = await tx.openings.told_by(note.id)
        gone = [attrs.evolve(o, gone_at=world.clock.now()) for o in openings[:count]]
        await tx.openings.save(gone)
        await tx.commit()


async def stop(world: World, wish: Subscription) -> None:
    async with world.store.begin() as tx:
        await tx.subscriptions.save(wish.cancel())
        await tx.commit()


async def now_is(world: World, note: Notification) -> Notification:
    async with world.store.snapshot() as tx:
        return await tx.notifications.get(note.id)


async def test_a_message_is_handed_over_where_the_citizen_is_reached(
    world: World,
) -> None:
    citizen = await world.citizen(language="de")
    note = await owe(world, citizen)
    await world.deliver(note.id)
    (delivery,) = world.notifier.delivered
    assert (delivery.home, delivery.lang) == (citizen.home, "de")
    assert delivery.notification.id == note.id
    after = await now_is(world, note)
    assert (after.state, after.due_at) == (D.DELIVERED, None)
    assert (after.attempts, after.delivered_at) == (1, NOON)


async def test_what_was_delivered_is_not_delivered_again(world: World) -> None:
    note = await owe(world)
    await world.deliver(note.id)
    await world.deliver(note.id)
    assert len(world.notifier.tries) == 1


async def test_what_is_not_due_is_not_delivered(world: World) -> None:
    note = await owe(world, due_at=NOON + MINUTE)
    await world.deliver(note.id)
    assert not world.notifier.tries
    await world.clock.advance(60)
    await world.deliver(note.id)
    assert len(world.notifier.delivered) == 1


async def test_there_must_be_such_a_message(world: World) -> None:
    with pytest.raises(NotFound):
        await world.deliver(an_id())


# The channel fails


async def test_after_a_failure_it_is_tried_again_later_and_later(world: World) -> None:
    note = await owe(world)
    world.notifier.fail(DeliveryFailed("busy"), times=3)
    waits = []
    for _ in range(3):
        await world.deliver(note.id)
        after = await now_is(world, note)
        assert (after.state, after.reason) == (D.RETRYING, "busy")
        assert after.due_at is not None
        waits.append(after.due_at - world.clock.now())
        await world.wait_until(after.due_at)
    assert waits == [5 * SECOND, 10 * SECOND, 20 * SECOND]
    await world.deliver(note.id)
    assert (await now_is(world, note)).state is D.DELIVERED


async def test_after_many_failures_it_is_given_up(world: World) -> None:
    note = await owe(world)
    world.notifier.fail(DeliveryFailed("busy"), times=MAX_ATTEMPTS + 1)
    while (due := (await now_is(world, note)).due_at) is not None:
        await world.wait_until(max(due, world.clock.now()))
        await world.deliver(note.id)
    after = await now_is(world, note)
    assert (after.state, after.reason) == (D.GIVEN_UP, "busy")
    assert len(world.notifier.tries) == MAX_ATTEMPTS


async def test_who_is_not_reached_any_more_is_given_up_at_once(world: World) -> None:
    citizen = await world.citizen()
    note = await owe(world, citizen)
    world.notifier.lose(citizen.home)
    await world.deliver(note.id)
    after = await now_is(world, note)
    assert (after.state, after.due_at) == (D.GIVEN_UP, None)
    assert after.reason == str(RecipientGone())


# Nobody needs it any more


async def test_news_for_who_stopped_waiting_is_superseded(world: World) -> None:
    wish = await world.wish()
    note = await found(world, wish)
    await stop(world, wish)
    await world.deliver(note.id)
    after = await now_is(world, note)
    assert (after.state, after.due_at) == (D.SUPERSEDED, None)
    assert after.reason == "the subscription is cancelled"
    assert not world.notifier.tries


async def test_news_of_what_is_gone_is_superseded(world: World) -> None:
    note = await found(world, await world.wish(), 1, 2)
    await lose(world, note, 2)
    await world.deliver(note.id)
    after = await now_is(world, note)
    assert (after.state, after.reason) == (D.SUPERSEDED, "every opening is gone")


async def test_news_is_wanted_while_something_is_left(world: World) -> None:
    note = await found(world, await world.wish(), 1, 2)
    await lose(world, note, 1)
    await world.deliver(note.id)
    assert (await now_is(world, note)).state is D.DELIVERED


async def test_news_of_openings_that_are_forgotten_is_delivered(world: World) -> None:
    wish = await world.wish()
    note = await owe(world, user=None, subscription=wish.id)
    await world.deliver(note.id)
    assert (await now_is(world, note)).state is D.DELIVERED


async def test_news_of_a_time_that_is_over_is_superseded(world: World) -> None:
    """The watcher may have been blind since: nobody marked the opening as gone."""
    note = await found(world, await world.wish(), 1)
    await world.wait_until(a_slot(1).start)
    await world.deliver(note.id)
    assert (await now_is(world, note)).state is D.SUPERSEDED


@pytest.mark.parametrize("kind", [Kind.OPEN_MAIL, Kind.MAIL_REMINDER])
async def test_a_mail_that_waits_to_be_opened_is_told_of(
    world: World, kind: Kind
) -> None:
    booking = await world.preconfirmed()
    note = await owe(world, kind=kind, booking=booking.id)
    await world.deliver(note.id)
    assert (await now_is(world, note)).state is D.DELIVERED


@pytest.mark.parametrize("kind", [Kind.OPEN_MAIL, Kind.MAIL_REMINDER])
async def test_a_mail_that_was_opened_needs_no_reminder(
    world: World, kind: Kind
) -> None:
    booking = await world.confirmed()
    note = await owe(world, kind=kind, booking=booking.id)
    await world.deliver(note.id)
    after = await now_is(world, note)
    assert (after.state, after.reason) == (D.SUPERSEDED, "the booking is confirmed")


@pytest.mark.parametrize("kind", [Kind.OPEN_MAIL, Kind.MAIL_REMINDER])
async def test_nobody_is_sent_to_a_dead_link(world: World, kind: Kind) -> None:
    booking = await world.preconfirmed()
    note = await owe(world, kind=kind, booking=booking.id)
    assert booking.open_by is not None
    await world.wait_until(booking.open_by)
    await world.deliver(note.id)
    after = await now_is(world, note)
    assert (after.state, after.reason) == (D.SUPERSEDED, "the mail's link is dead")


@pytest.mark.parametrize("kind", [Kind.CONFIRMED, Kind.LOST, Kind.BOOKING])
async def test_what_happened_is_told_whatever_came_after(
    world: World, kind: Kind
) -> None:
    wish = await world.wish()
    await stop(world, wish)
    note = await owe(world, kind=kind, subscription=wish.id)
    await world.deliver(note.id)
    assert (await now_is(world, note)).state is D.DELIVERED


async def test_the_real_reminders_are_dropped_once_the_mail_is_opened(
    world: World,
) -> None:
    booking = await world.confirmed()
    await world.clock.advance(HOUR.total_seconds())
    for note in await world.owed(booking.user):
        await world.deliver(note.id)
    kinds = [each.notification.kind for each in world.notifier.delivered]
    assert kinds == [Kind.CONFIRMED]


# Crashes and other senders


async def test_after_a_crash_it_is_handed_over_again_when_the_lease_is_over(
    world: World,
) -> None:
    note = await owe(world)
    world.store.dies_in = 1
    with pytest.raises(Crash):
        await world.deliver(note.id)
    await world.clock.advance((LEASE - SECOND).total_seconds())
    await world.deliver(note.id)
    assert len(world.notifier.tries) == 1
    await world.clock.advance(1)
    await world.deliver(note.id)
    assert len(world.notifier.tries) == 2
    assert len(world.notifier.delivered) == 1
    assert (await now_is(world, note)).state is D.DELIVERED


async def test_after_a_crash_nobody_may_need_it_any_more(world: World) -> None:
    wish = await world.wish()
    note = await found(world, wish)
    world.store.dies_in = 1
    with pytest.raises(Crash):
        await world.deliver(note.id)
    await stop(world, wish)
    await world.clock.advance(LEASE.total_seconds())
    await world.deliver(note.id)
    after = await now_is(world, note)
    assert (after.state, after.due_at) == (D.SUPERSEDED, None)
    assert len(world.notifier.tries) == 1


async def test_a_message_that_kills_its_sender_is_given_up(world: World) -> None:
    note = await owe(world)
    for _ in range(MAX_ATTEMPTS + 5):
        due = (await now_is(world, note)).due_at
        if due is None:
            break
        await world.wait_until(max(due, world.clock.now()))
        world.store.dies_in = 1
        try:
            await world.deliver(note.id)
        except Crash:
            continue
    assert len(world.notifier.tries) <= MAX_ATTEMPTS
    assert (await now_is(world, note)).due_at is None


async def test_a_database_that_is_away_costs_nothing_but_time(world: World) -> None:
    note = await owe(world)
    world.store.unavailable = True
    with pytest.raises(StorageUnavailable):
        await world.deliver(note.id)
    world.store.unavailable = False
    await world.deliver(note.id)
    assert (await now_is(world, note)).state is D.DELIVERED


async def test_two_senders_hand_a_message_over_once(world: World) -> None:
    note = await owe(world)
    await asyncio.gather(world.deliver(note.id), world.deliver(note.id))
    assert len(world.notifier.tries) == 1


@attrs.define
class SlowNotifier(Notifier):
    """A channel that takes its time."""

    world: World
    seconds: float
    inner: RecordingNotifier

    async def deliver(self, notification: Notification, home: Any, lang: str) -> None:
        await self.world.clock.sleep(self.seconds)
        await self.inner.deliver(notification, home, lang)


async def test_a_sender_that_was_taken_for_dead_changes_nothing(
    slow_world: World,
) -> None:
    world = slow_world
    note = await owe(world)
    slow = SlowNotifier(world, LEASE.total_seconds() + 10, world.notifier)
    late = asyncio.create_task(Deliver(world.store, slow, world.clock)(note.id))
    await world.clock.advance(LEASE.total_seconds() + 1)
    await world.deliver(note.id)
    await world.clock.advance(20)
    await late
    after = await now_is(world, note)
    assert (after.state, after.attempts) == (D.DELIVERED, 2)


async def test_who_left_while_a_message_was_handed_over_is_forgotten(
    slow_world: World,
) -> None:
    world = slow_world
    note = await owe(world)
    slow = SlowNotifier(world, 5, world.notifier)
    late = asyncio.create_task(Deliver(world.store, slow, world.clock)(note.id))
    await world.clock.advance(1)
    async with world.store.begin() as tx:
        await tx.users.erase(note.user)
        await tx.commit()
    await world.clock.advance(10)
    await late
    with pytest.raises(NotFound):
        await now_is(world, note)
