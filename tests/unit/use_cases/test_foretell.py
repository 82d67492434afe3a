"""The watcher's plans are written down where `mta why` can read them."""

from __future__ import annotations

import json
from datetime import timedelta

import attrs
import pytest

from mta_core.domain.availability import Calendar, DateWindow, Observation
from mta_core.domain.errors import RateLimited, StorageUnavailable
from mta_core.polling.forecast import Forecast
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.learning.candidates import Reason
from mta_core.polling.pace import Pace, Why
from mta_core.polling.planner import Outcome
from mta_core.polling.probes import fold
from mta_core.testing import FakeClock, InMemoryStore, a_catalogue, a_subscription
from mta_core.use_cases.foretell import EVERY, IDLE_EVERY, Foretell, ReadForecast

SECOND = timedelta(seconds=1)


@attrs.define
class Post:
    """A planner with one wish to serve, and where its plans are written."""

    clock: FakeClock = attrs.field(factory=FakeClock)
    store: InMemoryStore = attrs.field(factory=InMemoryStore)
    planner: LearningPlanner = attrs.field(factory=LearningPlanner)
    foretell: Foretell = attrs.field(init=False)

    @foretell.default
    def _here(self) -> Foretell:
        return Foretell(self.store, self.planner, self.clock)

    def somebody_waits(self) -> None:
        demands = fold([a_subscription()], a_catalogue(), self.clock.now())
        assert self.planner.next(demands, self.clock.now()) is not None

    def pace(self) -> Pace:
        return Pace(self.clock.now())

    async def told(self) -> Forecast | None:
        return await ReadForecast(self.store)()


@pytest.fixture
def post() -> Post:
    return Post()


async def test_nothing_is_told_before_mta_watched(post: Post) -> None:
    assert await post.told() is None


async def test_the_plans_are_read_as_they_were_written(post: Post) -> None:
    post.somebody_waits()
    await post.foretell(post.pace().explain())
    told = await post.told()
    assert told is not None
    assert told.at == post.clock.now()
    assert told.pace == post.pace().explain()
    assert told.questions == len(told.candidates) == 1
    assert list(told.candidates) == post.planner.explain(post.clock.now())
    assert told.candidates[0].reason is Reason.NEVER_ASKED


async def test_a_pace_that_suffers_comes_back_whole(post: Post) -> None:
    pace = post.pace().after(post.clock.now(), RateLimited("429"), None, took=SECOND)
    forecast = Forecast(post.clock.now(), pace.explain(), 0, (), tick=5.0)
    read = Forecast.read(json.loads(json.dumps(forecast.document())))
    assert read == forecast
    assert read.pace.reason is Why.LIMITED
    assert read.pace.silent_until is not None


async def test_they_are_not_written_more_often_than_needed(post: Post) -> None:
    post.somebody_waits()
    await post.foretell(post.pace().explain())
    post.clock.jump((EVERY - SECOND).total_seconds())
    await post.foretell(post.pace().explain())
    assert post.store.commits == 1
    post.clock.jump(1)
    await post.foretell(post.pace().explain())
    assert post.store.commits == 2


async def test_while_nobody_waits_they_are_written_seldom(post: Post) -> None:
    await post.foretell(post.pace().explain())
    post.clock.jump((IDLE_EVERY - SECOND).total_seconds())
    await post.foretell(post.pace().explain())
    assert post.store.commits == 1
    told = await post.told()
    assert told is not None
    assert told.candidates == ()


async def test_a_failure_is_made_good_the_next_time(post: Post) -> None:
    post.store.fail(StorageUnavailable())
    with pytest.raises(StorageUnavailable):
        await post.foretell(post.pace().explain())
    await post.foretell(post.pace().explain())
    assert await post.told() is not None


async def test_a_follow_up_comes_back_with_its_day(post: Post) -> None:
    now = post.clock.now()
    demands = fold([a_subscription()], a_catalogue(), now)
    probe = post.planner.next(demands, now)
    assert probe is not None
    first = probe.window.first
    calendar = Calendar(DateWindow(first, first), {}, {}, first + timedelta(days=40))
    post.planner.learn(Outcome(probe, now, Observation.of(probe, calendar, now)))
    await post.foretell(post.pace().explain())
    told = await post.told()
    assert told is not None
    days = [candidate.day for candidate in told.candidates if candidate.day]
    assert days == [first + timedelta(days=40)]
