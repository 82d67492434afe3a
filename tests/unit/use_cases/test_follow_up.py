"""After the city's mail: looked at when it matters, and never opened by MTA."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mta_core.domain.bookings import JOB_SLACK, BookingState
from mta_core.domain.calls import Held
from mta_core.domain.errors import IllegalTransition, NotFound, SiteUnreachable
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import SubscriptionState
from mta_core.ports.queue import Job, Task
from mta_core.testing.builders import an_id
from mta_core.testing.clock import NOON
from tests.unit.use_cases.world import MINUTE, World

S = BookingState


async def test_who_opened_the_mail_hears_at_once_that_it_is_confirmed(
    world: World,
) -> None:
    booking = await world.preconfirmed()
    world.open_mail(booking)
    after = await world.follow_up.opened(booking.id, booking.user)
    assert after.state is S.CONFIRMED
    confirmed, reminder = (await world.owed(booking.user))[-2:]
    assert (confirmed.kind, confirmed.due_at) == (Kind.CONFIRMED, world.clock.now())
    assert (reminder.kind, reminder.due_at) == (
        Kind.APPOINTMENT,
        booking.slot.start - timedelta(hours=2),
    )
    assert world.queue.drain()[-1] == Job(Task.DELIVER, confirmed.id)


async def test_who_only_thinks_that_they_opened_it_still_waits(world: World) -> None:
    booking = await world.preconfirmed()
    after = await world.follow_up.opened(booking.id, booking.user)
    assert after.state is S.PRECONFIRMED
    assert after.due_at is not None
    assert after.due_at > world.clock.now()


async def test_a_mail_opened_too_early_is_still_looked_at_before_its_deadline(
    world: World,
) -> None:
    """Looks come when they say so, at half time and at the deadline (design 4)."""
    booking = await world.preconfirmed()
    await world.follow_up.opened(booking.id, booking.user)
    world.open_mail(booking)
    after = await world.carry_on(booking.id, 16 * MINUTE)
    assert after.state is S.CONFIRMED


async def test_a_mail_opened_silently_is_noticed_at_half_time(world: World) -> None:
    booking = await world.preconfirmed()
    world.open_mail(booking)
    await world.clock.advance(15 * 60 - 1)
    await world.follow_up(booking.id)
    assert not world.site.asked("appointment")
    await world.clock.advance(1)
    await world.follow_up(booking.id)
    assert (await world.booking(booking.id)).state is S.CONFIRMED


async def test_a_mail_opened_late_is_noticed_after_the_deadline(world: World) -> None:
    booking = await world.preconfirmed()
    await world.step(booking.id)
    world.open_mail(booking)
    after = await world.step(booking.id)
    assert after.state is S.CONFIRMED
    assert [line.at for line in world.site.asked("appointment")] == [
        NOON + 15 * MINUTE,
        NOON + 30 * MINUTE + JOB_SLACK,
    ]


async def test_a_mail_never_opened_has_expired_and_the_wait_goes_on(
    world: World,
) -> None:
    wish = await world.booker()
    booking = await world.preconfirmed(wish)
    after = await world.carry_on(booking.id)
    assert after.state is S.EXPIRED
    assert (await world.subscription(wish)).active


async def test_what_the_citizen_cancelled_at_the_city_is_noticed(world: World) -> None:
    wish = await world.booker()
    booking = await world.preconfirmed(wish)
    assert booking.held is not None
    world.site.withdraw(booking.held.process_id)
    after = await world.carry_on(booking.id)
    assert after.ended
    assert after.state in {S.RELEASED, S.EXPIRED}
    assert (await world.subscription(wish)).active


async def test_a_confirmed_appointment_that_is_given_back_is_cancelled(
    world: World,
) -> None:
    booking = await world.confirmed()
    await world.change(booking.give_up(world.clock.now(), "not needed"))
    await world.follow_up(booking.id)
    assert (await world.booking(booking.id)).state is S.CANCELLED
    assert (await world.kinds(booking.user))[-1] is Kind.CANCELLED
    assert not any(process.live for process in world.site.processes.values())


async def test_once_the_appointment_has_begun_the_booking_is_past(
    world: World,
) -> None:
    wish = await world.booker()
    booking = await world.confirmed(wish)
    await world.wait_until(booking.slot.start)
    await world.follow_up(booking.id)
    after = await world.booking(booking.id)
    assert (after.state, after.due_at) == (S.PAST, None)
    assert after.ended_at == booking.slot.start
    assert (await world.subscription(wish)).state is SubscriptionState.FULFILLED
    assert Kind.FAILED not in await world.kinds(wish.user)


async def test_before_it_has_begun_nothing_happens(world: World) -> None:
    booking = await world.confirmed()
    await world.clock.advance(3600)
    await world.follow_up(booking.id)
    assert await world.booking(booking.id) == booking


async def test_following_up_twice_does_no_harm(world: World) -> None:
    booking = await world.confirmed()
    await world.wait_until(booking.slot.start)
    await asyncio.gather(world.follow_up(booking.id), world.follow_up(booking.id))
    assert (await world.booking(booking.id)).state is S.PAST


async def test_nobody_opens_the_mail_of_somebody_else(world: World) -> None:
    booking, stranger = await world.preconfirmed(), await world.citizen()
    with pytest.raises(NotFound):
        await world.follow_up.opened(booking.id, stranger.id)
    assert await world.booking(booking.id) == booking


async def test_nobody_opens_the_mail_of_no_booking(world: World) -> None:
    citizen = await world.citizen()
    with pytest.raises(NotFound):
        await world.follow_up.opened(an_id(), citizen.id)


async def test_there_is_no_mail_to_open_before_it_was_sent(world: World) -> None:
    booking = await world.requested()
    with pytest.raises(IllegalTransition):
        await world.follow_up.opened(booking.id, booking.user)


async def test_while_the_city_is_away_the_citizen_gets_an_answer_all_the_same(
    world: World,
) -> None:
    booking = await world.preconfirmed()
    world.site.fail("appointment", SiteUnreachable())
    after = await world.follow_up.opened(booking.id, booking.user)
    assert (after.state, after.doubt) == (S.PRECONFIRMED, True)


async def test_who_says_so_while_a_look_is_out_is_not_lost(slow_world: World) -> None:
    """The look that is out answers the citizen too."""
    world = slow_world
    booking = await world.requested()
    work = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(10)
    await work
    booking = await world.booking(booking.id)
    world.open_mail(booking)
    assert booking.due_at is not None
    await world.wait_until(booking.due_at)
    look = asyncio.create_task(world.follow_up(booking.id))
    await world.clock.advance(1)
    said = asyncio.create_task(world.follow_up.opened(booking.id, booking.user))
    await world.clock.advance(60)
    await asyncio.gather(look, said)
    assert (await world.booking(booking.id)).state is S.CONFIRMED
    assert len(world.site.asked("appointment")) == 1


def test_keys_are_never_shown() -> None:
    assert "secret" not in repr(Held(1, "secret"))
