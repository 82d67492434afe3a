"""An opening is told in waves: longest waiting first, for as long as it is seen."""

from __future__ import annotations

from collections.abc import Sequence

from mta_core.domain.availability import Slot
from mta_core.domain.catalogue import Asked
from mta_core.domain.notifications import DeliveryState, Kind, Notification
from mta_core.domain.subscriptions import Hours, Mode, Subscription, Wishes
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_slot
from mta_core.use_cases.allot import WAVE
from tests.unit.use_cases.world import MINUTE, World

STEP = 6.0


async def queue_of(world: World, count: int, **changes: object) -> list[Subscription]:
    """Let citizens wait, the first of them the longest."""
    return [
        await world.wish(waits=(count - n) * MINUTE, **changes) for n in range(count)
    ]


async def told(world: World, wishes: Sequence[Subscription]) -> list[int]:
    """Number those who have been told."""
    return [n for n, wish in enumerate(wishes) if await world.owed(wish.user)]


async def see(world: World, *slots: Slot) -> None:
    world.site.release(*slots)
    await world.clock.advance(STEP)
    await world.look()


async def news(world: World, wish: Subscription) -> Notification:
    (note,) = await world.owed(wish.user)
    return note


async def test_the_longest_waiting_are_told_first_and_the_others_in_turn(
    world: World,
) -> None:
    wishes = await queue_of(world, 2 * WAVE + 5)
    for so_many in (WAVE, 2 * WAVE, 2 * WAVE + 5, 2 * WAVE + 5):
        await see(world, a_slot(1))
        assert await told(world, wishes) == list(range(so_many))


async def test_a_wave_is_twenty() -> None:
    assert WAVE == 20  # design 4


async def test_nobody_is_told_twice_of_it(world: World) -> None:
    wishes = await queue_of(world, WAVE + 1)
    for _ in range(4):
        await see(world, a_slot(1))
    assert {len(await world.owed(wish.user)) for wish in wishes} == {1}


async def test_once_it_is_gone_nobody_else_is_told(world: World) -> None:
    wishes = await queue_of(world, WAVE + 5)
    await see(world, a_slot(1))
    world.site.take(a_slot(1))
    for _ in range(3):
        await see(world)
    assert await told(world, wishes) == list(range(WAVE))


async def test_what_was_not_sent_when_it_went_is_never_sent(world: World) -> None:
    wishes = await queue_of(world, 3)
    await see(world, a_slot(1))
    first, *late = [await news(world, wish) for wish in wishes]
    await world.deliver(first.id)
    world.site.take(a_slot(1))
    for _ in range(2):
        await see(world)
    await world.work_off()
    assert (await news(world, wishes[0])).state is DeliveryState.DELIVERED
    for wish in wishes[1:]:
        assert (await news(world, wish)).state is DeliveryState.SUPERSEDED
    assert [each.notification.id for each in world.notifier.delivered] == [first.id]
    assert len(late) == 2


async def test_it_comes_back_for_the_longest_waiting_first(world: World) -> None:
    """A new opening is a new chance: the waves begin anew."""
    wishes = await queue_of(world, WAVE + 5)
    await see(world, a_slot(1))
    world.site.take(a_slot(1))
    for _ in range(2):
        await see(world)
    await see(world, a_slot(1))
    assert len(await world.owed(wishes[0].user)) == 2
    assert await told(world, wishes) == list(range(WAVE))


async def test_every_slot_has_a_wave_of_its_own(world: World) -> None:
    at_pasing = Wishes(offices=frozenset({PASING}))
    elsewhere = Wishes(offices=frozenset({ORLEANSPLATZ}))
    here = await queue_of(world, WAVE + 3, wishes=at_pasing)
    there = await queue_of(world, WAVE + 3, wishes=elsewhere)
    await see(world, a_slot(1), a_slot(1, office=ORLEANSPLATZ))
    assert len(await told(world, here)) == WAVE
    assert len(await told(world, there)) == WAVE


