"""Somebody asks what is free just now: through the budget, and for everybody's good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import DateWindow, Slot, day_of
from mta_core.domain.catalogue import OfficeId, ServiceId
from mta_core.domain.errors import (
    InvalidValue,
    MtaError,
    NotFound,
    NotOffered,
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
from mta_core.polling.budgets import SEND_WITHIN, SPAN
from mta_core.polling.probes import HORIZON
from mta_core.ports.limiter import Budget
from mta_core.ports.queue import Job, Task
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    RUPPERTSTRASSE,
    a_probe,
    a_service_set,
    a_slot,
    a_window,
)
from mta_core.testing.clock import NOON
from mta_core.use_cases.look import Looked
from tests.unit.use_cases.world import BOTH_OFFICES, World

AT_PASING = frozenset({PASING})


async def look(world: World, **more: Any) -> Looked:
    services = more.pop("services", a_service_set())
    return await world.look_up(world.site.city, services, **more)


async def free(world: World, *slots: Slot, **more: Any) -> set[Slot]:
    world.site.release(*slots)
    looked = await look(world, **more)
    assert looked.seen is not None
    return set(looked.seen.free)


# What is asked, and what is answered


async def test_the_times_of_the_first_bookable_day_are_returned(world: World) -> None:
    slots = [a_slot(2), a_slot(2, 30, office=ORLEANSPLATZ)]
    assert await free(world, *slots, a_slot(5)) == set(slots)


async def test_later_days_are_hinted(world: World) -> None:
    world.site.release(a_slot(2), a_slot(5))
    looked = await look(world)
    assert looked.seen is not None
    assert set(looked.seen.hints) == {a_slot(5).day}


async def test_where_nothing_is_free_that_is_said(world: World) -> None:
    assert await free(world) == set()


async def test_all_unchecked_offices_are_asked_for_half_a_year(world: World) -> None:
    await look(world)
    (line,) = world.site.asked("calendar")
    today = day_of(NOON)
    assert line.about == a_probe(window=DateWindow(today, today + HORIZON))


async def test_only_the_named_offices_and_days_are_asked(world: World) -> None:
    slots = [a_slot(2), a_slot(4), a_slot(4, office=ORLEANSPLATZ)]
    days = a_window(3, 9)
    assert await free(world, *slots, offices=AT_PASING, days=days) == {a_slot(4)}
    (line,) = world.site.asked("calendar")
    assert line.about == a_probe(offices=AT_PASING, window=days)


async def test_where_a_person_must_look_is_said(world: World) -> None:
    assert (await look(world)).checked == {RUPPERTSTRASSE}
    assert (await look(world, offices=AT_PASING)).checked == frozenset()


async def test_where_only_a_person_may_look_nothing_is_asked(world: World) -> None:
    looked = await look(world, offices=frozenset({RUPPERTSTRASSE}))
    assert looked == Looked(None, frozenset({RUPPERTSTRASSE}))
    assert not world.site.calls
    assert not world.limiter.granted


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"services": a_service_set(RESIDENCE, ServiceId(9_999_999))}, NotFound),
        ({"offices": frozenset({OfficeId(1)})}, NotFound),
        (
            {
                "services": a_service_set(RESIDENCE, PASSPORT),
                "offices": frozenset({RUPPERTSTRASSE}),
            },
            NotOffered,
        ),
        (
            {"services": attrs.evolve(a_service_set(), items=((RESIDENCE, 2),))},
            InvalidValue,
        ),
    ],
)
async def test_what_the_city_does_not_offer_is_not_asked(
    world: World, more: dict[str, Any], error: type[MtaError]
) -> None:
    with pytest.raises(error):
        await look(world, **more)
    assert not world.site.calls


# The budget


async def test_a_look_takes_a_place_like_every_question(world: World) -> None:
    looked = await look(world)
    assert [budget for _, budget in world.limiter.granted] == [Budget.CALENDAR]
    assert looked.waited == 0


async def test_a_look_waits_its_turn_and_says_so(world: World) -> None:
    for _ in range(Budget.CALENDAR.limit):
        await world.limiter.ask(Budget.CALENDAR)
    looked = await look(world)
    assert looked.waited == SEND_WITHIN + world.limiter.timeout + SPAN
    (line,) = world.site.calls
    assert (line.at - NOON).total_seconds() == looked.waited


async def test_without_the_limiter_nothing_is_asked(world: World) -> None:
    world.limiter.unreachable = True
    with pytest.raises(StorageUnavailable):
        await look(world)
    assert not world.site.calls


# Everybody profits


async def test_who_waits_for_it_is_told(world: World) -> None:
    wish = await world.wish()
    await free(world, a_slot(1))
    (note,) = await world.owed(wish.user)
    assert (note.kind, note.slots) == (Kind.FOUND, (a_slot(1),))
    assert world.queue.drain() == [Job(Task.DELIVER, note.id)]


async def test_who_waits_for_it_longest_is_booked_whoever_asked(world: World) -> None:
    late, early = await world.booker(), await world.booker(waits=timedelta(hours=9))
    await free(world, a_slot(1))
    assert not await world.bookings(late)
    (booking,) = await world.bookings(early)
    assert booking.slot == a_slot(1)
    assert world.queue.waiting[0] == Job(Task.BOOK, booking.id)


async def test_the_watcher_does_not_tell_the_same_again(world: World) -> None:
    wish = await world.wish()
    await free(world, a_slot(1))
    await world.clock.advance(6)
    await world.look()
    assert await world.kinds(wish.user) == [Kind.FOUND]


async def test_what_was_not_looked_for_is_not_missed(world: World) -> None:
    """Another office and other days are not observed: nothing there is gone."""
    await world.wish()
    world.site.release(a_slot(1), a_slot(1, office=ORLEANSPLATZ))
    await world.look()
    world.site.take(a_slot(1), a_slot(1, office=ORLEANSPLATZ))
    await look(world, offices=AT_PASING)
    await look(world, days=a_window(5, 9))
    absences = {o.slot.office: o.absences for o in await world.open_slots()}
    assert absences == {PASING: 1, ORLEANSPLATZ: 0}


async def test_what_is_seen_is_no_blind_spot_any_more(world: World) -> None:
    await world.wish(wishes=Wishes(offices=BOTH_OFFICES))
    world.site.fail("calendar", SiteUnreachable())
    await world.look()
    await look(world)
    async with world.store.snapshot() as tx:
        assert not await tx.sights.blind()


# Nothing is known


@pytest.mark.parametrize(
    "error",
    [
        SiteUnreachable(),
        SiteSilent(),
        SiteChanged(),
        RateLimited(),
        Refused("invalidStartDate"),
    ],
)
async def test_without_an_answer_nothing_is_known(
    world: World, error: SiteError
) -> None:
    await world.wish()
    world.site.release(a_slot(1))
    await world.look()
    world.site.fail("calendar", error)
    with pytest.raises(type(error)):
        await look(world)
    (opening,) = await world.open_slots()
    assert (opening.absences, opening.last_seen) == (0, NOON)


async def test_what_cannot_be_recorded_is_not_shown(world: World) -> None:
    """Who waits longest would not have been told of it."""
    wish = await world.wish()
    world.store.dies_in, world.store.death = 0, StorageUnavailable()
    with pytest.raises(StorageUnavailable):
        await free(world, a_slot(1))
    assert not await world.open_slots()
    assert not await world.owed(wish.user)
