"""Every answer of the city to every call: what MTA does, and what the city then has."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import attrs
import pytest

from mta_core.domain.bookings import (
    DOUBT_PAUSE,
    JOB_SLACK,
    MAX_LATE_LOOKS,
    Booking,
    BookingState,
)
from mta_core.domain.calls import CityStatus
from mta_core.domain.errors import (
    Answer,
    CheckNeeded,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    UnknownAppointment,
)
from mta_core.domain.notifications import Kind
from mta_core.testing.builders import a_slot
from mta_core.testing.clock import NOON
from mta_core.testing.site import SiteCall, When
from mta_core.use_cases.calls import LEASE
from tests.unit.use_cases.world import HOUR, MINUTE, SECOND, World

S = BookingState
NOT_EXECUTED = [
    SiteUnreachable("connection refused"),
    RateLimited("too many"),
    RateLimited("too many", until=NOON + 30 * SECOND),
    RateLimited("too many", until=NOON),
]
UNKNOWN = [SiteSilent("timeout"), SiteChanged("what is this?")]
REFUSED = [Refused("invalidEmail"), CheckNeeded("captchaMissing")]
WHEN: list[When] = ["before", "after"]


def live_at_the_city(world: World) -> list[int]:
    return [process.id for process in world.site.processes.values() if process.live]


async def leaving(world: World) -> Booking:
    """A booking whose mail waits to be opened, and that shall be given back."""
    booking = await world.preconfirmed()
    return await world.change(booking.give_up(world.clock.now(), "not needed"))


# Not executed: it is sent again, later


@pytest.mark.parametrize("error", NOT_EXECUTED)
@pytest.mark.parametrize("call", ["reserve", "update", "preconfirm"])
async def test_what_was_not_executed_is_sent_again(
    world: World, call: SiteCall, error: SiteError
) -> None:
    booking = await world.requested()
    world.site.fail(call, error)
    await world.book(booking.id)
    waiting = await world.booking(booking.id)
    assert waiting.due_at is not None
    assert waiting.due_at > world.clock.now()
    assert waiting.reason == str(error)
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.PRECONFIRMED
    assert len(world.site.asked(call)) == 2
    assert len(world.site.mailed) == 1


@pytest.mark.parametrize("error", NOT_EXECUTED)
async def test_a_cancellation_that_was_not_executed_is_sent_again(
    world: World, error: SiteError
) -> None:
    booking = await leaving(world)
    world.site.fail("cancel", error)
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.RELEASED
    assert live_at_the_city(world) == []


@pytest.mark.parametrize("error", NOT_EXECUTED)
async def test_a_look_that_was_not_executed_is_taken_again(
    world: World, error: SiteError
) -> None:
    booking = await world.preconfirmed()
    world.open_mail(booking)
    world.site.fail("appointment", error)
    doubtful = await world.follow_up.opened(booking.id, booking.user)
    assert doubtful.state is S.PRECONFIRMED
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.CONFIRMED


async def test_who_gave_up_is_released_when_the_reservation_never_left(
    slow_world: World,
) -> None:
    world = slow_world
    booking = await world.requested()
    world.site.fail("reserve", SiteUnreachable())
    work = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    out = await world.booking(booking.id)
    await world.change(out.give_up(world.clock.now(), "not needed"))
    await world.clock.advance(60)
    await work
    after = await world.booking(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, "not needed")
    assert live_at_the_city(world) == []


async def test_retries_slow_down_while_the_city_is_away(world: World) -> None:
    booking = await world.requested()
    world.site.fail("reserve", SiteUnreachable(), times=None)
    await world.carry_on(booking.id, 10 * MINUTE)
    sent = [line.at for line in world.site.asked("reserve")]
    pauses = [(later - at).total_seconds() for at, later in pairwise(sent)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 5
    assert pauses[-1] == 61
    assert len(sent) < 16


# Refused


@pytest.mark.parametrize("error", REFUSED)
async def test_a_refused_reservation_has_failed_and_is_told(
    world: World, error: SiteError
) -> None:
    booking = await world.requested(None, a_slot(minutes=30))
    world.site.fail("reserve", error)
    await world.book(booking.id)
    after = await world.booking(booking.id)
    assert (after.state, after.due_at) == (S.FAILED, None)
    (told,) = await world.owed(booking.user)
    assert (told.kind, told.facts["reason"]) == (Kind.FAILED, str(error))
    (record,) = await world.call_records(booking)
    assert (record.answer, record.code) == (Answer.REFUSED, getattr(error, "code", ""))


@pytest.mark.parametrize("code", ["appointmentNotFound", "authKeyMismatch"])
async def test_a_reservation_of_an_unknown_appointment_has_failed(
    world: World, code: str
) -> None:
    booking = await world.requested()
    world.site.fail("reserve", UnknownAppointment(code))
    await world.book(booking.id)
    after = await world.booking(booking.id)
    assert after.ended
    assert after.orphan_until is None


@pytest.mark.parametrize("error", REFUSED)
@pytest.mark.parametrize("call", ["update", "preconfirm"])
async def test_what_the_city_refuses_to_go_on_with_is_given_back(
    world: World, call: SiteCall, error: SiteError
) -> None:
    booking = await world.requested()
    world.site.fail(call, error)
    await world.book(booking.id)
    after = await world.booking(booking.id)
    assert (after.state, after.reason) == (S.RELEASED, str(error))
    assert live_at_the_city(world) == []
    assert (await world.kinds(booking.user))[-1] is Kind.FAILED


@pytest.mark.parametrize("call", ["update", "preconfirm"])
async def test_what_the_city_does_not_know_any_more_has_expired(
    world: World, call: SiteCall
) -> None:
    booking = await world.requested()
    world.site.fail(call, UnknownAppointment("appointmentNotFound"))
    await world.book(booking.id)
    assert (await world.booking(booking.id)).state is S.EXPIRED
    assert (await world.kinds(booking.user))[-1] is Kind.EXPIRED


@pytest.mark.parametrize("call", ["update", "preconfirm"])
async def test_a_reservation_that_lapsed_meanwhile_has_expired(
    world: World, call: SiteCall
) -> None:
    booking = await world.requested()
    world.site.fail(call, SiteUnreachable(), times=None)
    await world.carry_on(booking.id, 20 * MINUTE)
    world.site.heal()
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.EXPIRED


async def test_a_reservation_that_cannot_be_cancelled_lapses_by_itself(
    world: World,
) -> None:
    booking = await world.requested()
    world.site.fail("update", Refused("invalidEmail"))
    world.site.fail("cancel", Refused("appointmentCanNotBeCanceled"))
    await world.book(booking.id)
    assert (await world.booking(booking.id)).state is S.EXPIRED


async def test_what_is_unknown_when_it_is_cancelled_is_given_back(
    world: World,
) -> None:
    booking = await leaving(world)
    assert booking.held is not None
    world.site.withdraw(booking.held.process_id)
    await world.follow_up(booking.id)
    assert (await world.booking(booking.id)).state is S.RELEASED


@pytest.mark.parametrize("error", REFUSED)
async def test_a_refused_look_never_cancels_what_may_be_confirmed(
    world: World, error: SiteError
) -> None:
    booking = await world.preconfirmed()
    world.open_mail(booking)
    world.site.fail("appointment", error)
    await world.follow_up.opened(booking.id, booking.user)
    after = await world.carry_on(booking.id)
    assert not world.site.asked("cancel")
    assert after.state is S.CONFIRMED


# Unknown: it is looked into


@pytest.mark.parametrize("error", UNKNOWN)
@pytest.mark.parametrize("when", WHEN)
async def test_an_unknown_reservation_fails_and_can_only_lapse(
    world: World, when: When, error: SiteError
) -> None:
    booking = await world.requested(None, a_slot(minutes=30))
    world.site.fail("reserve", error, when)
    await world.book(booking.id)
    after = await world.booking(booking.id)
    assert (after.state, after.due_at) == (S.FAILED, None)
    assert after.orphan_until == NOON + LEASE + 15 * MINUTE + JOB_SLACK
    assert len(live_at_the_city(world)) == (when == "after")
    await world.wait_until(after.orphan_until)
    await world.site.catalogue()  # the city's clock moves on with any call
    assert live_at_the_city(world) == []


@pytest.mark.parametrize("error", UNKNOWN)
@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("call", ["update", "preconfirm"])
async def test_an_unknown_step_is_looked_into_and_taken_once(
    world: World, call: SiteCall, when: When, error: SiteError
) -> None:
    booking = await world.requested()
    world.site.fail(call, error, when)
    await world.book(booking.id)
    doubtful = await world.booking(booking.id)
    assert doubtful.doubt
    assert doubtful.due_at == world.clock.now() + DOUBT_PAUSE
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.PRECONFIRMED
    assert len(world.site.asked("appointment")) == 1
    assert len(world.site.mailed) == 1
    assert (await world.kinds(booking.user)).count(Kind.OPEN_MAIL) == 1


@pytest.mark.parametrize("error", UNKNOWN)
@pytest.mark.parametrize("when", WHEN)
async def test_an_unknown_cancellation_is_looked_into_and_done(
    world: World, when: When, error: SiteError
) -> None:
    booking = await leaving(world)
    world.site.fail("cancel", error, when)
    after = await world.carry_on(booking.id, 2 * MINUTE)
    assert after.state is S.RELEASED
    assert live_at_the_city(world) == []


@pytest.mark.parametrize("when", WHEN)
async def test_why_it_is_given_back_survives_an_unknown_cancellation(
    world: World, when: When
) -> None:
    """The citizen is told of the reason, not of the detour."""
    booking = await world.requested()
    world.site.fail("update", Refused("invalidEmail"))
    world.site.fail("cancel", SiteSilent("timeout"), when)
    after = await world.carry_on(booking.id, 2 * MINUTE)
    assert (after.state, after.reason) == (
        S.RELEASED,
        "The city refused: invalidEmail",
    )


@pytest.mark.parametrize("error", UNKNOWN)
async def test_an_unknown_look_is_taken_again(world: World, error: SiteError) -> None:
    booking = await world.preconfirmed()
    world.open_mail(booking)
    world.site.fail("appointment", error)
    await world.follow_up.opened(booking.id, booking.user)
    after = await world.carry_on(booking.id, 5 * MINUTE)
    assert after.state is S.CONFIRMED


async def test_looks_slow_down_while_the_city_says_nothing_of_use(
    world: World,
) -> None:
    """One doubtful booking must not use up the whole budget for as long as it lasts."""
    booking = await world.requested()
    world.site.fail("update", SiteSilent())
    world.site.fail("appointment", SiteSilent(), times=None)
    await world.carry_on(booking.id, 30 * MINUTE)
    sent = [line.at for line in world.site.asked("appointment")]
    last_minutes = [at for at in sent if at > NOON + 20 * MINUTE]
    assert len(last_minutes) <= 11  # once in 61 s, like every other retry


# The mail is never opened


async def test_a_mail_that_is_not_opened_expires(world: World) -> None:
    booking = await world.preconfirmed()
    after = await world.carry_on(booking.id)
    assert after.state is S.EXPIRED
    assert (await world.kinds(booking.user))[-1] is Kind.EXPIRED
    assert [line.at for line in world.site.asked("appointment")] == [
        NOON + 15 * MINUTE,
        NOON + 30 * MINUTE + JOB_SLACK,
    ]


async def test_a_city_that_never_lets_it_lapse_is_not_asked_for_ever(
    world: World,
) -> None:
    booking = await world.preconfirmed()
    assert booking.held is not None
    process = world.site.processes[booking.held.process_id]
    slow = attrs.evolve(process, reserved_at=NOON + 10 * HOUR)
    world.site.processes[process.id] = slow
    after = await world.carry_on(booking.id)
    assert after.state is S.EXPIRED
    assert len(world.site.asked("appointment")) == MAX_LATE_LOOKS + 2
    assert world.site.processes[process.id].status is CityStatus.PRECONFIRMED