async def test_one_message_tells_of_all_slots_whose_wave_has_room(
    world: World,
) -> None:
    """A second slot appears: who knows of the first hears of it too, and the next."""
    wishes = await queue_of(world, WAVE + 1)
    await see(world, a_slot(1))
    await see(world, a_slot(1, 30))
    slots = [[n.slots for n in await world.owed(wish.user)] for wish in wishes]
    assert slots[0] == slots[WAVE - 1] == [(a_slot(1),), (a_slot(1, 30),)]
    assert slots[WAVE] == [(a_slot(1),)]
    await see(world, a_slot(1), a_slot(1, 30))
    last = await world.owed(wishes[WAVE].user)
    assert [note.slots for note in last] == [(a_slot(1),), (a_slot(1, 30),)]


async def test_who_cannot_book_has_a_place_in_the_wave(world: World) -> None:
    """Their office asks for what they have not given: they are told like all."""
    await world.serve(PASING, custom=Asked(activated=True, required=True))
    bookers = await queue_of(world, WAVE, mode=Mode.BOOK)
    last = await world.wish(waits=0 * MINUTE)
    await see(world, a_slot(1))
    assert len(await told(world, bookers)) == WAVE
    assert not await world.owed(last.user)
    await see(world, a_slot(1))
    assert await world.kinds(last.user) == [Kind.FOUND]


async def test_a_full_wave_keeps_nobody_from_booking(world: World) -> None:
    """Who waits longer only wants to be told; the slot is booked all the same."""
    tellers = await queue_of(world, WAVE + 2)
    booker = await world.booker(waits=0 * MINUTE)
    await see(world, a_slot(1), a_slot(1, 30))
    assert await told(world, tellers) == list(range(WAVE))
    assert [b.slot for b in await world.bookings(booker)] == [a_slot(1)]


async def test_once_all_is_booked_and_told_the_others_wait(world: World) -> None:
    booker = await world.booker(waits=60 * MINUTE)
    tellers = await queue_of(world, WAVE + 1)
    late = await world.booker(waits=0 * MINUTE, mail_hours=Hours.parse("1-2"))
    await see(world, a_slot(1), a_slot(1, 30))
    assert len(await world.bookings(booker)) == 1
    assert await told(world, tellers) == list(range(WAVE))
    assert not await world.owed(late.user)


# How many others know


async def test_a_notice_says_how_many_others_know(world: World) -> None:
    wishes = await queue_of(world, 3)
    await see(world, a_slot(1))
    for wish in wishes:
        assert (await news(world, wish)).facts["others"] == "2"


async def test_who_is_told_alone_is_told_of_nobody(world: World) -> None:
    (wish,) = await queue_of(world, 1)
    await see(world, a_slot(1))
    assert "others" not in (await news(world, wish)).facts


async def test_earlier_waves_are_counted(world: World) -> None:
    wishes = await queue_of(world, WAVE + 2)
    await see(world, a_slot(1))
    await see(world, a_slot(1))
    first, last = await news(world, wishes[0]), await news(world, wishes[-1])
    assert first.facts["others"] == str(WAVE - 1)  # as it was when it was written
    assert last.facts["others"] == str(WAVE + 1)


async def test_whoever_knows_of_any_of_the_slots_counts_once(world: World) -> None:
    at_pasing = await world.wish(wishes=Wishes(offices=frozenset({PASING})))
    anywhere = [await world.wish() for _ in range(2)]
    await see(world, a_slot(1), a_slot(1, office=ORLEANSPLATZ))
    assert (await news(world, at_pasing)).facts["others"] == "2"
    assert {(await news(world, w)).facts["others"] for w in anywhere} == {"2"}


async def test_who_has_it_booked_is_one_of_the_others(world: World) -> None:
    booked = await world.booker()
    wish = await world.wish()
    await see(world, a_slot(1))
    (booking,) = await world.bookings(booked)
    await world.book(booking.id)
    await see(world, a_slot(1))  # there is room for another one
    assert (await news(world, wish)).facts["others"] == "1"
