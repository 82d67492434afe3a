"""One step of watching: from a question to messages and bookings."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import attrs
import pytest

from mta_core.domain.availability import Probe
from mta_core.domain.blindness import BlindReason
from mta_core.domain.errors import (
    CheckNeeded,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    StorageUnavailable,
)
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import Wishes
from mta_core.polling.planner import Outcome, Planner
from mta_core.ports.limiter import Budget
from mta_core.ports.queue import Job, Task
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    a_probe,
    a_service_set,
    a_slot,
)
from mta_core.testing.clock import NOON
from tests.unit.use_cases.world import BOTH_OFFICES, MINUTE, SECOND, Crash, World

STEP = 6.0


async def blind(world: World) -> dict[BlindReason, str]:
    async with world.store.snapshot() as tx:
        return {note.reason: note.detail for note in await tx.sights.blind()}


# Nothing to ask


async def test_while_nobody_waits_nothing_is_asked(world: World) -> None:
    assert await world.watch() is None
    assert not world.site.calls
    assert not world.limiter.granted


@attrs.define
class Stubborn(Planner):
    """Has a question whether somebody waits or not, and remembers what it learned."""

    learned: list[Outcome] = attrs.field(factory=list)

    def next(self, demands: object, now: object) -> Probe:
        return a_probe()

    def learn(self, outcome: Outcome) -> None:
        self.learned.append(outcome)


async def test_before_the_city_is_known_nothing_is_asked() -> None:
    world = World(planner=Stubborn())
    assert await world.watch() is None
    assert not world.site.calls


# Seeing


async def test_a_free_slot_is_told_to_who_waits_for_it(world: World) -> None:
    wish = await world.wish()
    world.site.release(a_slot(1), a_slot(1, 30))
    outcome = await world.look()
    assert outcome.observation is not None
    assert outcome.observation.free == {a_slot(1), a_slot(1, 30)}
    (note,) = await world.owed(wish.user)
    assert note.kind is Kind.FOUND
    assert note.slots == (a_slot(1), a_slot(1, 30))
    assert (note.subscription, note.due_at) == (wish.id, NOON)
    assert note.facts["service"] == "Wohnsitz anmelden"
    assert note.facts[f"office.{PASING}"] == "Bürgerbüro Pasing"
    assert world.queue.drain() == [Job(Task.DELIVER, note.id)]
    assert [budget for _, budget in world.limiter.granted] == [Budget.CALENDAR]


async def test_who_was_told_once_of_an_opening_is_not_told_again(
    world: World,
) -> None:
    wish = await world.wish()
    world.site.release(a_slot(1))
    for _ in range(3):
        await world.look()
        await world.clock.advance(STEP)
    assert await world.kinds(wish.user) == [Kind.FOUND]


async def test_only_what_is_new_is_told(world: World) -> None:
    wish = await world.wish()
    world.site.release(a_slot(1))
    await world.look()
    world.site.release(a_slot(1, 30))
    await world.look()
    assert [note.slots for note in await world.owed(wish.user)] == [
        (a_slot(1),),
        (a_slot(1, 30),),
    ]


async def test_everybody_who_waits_is_told(world: World) -> None:
    wishes = [await world.wish() for _ in range(5)]
    world.site.release(a_slot(1))
    await world.look()
    for wish in wishes:
        assert await world.kinds(wish.user) == [Kind.FOUND]
    assert len(world.site.calls) == 1


async def test_who_wants_another_office_or_time_is_not_told(world: World) -> None:
    elsewhere = await world.wish(wishes=Wishes(offices=frozenset({ORLEANSPLATZ})))
    later = await world.wish(wishes=Wishes(notice=timedelta(days=3)))
    something_else = await world.wish(services=a_service_set(PASSPORT))
    world.site.release(a_slot(1))
    for _ in range(2):
        await world.look()
    for wish in (elsewhere, later, something_else):
        assert not await world.owed(wish.user)


async def test_what_is_new_still_there_or_missed_is_remembered(world: World) -> None:
    await world.wish()
    world.site.release(a_slot(1), a_slot(1, 30))
    await world.look()
    await world.clock.advance(STEP)
    world.site.take(a_slot(1, 30))
    world.site.release(a_slot(1, 60))
    await world.look()
    still, missed, new = sorted(await world.open_slots(), key=lambda o: o.slot)
    now = NOON + STEP * SECOND
    assert (still.first_seen, still.last_seen, still.absences) == (NOON, now, 0)
    assert (missed.last_seen, missed.absences) == (NOON, 1)
    assert (new.first_seen, new.last_seen) == (now, now)


async def test_a_slot_missed_twice_is_gone_and_new_when_it_comes_back(
    world: World,
) -> None:
    wish = await world.wish()
    world.site.release(a_slot(1))
    await world.look()
    world.site.take(a_slot(1))
    await world.look()
    await world.look()
    assert not await world.open_slots()
    world.site.release(a_slot(1))
    await world.look()
    assert await world.kinds(wish.user) == [Kind.FOUND, Kind.FOUND]


async def test_a_slot_missed_once_is_the_same_when_it_comes_back(
    world: World,
) -> None:
    wish = await world.wish()
    world.site.release(a_slot(1))
    await world.look()
    world.site.take(a_slot(1))
    await world.look()
    world.site.release(a_slot(1))
    await world.look()
    assert await world.kinds(wish.user) == [Kind.FOUND]


async def test_days_behind_the_first_are_followed_up(world: World) -> None:
    """Times come for one day only (contract 1.2)."""
    wish = await world.wish()
    world.site.release(a_slot(1), a_slot(3))
    for _ in range(2):
        await world.look()
        await world.clock.advance(STEP)
    slots = [note.slots for note in await world.owed(wish.user)]
    assert slots == [(a_slot(1),), (a_slot(3),)]


async def test_the_budget_is_waited_for(world: World) -> None:
    await world.wish()
    for _ in range(Budget.CALENDAR.limit):
        await world.limiter.ask(Budget.CALENDAR)
    outcome = await world.look()
    assert outcome.at >= NOON + MINUTE


# Blind


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SiteUnreachable("no route"), BlindReason.OUTAGE),
        (SiteSilent("timeout"), BlindReason.OUTAGE),
        (RateLimited("slow down"), BlindReason.RATE_LIMITED),
        (SiteChanged("new shape"), BlindReason.CONTRACT_BROKEN),
        (CheckNeeded("captchaMissing", "tick the box"), BlindReason.CHECK_NEEDED),
        (Refused("invalidOfficeId", "which?"), BlindReason.REFUSED),
    ],
)
async def test_an_error_of_the_city_is_blindness_not_absence(
    world: World, error: SiteError, reason: BlindReason
) -> None:
    wish = await world.wish()
    world.site.release(a_slot(1))
    await world.look()
    world.site.fail("calendar", error)
    outcome = await world.look()
    assert (outcome.error, outcome.observation) == (error, None)
    assert await blind(world) == {reason: str(error)}
    (opening,) = await world.open_slots()
    assert opening.absences == 0
    assert await world.kinds(wish.user) == [Kind.FOUND]


async def test_blind_is_since_the_first_time(world: World) -> None:
    await world.wish()
    world.site.fail("calendar", SiteUnreachable(), times=2)
    await world.look()
    await world.clock.advance(60)
    await world.look()
    async with world.store.snapshot() as tx:
        (note,) = await tx.sights.blind()
    assert note.since == NOON
    assert note.probe == a_probe(offices=BOTH_OFFICES).key


async def test_who_sees_again_is_not_blind(world: World) -> None:
    await world.wish()
    world.site.fail("calendar", SiteUnreachable())
    await world.look()
    await world.look()
    assert not await blind(world)


async def test_a_question_that_changed_leaves_no_blindness_behind(
    world: World,
) -> None:
    await world.wish(wishes=Wishes(offices=frozenset({PASING})))
    world.site.fail("calendar", SiteUnreachable())
    await world.look()
    await world.wish(wishes=Wishes(offices=frozenset({ORLEANSPLATZ})))
    await world.look()
    assert not await blind(world)


async def test_the_planner_learns_what_came_of_its_question(world: World) -> None:
    world.planner = planner = Stubborn()
    world.wire()
    await world.wish()
    world.site.fail("calendar", SiteUnreachable())
    outcomes = [await world.look(), await world.look()]
    assert planner.learned == outcomes


# In book mode


async def test_a_free_slot_is_booked_for_who_asked_for_that(world: World) -> None:
    wish = await world.booker()
    world.site.release(a_slot(1), a_slot(1, 30), a_slot(1, 60))
    await world.look()
    (booking,) = await world.bookings(wish)
    assert booking.slot == a_slot(1)
    assert booking.alternatives == (a_slot(1, 30), a_slot(1, 60))
    assert (booking.seen_at, booking.requested_at, booking.due_at) == (NOON,) * 3
    (note,) = await world.owed(wish.user)
    assert (note.kind, note.slots) == (Kind.BOOKING, (a_slot(1),))


async def test_bookings_are_queued_before_every_message(world: World) -> None:
    told = await world.wish(waits=timedelta(days=9))
    bookers = [await world.booker() for _ in range(2)]
    world.site.release(a_slot(1), a_slot(1, 30), a_slot(1, 60))
    await world.look()
    tasks = [job.task for job in world.queue.waiting]
    assert tasks == [Task.BOOK] * 2 + [Task.DELIVER] * 3
    booked = [(await world.bookings(wish))[0].id for wish in bookers]
    assert {job.id for job in world.queue.waiting[:2]} == set(booked)
    assert await world.kinds(told.user) == [Kind.FOUND]


async def test_the_mail_is_sent_in_the_second_it_is_seen(world: World) -> None:
    wish = await world.booker()
    world.site.release(a_slot(1))
    await world.look()
    await world.work_off()
    assert len(world.site.mailed) == 1
    assert (await world.notified(wish.user))[:2] == [Kind.BOOKING, Kind.OPEN_MAIL]
    assert world.clock.now() == NOON


# All or nothing


@pytest.mark.parametrize("death", [StorageUnavailable(), Crash()])
async def test_what_could_not_be_written_is_found_again(
    world: World, death: BaseException
) -> None:
    told, booked = await world.wish(), await world.booker()
    await world.waiting()
    world.site.release(a_slot(1), a_slot(1, 30))
    world.store.dies_in, world.store.death = 0, death
    with pytest.raises(type(death)):
        await world.watch()
    assert not await world.open_slots()
    assert not await world.owed(told.user)
    assert not await world.bookings(booked)
    assert not world.queue.waiting
    await world.look()
    assert await world.kinds(told.user) == [Kind.FOUND]
    assert len(await world.bookings(booked)) == 1


async def test_what_was_not_written_is_not_learned(world: World) -> None:
    world.planner = planner = Stubborn()
    world.wire()
    await world.wish()
    await world.waiting()
    world.store.dies_in, world.store.death = 0, StorageUnavailable()
    with pytest.raises(StorageUnavailable):
        await world.watch()
    assert planner.learned == []


async def test_a_crash_after_the_commit_is_made_good_by_the_relay(
    world: World,
) -> None:
    wish = await world.booker()
    await world.waiting()
    world.site.release(a_slot(1))
    world.store.dies_in, world.store.lasting = 0, True
    with pytest.raises(Crash):
        await world.watch()
    assert not world.queue.waiting
    await world.clock.advance(5)
    assert await world.relay() == 2
    await world.work_off()
    assert len(world.site.mailed) == 1
    assert Kind.OPEN_MAIL in await world.notified(wish.user)


async def test_while_the_limiter_is_away_nothing_is_asked(world: World) -> None:
    await world.wish()
    world.limiter.unreachable = True
    with pytest.raises(StorageUnavailable):
        await world.watch()
    assert not world.site.calls
    assert not await blind(world)


async def test_ids_are_fresh_for_every_opening(world: World) -> None:
    await world.wish()
    world.site.release(*(a_slot(1, minutes) for minutes in range(0, 150, 15)))
    await world.look()
    ids: set[UUID] = {opening.id for opening in await world.open_slots()}
    assert len(ids) == 10
