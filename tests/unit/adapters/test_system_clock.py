"""The computer's clock keeps the contract, and tells the present."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from mta_adapters.system import FastClock, SystemClock
from mta_core.domain.errors import InvalidValue
from tests.contracts.clock_contract import ClockContract


class TestSystemClock(ClockContract):
    """The computer's clock against the contract."""

    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()


def test_now_is_the_present_moment_in_utc() -> None:
    before = datetime.now(UTC)

    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


class TestFastClock(ClockContract):
    """A practice city's clock, sixty times as fast, against the contract."""

    @pytest.fixture
    def clock(self) -> FastClock:
        return FastClock(origin=time.time(), start=1_800_000_000.0, speed=60.0)


def test_a_fast_clock_tells_the_time_of_its_city() -> None:
    origin = time.time() - 10
    clock = FastClock.parse(f'{{"origin": {origin}, "start": 1800000000, "speed": 60}}')

    passed = clock.now() - datetime.fromtimestamp(1_800_000_000, UTC)

    assert timedelta(minutes=10) <= passed < timedelta(minutes=20)


async def test_a_fast_clock_sleeps_as_much_shorter() -> None:
    clock = FastClock(origin=0.0, start=0.0, speed=1000.0)
    begin = time.monotonic()
    await clock.sleep(10)
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"origin": 1, "start": 1}',
        '{"origin": 1, "start": 1, "speed": 0}',
        '{"origin": 1, "start": 1, "speed": "fast"}',
        '{"origin": 1, "start": 1, "speed": Infinity}',
    ],
)
def test_what_describes_no_clock_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        FastClock.parse(text)
