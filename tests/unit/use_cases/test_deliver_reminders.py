"""Before a message leaves it is asked once more whether anybody needs it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking
from mta_core.domain.errors import SiteUnreachable
from mta_core.domain.notifications import DeliveryState, Kind, Notification
from mta_core.domain.subscriptions import Subscription, Wishes
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_slot
from mta_core.use_cases.change import Changes
from mta_core.use_cases.misgivings import UNSUITABLE
from tests.unit.use_cases.world import HOUR, World

D = DeliveryState


async def now_is(world: World, note: Notification) -> tuple[DeliveryState, str]:
    async with world.store.snapshot() as tx:
        after = await tx.notifications.get(note.id)
    return after.state, after.reason


# Reminders of an appointment


async def reminders(world: World, booking: Booking) -> list[Notification]:
    owed = await world.owed(booking.user)
    return [note for note in owed if note.kind is Kind.APPOINTMENT]


async def test_an_appointment_is_reminded_of_when_it_is_near(world: World) -> None:
    booking = await world.confirmed(slot=a_slot(3))
    for note in await reminders(world, booking):
        assert note.due_at is not None
        await world.wait_until(note.due_at)
        await world.relay()
        await world.clock.advance(2)  # the relay waits a moment before it queues
        await world.relay()
        await world.work_off()
    kinds = await world.notified(booking.user)
    assert kinds == [Kind.CONFIRMED, Kind.APPOINTMENT, Kind.APPOINTMENT]


async def test_who_gave_it_back_is_not_reminded(world: World) -> None:
    booking = await world.confirmed(slot=a_slot(3))
    await world.release(booking.id, booking.user)
    for note in await reminders(world, booking):
        await world.wait_until(booking.slot.start - HOUR)
        await world.deliver(note.id)
        assert await now_is(world, note) == (
            D.SUPERSEDED,
            "the booking is cancelled",
        )


async def test_who_is_giving_it_back_is_not_reminded(world: World) -> None:
    booking = await world.confirmed(slot=a_slot(3))
    world.site.fail("cancel", SiteUnreachable(), times=None)
    await world.release(booking.id, booking.user)
    note, _ = await reminders(world, booking)
    await world.wait_until(booking.slot.start - HOUR)
    await world.deliver(note.id)
    assert await now_is(world, note) == (
        D.SUPERSEDED,
        "the appointment is being given back",
    )


async def test_nobody_is_reminded_of_what_has_begun(world: World) -> None:
    booking = await world.confirmed(slot=a_slot(3))
    note, _ = await reminders(world, booking)
    await world.wait_until(booking.slot.start)
    await world.deliver(note.id)
    assert await now_is(world, note) == (D.SUPERSEDED, "the appointment has begun")


# News of slots


async def told(world: World, *slots: Slot) -> tuple[Subscription, Notification]:
    wish = await world.wish()
    world.site.release(*slots)
    await world.look()
    (note,) = await world.owed(wish.user)
    return wish, note


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(offices=frozenset({ORLEANSPLATZ})),
        Wishes(excluded=frozenset({a_slot(1).day})),
        Wishes(notice=timedelta(days=2)),
    ],
)
async def test_news_that_does_not_suit_any_more_is_not_sent(
    world: World, wishes: Wishes
) -> None:
    wish, note = await told(world, a_slot(1))
    await world.manage(wish.id, wish.user, world.site.city, Changes(wishes=wishes))
    await world.deliver(note.id)
    assert await now_is(world, note) == (D.SUPERSEDED, UNSUITABLE)


async def test_news_of_which_some_still_suits_is_sent(world: World) -> None:
    wish, note = await told(world, a_slot(1), a_slot(1, office=ORLEANSPLATZ))
    at_pasing = Changes(wishes=Wishes(offices=frozenset({PASING})))
    await world.manage(wish.id, wish.user, world.site.city, at_pasing)
    await world.deliver(note.id)
    assert (await now_is(world, note))[0] is D.DELIVERED


async def test_news_that_comes_too_late_to_get_there_is_not_sent(
    world: World,
) -> None:
    """The channel was away all night: one hour is less than the two they need."""
    _, note = await told(world, a_slot(1))
    await world.wait_until(a_slot(1).start - HOUR)
    await world.deliver(note.id)
    assert await now_is(world, note) == (D.SUPERSEDED, UNSUITABLE)
