"""The limiter in memory keeps the limiter contract."""

from __future__ import annotations

import pytest

from mta_core.domain.errors import StorageUnavailable
from mta_core.ports.limiter import Budget, Grant, Limiter, Wait
from mta_core.testing.clock import FakeClock
from mta_core.testing.limiter import FakeLimiter
from tests.contracts.limiter_contract import (
    LimiterContract,
    UnreachableLimiterContract,
)
from tests.contracts.limiter_traffic import CLOSED, TIMEOUT, Reopen


class TestFakeLimiter(LimiterContract, UnreachableLimiterContract):
    """The fake limiter against the contract."""

    @pytest.fixture
    def limiter(self, clock: FakeClock) -> FakeLimiter:
        return FakeLimiter(clock, TIMEOUT)

    @pytest.fixture
    def processes(self, limiter: FakeLimiter) -> list[FakeLimiter]:
        return [limiter]

    @pytest.fixture
    def reopen(self, processes: list[FakeLimiter]) -> Reopen:
        async def again() -> Limiter:
            processes.append(processes[-1].reopened())
            return processes[-1]

        return again

    @pytest.fixture
    def lose(self, processes: list[FakeLimiter], clock: FakeClock) -> Reopen:
        async def anew() -> Limiter:
            processes.append(FakeLimiter(clock, TIMEOUT, closed_for=CLOSED))
            return processes[-1]

        return anew

    @pytest.fixture
    def unreachable(self, limiter: FakeLimiter) -> FakeLimiter:
        limiter.unreachable = True
        return limiter


async def test_it_may_begin_closed() -> None:
    clock = FakeClock()
    limiter = FakeLimiter(clock, closed_for=70.0)
    assert await limiter.ask(Budget.OTHER) == Wait(70.0)
    await clock.advance(70.0)
    assert isinstance(await limiter.ask(Budget.OTHER), Grant)


async def test_it_remembers_what_was_granted_and_when() -> None:
    clock = FakeClock()
    limiter = FakeLimiter(clock)
    first = clock.now()
    await limiter.ask(Budget.CALENDAR)
    await clock.advance(6.0)
    await limiter.ask(Budget.BOOKING)
    granted = [(first, Budget.CALENDAR), (clock.now(), Budget.BOOKING)]
    assert limiter.granted == granted
    assert limiter.reopened().granted == granted


async def test_out_of_reach_nothing_is_settled() -> None:
    limiter = FakeLimiter(FakeClock())
    grant = await limiter.ask(Budget.CALENDAR)
    assert isinstance(grant, Grant)
    limiter.unreachable = True
    with pytest.raises(StorageUnavailable):
        await limiter.settle(grant)
