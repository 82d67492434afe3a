"""Booking calls in line for the budget: deadlines first, reservations last."""

from __future__ import annotations

import asyncio

import pytest

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call
from mta_core.domain.errors import Answer, NotFound, StorageUnavailable
from mta_core.polling.budgets import SEND_WITHIN
from mta_core.polling.counter import KEPT_FOR_BOOKINGS, PAUSE, SPENT
from mta_core.ports.limiter import Budget, Wait
from mta_core.testing.builders import PASING, a_slot
from mta_core.testing.clock import FakeClock
from mta_core.testing.limiter import FakeLimiter
from mta_core.use_cases.line import ASK_AGAIN
from tests.unit.use_cases.world import HOUR, World

S = BookingState
BOOKING = Budget.BOOKING
QUIET = PAUSE.total_seconds()


@pytest.fixture
async def world() -> World:
    """A city that answers at once, in time that a test must advance."""
    world = World(clock=FakeClock())
    await world.know_the_city()
    return world


def calls_of(world: World) -> list[str]:
    return [line.call for line in world.site.calls]


async def places_left(world: World, count: int) -> None:
    """Use up the budget for bookings but for so many places, and settle them now."""
    for _ in range(BOOKING.limit - count):
        grant = await world.limiter.ask(BOOKING)
        assert not isinstance(grant, Wait)
        await world.limiter.settle(grant)


async def a_held(world: World, minutes: int, number: int) -> Booking:
    """Reserve a slot at an office that holds it so long; details come later."""
    await world.serve(PASING, reservation_minutes=minutes)
    booking = await world.requested(slot=a_slot(5, 30 * number))
    assert await world.calls.advance(booking.id)
    return await world.booking(booking.id)


def at_work(world: World, *bookings: Booking) -> list[asyncio.Task[bool]]:
    """Let a worker take the next step of each, one after the other in this order."""
    return [asyncio.create_task(world.calls.advance(one.id)) for one in bookings]


