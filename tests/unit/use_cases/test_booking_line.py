"""The whole line of a booking: reserve, details, the city's mail; and races for it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import attrs
import pytest

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call, CityStatus
from mta_core.domain.catalogue import Asked, Catalogue
from mta_core.domain.errors import Answer, NotFound, SiteUnreachable
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import SubscriptionState, Wishes
from mta_core.polling.budgets import SEND_WITHIN, SPAN
from mta_core.ports.limiter import Budget
from mta_core.ports.queue import Job, Task
from mta_core.ports.site import Details
from mta_core.testing.builders import (
    PASING,
    a_catalogue,
    a_contact,
    a_slot,
    an_id,
    an_office,
    some_terms,
)
from mta_core.testing.clock import NOON
from tests.unit.use_cases.world import MINUTE, SECOND, World

S = BookingState


def calls_of(world: World) -> list[str]:
    return [line.call for line in world.site.calls]


async def test_a_slot_is_booked_up_to_the_mail_in_one_go(world: World) -> None:
    booking = await world.requested()
    await world.book(booking.id)
    after = await world.booking(booking.id)
    assert after.state is S.PRECONFIRMED
    assert calls_of(world) == ["reserve", "update", "preconfirm"]
    assert after.held is not None
    assert world.site.mailed == [after.held.process_id]
    assert world.site.processes[after.held.process_id].status is CityStatus.PRECONFIRMED


async def test_both_clocks_of_the_city_run_from_the_reservation(world: World) -> None:
    after = await world.preconfirmed()
    assert after.reserved_at == NOON
    assert after.preconfirm_by == NOON + 15 * MINUTE
    assert after.open_by == NOON + 30 * MINUTE
    assert after.due_at == NOON + 15 * MINUTE  # half time


async def details_of(world: World, booking: Booking) -> Details:
    """Read what the city was told for a booking."""
    assert booking.held is not None
    details = world.site.processes[booking.held.process_id].details
    assert details is not None
    return details


async def test_the_city_learns_what_the_citizen_gave(world: World) -> None:
    asked = Asked(activated=True, label="Aktenzeichen")
    await serve(world, some_terms(telephone=asked, custom2=asked))
    wish = await world.booker(answers={"Aktenzeichen": "12/345"})
    details = await details_of(world, await world.preconfirmed(wish))
    assert details.contact == a_contact()
    assert details.answers == {"custom2": "12/345"}


async def test_the_city_learns_nothing_that_the_office_does_not_ask(
    world: World,
) -> None:
    """The same citizen answers another office's question with the same label's word."""
    wish = await world.booker(answers={"Aktenzeichen": "12/345", "custom": "x"})
    details = await details_of(world, await world.preconfirmed(wish))
    assert details.contact == a_contact(telephone="")
    assert details.answers == {}


async def test_every_call_is_kept_with_its_answer_and_its_wait(world: World) -> None:
    for _ in range(Budget.BOOKING.limit):
        await world.limiter.ask(Budget.BOOKING)
    after = await world.preconfirmed()
    records = await world.call_records(after)
    assert [record.call for record in records] == [
        Call.RESERVE,
        Call.UPDATE,
        Call.PRECONFIRM,
    ]
    assert {record.answer for record in records} == {Answer.DONE}
    # Five places were taken just before, and nobody knows what became of them.
    longest = SEND_WITHIN + world.limiter.timeout + SPAN
    assert [record.waited for record in records] == [longest, 0, 0]


async def test_a_call_that_waits_for_the_budget_is_not_recorded_as_sent(
    slow_world: World,
) -> None:
    world = slow_world
    booking = await world.requested()
    for _ in range(Budget.BOOKING.limit):
        await world.limiter.ask(Budget.BOOKING)
    work = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(60)
    assert (await world.booking(booking.id)).pending is None
    await world.clock.advance(30)
    await work
    assert (await world.booking(booking.id)).state is S.PRECONFIRMED


async def test_the_citizen_is_told_of_the_mail_and_reminded_twice(
    world: World,
) -> None:
    after = await world.preconfirmed()
    told, *reminders = await world.owed(after.user)
    assert (told.kind, told.due_at) == (Kind.OPEN_MAIL, NOON)
    assert [reminder.kind for reminder in reminders] == [Kind.MAIL_REMINDER] * 2
    assert [reminder.due_at for reminder in reminders] == [
        NOON + 15 * MINUTE,
        NOON + 25 * MINUTE,
    ]
    assert {note.booking for note in (told, *reminders)} == {after.id}
    assert told.facts["sender"] == "termine@example.org"
    assert told.facts["open_by"] == (NOON + 30 * MINUTE).isoformat()
    assert told.facts["number"] == after.display_number
    # The reminders are not due yet: the relay finds them when they are.
    assert world.queue.drain() == [Job(Task.DELIVER, told.id)]


async def test_where_there_is_no_time_left_nobody_is_reminded(world: World) -> None:
    await serve(world, some_terms(activation_minutes=0))
    after = await world.preconfirmed()
    kinds = await world.kinds(after.user)
    assert Kind.OPEN_MAIL in kinds
    assert Kind.MAIL_REMINDER not in kinds


async def serve(world: World, terms: object) -> None:
    """Let Pasing have other terms."""
    city = a_catalogue()
    offices = {**city.offices, PASING: an_office(PASING, terms=terms)}
    world.site.city = attrs.evolve(city, offices=offices)
    await world.know_the_city()


@pytest.mark.parametrize("terms", [None, some_terms(email_from="")])
async def test_a_city_that_names_no_sender_is_quoted_without(
    world: World, terms: object
) -> None:
    booking = await world.preconfirmed()
    await serve(world, terms)
    world.open_mail(booking)
    await world.follow_up.opened(booking.id, booking.user)
    confirmed, reminder = (await world.owed(booking.user))[-2:]
    assert (confirmed.kind, reminder.kind) == (Kind.CONFIRMED, Kind.APPOINTMENT)
    assert "sender" not in confirmed.facts


@pytest.mark.parametrize("known", [True, False])
async def test_an_office_that_is_listed_no_more_has_the_usual_terms(
    known: bool,
) -> None:
    world = World()
    if known:
        async with world.store.begin() as tx:
            await tx.sights.keep_catalogue(Catalogue.of((), (), ()), NOON)
            await tx.commit()
    after = await world.preconfirmed()
    assert after.open_by == NOON + 30 * MINUTE


async def test_the_mail_when_opened_confirms_and_ends_the_wait(world: World) -> None:
    wish = await world.booker()
    after = await world.confirmed(wish)
    assert after.state is S.CONFIRMED
    assert after.due_at == after.slot.start
    assert (await world.subscription(wish)).state is SubscriptionState.FULFILLED
    assert await world.kinds(wish.user) == [
        *(Kind.OPEN_MAIL, Kind.MAIL_REMINDER, Kind.MAIL_REMINDER),
        *(Kind.CONFIRMED, Kind.APPOINTMENT),
    ]


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (3, [timedelta(days=1), timedelta(hours=2)]),
        (1, [timedelta(hours=2)]),  # it is noon: tomorrow at nine is no day off
        (0, []),
    ],
)
async def test_before_the_appointment_the_citizen_is_reminded(
    world: World, days: int, due: list[timedelta]
) -> None:
    """A day and two hours before: who cannot come can still give it to somebody."""
    slot = a_slot(days, 0 if days else 4 * 60)  # today at one: too soon for both
    wish = await world.booker(wishes=Wishes(notice=timedelta(0)))
    booking = await world.confirmed(wish, slot=slot)
    owed = await world.owed(booking.user)
    reminders = [note for note in owed if note.kind is Kind.APPOINTMENT]
    assert [note.due_at for note in reminders] == [slot.start - gap for gap in due]
    assert {note.booking for note in reminders} <= {booking.id}
    assert {note.slots for note in reminders} <= {(slot,)}


async def test_who_stopped_waiting_meanwhile_has_the_appointment_all_the_same(
    world: World,
) -> None:
    wish = await world.booker()
    booking = await world.preconfirmed(wish)
    async with world.store.begin() as tx:
        await tx.subscriptions.save(wish.cancel())
        await tx.commit()
    world.open_mail(booking)
    after = await world.follow_up.opened(booking.id, wish.user)
    assert after.state is S.CONFIRMED
    assert (await world.subscription(wish)).state is SubscriptionState.CANCELLED


# The slot is gone


async def test_when_somebody_was_faster_the_next_slot_is_taken(world: World) -> None:
    second = a_slot(minutes=30)
    booking = await world.requested(None, second)
    world.site.take(booking.slot)
    await world.book(booking.id)
    after = await world.booking(booking.id)
    assert (after.state, after.slot) == (S.PRECONFIRMED, second)
    assert Kind.LOST not in await world.kinds(after.user)


async def test_without_a_next_slot_the_race_is_lost_and_told(world: World) -> None:
    second = a_slot(minutes=30)
    booking = await world.requested(None, second)
    world.site.take(booking.slot, second)
    await world.book(booking.id)
    after = await world.booking(booking.id)
    assert (after.state, after.due_at) == (S.LOST, None)
    assert [line.about for line in world.site.asked("reserve")] == [
        booking.slot,
        second,
    ]
    (lost,) = await world.owed(after.user)
    assert lost.kind is Kind.LOST
    assert world.queue.drain() == [Job(Task.DELIVER, lost.id)]


# What the citizen took back


async def test_without_contact_data_what_is_held_is_given_back(world: World) -> None:
    booking = await world.requested()
    world.site.fail("update", SiteUnreachable())
    await world.book(booking.id)
    async with world.store.begin() as tx:
        user = await tx.users.get(booking.user)
        await tx.users.save(attrs.evolve(user, contact=None))
        await tx.commit()
    after = await world.carry_on(booking.id)
    assert (after.state, after.reason) == (
        S.RELEASED,
        "the contact details were taken back",
    )
    assert calls_of(world) == ["reserve", "update", "cancel"]
    assert (await world.kinds(booking.user)) == [Kind.FAILED]


# Two at once


async def test_two_workers_take_every_step_once(slow_world: World) -> None:
    world = slow_world
    booking = await world.requested()
    both = asyncio.gather(world.book(booking.id), world.book(booking.id))
    await world.clock.advance(180)
    await both
    assert (await world.booking(booking.id)).state is S.PRECONFIRMED
    assert calls_of(world) == ["reserve", "update", "preconfirm"]


async def test_what_was_decided_otherwise_while_waiting_is_not_sent(
    slow_world: World,
) -> None:
    world = slow_world
    booking = await world.requested()
    for _ in range(Budget.BOOKING.limit):
        await world.limiter.ask(Budget.BOOKING)
    work = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(10)
    await world.change(booking.give_up(world.clock.now(), "not needed"))
    await world.clock.advance(90)
    await work
    assert (await world.booking(booking.id)).state is S.RELEASED
    assert not world.site.calls


async def test_who_gives_up_while_the_reservation_is_out_holds_nothing(
    slow_world: World,
) -> None:
    """The answer brings the keys: without them the slot could not be given back."""
    world = slow_world
    booking = await world.requested()
    work = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(1)
    out = await world.booking(booking.id)
    assert out.pending is not None
    await world.change(out.give_up(world.clock.now(), "not needed"))
    await world.clock.advance(60)
    await work
    after = await world.booking(booking.id)
    assert after.state is S.RELEASED
    assert calls_of(world) == ["reserve", "cancel"]


async def test_who_gives_up_while_the_mail_is_ordered_is_not_asked_to_open_it(
    slow_world: World,
) -> None:
    world = slow_world
    booking = await world.requested()
    work = asyncio.create_task(world.book(booking.id))
    await world.clock.advance(5)
    out = await world.booking(booking.id)
    assert out.pending is not None
    assert out.pending.call is Call.PRECONFIRM
    await world.change(out.give_up(world.clock.now(), "not needed"))
    await world.clock.advance(60)
    await work
    assert (await world.booking(booking.id)).state is S.RELEASED
    assert await world.kinds(booking.user) == [Kind.FAILED]


# Nothing to do


async def test_nothing_is_done_before_it_is_due(world: World) -> None:
    booking = await world.requested(due_at=NOON + 5 * SECOND)
    await world.book(booking.id)
    assert await world.booking(booking.id) == booking
    assert not world.limiter.granted


@pytest.mark.parametrize("state", [S.LOST, S.RELEASED, S.EXPIRED, S.FAILED, S.PAST])
async def test_what_has_ended_is_left_alone(world: World, state: S) -> None:
    booking = await world.requested(state=state, due_at=None)
    await world.book(booking.id)
    assert not world.site.calls


async def test_what_is_not_there_cannot_be_booked(world: World) -> None:
    with pytest.raises(NotFound):
        await world.book(an_id())


async def test_many_bookings_share_the_budget(world: World) -> None:
    """Five calls in any minute: three bookings of three calls take two minutes."""
    bookings: list[Booking] = [
        await world.requested(slot=a_slot(minutes=15 * number)) for number in range(3)
    ]
    for booking in bookings:
        await world.book(booking.id)
    sent = [line.at for line in world.site.calls]
    assert len(sent) == 9
    for at in sent:
        window = [other for other in sent if at <= other < at + timedelta(minutes=1)]
        assert len(window) <= Budget.BOOKING.limit
