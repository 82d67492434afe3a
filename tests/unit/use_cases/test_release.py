"""What a citizen gives back is free for somebody else at once, wherever it stands."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mta_core.domain.bookings import GIVEN_BACK, Booking, BookingState
from mta_core.domain.errors import (
    IllegalTransition,
    NotFound,
    Refused,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    StorageUnavailable,
)
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import SubscriptionState
from mta_core.ports.limiter import Budget
from mta_core.testing.builders import a_slot, an_id
from mta_core.testing.site import SiteCall
from mta_core.use_cases.change import Changes
from mta_core.use_cases.release import PATIENCE
from tests.unit.use_cases.world import HOUR, MINUTE, SECOND, World

S = BookingState
SOON = timedelta(seconds=5)
"""What is not used is released within this long, waits for the budget apart (R2.4)."""

CANNOT_CANCEL = Refused("appointmentCanNotBeCanceled")


def live(world: World) -> list[int]:
    return [process.id for process in world.site.processes.values() if process.live]


async def at_rest(world: World, state: S) -> Booking:
    """A booking that stands in a state, without a call that is out."""
    if state is S.REQUESTED:
        return await world.requested()
    if state is S.CONFIRMED:
        return await world.confirmed()
    call: dict[S, SiteCall] = {S.RESERVED: "update", S.DETAILED: "preconfirm"}
    if state in call:
        world.site.fail(call[state], SiteUnreachable())
    booking = await world.preconfirmed()
    assert booking.state is state
    return booking


# In every state

ENDS = {
    S.REQUESTED: S.RELEASED,
    S.RESERVED: S.RELEASED,
    S.DETAILED: S.RELEASED,
    S.PRECONFIRMED: S.RELEASED,
    S.CONFIRMED: S.CANCELLED,
}


@pytest.mark.parametrize("state", ENDS)
async def test_what_is_given_back_is_free_at_once(world: World, state: S) -> None:
    booking = await at_rest(world, state)
    began = world.clock.now()
    after = await world.release(booking.id, booking.user)
    assert (after.state, after.reason) == (ENDS[state], GIVEN_BACK)
    assert live(world) == []
    assert world.clock.now() - began <= SOON
    told = Kind.CANCELLED if state is S.CONFIRMED else Kind.GIVEN_BACK
    assert (await world.kinds(booking.user))[-1] is told


@pytest.mark.parametrize("state", ENDS)
async def test_no_call_is_made_that_is_not_needed(world: World, state: S) -> None:
    booking = await at_rest(world, state)
    before = len(world.site.calls)
    await world.release(booking.id, booking.user)
    made = [line.call for line in world.site.calls[before:]]
    assert made == ([] if state is S.REQUESTED else ["cancel"])


@pytest.mark.parametrize("seconds", [1, 3, 5])
async def test_while_a_call_is_out_its_answer_is_waited_for(
    slow_world: World, seconds: int
) -> None:
    """A reservation's answer brings the only keys to the slot."""
    world = slow_world
    booking = await world.requested()
    line = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(seconds)
    assert (await world.booking(booking.id)).pending is not None
    (after,) = await world.side_by_side(world.release(booking.id, booking.user))
    await line
    assert (after.state, live(world)) == (S.RELEASED, [])
    assert world.clock.now() <= booking.requested_at + timedelta(seconds=seconds) + SOON
    assert len(world.site.asked("reserve")) == len(world.site.asked("cancel")) == 1


async def test_waits_for_the_budget_come_on_top(slow_world: World) -> None:
    world = slow_world
    booking = (await world.side_by_side(world.preconfirmed()))[0]
    for _ in range(2):
        await world.limiter.ask(Budget.BOOKING)
    (after,) = await world.side_by_side(world.release(booking.id, booking.user))
    assert after.state is S.RELEASED
    *_, record = await world.call_records(after)
    assert record.waited > PATIENCE.total_seconds()
    assert record.answered_at - record.sent_at <= SOON


async def test_who_confirmed_and_gives_back_at_the_same_time_has_nothing(
    slow_world: World,
) -> None:
    """The look that is out finds it confirmed; it was given back a moment before."""
    world = slow_world
    wish = await world.booker()
    (booking,) = await world.side_by_side(world.preconfirmed(wish))
    world.open_mail(booking)
    look = asyncio.create_task(world.follow_up.opened(booking.id, booking.user))
    await world.clock.advance(1)
    (after,) = await world.side_by_side(world.release(booking.id, booking.user))
    await look
    assert (after.state, live(world)) == (S.CANCELLED, [])
    assert Kind.CONFIRMED not in await world.kinds(booking.user)
    assert (await world.subscription(wish)).active


# Whose it is


async def test_nobody_gives_back_what_is_not_theirs(world: World) -> None:
    booking, stranger = await world.preconfirmed(), await world.citizen()
    with pytest.raises(NotFound):
        await world.release(booking.id, stranger.id)
    assert await world.booking(booking.id) == booking


async def test_nobody_gives_back_nothing(world: World) -> None:
    citizen = await world.citizen()
    with pytest.raises(NotFound):
        await world.release(an_id(), citizen.id)


async def test_what_has_ended_cannot_be_given_back(world: World) -> None:
    booking = await world.preconfirmed()
    await world.release(booking.id, booking.user)
    with pytest.raises(IllegalTransition, match="released"):
        await world.release(booking.id, booking.user)


# The city refuses, or is away


