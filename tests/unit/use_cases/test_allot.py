"""Who is told of an opening, and who books it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.bookings import BookingState
from mta_core.domain.catalogue import Asked
from mta_core.domain.errors import Refused, SlotGone
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    a_contact,
    a_service_set,
    a_slot,
)
from mta_core.testing.clock import NOON
from tests.unit.use_cases.world import HOUR, MINUTE, World

S = BookingState
LATE = Hours.parse("20-22")


async def see(world: World, *slots: Slot) -> None:
    world.site.release(*slots)
    await world.look()


async def slots_of(world: World, *wishes: Any) -> list[list[Slot]]:
    """Read which slots are booked for each wish."""
    return [[b.slot for b in await world.bookings(wish)] for wish in wishes]


# One slot each, longest waiting first


async def test_who_waits_longest_gets_the_slot(world: World) -> None:
    short = await world.booker(waits=HOUR)
    long = await world.booker(waits=3 * HOUR)
    middle = await world.booker(waits=2 * HOUR)
    await see(world, a_slot(1))
    assert await slots_of(world, long, middle, short) == [[a_slot(1)], [], []]


async def test_k_slots_go_to_the_k_who_wait_longest(world: World) -> None:
    wishes = [await world.booker(waits=n * HOUR) for n in (5, 4, 3, 2, 1)]
    slots = [a_slot(1, minutes) for minutes in (0, 15, 30)]
    await see(world, *slots)
    assert await slots_of(world, *wishes) == [[slot] for slot in slots] + [[], []]


async def test_who_gets_no_slot_to_book_is_told_of_what_is_left(world: World) -> None:
    await world.booker(waits=2 * HOUR)
    second = await world.booker(waits=HOUR, mail_hours=Hours.parse("1-2"))
    await see(world, a_slot(1), a_slot(1, 30))
    (note,) = await world.owed(second.user)
    assert (note.kind, note.slots) == (Kind.FOUND, (a_slot(1, 30),))


async def test_what_is_being_booked_is_told_to_nobody_else(world: World) -> None:
    """It would be gone by the click."""
    told = await world.wish(waits=9 * HOUR)
    booked = await world.booker()
    await see(world, a_slot(1))
    assert await world.kinds(told.user) == []
    (booking,) = await world.bookings(booked)
    await world.book(booking.id)
    await see(world, a_slot(1))  # there is room for another one
    assert await world.kinds(told.user) == [Kind.FOUND]


async def test_who_has_fewer_choices_is_not_sent_away_for_who_has_more(
    world: World,
) -> None:
    """The one who waits longest takes the earliest; the other takes what is left."""
    picky = await world.booker(
        waits=HOUR, wishes=Wishes(offices=frozenset({ORLEANSPLATZ}))
    )
    easy = await world.booker(waits=2 * HOUR)
    there = a_slot(1, 30, office=ORLEANSPLATZ)
    await see(world, a_slot(1), there)
    assert await slots_of(world, easy, picky) == [[a_slot(1)], [there]]


async def test_who_only_wants_to_be_told_takes_nothing_away(world: World) -> None:
    told = await world.wish(waits=9 * HOUR)
    booked = await world.booker()
    await see(world, a_slot(1))
    assert await slots_of(world, told, booked) == [[], [a_slot(1)]]


async def test_an_alternative_is_never_the_slot_of_somebody_else(
    world: World,
) -> None:
    """MTA must not race against itself: each try costs one of five calls a minute."""
    first = await world.booker(waits=2 * HOUR)
    second = await world.booker(waits=HOUR)
    await see(world, a_slot(1), a_slot(1, 15), a_slot(1, 30))
    (one,), (two,) = [await world.bookings(wish) for wish in (first, second)]
    assert two.slot not in one.alternatives
    assert one.slot not in two.alternatives


async def test_a_slot_that_is_being_booked_is_not_given_to_somebody_else(
    world: World,
) -> None:
    """The city shows it as free until the reservation has reached it."""
    first = await world.booker(waits=2 * HOUR)
    await see(world, a_slot(1))
    second = await world.booker(waits=HOUR)
    await world.look()
    assert await slots_of(world, first, second) == [[a_slot(1)], []]


# Who cannot book now is told


async def test_outside_their_mail_hours_a_citizen_is_told(world: World) -> None:
    wish = await world.booker(mail_hours=LATE)
    await see(world, a_slot(1))
    assert await slots_of(world, wish) == [[]]
    assert await world.kinds(wish.user) == [Kind.FOUND]


async def test_within_their_mail_hours_what_is_still_free_is_booked(
    world: World,
) -> None:
    wish = await world.booker(mail_hours=LATE)
    await see(world, a_slot(1))
    await world.clock.advance(8 * 3600)  # 20:00 in Munich
    await world.look()
    assert await slots_of(world, wish) == [[a_slot(1)]]
    assert await world.kinds(wish.user) == [Kind.FOUND, Kind.BOOKING]


async def test_a_booking_that_waits_for_the_city_keeps_to_the_mail_hours(
    world: World,
) -> None:
    """A mail sent at night is not opened: the slot would be blocked for nobody."""
    wish = await world.booker(mail_hours=Hours.parse("7-13"))
    await see(world, a_slot(1))
    (booking,) = await world.bookings(wish)
    await world.clock.advance(3 * 3600)  # the workers were down until 15:00
    await world.carry_on(booking.id, MINUTE)
    assert not world.site.asked("reserve")


async def test_a_booking_that_waited_too_long_is_not_too_soon_to_get_there(
    world: World,
) -> None:
    """The notice holds for the moment of reserving, not only for that of seeing."""
    soon = a_slot(0, 6 * 60)  # today at 15:00; it is noon
    wish = await world.booker(wishes=Wishes(notice=2 * HOUR))
    await see(world, soon)
    (booking,) = await world.bookings(wish)
    await world.clock.advance(2 * 3600)  # the workers were down until 14:00
    await world.carry_on(booking.id, MINUTE)
    assert not world.site.asked("reserve")


async def test_who_stopped_waiting_is_not_booked_any_more(world: World) -> None:
    wish = await world.booker()
    await see(world, a_slot(1))
    (booking,) = await world.bookings(wish)
    async with world.store.begin() as tx:
        await tx.subscriptions.save(wish.cancel())
        await tx.commit()
    await world.work_off()
    assert not world.site.calls[1:]  # but the look that found the slot
    after = await world.booking(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, "the subscription is cancelled")


@pytest.mark.parametrize("contact", [None, a_contact(telephone="")])
async def test_without_what_an_office_demands_a_citizen_is_told(
    world: World, contact: Any
) -> None:
    await world.serve(PASING, telephone=Asked(activated=True, required=True))
    wish = await world.wish(await world.citizen(contact=contact), mode=Mode.BOOK)
    await see(world, a_slot(1))
    assert await slots_of(world, wish) == [[]]
    assert await world.kinds(wish.user) == [Kind.FOUND]


async def test_an_office_that_demands_less_is_booked_instead(world: World) -> None:
    await world.serve(PASING, custom=Asked(activated=True, required=True))
    wish = await world.booker()
    there = a_slot(1, 30, office=ORLEANSPLATZ)
    await see(world, a_slot(1), there)
    (booking,) = await world.bookings(wish)
    assert (booking.slot, booking.alternatives) == (there, ())


async def test_answers_count_as_given(world: World) -> None:
    await world.serve(PASING, custom=Asked(activated=True, required=True))
    wish = await world.booker(answers={"custom": "12/345"})
    await see(world, a_slot(1))
    assert await slots_of(world, wish) == [[a_slot(1)]]


# A booking under way


@pytest.mark.parametrize("state", [S.REQUESTED, S.PRECONFIRMED, S.CONFIRMED])
async def test_who_has_a_live_booking_is_left_alone(world: World, state: S) -> None:
    wish = await world.booker()
    await world.requested(wish, slot=a_slot(3), state=state)
    await see(world, a_slot(1))
    assert len(await world.bookings(wish)) == 1
    assert not await world.owed(wish.user)


async def test_a_live_booking_for_one_service_holds_up_a_set_with_it(
    world: World,
) -> None:
    user = await world.citizen()
    await world.requested(await world.booker_of(user), slot=a_slot(3))
    both = a_service_set(RESIDENCE, PASSPORT)
    wish = await world.booker_of(user, services=both)
    world.site.release(a_slot(1, services=both))
    for _ in range(2):
        await world.look()
    assert not await world.bookings(wish)


async def test_another_service_may_be_booked_beside_it(world: World) -> None:
    user = await world.citizen()
    await world.requested(await world.booker_of(user), slot=a_slot(3))
    passport = a_service_set(PASSPORT)
    wish = await world.booker_of(user, services=passport)
    world.site.release(a_slot(1, services=passport))
    for _ in range(2):
        await world.look()
    assert len(await world.bookings(wish)) == 1


async def test_after_a_lost_race_the_next_slot_is_tried(world: World) -> None:
    wish = await world.booker()
    await see(world, a_slot(1))
    world.site.take(a_slot(1))
    await world.work_off()
    await see(world, a_slot(1, 30))
    assert await slots_of(world, wish) == [[a_slot(1), a_slot(1, 30)]]


# Never the same slot twice


async def test_a_slot_that_was_tried_is_not_tried_again(world: World) -> None:
    """The city's calendar may show it for a while after it is gone."""
    wish = await world.booker()
    await see(world, a_slot(1))
    world.site.fail("reserve", Refused("invalidTimestamp"))
    await world.work_off()
    await world.look()
    await world.work_off()
    assert await slots_of(world, wish) == [[a_slot(1)]]
    assert len(world.site.asked("reserve")) == 1


