"""What is special to a limiter whose log is a file and whose clock may be set."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import SqlLimiter
from mta_adapters.sql.rows import LimiterStampRow, LimiterStateRow
from mta_adapters.sql.sessions import writing
from mta_core.domain.errors import StorageUnavailable
from mta_core.ports.limiter import SPAN, Budget, Grant
from mta_core.testing.clock import FakeClock
from tests.contracts.limiter_traffic import CLOSED, TIMEOUT
from tests.contracts.limiter_waits import check_exact, fill, must_wait
from tests.integration.sql.limiter_files import copy_to, hasten

pytestmark = pytest.mark.integration


@pytest.fixture
def clock() -> FakeClock:
    """The clock of the first process."""
    return FakeClock()


@pytest.fixture
def engine(path: Path, open_engine: Callable[..., AsyncEngine]) -> AsyncEngine:
    """The first process's engine, on a migrated file."""
    copy_to(path)
    return hasten(open_engine(path))


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
    clock.jump(-3)
    # A new process has no idea of the time that passed; the log has.
    later = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)
    await check_exact(later, clock, Budget.BOOKING, CLOSED)
    await fill(later, Budget.CALENDAR)


@pytest.mark.parametrize("step", [-3.0, 3.0, 20.0, 86400.0])
async def test_a_clock_set_while_nothing_ran_closes_it(
    limiter: SqlLimiter, engine: AsyncEngine, clock: FakeClock, step: float
) -> None:
    """Forward, too: else 60 s would be over before they are."""
    await fill(limiter, Budget.CALENDAR)
    await clock.advance(50)
    clock.jump(step)
    later = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)
    await check_exact(later, clock, Budget.CALENDAR, CLOSED)


@pytest.mark.parametrize("off", [0.0, 30.0, 3600.0])
async def test_a_machine_that_was_started_anew_closes_it(
    limiter: SqlLimiter, engine: AsyncEngine, clock: FakeClock, off: float
) -> None:
    """Its monotonic clock begins anew, and who knows whether the other one is right."""
    await clock.advance(5000)
    await fill(limiter, Budget.CALENDAR)
    rebooted = FakeClock(clock.now() + timedelta(seconds=off))
    later = SqlLimiter(engine, rebooted, TIMEOUT, open_at_birth=True)
    await check_exact(later, rebooted, Budget.CALENDAR, CLOSED)


async def test_a_machine_whose_clocks_begin_at_the_same_time_each_day_closes_it(
    limiter: SqlLimiter, engine: AsyncEngine, clock: FakeClock
) -> None:
    """Without a battery the wall clock begins anew with every start, too."""
    await clock.advance(5000)
    await fill(limiter, Budget.CALENDAR)
    rebooted = FakeClock()
    later = SqlLimiter(engine, rebooted, TIMEOUT, open_at_birth=True)
    await check_exact(later, rebooted, Budget.CALENDAR, CLOSED)


async def test_a_log_of_an_older_release_begins_closed(
    engine: AsyncEngine, clock: FakeClock
) -> None:
    row = LimiterStateRow(id=1, closed_until=clock.now(), seen_at=clock.now())
    async with writing(engine) as work:
        await work.add(row)
        await work.commit()
    limiter = SqlLimiter(engine, clock, TIMEOUT, open_at_birth=True)
    await check_exact(limiter, clock, Budget.CALENDAR, CLOSED)


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
    await fill(limiter, Budget.CALENDAR)
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
    assert await must_wait(limiter, Budget.BOOKING) == pytest.approx(SPAN)


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
        await fill(limiter, Budget.OTHER)
        await clock.advance(900)
    async with engine.connect() as connection:
        stamps = await connection.scalar(select(func.count(LimiterStampRow.id)))
    assert stamps is not None
    assert stamps <= 6 * Budget.OTHER.limit
