"""What is special to a limiter whose log is a file and whose clock may be set."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import SqlLimiter
from mta_adapters.sql.rows import LimiterStampRow
from mta_core.domain.errors import StorageUnavailable
from mta_core.ports.limiter import SPAN, Budget, Grant
from mta_core.testing.clock import FakeClock
from tests.contracts.limiter_contract import (
    CLOSED,
    TIMEOUT,
    check_exact,
    fill,
    must_wait,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def clock() -> FakeClock:
    """The clock of the first process."""
    return FakeClock()


@pytest.fixture
def limiter(engine: AsyncEngine, clock: FakeClock) -> SqlLimiter:
    """A limiter that is open at birth."""
    return SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)


@pytest.fixture
def elsewhere(path: Path, open_engine: Callable[..., AsyncEngine]) -> AsyncEngine:
    """Another process's engine on the same file."""
    return open_engine(path)


async def test_a_new_log_is_closed_since_nobody_knows_what_was_sent(
    engine: AsyncEngine, clock: FakeClock
) -> None:
    limiter = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=False)
    for budget in Budget:
        assert await must_wait(limiter, budget) == CLOSED
    await clock.advance(CLOSED - 1)
    # Starting again does not make it start anew.
    limiter = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=False)
    assert await must_wait(limiter, Budget.CALENDAR) == 1
    await clock.advance(1)
    for budget in Budget:
        await fill(limiter, budget)


async def test_being_open_at_birth_does_not_open_what_is_closed(
    engine: AsyncEngine, clock: FakeClock
) -> None:
    careful = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=False)
    await must_wait(careful, Budget.CALENDAR)
    careless = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)
    assert await must_wait(careless, Budget.CALENDAR) == CLOSED


async def test_processes_share_the_budgets(
    limiter: SqlLimiter, elsewhere: AsyncEngine, clock: FakeClock
) -> None:
    other = SqlLimiter(elsewhere, clock, TIMEOUT, open_at_birth=True)
    answers = await asyncio.gather(
        *((limiter, other)[n % 2].ask(Budget.CALENDAR) for n in range(24))
    )
    assert sum(isinstance(answer, Grant) for answer in answers) == 10


async def test_a_clock_set_back_while_nothing_ran_closes_it(
    limiter: SqlLimiter, engine: AsyncEngine, clock: FakeClock
) -> None:
    grants = await fill(limiter, Budget.BOOKING)
    await clock.advance(3)
    await limiter.settle(grants[0])
    clock.jump(-2)
    # A new process has no idea of the time that passed; the log has.
    later = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)
    await check_exact(later, clock, Budget.BOOKING, CLOSED)
    await fill(later, Budget.CALENDAR)


async def test_a_clock_set_back_is_noticed_when_an_answer_comes(
    limiter: SqlLimiter, engine: AsyncEngine, clock: FakeClock
) -> None:
    grant, *_ = await fill(limiter, Budget.BOOKING)
    clock.jump(-600)
    await limiter.settle(grant)
    later = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)
    assert await must_wait(later, Budget.CALENDAR) == CLOSED


async def test_years_in_the_future_do_not_close_it_for_years(
    limiter: SqlLimiter, clock: FakeClock
) -> None:
    years = 5 * 365 * 86400.0
    clock.jump(years)
    await must_wait(limiter, Budget.CALENDAR)
    await clock.advance(CLOSED)
    await fill(limiter, Budget.CALENDAR)
    clock.jump(-years)
    await check_exact(limiter, clock, Budget.CALENDAR, CLOSED)


@pytest.mark.parametrize("step", [1.0, -1.0, 0.5, -0.5])
async def test_a_clock_that_is_trimmed_changes_nothing(
    limiter: SqlLimiter, clock: FakeClock, step: float
) -> None:
    grants = await fill(limiter, Budget.BOOKING)
    clock.jump(step)
    await fill(limiter, Budget.OTHER)
    for grant in grants:
        await limiter.settle(grant)
    assert SPAN <= await must_wait(limiter, Budget.BOOKING) <= SPAN + 1


async def test_many_small_steps_are_one_big_one(
    limiter: SqlLimiter, clock: FakeClock
) -> None:
    await fill(limiter, Budget.BOOKING)
    for _ in range(2):
        clock.jump(0.9)
        await must_wait(limiter, Budget.BOOKING)
    clock.jump(0.9)
    assert await must_wait(limiter, Budget.BOOKING) == CLOSED
    assert await must_wait(limiter, Budget.OTHER) == CLOSED


async def test_a_jump_that_could_not_be_written_down_is_found_again(
    limiter: SqlLimiter, engine: AsyncEngine, clock: FakeClock
) -> None:
    await fill(limiter, Budget.CALENDAR)
    clock.jump(3600)

    def lose(_connection: object) -> None:
        event.remove(engine.sync_engine, "commit", lose)
        raise StorageUnavailable

    event.listen(engine.sync_engine, "commit", lose)
    with pytest.raises(StorageUnavailable):
        await limiter.ask(Budget.CALENDAR)
    assert await must_wait(limiter, Budget.CALENDAR) == CLOSED


async def test_the_log_does_not_grow(
    limiter: SqlLimiter, engine: AsyncEngine, clock: FakeClock
) -> None:
    for _ in range(20):
        await fill(limiter, Budget.CALENDAR)
        await clock.advance(CLOSED)
    async with engine.connect() as connection:
        stamps = await connection.scalar(select(func.count(LimiterStampRow.id)))
    assert stamps is not None
    assert stamps <= 3 * Budget.CALENDAR.limit