async def test_an_alternative_that_was_tried_is_not_tried_again(
    world: World,
) -> None:
    await world.booker()
    await see(world, a_slot(1), a_slot(1, 30), a_slot(1, 60))
    world.site.fail("reserve", SlotGone("appointmentNotAvailable"), times=None)
    for _ in range(4):
        await world.work_off()
        await world.look()
    tried = [line.about for line in world.site.asked("reserve")]
    assert len(tried) == len(set(tried)) == 3


async def test_a_slot_that_comes_back_as_a_new_opening_may_be_tried_again(
    world: World,
) -> None:
    """It was really gone, and is really free again: the best news of the day."""
    wish = await world.booker()
    await see(world, a_slot(1))
    world.site.take(a_slot(1))
    await world.work_off()
    for _ in range(2):
        await world.clock.advance(6)
        await world.look()
    await world.clock.advance(6)
    await see(world, a_slot(1))
    assert await slots_of(world, wish) == [[a_slot(1), a_slot(1)]]


# A citizen who does not answer


async def test_who_lets_the_mail_expire_is_not_booked_again_at_once(
    world: World,
) -> None:
    """Else one citizen who does not look blocks slot after slot, half an hour each."""
    wish = await world.booker()
    world.site.release(*(a_slot(1, minutes) for minutes in range(0, 300, 15)))
    until = NOON + 5 * HOUR
    while world.clock.now() < until:
        await world.look()
        await world.work_off()
        await world.clock.advance(30)
        await world.relay()
    expired = [b for b in await world.bookings(wish) if b.state is S.EXPIRED]
    assert 1 <= len(expired) <= 2


async def test_no_slot_is_nobody(world: World) -> None:
    wish = await world.booker(waits=timedelta(days=1))
    await world.look()
    assert not await world.bookings(wish)
    assert not await world.owed(wish.user)
