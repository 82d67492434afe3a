"""Subscribing to something earlier, and beside an appointment that stands already."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mta_core.domain.accounts import User
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import LEAST_GAIN, Mode, Wishes
from mta_core.testing.builders import PASSPORT, RESIDENCE, a_service_set, a_slot
from mta_core.use_cases.subscribe import Subscribe, Subscribed
from tests.unit.use_cases.world import World

BOTH = a_service_set(RESIDENCE, PASSPORT)
SECOND = timedelta(seconds=1)


async def subscribe(
    world: World, user: User | None = None, services: Any = None, **more: Any
) -> Subscribed:
    citizen = user or await world.citizen()
    more = {"wishes": Wishes(), "mode": Mode.BOOK, **more}
    return await Subscribe(world.store, world.clock, world.ids)(
        citizen.id, world.site.city, services or a_service_set(), **more
    )


# Something earlier


@pytest.mark.parametrize("gain", [LEAST_GAIN, timedelta(days=30)])
async def test_an_earlier_one_can_be_asked_for_from_the_start(
    world: World, gain: timedelta
) -> None:
    done = await subscribe(world, earlier_by=gain)
    assert (await world.subscription(done.subscription)).earlier_by == gain


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"earlier_by": LEAST_GAIN - SECOND}, "a day or more"),
        ({"earlier_by": timedelta(0)}, "a day or more"),
        ({"earlier_by": -LEAST_GAIN}, "a day or more"),
        ({"earlier_by": LEAST_GAIN, "mode": Mode.TELL}, "book mode"),
    ],
)
async def test_what_is_no_gain_for_anybody_is_refused(
    world: World, more: dict[str, Any], complaint: str
) -> None:
    citizen = await world.citizen()
    with pytest.raises(InvalidValue, match=complaint):
        await subscribe(world, citizen, **more)
    async with world.store.snapshot() as tx:
        assert not await tx.subscriptions.of(citizen.id)


# Beside an appointment


async def having(world: World, **more: Any) -> User:
    """A citizen who has an appointment for the residence."""
    citizen = await world.citizen()
    await world.confirmed(await world.booker_of(citizen, **more), slot=a_slot(20))
    return citizen


@pytest.mark.parametrize("services", [a_service_set(), BOTH])
async def test_a_second_live_booking_is_refused_beforehand(
    world: World, services: Any
) -> None:
    """It would never be made: one live booking per citizen and service."""
    citizen = await having(world)
    with pytest.raises(InvalidValue, match=r"appointment already.*Wohnsitz"):
        await subscribe(world, citizen, services)


async def test_whoever_looks_for_an_earlier_one_waits_for_it_already(
    world: World,
) -> None:
    citizen = await having(world, earlier_by=LEAST_GAIN)
    with pytest.raises(InvalidValue, match="already wait"):
        await subscribe(world, citizen)


async def test_something_else_may_be_booked(world: World) -> None:
    citizen = await having(world)
    await subscribe(world, citizen, a_service_set(PASSPORT))


async def test_who_only_wants_to_be_told_may_wait(world: World) -> None:
    citizen = await having(world)
    await subscribe(world, citizen, mode=Mode.TELL)


@pytest.mark.parametrize("end", ["given back", "over"])
async def test_after_it_another_one_may_be_booked(world: World, end: str) -> None:
    citizen = await having(world)
    async with world.store.snapshot() as tx:
        (booking,) = await tx.bookings.of(citizen.id)
    if end == "over":
        await world.wait_until(booking.slot.start)
        await world.follow_up(booking.id)
    else:
        await world.release(booking.id, citizen.id)
    await subscribe(world, citizen)


async def test_what_somebody_else_has_is_no_matter(world: World) -> None:
    await having(world)
    await subscribe(world)


# Answers


async def test_answers_are_kept_by_label_without_the_empty_ones(world: World) -> None:
    said = {"Aktenzeichen": " 12/345 ", "custom2": "  "}
    done = await subscribe(world, answers=said)
    assert done.subscription.answers == {"Aktenzeichen": "12/345"}
