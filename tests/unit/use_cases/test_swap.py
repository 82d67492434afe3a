"""An earlier appointment: won, confirmed, and only then is the later one given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.bookings import REPLACED, BookingState, Lane
from mta_core.domain.calls import CityStatus
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import SubscriptionState
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_slot
from tests.unit.use_cases.swapping import A_DAY, EARLY, LATE, Swap
from tests.unit.use_cases.world import HOUR, World

S = BookingState
CONFIRMED = CityStatus.CONFIRMED


async def test_who_has_an_appointment_waits_for_an_earlier_one(world: World) -> None:
    swap = await Swap.beginning(world)
    await swap.read()
    assert (swap.wish.state, swap.wish.standing) == (
        SubscriptionState.ACTIVE,
        LATE.start,
    )


async def test_who_did_not_ask_for_that_is_done(world: World) -> None:
    wish = await world.booker()
    await world.confirmed(wish, slot=LATE)
    after = await world.subscription(wish)
    assert (after.state, after.standing) == (SubscriptionState.FULFILLED, None)


async def test_an_earlier_slot_is_booked_beside_the_appointment(world: World) -> None:
    swap = await (await Swap.beginning(world)).seen()
    assert (swap.swap.lane, swap.swap.replaces) == (Lane.SWAP, swap.main.id)
    assert (swap.main.lane, swap.main.state) == (Lane.MAIN, S.CONFIRMED)


async def test_until_the_earlier_one_is_confirmed_the_later_one_is_kept(
    world: World,
) -> None:
    swap = await (await Swap.beginning(world)).mailed()
    assert swap.at_the_city() == {LATE: CONFIRMED, EARLY: CityStatus.PRECONFIRMED}
    assert not world.site.asked("cancel")
    assert swap.wish.standing == LATE.start


async def test_once_it_is_confirmed_the_later_one_is_given_back(world: World) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    assert swap.main.release
    assert swap.wish.standing == EARLY.start
    await swap.rest()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
    assert (swap.main.state, swap.main.reason) == (S.CANCELLED, REPLACED)
    assert (swap.swap.lane, swap.swap.replaces) == (Lane.MAIN, None)
    assert swap.wish.active  # and it goes on


async def test_the_citizen_reads_each_step_once(world: World) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    await swap.rest()
    kinds = await world.notified(swap.wish.user)
    assert kinds == [
        *(Kind.CONFIRMED, Kind.BOOKING, Kind.OPEN_MAIL),
        *(Kind.CONFIRMED, Kind.REPLACED),
    ]
    owed = await world.owed(swap.wish.user)
    later, earlier = [note for note in owed if note.kind is Kind.CONFIRMED]
    assert "swaps" not in later.facts
    assert earlier.facts["swaps"] == "1"
    (replaced,) = [note for note in owed if note.kind is Kind.REPLACED]
    assert replaced.slots == (LATE,)


async def test_only_the_appointment_that_is_left_is_reminded_of(world: World) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    await swap.rest()
    for slot in (EARLY, LATE):
        await world.wait_until(slot.start - HOUR)
        for note in await world.owed(swap.wish.user):
            await world.deliver(note.id)
    shown = [each.notification for each in world.notifier.delivered]
    reminders = [note.slots for note in shown if note.kind is Kind.APPOINTMENT]
    assert reminders == [(EARLY,), (EARLY,)]


async def test_swap_after_swap_the_appointment_comes_nearer(world: World) -> None:
    swap = await (await Swap.beginning(world)).confirmed()
    await swap.rest()
    nearest = a_slot(5)
    await swap.see(nearest)
    third = (await world.bookings(swap.wish))[-1]
    assert (third.slot, third.lane, third.replaces) == (
        nearest,
        Lane.SWAP,
        swap.swap.id,
    )
    await world.book(third.id)
    world.open_mail(await world.booking(third.id))
    await world.follow_up.opened(third.id, swap.wish.user)
    await swap.rest()
    assert swap.at_the_city() == {nearest: CONFIRMED}
    assert swap.wish.standing == nearest.start


# Never a later one, never for less than was asked


@pytest.mark.parametrize(
    ("slot", "gain", "won"),
    [
        (a_slot(19), A_DAY, True),
        (a_slot(19, 15), A_DAY, False),
        (a_slot(20), A_DAY, False),
        (a_slot(20, 15), A_DAY, False),
        (a_slot(21), A_DAY, False),
        (a_slot(13), 7 * A_DAY, True),
        (a_slot(14), 7 * A_DAY, False),
    ],
)
async def test_a_swap_gains_what_was_asked(
    world: World, slot: Slot, gain: timedelta, won: bool
) -> None:
    swap = await Swap.beginning(world, gain)
    await everybody_sees(swap, slot)
    slots = {b.slot for b in await world.bookings(swap.wish) if b.lane is Lane.SWAP}
    assert slots == ({slot} if won else set())


async def everybody_sees(swap: Swap, *slots: Slot) -> None:
    """Let slots be seen, whether or not they are a gain for this citizen."""
    await swap.world.wish()
    await swap.see(*slots)
    assert {o.slot for o in await swap.world.open_slots()} >= set(slots)


async def test_what_is_no_gain_is_no_alternative(world: World) -> None:
    swap = await Swap.beginning(world)
    best, gain, none = a_slot(19, -15), a_slot(19), a_slot(19, 15)
    await swap.see(best, gain, none)
    (won,) = [b for b in await world.bookings(swap.wish) if b.lane is Lane.SWAP]
    assert (won.slot, won.alternatives) == (best, (gain,))


async def test_what_is_no_gain_is_not_told_either(world: World) -> None:
    swap = await Swap.beginning(world)
    before = await world.kinds(swap.wish.user)
    await everybody_sees(swap, a_slot(19, 15))
    assert await world.kinds(swap.wish.user) == before


async def test_one_swap_at_a_time(world: World) -> None:
    swap = await (await Swap.beginning(world)).seen()
    await swap.see(a_slot(10, 30))
    assert len(await world.bookings(swap.wish)) == 2


# Where the city would not have two


async def test_an_office_with_one_per_mail_ends_the_wait(world: World) -> None:
    """The city would refuse the second one, whatever its day."""
    await world.serve(PASING, per_mail=1)
    swap = await Swap.beginning(world)
    await swap.read()
    assert swap.wish.state is SubscriptionState.FULFILLED
    await everybody_sees(swap, EARLY)
    assert len(await world.bookings(swap.wish)) == 1


async def test_of_a_slot_at_an_office_with_one_per_mail_they_are_told(
    world: World,
) -> None:
    await world.serve(ORLEANSPLATZ, per_mail=1)
    swap = await Swap.beginning(world)
    await swap.see(a_slot(10, office=ORLEANSPLATZ))
    assert len(await world.bookings(swap.wish)) == 1
    assert (await world.kinds(swap.wish.user))[-1] is Kind.FOUND


async def test_three_per_mail_are_enough_for_a_swap(world: World) -> None:
    await world.serve(PASING, per_mail=3)
    swap = await (await Swap.beginning(world)).confirmed()
    await swap.rest()
    assert swap.at_the_city() == {EARLY: CONFIRMED}
