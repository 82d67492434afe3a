"""Booking behind a human check: with a live token, or not at all."""

from __future__ import annotations

import pytest

from mta_core.domain.bookings import CHECK_OVER, BookingState
from mta_core.domain.errors import (
    CheckNeeded,
)
from mta_core.domain.notifications import Kind
from mta_core.polling.planner import Outcome
from tests.unit.use_cases.shift_town import LATER, SHARED, SLOT, Town
from tests.unit.use_cases.world import SECOND


@pytest.fixture
async def town() -> Town:
    town = Town()
    await town.know_the_city()
    return town


@pytest.fixture
async def sharing() -> Town:
    town = Town(rules=SHARED)
    await town.know_the_city()
    return town


async def test_in_book_mode_the_slot_is_booked_with_the_owners_token(
    town: Town,
) -> None:
    wish = await town.shift_booker()
    shift = await town.passes(wish.user)
    town.site.release(SLOT, LATER)
    await town.look()
    await town.work_off()
    (booking,) = await town.bookings(wish)
    assert (booking.state, booking.checked) == (BookingState.PRECONFIRMED, True)
    shown = [(line.call, line.token) for line in town.site.calls]
    assert shown == [
        ("calendar", shift.token),
        ("reserve", shift.token),
        ("update", None),
        ("preconfirm", None),
    ]


async def test_without_a_live_token_nothing_is_reserved(town: Town) -> None:
    wish = await town.shift_booker()
    booking = await town.requested(wish, slot=SLOT, checked=True)
    await town.book(booking.id)
    after = await town.booking(booking.id)
    assert (after.state, after.reason) == (BookingState.RELEASED, CHECK_OVER)
    assert not town.site.asked("reserve")
    (told,) = await town.owed(wish.user)
    assert (told.kind, told.facts["reason"]) == (Kind.FAILED, CHECK_OVER)


async def test_somebody_elses_token_is_not_used(town: Town) -> None:
    wish = await town.shift_booker()
    await town.passes((await town.citizen()).id)
    booking = await town.requested(wish, slot=SLOT, checked=True)
    await town.book(booking.id)
    assert not town.site.asked("reserve")


async def test_a_shared_token_is_and_ones_own_comes_first(sharing: Town) -> None:
    owner, guest = await sharing.shift_booker(), await sharing.shift_booker()
    others = await sharing.passes((await sharing.citizen()).id)
    own = await sharing.passes(owner.user)
    for wish, slot in ((owner, SLOT), (guest, LATER)):
        booking = await sharing.requested(wish, slot=slot, checked=True)
        await sharing.book(booking.id)
        assert (await sharing.booking(booking.id)).state is BookingState.PRECONFIRMED
    shown = [line.token for line in sharing.site.asked("reserve")]
    assert shown == [own.token, others.token]


async def test_a_token_that_is_refused_at_the_reservation_ends_the_shift(
    town: Town,
) -> None:
    """It counts for nothing: in the next shift the same slot is tried again."""
    wish = await town.shift_booker()
    shift = await town.passes(wish.user)
    town.site.release(SLOT)
    town.site.fail("reserve", CheckNeeded("captchaExpired"))
    await town.look()
    await town.work_off()
    (failed,) = await town.bookings(wish)
    assert (failed.state, failed.reason) == (BookingState.FAILED, CHECK_OVER)
    assert not failed.denied
    assert (await town.shift(shift)).reason == "captchaExpired"
    assert (await town.call_records(failed))[0].code == "captchaExpired"
    await town.passes(wish.user)
    await town.look()
    await town.work_off()
    states = [booking.state for booking in await town.bookings(wish)]
    assert states == [BookingState.FAILED, BookingState.PRECONFIRMED]


async def test_two_refusals_of_one_token_end_the_shift_once(town: Town) -> None:
    """The watcher and a worker may show it at the same time."""
    wish = await town.shift_booker()
    shift = await town.passes(wish.user)
    booking = await town.requested(wish, slot=SLOT, checked=True)
    (on,) = await town.shifts(town.site.city)
    town.site.fail("reserve", CheckNeeded("captchaInvalid"))
    await town.book(booking.id)
    question = on.demands[0].probe()
    again = Outcome(question, town.clock.now(), error=CheckNeeded("captchaExpired"))
    await town.shifts.heard(on, again)
    assert (await town.shift(shift)).reason == "captchaInvalid"


async def test_seen_in_the_last_moment_it_is_told_instead() -> None:
    town = Town()
    town.site.latency = 2.0
    await town.know_the_city()
    wish = await town.shift_booker()
    shift = await town.passes(wish.user)
    town.site.release(SLOT)
    await town.wait_until(shift.expires_at - SECOND)
    await town.look()
    assert not await town.bookings(wish)
    assert await town.kinds(wish.user) == [Kind.FOUND]


async def test_what_is_held_is_given_back_without_a_token(town: Town) -> None:
    wish = await town.shift_booker()
    await town.passes(wish.user)
    booking = await town.confirmed(wish, slot=SLOT, checked=True)
    await town.clock.advance(600)
    await town.calls.give_up(booking.id, booking.user, "not needed")
    await town.follow_up(booking.id)
    assert (await town.booking(booking.id)).state is BookingState.CANCELLED
