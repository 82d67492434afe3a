"""Virtual time keeps the clock contract, and goes where a test sends it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mta_core.domain.errors import InvalidValue
from mta_core.testing.clock import NOON, FakeClock, SequentialIds
from tests.contracts.clock_contract import ClockContract, IdsContract


class TestFakeClock(ClockContract):
    """The fake clock against the contract."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(auto=True)


class TestSequentialIds(IdsContract):
    """Sequential ids against the contract."""

    @pytest.fixture
    def ids(self) -> SequentialIds:
        return SequentialIds()


class Sleepers:
    """Some who sleep, and when they woke."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.woke: list[tuple[str, timedelta]] = []

    async def sleep(self, name: str, *seconds: float) -> None:
        for each in seconds:
            await self.clock.sleep(each)
            self.woke.append((name, self.clock.now() - NOON))


async def test_sleepers_wake_in_order_and_on_time() -> None:
    clock = FakeClock()
    sleepers = Sleepers(clock)
    async with asyncio.TaskGroup() as group:
        group.create_task(sleepers.sleep("slow", 3.0))
        group.create_task(sleepers.sleep("quick", 1.0, 1.0, 1.5))
        await clock.advance(3.25)
        second = timedelta(seconds=1)
        assert sleepers.woke == [
            ("quick", second),
            ("quick", 2 * second),
            ("slow", 3 * second),
        ]
        assert clock.now() == NOON + timedelta(seconds=3.25)
        assert clock.sleeping == 1
        await clock.advance(0.25)
    assert sleepers.woke[-1] == ("quick", timedelta(seconds=3.5))
    assert clock.sleeping == 0


async def test_nobody_wakes_too_early() -> None:
    clock = FakeClock()
    sleepers = Sleepers(clock)
    task = asyncio.create_task(sleepers.sleep("one", 1.0))
    await clock.advance(0.999999)
    assert not task.done()
    await clock.advance(0.000001)
    assert task.done()


async def test_who_sleeps_equally_long_wakes_in_order_of_going() -> None:
    clock = FakeClock()
    sleepers = Sleepers(clock)
    async with asyncio.TaskGroup() as group:
        for name in "abc":
            group.create_task(sleepers.sleep(name, 1.0))
        await clock.advance(1.0)
    assert [name for name, _ in sleepers.woke] == ["a", "b", "c"]


async def test_a_cancelled_sleeper_is_not_woken() -> None:
    clock = FakeClock()
    task = asyncio.create_task(clock.sleep(5.0))
    await clock.advance(1.0)
    assert clock.sleeping == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert clock.sleeping == 0
    await clock.advance(10.0)
    assert clock.now() == NOON + timedelta(seconds=11)


async def test_with_auto_a_sleep_passes_at_once() -> None:
    clock = FakeClock(auto=True)
    start = clock.monotonic()
    await clock.sleep(3600.0)
    assert clock.now() == NOON + timedelta(hours=1)
    assert clock.monotonic() == start + 3600.0


async def test_a_jump_moves_the_wall_clock_alone() -> None:
    clock = FakeClock()
    start = clock.monotonic()
    task = asyncio.create_task(clock.sleep(5.0))
    clock.jump(-60.0)
    await clock.advance(1.0)
    assert clock.now() == NOON - timedelta(seconds=59)
    assert clock.monotonic() == start + 1.0
    assert not task.done()
    clock.jump(3600.0)
    await clock.advance(4.0)
    assert task.done()
    assert clock.monotonic() == start + 5.0


def test_it_starts_where_it_is_told_to_and_speaks_utc() -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    now = FakeClock(start).now()
    assert now == start
    assert now.tzinfo is UTC


def test_it_takes_no_time_without_zone() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(InvalidValue):
        FakeClock(naive)


def test_ids_are_the_same_every_time() -> None:
    first, second = SequentialIds(), SequentialIds()
    assert [first.new() for _ in range(3)] == [second.new() for _ in range(3)]


def test_other_seeds_make_other_ids() -> None:
    makers = [SequentialIds(seed=seed) for seed in range(3)]
    assert len({maker.new() for maker in makers for _ in range(100)}) == 300


async def test_ids_carry_the_time_and_sort_across_a_clock_set_back() -> None:
    clock = FakeClock()
    ids = SequentialIds(clock)
    made = [ids.new()]
    assert made[0].int >> 80 == int(NOON.timestamp() * 1000)
    await clock.advance(1.0)
    made.append(ids.new())
    assert made[1].int >> 80 == int(NOON.timestamp() * 1000) + 1000
    clock.jump(-3600.0)
    made.append(ids.new())
    assert made == sorted(made)
    assert made[1] != made[2]
