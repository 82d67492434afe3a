"""Wishes change while they wait: the place stays, what does not suit is given back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Asked, OfficeId
from mta_core.domain.errors import (
    DetailsMissing,
    IllegalTransition,
    InvalidValue,
    MtaError,
    NotFound,
)
from mta_core.domain.subscriptions import (
    Hours,
    Mode,
    Subscription,
    SubscriptionState,
    Wishes,
)
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_slot, a_window, an_id
from mta_core.testing.clock import NOON
from mta_core.use_cases.change import Changes
from mta_core.use_cases.misgivings import UNSUITABLE
from mta_core.use_cases.subscribe import Subscribed
from tests.unit.use_cases.world import HOUR, World

S = BookingState
State = SubscriptionState
AT_PASING = Wishes(offices=frozenset({PASING}))
ELSEWHERE = Wishes(offices=frozenset({ORLEANSPLATZ}))
UNSUITED = [
    Changes(wishes=ELSEWHERE),
    Changes(wishes=Wishes(excluded=frozenset({a_slot(1).day}))),
    Changes(wishes=Wishes(hours=Hours.parse("14-18"))),
    Changes(mode=Mode.TELL),
]
SUITED = [
    Changes(wishes=AT_PASING),
    Changes(wishes=Wishes(notice=timedelta(days=3))),  # that was asked when it was seen
    Changes(mail_hours=Hours.parse("20-22")),
    Changes(answers={"Aktenzeichen": "12/345"}),
    Changes(),
]


async def change(world: World, wish: Subscription, wanted: Changes) -> Subscribed:
    return await world.manage(wish.id, wish.user, world.site.city, wanted)


def live(world: World) -> list[int]:
    return [process.id for process in world.site.processes.values() if process.live]


# What is stored


async def test_only_what_is_named_changes(world: World) -> None:
    wish = await world.booker(
        wishes=AT_PASING, answers={"custom": "x"}, earlier_by=timedelta(days=7)
    )
    await world.clock.advance(60)
    done = await change(world, wish, Changes(mail_hours=Hours.parse("8-9")))
    after = await world.subscription(wish)
    assert after == done.subscription
    now = world.clock.now()
    assert after == attrs.evolve(
        wish,
        mail_hours=Hours.parse("8-9"),
        armed_at=now,
        renewed_at=now,
        version=wish.version + 1,
    )
    assert after.waiting_since == NOON - HOUR


async def test_everything_can_change(world: World) -> None:
    wish = await world.wish()
    wanted = Changes(
        wishes=AT_PASING,
        mode=Mode.BOOK,
        mail_hours=Hours(),
        answers={"Aktenzeichen": " 12/345 "},
        earlier_by=timedelta(days=2),
    )
    done = await change(world, wish, wanted)
    after = done.subscription
    assert (after.wishes, after.mode, after.mail_hours) == (
        AT_PASING,
        Mode.BOOK,
        Hours(),
    )
    assert after.answers == {"Aktenzeichen": "12/345"}
    assert after.earlier_by == timedelta(days=2)
    assert done.watched == {PASING}


@pytest.mark.parametrize(
    "wanted", [Changes(earlier_by=timedelta(0)), Changes(mode=Mode.TELL)]
)
async def test_the_search_for_something_earlier_can_end(
    world: World, wanted: Changes
) -> None:
    wish = await world.booker(earlier_by=timedelta(days=7))
    after = (await change(world, wish, wanted)).subscription
    assert (after.earlier_by, after.active) == (None, True)


# What the city cannot grant is not changed


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Changes(wishes=Wishes(offices=frozenset({OfficeId(1)}))), NotFound),
        (Changes(wishes=Wishes(windows=(a_window(-9, -1),))), InvalidValue),
        (Changes(answers={"custom": "x" * 251}), InvalidValue),
        (Changes(earlier_by=timedelta(hours=23)), InvalidValue),
    ],
)
async def test_what_cannot_be_granted_is_not_taken_down(
    world: World, wanted: Changes, error: type[MtaError]
) -> None:
    wish = await world.booker()
    booking = await world.requested(wish)
    with pytest.raises(error):
        await change(world, wish, wanted)
    assert await world.subscription(wish) == wish
    assert await world.booking(booking.id) == booking
    assert not world.queue.waiting


async def test_who_wants_to_be_told_is_not_swapped_for(world: World) -> None:
    wish = await world.wish()
    with pytest.raises(InvalidValue, match="book mode"):
        await change(world, wish, Changes(earlier_by=timedelta(days=7)))


async def test_without_what_the_office_demands_book_mode_is_not_armed(
    world: World,
) -> None:
    await world.serve(PASING, custom=Asked(activated=True, required=True, label="Akte"))
    wish = await world.wish(wishes=AT_PASING)
    with pytest.raises(DetailsMissing, match="Akte"):
        await change(world, wish, Changes(mode=Mode.BOOK))
    armed = Changes(mode=Mode.BOOK, answers={"Akte": "12/345"})
    assert (await change(world, wish, armed)).missing == {}


# Whose it is


async def deeds(world: World, wish: Subscription, user_id: Any) -> list[Any]:
    """Every deed that a wish knows, not begun yet."""
    city, manage = world.site.city, world.manage
    return [
        lambda: manage(wish.id, user_id, city, Changes()),
        lambda: manage.pause(wish.id, user_id),
        lambda: manage.resume(wish.id, user_id),
        lambda: manage.end(wish.id, user_id),
    ]


async def test_nobody_touches_the_wish_of_somebody_else(world: World) -> None:
    wish, stranger = await world.booker(), await world.citizen()
    booking = await world.requested(wish)
    for deed in await deeds(world, wish, stranger.id):
        with pytest.raises(NotFound):
            await deed()
    assert await world.subscription(wish) == wish
    assert await world.booking(booking.id) == booking


async def test_nobody_touches_no_wish(world: World) -> None:
    wish = attrs.evolve(await world.wish(), id=an_id())
    for deed in await deeds(world, wish, wish.user):
        with pytest.raises(NotFound):
            await deed()


async def test_what_has_ended_for_good_stays_so(world: World) -> None:
    wish = await world.wish()
    await world.manage.end(wish.id, wish.user)
    for deed in await deeds(world, wish, wish.user):
        with pytest.raises(IllegalTransition, match="cancelled"):
            await deed()


# What is under way


@pytest.mark.parametrize("wanted", UNSUITED)
async def test_what_does_not_suit_any_more_is_given_back(
    slow_world: World, wanted: Changes
) -> None:
    """The reservation is out just now: its answer brings the keys."""
    world = slow_world
    wish = await world.booker()
    booking = await world.requested(wish)
    race = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    await change(world, wish, wanted)
    await world.clock.advance(60)
    await race
    after = await world.booking(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, UNSUITABLE)
    assert live(world) == []


@pytest.mark.parametrize("wanted", UNSUITED)
async def test_what_was_not_reserved_yet_never_is(
    world: World, wanted: Changes
) -> None:
    wish = await world.booker()
    booking = await world.requested(wish)
    await change(world, wish, wanted)
    await world.work_off()
    assert (await world.booking(booking.id)).state is S.RELEASED
    assert not world.site.calls


@pytest.mark.parametrize("wanted", SUITED)
async def test_what_still_suits_goes_on(world: World, wanted: Changes) -> None:
    wish = await world.booker()
    booking = await world.requested(wish)
    await change(world, wish, wanted)
    assert await world.booking(booking.id) == booking


@pytest.mark.parametrize("wanted", UNSUITED)
async def test_what_the_city_has_mailed_is_kept(world: World, wanted: Changes) -> None:
    wish = await world.booker()
    booking = await world.preconfirmed(wish)
    await change(world, wish, wanted)
    assert await world.booking(booking.id) == booking


async def test_what_is_being_given_back_keeps_its_reason(slow_world: World) -> None:
    world = slow_world
    wish = await world.booker()
    booking = await world.requested(wish)
    race = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    leaving = await world.calls.give_up(booking.id, wish.user, "not needed")
    await change(world, wish, Changes(wishes=ELSEWHERE))
    assert (await world.booking(booking.id)).reason == leaving.reason == "not needed"
    await world.clock.advance(60)
    await race


async def test_bookings_of_other_wishes_are_left_alone(world: World) -> None:
    others: list[Booking] = [await world.requested() for _ in range(2)]
    await change(world, await world.booker(), Changes(wishes=ELSEWHERE))
    assert [await world.booking(other.id) for other in others] == others
