"""How a watch asks: within the budget, only while awaited, and it leaves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.availability import Probe
from mta_core.domain.errors import (
    RateLimited,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    StorageUnavailable,
)
from mta_core.domain.subscriptions import Wishes
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.probes import Demand
from mta_core.ports.limiter import SPAN, Budget, Wait
from mta_core.testing import (
    NOON,
    PASING,
    PASSPORT,
    FakeClock,
    FakeLimiter,
    ScriptedSite,
    a_catalogue,
    a_service_set,
    a_slot,
)
from mta_core.watching import Event, watch_events
from tests.unit.watching.lookout import STEP, Lookout, check_budgets

# Budgets

_ERRORS = st.sampled_from([SiteUnreachable(), SiteSilent(), RateLimited()])
_TROUBLE = st.lists(st.tuples(st.integers(0, 120), _ERRORS), max_size=8)


async def test_a_question_leaves_each_six_seconds() -> None:
    lookout = Lookout()
    async with lookout.watching():
        await lookout.clock.advance(597)
    steps = [(at - NOON).total_seconds() for at in lookout.asked_at]
    assert steps == [number * STEP for number in range(100)]


@settings(max_examples=25, deadline=None)
@given(latency=st.sampled_from([0.0, 0.3, 2.0, 9.5]), trouble=_TROUBLE)
async def test_watches_that_share_a_limiter_share_the_budget(
    latency: float, trouble: list[tuple[int, SiteError]]
) -> None:
    clock = FakeClock()
    lookouts = [
        Lookout(clock),
        Lookout(clock, services=a_service_set(PASSPORT)),
        Lookout(clock, wishes=Wishes(offices=frozenset({PASING}))),
    ]
    for lookout in lookouts:
        lookout.limiter = lookouts[0].limiter
        lookout.site.latency = latency
    tasks = [asyncio.create_task(lookout.watch()) for lookout in lookouts]
    for number, (seconds, error) in enumerate(trouble):
        lookouts[number % 3].site.fail("calendar", error)
        await clock.advance(seconds)
    await clock.advance(300)
    check_budgets([lookout.site for lookout in lookouts])
    assert all(len(lookout.asked_at) > 1 for lookout in lookouts)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_every_question_has_its_place_in_the_budget() -> None:
    lookout = Lookout()
    async with lookout.watching():
        await lookout.questions(20)
    granted = [budget for _, budget in lookout.limiter.granted]
    assert granted == [Budget.OTHER] + [Budget.CALENDAR] * len(lookout.asked_at)


async def test_a_limiter_that_cannot_be_reached_lets_nothing_leave() -> None:
    lookout = Lookout()
    async with lookout.watching() as task:
        lookout.limiter.unreachable = True
        await lookout.questions(1)
        assert task.done()
    assert isinstance(lookout.error, StorageUnavailable)
    assert lookout.asked_at == [NOON]


async def test_a_closed_limiter_is_waited_for() -> None:
    lookout = Lookout()
    lookout.limiter = FakeLimiter(lookout.clock, closed_for=70.0)
    async with lookout.watching():
        await lookout.clock.advance(75)
    assert lookout.catalogues == [NOON + timedelta(seconds=70)]
    assert lookout.asked_at == [NOON + timedelta(seconds=70)]


# Only while awaited


def a_stream(site: ScriptedSite, clock: FakeClock) -> AsyncGenerator[Event, None]:
    return watch_events(
        site,
        a_service_set(),
        Wishes(),
        limiter=FakeLimiter(clock),
        clock=clock,
        catalogue=a_catalogue(),
    )


async def test_nothing_is_asked_before_and_between_and_after() -> None:
    clock = FakeClock(auto=True)
    site = ScriptedSite(a_catalogue(), clock)
    site.release(a_slot(1), a_slot(1, 30))
    events = a_stream(site, clock)
    await clock.advance(600)
    assert site.calls == []
    async with aclosing(events):
        for _ in range(3):  # the sight, and two openings of one answer
            await anext(events)
            await clock.advance(600)
        assert len(site.calls) == 1
    await clock.advance(600)
    assert len(site.calls) == 1
    assert len(asyncio.all_tasks()) == 1
    assert [event async for event in events] == []


async def test_a_watch_that_is_given_up_while_it_waits_leaves_nothing() -> None:
    lookout = Lookout()
    async with lookout.watching() as task:
        await lookout.questions(1)
        assert lookout.clock.sleeping == 1
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert lookout.clock.sleeping == 0
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await lookout.clock.advance(600)
    assert len(lookout.asked_at) == 2


async def test_a_question_that_is_out_when_it_is_given_up_keeps_its_place() -> None:
    lookout = Lookout(catalogue=a_catalogue())
    lookout.site.latency = 5.0
    async with lookout.watching() as task:
        await lookout.clock.advance(2.0)
        assert len(lookout.asked_at) == 1
        task.cancel()
        await asyncio.wait([task])
    # The city may still be at it: its place counts from now on for 60 s.
    for _ in range(Budget.CALENDAR.limit - 1):
        await lookout.limiter.ask(Budget.CALENDAR)
    assert await lookout.limiter.ask(Budget.CALENDAR) == Wait(SPAN)


# A planner of one's own


@attrs.define
class Sparing(Planner):
    """Has a question each second time that it is asked."""

    outcomes: list[Outcome] = attrs.field(factory=list)
    turn: bool = False

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        self.turn = not self.turn
        return demands[0].probe() if self.turn else None

    def learn(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


async def test_a_planner_of_ones_own_chooses_and_learns() -> None:
    planner = Sparing()
    lookout = Lookout(planner=planner)
    lookout.site.release(a_slot(1))
    failure = SiteSilent()
    async with lookout.watching():
        lookout.site.fail("calendar", failure)
        await lookout.questions(2)
    assert [(at - NOON).total_seconds() for at in lookout.asked_at] == [0, 2 * STEP]
    first, second = planner.outcomes
    assert first.observation is not None
    assert first.observation.free == {a_slot(1)}
    assert (second.error, second.observation) == (failure, None)
    assert [outcome.probe for outcome in planner.outcomes] == lookout.probes


@pytest.mark.parametrize("planner", [None, Sparing()])
async def test_whatever_the_planner_asks_is_asked_within_the_budget(
    planner: Planner | None,
) -> None:
    lookout = Lookout(planner=planner)
    lookout.site.release(*(a_slot(day) for day in range(1, 20)))
    async with lookout.watching():
        await lookout.clock.advance(600)
    check_budgets([lookout.site])