async def end(*tasks: asyncio.Task[bool]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_earliest_deadline_goes_first_and_reservations_come_last(
    world: World,
) -> None:
    later = await a_held(world, 30, 1)
    sooner = await a_held(world, 20, 2)
    wish = await world.requested(slot=a_slot(6))
    await world.clock.advance(61)
    await places_left(world, 0)
    tasks = at_work(world, wish, later, sooner)
    await world.clock.advance(59)
    assert calls_of(world) == ["reserve", "reserve"]
    before = len(world.site.calls)
    await world.clock.advance(62)
    assert all(task.done() for task in tasks)
    told = [line.about for line in world.site.calls[before:]]
    assert told == [sooner.held, later.held, wish.slot]


async def test_who_comes_later_with_an_earlier_deadline_overtakes(world: World) -> None:
    later = await a_held(world, 30, 1)
    sooner = await a_held(world, 20, 2)
    await world.clock.advance(61)
    await places_left(world, 0)
    tasks = at_work(world, later)
    await world.clock.advance(10)
    tasks += at_work(world, sooner)
    before = len(world.site.calls)
    await world.clock.advance(51)
    assert all(task.done() for task in tasks)
    assert [line.about for line in world.site.calls[before:]] == [
        sooner.held,
        later.held,
    ]


async def test_of_reservations_the_longest_waiting_citizen_goes_first(
    world: World,
) -> None:
    waits = [HOUR, 3 * HOUR, 2 * HOUR]
    wishes = [await world.booker(waits=wait) for wait in waits]
    bookings = [
        await world.requested(wish, slot=a_slot(6, 30 * number))
        for number, wish in enumerate(wishes)
    ]
    await places_left(world, 0)
    tasks = at_work(world, *bookings)
    await world.clock.advance(61)
    assert all(task.done() for task in tasks)
    reserved = [line.about for line in world.site.asked("reserve")]
    assert reserved == [bookings[n].slot for n in (1, 2, 0)]


async def test_a_call_waits_for_its_place_once_however_many_want_to_make_it(
    world: World,
) -> None:
    """The relay finds what is overdue again and again."""
    booking = await world.requested()
    await places_left(world, 0)
    first, second = at_work(world, booking, booking)
    await world.clock.advance(1)
    assert second.done()
    assert not second.result()
    await world.clock.advance(60)
    assert first.result()
    assert len(world.limiter.granted) == BOOKING.limit + 1


async def test_who_gives_up_waiting_holds_nobody_up(world: World) -> None:
    held = await a_held(world, 20, 1)
    wish = await world.requested(slot=a_slot(6))
    await world.clock.advance(61)
    await places_left(world, 0)
    gone, waiting = at_work(world, held, wish)
    await world.clock.advance(30)
    await end(gone)
    await world.clock.advance(31)
    assert waiting.result()
    assert calls_of(world) == ["reserve", "reserve"]


async def test_a_booking_of_which_nothing_is_known_waits_in_no_line(
    world: World,
) -> None:
    booking = await world.requested()
    await world.calls.give_up(booking.id, booking.user, "no")
    async with world.store.begin() as tx:
        await tx.users.erase(booking.user)
        await tx.commit()
    with pytest.raises(NotFound):
        await world.calls.advance(booking.id)


# Admission


async def test_a_reservation_waits_while_what_is_held_needs_the_places(
    world: World,
) -> None:
    """Two places are left for the next minute, and it takes two to finish the other."""
    held = await a_held(world, 1, 1)
    wish = await world.requested(slot=a_slot(6))
    await places_left(world, 3)
    [task] = at_work(world, wish)
    await world.clock.advance(10)
    assert not task.done()
    assert len(world.site.asked("reserve")) == 1
    await world.book(held.id)
    await world.clock.advance(50 + ASK_AGAIN)
    assert task.result()
    assert calls_of(world) == ["reserve", "update", "preconfirm", "reserve"]


async def test_a_reservation_leaves_at_once_where_all_can_be_finished(
    world: World,
) -> None:
    await a_held(world, 15, 1)
    wish = await world.requested(slot=a_slot(6))
    [task] = at_work(world, wish)
    await world.clock.advance(0)
    assert task.result()


# The city's counter


async def test_a_low_counter_begins_a_pause_for_all_that_can_wait(
    world: World,
) -> None:
    booking = await world.requested()
    world.site.left = KEPT_FOR_BOOKINGS
    assert await world.calls.advance(booking.id)
    assert await world.limiter.ask(Budget.OTHER) == Wait(QUIET)
    assert await world.limiter.ask(Budget.CALENDAR) == Wait(QUIET)


@pytest.mark.parametrize("left", [None, KEPT_FOR_BOOKINGS + 1])
async def test_a_high_counter_begins_none(world: World, left: int | None) -> None:
    booking = await world.requested()
    world.site.left = left
    assert await world.calls.advance(booking.id)
    assert not isinstance(await world.limiter.ask(Budget.OTHER), Wait)


class Pauseless(FakeLimiter):
    """Cannot write a pause down."""

    async def pause(self) -> None:
        raise StorageUnavailable


async def test_a_pause_that_cannot_be_written_down_is_no_trouble(world: World) -> None:
    booking = await world.requested()
    world.site.left = 0
    world.limiter = Pauseless(world.clock)
    world.wire()
    assert await world.calls.advance(booking.id)
    assert not isinstance(await world.limiter.ask(Budget.OTHER), Wait)


async def test_in_a_pause_a_reservation_leaves_since_the_slot_would_be_gone(
    world: World,
) -> None:
    await world.limiter.pause()
    booking = await world.requested()
    [task] = at_work(world, booking)
    await world.clock.advance(5)
    assert task.result()
    assert await world.limiter.ask(Budget.OTHER) == Wait(QUIET - 5)


async def test_in_a_pause_the_details_wait_as_there_is_time(world: World) -> None:
    held = await a_held(world, 15, 1)
    await world.limiter.pause()
    [task] = at_work(world, held)
    await world.clock.advance(QUIET - 1)
    assert calls_of(world) == ["reserve"]
    await world.clock.advance(1)
    assert task.result()
    assert calls_of(world) == ["reserve", "update"]


async def test_in_a_pause_what_would_lapse_leaves(world: World) -> None:
    held = await a_held(world, 1, 1)
    await world.limiter.pause()
    [task] = at_work(world, held)
    await world.clock.advance(0)
    assert task.result()


async def test_in_a_pause_those_who_wait_for_its_end_hold_up_no_reservation(
    world: World,
) -> None:
    held = await a_held(world, 15, 1)
    wish = await world.requested(slot=a_slot(6))
    await world.limiter.pause()
    waiting, leaving = at_work(world, held, wish)
    await world.clock.advance(1)
    assert leaving.result()
    assert not waiting.done()
    await world.clock.advance(QUIET)
    assert waiting.result()


async def test_in_a_pause_a_look_waits(world: World) -> None:
    booking = await world.preconfirmed()
    await world.limiter.pause()
    looking = asyncio.create_task(world.follow_up.opened(booking.id, booking.user))
    await world.clock.advance(QUIET - 1)
    assert "appointment" not in calls_of(world)
    await world.clock.advance(1)
    assert looking.done()
    assert calls_of(world)[-1] == "appointment"


async def test_when_the_counter_is_spent_even_a_reservation_waits(
    world: World,
) -> None:
    first, second = [await world.requested(slot=a_slot(6, 30 * n)) for n in range(2)]
    world.site.left = SPENT
    assert await world.calls.advance(first.id)
    [task] = at_work(world, second)
    await world.clock.advance(QUIET - 1)
    assert len(world.site.asked("reserve")) == 1
    await world.clock.advance(1 + ASK_AGAIN)
    assert task.result()


# Too late


async def test_a_call_that_was_recorded_too_slowly_is_not_sent(world: World) -> None:
    booking = await world.requested()

    def slowly(_tables: object) -> None:
        world.store.witness = None
        world.clock.jump(SEND_WITHIN + 0.1)

    world.store.witness = slowly
    assert await world.calls.advance(booking.id)
    assert world.site.calls == []
    after = await world.booking(booking.id)
    assert (after.state, after.pending) == (S.REQUESTED, None)
    [record] = await world.call_records(booking)
    assert (record.call, record.answer) == (Call.RESERVE, Answer.NOT_EXECUTED)
