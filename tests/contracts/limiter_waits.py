"""Waiting for a limiter, exactly."""

from __future__ import annotations

from mta_core.ports.limiter import Budget, Grant, Limiter, Wait
from mta_core.testing.clock import FakeClock

NEARLY = 0.05
"""Seconds by which a wait may be too long; it is never too short."""


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
