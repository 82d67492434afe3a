"""The contract of the limiter port: subclass `LimiterContract`, give three fixtures.

``clock``    a `FakeClock`; the default will do.
``limiter``  an open `Limiter` with an empty log, on that clock, with `TIMEOUT`.
``reopen``   an async callable without arguments: another limiter on the same log, as
             after a restart of the process.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.errors import StorageUnavailable
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Wait
from mta_core.testing.clock import FakeClock
from tests.contracts.examples import inherited

TIMEOUT = 10.0
"""Seconds after which a request that was never settled counts as answered."""

CLOSED = SPAN + TIMEOUT
NEARLY = 0.05
"""Seconds by which a wait may be too long; it is never too short."""

Reopen = Callable[[], Awaitable[Limiter]]


@attrs.frozen
class Move:
    """Seconds to let pass, then a question, then seconds until its answer, if any."""

    gap: float
    budget: Budget
    latency: float | None


_seconds = st.integers(0, 3_000_000).map(lambda microseconds: microseconds / 1e6)
_gaps = st.just(0.0) | _seconds | _seconds | _seconds.map(lambda seconds: 15 * seconds)
_latencies = st.none() | st.floats(0, TIMEOUT).map(lambda seconds: round(seconds, 6))
_moves = st.lists(
    st.builds(Move, _gaps, st.sampled_from(Budget), _latencies),
    min_size=10,
    max_size=60,
)


@attrs.define
class _Traffic:
    """Drives a limiter through a schedule and writes down who was on the wire when."""

    limiter: Limiter
    clock: FakeClock
    spans: dict[Budget, list[tuple[float, float]]] = attrs.field(factory=dict)
    _open: list[tuple[float, int, Grant]] = attrs.field(factory=list)
    _numbers: itertools.count[int] = attrs.field(factory=itertools.count)

    async def make(self, move: Move) -> None:
        """Let time pass, settling what is answered meanwhile, and ask."""
        await self._pass(move.gap)
        answer = await self.limiter.ask(move.budget)
        if isinstance(answer, Grant):
            now = self.clock.monotonic()
            ends = now + (TIMEOUT if move.latency is None else move.latency)
            self.spans.setdefault(move.budget, []).append((now, ends))
            if move.latency is not None:
                heapq.heappush(self._open, (ends, next(self._numbers), answer))

    async def _pass(self, seconds: float) -> None:
        until = self.clock.monotonic() + seconds
        while self._open and self._open[0][0] <= until:
            ends, _, grant = heapq.heappop(self._open)
            await self.clock.advance(max(ends - self.clock.monotonic(), 0.0))
            await self.limiter.settle(grant)
        await self.clock.advance(max(until - self.clock.monotonic(), 0.0))

    def most(self, budget: Budget) -> int:
        """Count the most requests that any span of 60 s touches.

        A span touches a request if it holds any moment from its grant to its answer.
        The count only falls just after an answer, so these moments are all to try.
        """
        spans = self.spans.get(budget, [])
        return max(
            (
                # A microsecond less, for what floats make of sums.
                sum(a < start + SPAN - 1e-6 and e >= start for a, e in spans)
                for _, start in spans
            ),
            default=0,
        )


async def fill(limiter: Limiter, budget: Budget) -> list[Grant]:
    """Take every place of a budget."""
    grants = [await limiter.ask(budget) for _ in range(budget.limit)]
    assert all(isinstance(grant, Grant) for grant in grants)
    return [grant for grant in grants if isinstance(grant, Grant)]


async def must_wait(limiter: Limiter, budget: Budget) -> float:
    """Be told how long to wait."""
    answer = await limiter.ask(budget)
    assert isinstance(answer, Wait)
    return answer.seconds


async def check_exact(
    limiter: Limiter, clock: FakeClock, budget: Budget, seconds: float
) -> None:
    """Check that the wait is so long, that less is not enough, and that it is."""
    wait = await must_wait(limiter, budget)
    assert seconds <= wait + 1e-6
    assert wait <= seconds + NEARLY
    await clock.advance(wait - 2 * NEARLY)
    rest = await must_wait(limiter, budget)
    await clock.advance(rest)
    assert isinstance(await limiter.ask(budget), Grant)


class LimiterContract:
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

    async def test_what_is_never_answered_counts_until_the_timeout(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        await fill(limiter, Budget.BOOKING)
        await check_exact(limiter, clock, Budget.BOOKING, CLOSED)

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

    async def test_settling_after_the_timeout_changes_nothing(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        grants = await fill(limiter, Budget.BOOKING)
        await clock.advance(TIMEOUT + 5.0)
        for grant in grants:
            await limiter.settle(grant)
        await check_exact(limiter, clock, Budget.BOOKING, SPAN - 5.0)

    async def test_settling_what_is_forgotten_is_harmless(
        self, limiter: Limiter, clock: FakeClock
    ) -> None:
        old = await fill(limiter, Budget.BOOKING)
        await clock.advance(CLOSED + 1.0)
        await fill(limiter, Budget.BOOKING)
        for grant in old:
            await limiter.settle(grant)
        await check_exact(limiter, clock, Budget.BOOKING, CLOSED)

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

    @inherited
    @given(moves=_moves)
    async def test_no_60_seconds_ever_hold_more_than_the_limit(
        self, limiter: Limiter, clock: FakeClock, moves: list[Move]
    ) -> None:
        await clock.advance(CLOSED)  # what the last example did is forgotten
        traffic = _Traffic(limiter, clock)
        for move in moves:
            await traffic.make(move)
        for budget in Budget:
            assert traffic.most(budget) <= budget.limit

    @inherited
    @given(moves=_moves, budget=st.sampled_from(Budget))
    async def test_a_wait_is_never_too_short(
        self, limiter: Limiter, clock: FakeClock, moves: list[Move], budget: Budget
    ) -> None:
        await clock.advance(CLOSED)  # what the last example did is forgotten
        traffic = _Traffic(limiter, clock)
        for move in moves:
            await traffic.make(move)
        answer = await limiter.ask(budget)
        if isinstance(answer, Wait):
            assert 0 < answer.seconds <= CLOSED + NEARLY
            await clock.advance(answer.seconds)
            assert isinstance(await limiter.ask(budget), Grant)


class UnreachableLimiterContract:
    """What is asked of a limiter whose log can be out of reach.

    The fixture ``unreachable`` gives a limiter whose log cannot be read or written.
    """

    async def test_it_raises_and_grants_nothing(self, unreachable: Limiter) -> None:
        for budget in Budget:
            with pytest.raises(StorageUnavailable):
                await unreachable.ask(budget)