async def test_an_appointment_that_the_city_keeps_is_still_theirs(
    world: World,
) -> None:
    wish = await world.booker()
    booking = await world.confirmed(wish)
    world.site.fail("cancel", CANNOT_CANCEL)
    after = await world.release(booking.id, booking.user)
    assert (after.state, after.release) == (S.CONFIRMED, False)
    assert after.due_at == booking.slot.start
    assert (await world.kinds(booking.user))[-1] is Kind.NOT_CANCELLED
    assert (await world.subscription(wish)).state is SubscriptionState.FULFILLED
    assert len(live(world)) == 1


async def test_who_confirmed_meanwhile_and_cannot_give_it_back_has_it(
    slow_world: World,
) -> None:
    """A wait that went on for somebody with an appointment would be in vain."""
    world = slow_world
    wish = await world.booker()
    (booking,) = await world.side_by_side(world.preconfirmed(wish))
    world.open_mail(booking)
    world.site.fail("cancel", CANNOT_CANCEL)
    look = asyncio.create_task(world.follow_up.opened(booking.id, booking.user))
    await world.clock.advance(1)
    (after,) = await world.side_by_side(world.release(booking.id, booking.user))
    await look
    assert (after.state, after.release) == (S.CONFIRMED, False)
    assert (await world.subscription(wish)).state is SubscriptionState.FULFILLED
    assert (await world.kinds(booking.user))[-1] is Kind.NOT_CANCELLED


@pytest.mark.parametrize("state", [S.RESERVED, S.DETAILED])
async def test_a_reservation_that_the_city_keeps_lapses(world: World, state: S) -> None:
    booking = await at_rest(world, state)
    world.site.fail("cancel", CANNOT_CANCEL)
    after = await world.release(booking.id, booking.user)
    assert after.state is S.EXPIRED
    await world.clock.advance(HOUR.total_seconds())
    await world.site.catalogue()  # the city's clock moves on with any call
    assert live(world) == []


@pytest.mark.parametrize("error", [SiteUnreachable(), SiteSilent()])
async def test_while_the_city_is_away_it_is_tried_on(
    world: World, error: SiteError
) -> None:
    booking = await world.preconfirmed()
    world.site.fail("cancel", error, times=None)
    world.site.fail("appointment", error, times=None)
    began = world.clock.now()
    pending = await world.release(booking.id, booking.user)
    assert (pending.state, pending.release) == (S.PRECONFIRMED, True)
    assert world.clock.now() - began <= PATIENCE + MINUTE
    world.site.heal()
    after = await world.carry_on(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, GIVEN_BACK)
    assert live(world) == []


async def test_without_the_limiter_it_is_noted_and_done_later(world: World) -> None:
    booking = await world.preconfirmed()
    world.limiter.unreachable = True
    noted = await world.release(booking.id, booking.user)
    assert (noted.state, noted.release) == (S.PRECONFIRMED, True)
    world.limiter.unreachable = False
    assert (await world.carry_on(booking.id, MINUTE)).state is S.RELEASED


async def test_without_the_database_nothing_is_done(world: World) -> None:
    booking = await world.preconfirmed()
    world.store.unavailable = True
    with pytest.raises(StorageUnavailable):
        await world.release(booking.id, booking.user)
    world.store.unavailable = False
    assert await world.booking(booking.id) == booking


# What the city refuses to go on with is given back by MTA itself


async def refused(world: World, *minutes: int) -> None:
    """Let a slot be found whose booking the city refuses to go on with."""
    world.site.fail("update", Refused("tooManyAppointmentsWithSameMail"))
    world.site.release(*(a_slot(1, minute) for minute in minutes))
    await world.side_by_side(world.look())
    await world.side_by_side(world.work_off())


async def test_what_is_refused_is_given_back_at_once(slow_world: World) -> None:
    world = slow_world
    wish = await world.booker()
    await refused(world, 0)
    (booking,) = await world.bookings(wish)
    assert booking.state is S.RELEASED
    _, update, cancel = await world.call_records(booking)
    assert cancel.sent_at - update.answered_at - timedelta(seconds=cancel.waited) <= (
        SOON
    )
    assert live(world) == []


async def test_who_was_refused_twice_is_told_and_no_longer_booked(
    world: World,
) -> None:
    wish = await world.booker()
    for minutes in (0, 30, 60):
        await refused(world, minutes)
    assert [b.state for b in await world.bookings(wish)] == [S.RELEASED] * 2
    assert (await world.kinds(wish.user))[-1] is Kind.FOUND


@pytest.mark.parametrize("how", ["resume", "change"])
async def test_who_says_that_it_is_right_now_is_booked_again(
    world: World, how: str
) -> None:
    wish = await world.booker()
    for minutes in (0, 30):
        await refused(world, minutes)
    world.site.heal()
    await world.clock.advance(1)
    if how == "resume":
        await world.manage.resume(wish.id, wish.user)
    else:
        right = Changes(answers={"custom": "12/345"})
        await world.manage(wish.id, wish.user, world.site.city, right)
    world.site.release(a_slot(1, 60))
    await world.look()
    await world.work_off()
    assert [b.state for b in await world.bookings(wish)][2:] == [S.PRECONFIRMED]


async def test_what_the_city_cannot_be_asked_now_is_given_back_later(
    world: World,
) -> None:
    """The citizen is answered at once; MTA goes on trying."""
    booking = await world.preconfirmed()
    world.site.fail("cancel", SiteUnreachable("down"))
    began = world.clock.now()
    after = await world.release(booking.id, booking.user)
    assert (after.state, after.release) == (S.PRECONFIRMED, True)
    assert world.clock.now() - began < SECOND
    assert (await world.carry_on(booking.id)).state is S.RELEASED
