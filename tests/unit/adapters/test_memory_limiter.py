"""The limiter of one process keeps the limiter contract, and forgets on the safe side."""

from __future__ import annotations

import pytest

from mta_adapters.memory import MemoryLimiter
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter
from mta_core.testing.clock import FakeClock
from tests.contracts.limiter_contract import LimiterContract
from tests.contracts.limiter_traffic import CLOSED, TIMEOUT, Reopen
from tests.contracts.limiter_waits import NEARLY, check_exact, fill, must_wait


class TestMemoryLimiter(LimiterContract):
    """A restart loses this log: what the suite asks of one that is kept, is stricter."""

    @pytest.fixture
    def limiter(self, clock: FakeClock) -> MemoryLimiter:
        return MemoryLimiter(clock, TIMEOUT, open_at_birth=True)

    @pytest.fixture
    def reopen(self, clock: FakeClock) -> Reopen:
        async def again() -> MemoryLimiter:
            return MemoryLimiter(clock, TIMEOUT, open_at_birth=False)

        return again

    @pytest.fixture
    def lose(self, reopen: Reopen) -> Reopen:
        return reopen

    async def test_a_restart_keeps_what_is_left(
        self, limiter: Limiter, reopen: Reopen
    ) -> None:
        """Nobody knows what is left, so nothing is."""
        assert isinstance(await limiter.ask(Budget.BOOKING), Grant)
        again = await reopen()
        for budget in Budget:
            assert await must_wait(again, budget) == CLOSED

    async def test_a_grant_is_settled_after_a_restart(
        self, limiter: Limiter, clock: FakeClock, reopen: Reopen
    ) -> None:
        """Its answer is news to nobody, and opens nothing earlier."""
        grants = await fill(limiter, Budget.BOOKING)
        await clock.advance(1.0)
        again = await reopen()
        for grant in grants:
            await again.settle(grant)
        await check_exact(again, clock, Budget.BOOKING, CLOSED)
        for _ in range(Budget.BOOKING.limit - 1):
            assert isinstance(await again.ask(Budget.BOOKING), Grant)


async def test_a_new_one_is_closed_until_all_that_was_sent_has_run_out() -> None:
    clock = FakeClock()
    limiter = MemoryLimiter(clock, TIMEOUT, open_at_birth=False)
    await clock.advance(CLOSED - 1.0)
    for budget in Budget:
        assert await must_wait(limiter, budget) == 1.0
    await clock.advance(1.0)
    for budget in Budget:
        await fill(limiter, budget)


async def test_for_a_city_on_this_machine_a_new_one_is_open() -> None:
    limiter = MemoryLimiter(FakeClock(), TIMEOUT, open_at_birth=True)
    for budget in Budget:
        await fill(limiter, budget)


async def test_a_jump_before_the_first_question_is_noticed() -> None:
    clock = FakeClock()
    limiter = MemoryLimiter(clock, TIMEOUT, open_at_birth=True)
    clock.jump(3600.0)
    assert await must_wait(limiter, Budget.CALENDAR) == CLOSED


@pytest.mark.parametrize("step", [0.9, -0.9])
async def test_a_clock_that_is_trimmed_changes_nothing(step: float) -> None:
    clock = FakeClock()
    limiter = MemoryLimiter(clock, TIMEOUT, open_at_birth=True)
    grants = await fill(limiter, Budget.BOOKING)
    for _ in range(3):
        clock.jump(step)
        await fill(limiter, Budget.OTHER)
        for grant in grants:
            await limiter.settle(grant)
        assert await must_wait(limiter, Budget.BOOKING) <= SPAN + NEARLY
        await clock.advance(CLOSED)
        grants = await fill(limiter, Budget.BOOKING)
