"""What a watch finds: each opening that suits, once."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from mta_core.domain.availability import DateWindow
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.errors import InvalidValue, NotFound, NotOffered
from mta_core.domain.subscriptions import Hours, Wishes
from mta_core.testing import (
    NOON,
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    FakeClock,
    FakeLimiter,
    ScriptedSite,
    a_catalogue,
    a_service_set,
    a_slot,
)
from mta_core.testing.builders import RESIDENCE
from mta_core.watching import Found, Gone, Sight, watch
from tests.unit.watching.lookout import Lookout


async def test_what_is_free_is_found_at_the_first_question() -> None:
    lookout = Lookout()
    lookout.site.release(a_slot(1, 30), a_slot(1, office=ORLEANSPLATZ), a_slot(1))
    async with lookout.watching():
        assert lookout.found == sorted(lookout.site.free)
        assert lookout.openings[0].first_seen == NOON
    assert [line.call for line in lookout.site.calls] == ["catalogue", "calendar"]


async def test_each_opening_is_found_once() -> None:
    lookout = Lookout()
    async with lookout.watching():
        assert lookout.found == []
        lookout.site.release(a_slot(1))
        await lookout.questions(3)
        assert lookout.found == [a_slot(1)]
        lookout.site.release(a_slot(1, 30))
        await lookout.questions(3)
    assert lookout.found == [a_slot(1), a_slot(1, 30)]
    assert lookout.gone == []


async def test_it_is_found_again_only_after_two_observed_absences() -> None:
    lookout = Lookout()
    lookout.site.release(a_slot(1))
    async with lookout.watching():
        lookout.site.take(a_slot(1))
        await lookout.questions(1)
        lookout.site.release(a_slot(1))
        await lookout.questions(1)
        assert lookout.found == [a_slot(1)]
        assert lookout.gone == []

        lookout.site.take(a_slot(1))
        await lookout.questions(2)
        assert [opening.slot for opening in lookout.gone] == [a_slot(1)]
        lookout.site.release(a_slot(1))
        await lookout.questions(1)
    assert lookout.found == [a_slot(1), a_slot(1)]
    first, again = lookout.openings
    assert first.id == lookout.gone[0].id != again.id
    assert [type(event) for event in lookout.events] == [Sight, Found, Gone, Found]


async def test_only_what_suits_is_found() -> None:
    wishes = Wishes(
        offices=frozenset({PASING}), hours=Hours(time(9, 30)), notice=timedelta(days=1)
    )
    lookout = Lookout(wishes=wishes)
    lookout.site.release(
        a_slot(0, 6 * 60),
        a_slot(2),
        a_slot(2, 30),
        a_slot(2, 30, office=ORLEANSPLATZ),
    )
    async with lookout.watching():
        await lookout.questions(3)
        # What does not suit is no opening of this watch, and so is never gone.
        lookout.site.take(*lookout.site.free)
        await lookout.questions(2)
    assert lookout.found == [a_slot(2, 30)]
    assert [opening.slot for opening in lookout.gone] == [a_slot(2, 30)]


async def test_later_days_are_followed_up() -> None:
    lookout = Lookout()
    lookout.site.release(a_slot(1), a_slot(3), a_slot(45))
    async with lookout.watching():
        await lookout.questions(5)
        assert sorted(lookout.found) == [a_slot(1), a_slot(3), a_slot(45)]
        assert lookout.gone == []


async def test_what_was_not_looked_for_is_not_gone() -> None:
    lookout = Lookout()
    lookout.site.release(a_slot(3))
    async with lookout.watching():
        # From now on the first bookable day is an earlier one.
        lookout.site.release(a_slot(1))
        await lookout.questions(3)
    assert lookout.found == [a_slot(3), a_slot(1)]
    assert lookout.gone == []


async def test_a_watch_ends_with_its_last_day() -> None:
    tomorrow = a_slot(1).day
    lookout = Lookout(wishes=Wishes(windows=(DateWindow(tomorrow, tomorrow),)))
    lookout.site.left = 0  # so that it asks once a minute, and the test is short
    lookout.site.release(a_slot(1))
    async with lookout.watching() as task:
        await lookout.clock.advance((a_slot(1).start - NOON).total_seconds() + 61)
        assert [opening.gone_at for opening in lookout.gone] == [a_slot(1).start]
        assert not task.done()
        await lookout.clock.advance(24 * 3600)
        assert task.done()
    assert lookout.ended
    assert all(probe.window.first <= tomorrow for probe in lookout.probes)


async def test_two_watches_call_the_same_opening_the_same() -> None:
    lookouts = [Lookout(), Lookout(wishes=Wishes(offices=frozenset({PASING})))]
    for lookout in lookouts:
        lookout.site.release(a_slot(1), a_slot(1, 30))
        async with lookout.watching():
            await lookout.questions(1)
    ids = [[opening.id for opening in lookout.openings] for lookout in lookouts]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


async def test_the_simple_loop_gives_openings_and_tells_what_it_sees() -> None:
    clock = FakeClock(auto=True)
    site = ScriptedSite(a_catalogue(), clock)
    sights: list[Sight] = []
    site.release(a_slot(1), a_slot(1, 30))
    found = []
    async for opening in watch(
        site,
        a_service_set(),
        Wishes(offices=frozenset({PASING})),
        limiter=FakeLimiter(clock),
        clock=clock,
        on_sight=sights.append,
    ):
        found.append(opening.slot)
        site.take(opening.slot)
        if len(found) > 1:
            # The next question sees this one, and the earlier ones gone.
            site.release(a_slot(len(found)))
        if len(found) == 5:
            break
    assert found == [a_slot(1), a_slot(1, 30), a_slot(2), a_slot(3), a_slot(4)]
    assert [sight.unseen for sight in sights] == [()]


async def test_the_simple_loop_ends_with_the_last_day() -> None:
    clock = FakeClock(auto=True)
    site = ScriptedSite(a_catalogue(), clock, left=0)
    today = DateWindow(a_slot(0).day, a_slot(0).day)
    openings = watch(
        site,
        a_service_set(),
        Wishes(windows=(today,)),
        limiter=FakeLimiter(clock),
        clock=clock,
        on_sight=print,
    )
    assert [opening async for opening in openings] == []
    assert clock.now() > NOON + timedelta(hours=9)


YESTERDAY = a_slot(-1).day


@pytest.mark.parametrize(
    ("services", "wishes", "error"),
    [
        (a_service_set(ServiceId(7)), Wishes(), NotFound),
        (a_service_set(), Wishes(offices=frozenset({OfficeId(7)})), NotFound),
        (ServiceSet.of({RESIDENCE: 2}), Wishes(), InvalidValue),
        (
            a_service_set(PASSPORT, RESIDENCE),
            Wishes(offices=frozenset({OfficeId(10489)})),
            NotOffered,
        ),
        (
            a_service_set(),
            Wishes(windows=(DateWindow(YESTERDAY, YESTERDAY),)),
            InvalidValue,
        ),
    ],
)
@pytest.mark.parametrize("known", [True, False])
async def test_a_wrong_wish_is_refused_before_anything_is_asked_for_it(
    services: ServiceSet, wishes: Wishes, error: type[Exception], known: bool
) -> None:
    lookout = Lookout(
        services=services, wishes=wishes, catalogue=a_catalogue() if known else None
    )
    async with lookout.watching() as task:
        assert task.done()
    assert isinstance(lookout.error, error)
    assert lookout.probes == []
    assert len(lookout.catalogues) == (0 if known else 1)
