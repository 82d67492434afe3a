"""When the watcher asks, and when it ends, in virtual time."""

from __future__ import annotations

import asyncio

import pytest

from mta_core.domain.errors import Refused, SiteUnreachable
from mta_core.domain.subscriptions import SubscriptionState
from mta_core.ports.limiter import Budget, Wait
from mta_core.testing import NOON, PASSPORT, a_service_set
from mta_core.use_cases.pacing import Pacing
from mta_entrypoints.watcher.main import TICK
from tests.unit.entrypoints.watch_post import WatchPost, gaps


class TestPace:
    async def test_questions_leave_evenly(self, busy: WatchPost) -> None:
        await busy.clock.advance(600)
        assert busy.questions()[0] == NOON
        assert set(gaps(busy.questions())) == {6.0}
        assert len(busy.questions()) == 101

    async def test_a_slow_answer_counts_from_when_the_question_left(
        self, busy: WatchPost
    ) -> None:
        busy.site.latency = 4.0
        await busy.clock.advance(60)
        assert set(gaps(busy.questions())) == {6.0}

    async def test_an_outage_slows_down_until_the_city_answers(
        self, busy: WatchPost
    ) -> None:
        await busy.clock.advance(1)
        busy.site.fail("calendar", SiteUnreachable(), times=6)

        await busy.clock.advance(30 * 60)

        silent = [45.0, 45.0, 48.0, 60.0, 60.0, 60.0]
        asked = gaps(busy.questions())
        assert asked[:7] == [6.0, *silent]
        # Half a request a minute more in each minute that goes well.
        assert asked[7:] == sorted(asked[7:], reverse=True)
        assert asked[-1] == 6.0

    async def test_slow_answers_slow_down(self, busy: WatchPost) -> None:
        busy.site.latency = 0.4
        await busy.clock.advance(1800)
        busy.site.latency = 2.0
        await busy.clock.advance(180)
        assert gaps(busy.questions())[-1] > 8.0

    async def test_a_pause_that_the_watcher_makes_is_one_for_all(
        self, post: WatchPost
    ) -> None:
        await post.wish()
        post.site.left = 10
        async with post.running():
            await post.clock.advance(30)
            assert await post.limiter.ask(Budget.OTHER) == Wait(31.0)

    async def test_it_goes_on_at_the_pace_of_the_process_before(
        self, post: WatchPost
    ) -> None:
        await post.wish()
        before = Pacing(post.limiter, post.site.counter, post.clock)
        await before.after(NOON, SiteUnreachable())
        post.watcher.pacing.recall(before.documents())
        async with post.running():
            await post.clock.advance(60)
        first, second = post.questions()
        assert (first - NOON).total_seconds() == 45
        assert (second - first).total_seconds() == 12

    async def test_a_refusal_is_an_answer_and_the_question_rests(
        self, busy: WatchPost
    ) -> None:
        await busy.clock.advance(1)
        busy.site.fail("calendar", Refused("invalidOfficeId"))

        await busy.clock.advance(700)

        assert gaps(busy.questions())[:3] == [6.0, 600.0, 6.0]

    @pytest.mark.parametrize(("left", "gap"), [(11, 6.0), (10, 61.0), (0, 61.0)])
    async def test_the_citys_counter_asks_for_a_pause(
        self, post: WatchPost, left: int, gap: float
    ) -> None:
        await post.wish()
        post.site.left = left
        async with post.running():
            await post.clock.advance(130)
        assert set(gaps(post.questions())) == {gap}

    async def test_nobody_waits_and_nothing_is_asked(self, post: WatchPost) -> None:
        async with post.running():
            await post.clock.advance(300)
        assert post.site.calls == []

    async def test_a_first_subscription_is_noticed_within_a_tick(
        self, post: WatchPost
    ) -> None:
        async with post.running():
            await post.clock.advance(100.3)
            await post.wish()
            await post.clock.advance(TICK)
            assert len(post.questions()) == 1

    async def test_a_further_subscription_is_in_the_next_question(
        self, busy: WatchPost
    ) -> None:
        await busy.clock.advance(1)
        other = a_service_set(PASSPORT)
        await busy.wish(services=other)
        await busy.clock.advance(6)

        [_, second] = [line.about for line in busy.site.asked("calendar")]
        assert getattr(second, "services", None) == other

    async def test_who_stops_waiting_is_asked_for_no_more(
        self, post: WatchPost
    ) -> None:
        wish = await post.wish()
        async with post.running():
            async with post.store.begin() as tx:
                await tx.subscriptions.save(wish.cancel())
                await tx.commit()
            await post.clock.advance(60)
        assert len(post.questions()) == 1
        async with post.store.snapshot() as tx:
            kept = await tx.subscriptions.get(wish.id)
        assert kept.state is SubscriptionState.CANCELLED


class TestEnd:
    async def test_a_bug_in_one_loop_ends_them_all(self, post: WatchPost) -> None:
        await post.wish()
        async with post.running() as task:
            post.site.fail("calendar", RuntimeError("a bug"))
            await post.clock.advance(60)
            assert task.done()
            with pytest.raises(ExceptionGroup) as caught:
                await task
        assert caught.group_contains(RuntimeError, match="a bug")
        asked = len(post.site.calls)
        await post.clock.advance(300)
        assert len(post.site.calls) == asked

    async def test_whoever_stops_it_stops_all_loops(self, post: WatchPost) -> None:
        await post.wish()
        async with post.running() as task:
            await post.clock.advance(10)
            assert post.clock.sleeping == 5
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert post.clock.sleeping == 0
