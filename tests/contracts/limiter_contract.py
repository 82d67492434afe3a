"""The contract of the limiter port: subclass `LimiterContract`, give four fixtures.

``clock``    a `FakeClock`; the default will do.
``limiter``  an open `Limiter` with an empty log, on that clock, with `TIMEOUT`.
``reopen``   an async callable without arguments: another limiter on the same log, as
             after a restart of the process.
``lose``     the same after the log was lost.

`limiter_traffic` drives limiters through random schedules.
"""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mta_core.domain.errors import StorageUnavailable
from mta_core.polling.budgets import SEND_WITHIN
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Wait
from mta_core.testing.clock import FakeClock
from tests.contracts.examples import inherited
from tests.contracts.limiter_pauses import PausesContract
from tests.contracts.limiter_traffic import (
    CLOSED,
    LIFE,
    Event,
    Reopen,
    Request,
    Traffic,
    events,
    requests,
    rush,
)
from tests.contracts.limiter_waits import NEARLY, check_exact, fill, must_wait

few = settings(inherited, max_examples=12)


class LimiterContract(PausesContract):
    """Everything that is asked of a limiter."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock()

    @pytest.mark.parametrize("budget", Budget)
    async def test_a_budget_has_its_limit(
        self, limiter: Limiter, budget: Budget
    ) -> None:
        grants = await fill(limiter, budget)
        assert len({grant.id for grant in grants}) == budget.limit
        assert {grant.budget for grant in grants} == {budget}
        assert await must_wait(limiter, budget) > 0

    async def test_budgets_are_counted_apart(self, limiter: Limiter) -> None:
        for budget in Budget:
            await fill(limiter, budget)
        for budget in Budget:
            await must_wait(limiter, budget)

    @pytest.mark.parametrize("budget", Budget)
    async def test_an_answer_starts_the_60_seconds(
        self, limiter: Limiter, clock: FakeClock, budget: Budget
    ) -> None:
        grants = await fill(limiter, budget)
        await clock.advance(2.5)
        for grant in grants:
            await limiter.settle(grant)
        await check_exact(limiter, clock, budget, SPAN)

    async def test_what_is_never_answered_counts_from_the_last_moment_that_it_may_end(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        await fill(limiter, Budget.BOOKING)
        await check_exact(limiter, clock, Budget.BOOKING, LIFE + SPAN)

    async def test_places_come_free_one_by_one(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        for _ in range(Budget.OTHER.limit):
            answer = await limiter.ask(Budget.OTHER)
            assert isinstance(answer, Grant)
            await limiter.settle(answer)
            await clock.advance(1.0)
        await check_exact(limiter, clock, Budget.OTHER, SPAN - Budget.OTHER.limit)
        await check_exact(limiter, clock, Budget.OTHER, 1.0)

    async def test_the_earliest_answer_decides(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        grants = await fill(limiter, Budget.BOOKING)
        await clock.advance(1.0)
        await limiter.settle(grants[-1])
        await clock.advance(4.0)
        await check_exact(limiter, clock, Budget.BOOKING, SPAN - 4.0)

    async def test_settling_twice_changes_nothing(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        grants = await fill(limiter, Budget.BOOKING)
        for grant in grants:
            await limiter.settle(grant)
        await clock.advance(8.0)
        for grant in grants:
            await limiter.settle(grant)
        await check_exact(limiter, clock, Budget.BOOKING, SPAN - 8.0)

    @pytest.mark.parametrize("late", [0.5, 30.0, SPAN + 5.0])
    async def test_an_answer_counts_however_late_it_is(
        self, limiter: Limiter, clock: FakeClock, late: float
    ) -> None:
        """The last ones come when their places are free already, by the log."""
        grants = await fill(limiter, Budget.BOOKING)
        await clock.advance(LIFE + late)
        for grant in grants:
            await limiter.settle(grant)
        await check_exact(limiter, clock, Budget.BOOKING, SPAN)

    async def test_a_late_answer_keeps_others_waiting_who_came_meanwhile(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        late, *_ = await fill(limiter, Budget.BOOKING)
        await clock.advance(CLOSED + 1.0)
        for grant in await fill(limiter, Budget.BOOKING):
            await limiter.settle(grant)
        await clock.advance(20.0)
        await limiter.settle(late)
        await check_exact(limiter, clock, Budget.BOOKING, SPAN - 20.0)
        for _ in range(Budget.BOOKING.limit - 2):
            assert isinstance(await limiter.ask(Budget.BOOKING), Grant)
        assert await must_wait(limiter, Budget.BOOKING) <= 20.0

    async def test_asking_in_vain_costs_nothing(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        await fill(limiter, Budget.CALENDAR)
        for _ in range(20):
            await must_wait(limiter, Budget.CALENDAR)
        await clock.advance(CLOSED)
        await fill(limiter, Budget.CALENDAR)

    async def test_askers_at_once_share_the_budget(self, limiter: Limiter) -> None:
        answers = await asyncio.gather(
            *(limiter.ask(Budget.CALENDAR) for _ in range(25))
        )
        granted = [answer for answer in answers if isinstance(answer, Grant)]
        assert len({grant.id for grant in granted}) == Budget.CALENDAR.limit

    @pytest.mark.parametrize("step", [3600.0, -3600.0, 90.0, -90.0])
    async def test_a_jump_of_the_clock_closes_everything(
        self, limiter: Limiter, clock: FakeClock, step: float
    ) -> None:
        assert isinstance(await limiter.ask(Budget.CALENDAR), Grant)
        clock.jump(step)
        for budget in Budget:
            wait = await must_wait(limiter, budget)
            assert wait == pytest.approx(CLOSED, abs=NEARLY)
        await clock.advance(CLOSED - 2 * NEARLY)
        await clock.advance(await must_wait(limiter, Budget.CALENDAR))
        for budget in Budget:
            await fill(limiter, budget)

    async def test_an_answer_after_a_jump_counts_all_the_same(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        grant, *_ = await fill(limiter, Budget.BOOKING)
        clock.jump(3600.0)
        await must_wait(limiter, Budget.BOOKING)
        await clock.advance(40.0)
        await limiter.settle(grant)
        await limiter.settle(grant)
        await clock.advance(CLOSED - 40.0)
        for _ in range(Budget.BOOKING.limit - 1):
            assert isinstance(await limiter.ask(Budget.BOOKING), Grant)
        await check_exact(limiter, clock, Budget.BOOKING, SPAN + 40.0 - CLOSED)

    async def test_a_second_jump_closes_again(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        assert isinstance(await limiter.ask(Budget.CALENDAR), Grant)
        clock.jump(600.0)
        await must_wait(limiter, Budget.CALENDAR)
        await clock.advance(CLOSED - 1.0)
        clock.jump(-600.0)
        wait = await must_wait(limiter, Budget.CALENDAR)
        assert wait == pytest.approx(CLOSED, abs=NEARLY)

    async def test_a_restart_keeps_the_log(
        self, limiter: Limiter, clock: FakeClock, reopen: Reopen
    ) -> None:
        await fill(limiter, Budget.CALENDAR)
        again = await reopen()
        await clock.advance(5.0)
        await check_exact(again, clock, Budget.CALENDAR, CLOSED - 5.0)

    async def test_a_restart_keeps_what_is_left(
        self, limiter: Limiter, reopen: Reopen
    ) -> None:
        for _ in range(3):
            assert isinstance(await limiter.ask(Budget.BOOKING), Grant)
        again = await reopen()
        for _ in range(Budget.BOOKING.limit - 3):
            assert isinstance(await again.ask(Budget.BOOKING), Grant)
        await must_wait(again, Budget.BOOKING)
        await fill(again, Budget.OTHER)

    async def test_a_grant_is_settled_after_a_restart(
        self, limiter: Limiter, clock: FakeClock, reopen: Reopen
    ) -> None:
        grants = await fill(limiter, Budget.BOOKING)
        await clock.advance(1.0)
        again = await reopen()
        for grant in grants:
            await again.settle(grant)
        await check_exact(again, clock, Budget.BOOKING, SPAN)

    async def test_a_restart_keeps_it_closed(
        self, limiter: Limiter, clock: FakeClock, reopen: Reopen
    ) -> None:
        assert isinstance(await limiter.ask(Budget.CALENDAR), Grant)
        clock.jump(3600.0)
        await must_wait(limiter, Budget.CALENDAR)
        again = await reopen()
        wait = await must_wait(again, Budget.CALENDAR)
        assert wait == pytest.approx(CLOSED, abs=NEARLY)

    async def test_lost_state_closes_it(
        self, limiter: Limiter, clock: FakeClock, lose: Reopen
    ) -> None:
        await fill(limiter, Budget.CALENDAR)
        again = await lose()
        assert await must_wait(again, Budget.CALENDAR) == pytest.approx(CLOSED)
        await clock.advance(CLOSED)
        for budget in Budget:
            await fill(again, budget)

    @few
    @given(schedule=events)
    @example(schedule=rush((75.0, 0.0), (0.0, 0.0), (0.0, 0.0)))
    @example(schedule=rush((SEND_WITHIN - 0.1, None), (0.0, 0.0)))
    @example(schedule=rush((0.0, CLOSED - 4.0), (0.0, 0.0)))
    @example(schedule=rush((0.0, 0.0), (0.0, 0.0), step=1.9))
    async def test_no_60_seconds_ever_hold_more_than_the_limit(
        self,
        limiter: Limiter,
        clock: FakeClock,
        reopen: Reopen,
        lose: Reopen,
        schedule: list[Event],
    ) -> None:
        """Many askers, slow senders, crashes, restarts, losses, clocks that are set."""
        traffic = Traffic(limiter, clock, reopen, lose)
        await traffic.run(schedule)
        for budget in Budget:
            assert traffic.most(budget) <= budget.limit

    @few
    @given(schedule=requests, budget=st.sampled_from(Budget))
    async def test_a_wait_is_never_too_short(
        self,
        limiter: Limiter,
        clock: FakeClock,
        reopen: Reopen,
        schedule: list[Request],
        budget: Budget,
    ) -> None:
        traffic = Traffic(limiter, clock, reopen, reopen)
        await traffic.run(schedule)
        answer = await traffic.limiter.ask(budget)
        if isinstance(answer, Wait):
            assert 0 < answer.seconds <= CLOSED + NEARLY
            await clock.advance(answer.seconds)
            assert isinstance(await traffic.limiter.ask(budget), Grant)


class UnreachableLimiterContract:
    """What is asked of a limiter whose log can be out of reach.

    The fixture ``unreachable`` gives a limiter whose log cannot be read or written.
    """

    async def test_it_raises_and_grants_nothing(self, unreachable: Limiter) -> None:
        for budget in Budget:
            with pytest.raises(StorageUnavailable):
                await unreachable.ask(budget)
        with pytest.raises(StorageUnavailable):
            await unreachable.pause()
        with pytest.raises(StorageUnavailable):
            await unreachable.recent(FakeClock().now())
