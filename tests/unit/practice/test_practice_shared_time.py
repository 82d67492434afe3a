"""Accelerated time: one clock for the city and whoever works with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mta_practice import City, PracticeError, PracticeSettings
from mta_practice.clock import (
    FastClock,
    SteppedClock,
    SystemClock,
    clock_from,
    fast_clock,
    munich_day,
    munich_hour,
    munich_instant,
)
from tests.unit.practice.support import MINUTE, START, a_town, at


class _Machine:
    """A machine whose time is what a test says."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


class TestFastClock:
    def test_runs_so_many_times_as_fast(self) -> None:
        machine = _Machine()
        clock = FastClock(1000.0, START, 60, machine)
        assert clock.now() == START
        machine.time += 2.5
        assert clock.now() == START + 150
        assert clock.speed == 60

    def test_the_same_numbers_make_the_same_time(self) -> None:
        machine = _Machine()
        clock = FastClock(990.0, START, 7, machine)
        shared = clock.shared()
        again = FastClock(**shared, read=machine)
        machine.time += 1.5
        assert again.now() == clock.now() == START + 80.5

    @pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
    def test_must_run_forwards(self, speed: float) -> None:
        with pytest.raises(PracticeError, match="speed"):
            FastClock(0, 0, speed)

    def test_begins_now_by_default(self) -> None:
        before = SystemClock().now()
        assert before <= fast_clock(None, 0.001).now() <= SystemClock().now()

    def test_the_others_have_their_speed(self) -> None:
        assert (SystemClock().speed, SteppedClock(0).speed) == (1.0, 0.0)


class TestClockFile:
    def test_whoever_comes_first_writes_it(self, tmp_path: Path) -> None:
        path = tmp_path / "clock.json"
        first = clock_from(path, START, 600)
        second = clock_from(path, None, 1)
        assert second.shared() == first.shared()
        assert json.loads(path.read_text()) == first.shared()

    def test_a_city_takes_it(self, tmp_path: Path) -> None:
        path = tmp_path / "clock.json"
        mine = clock_from(path, START, 600)
        city = City(PracticeSettings(clock_file=path))
        assert isinstance(city.clock, FastClock)
        assert city.clock.shared() == mine.shared()

    @pytest.mark.parametrize(
        "text", ["", "{}", "[]", "7", '{"origin": 1, "start": 2, "speed": "fast"}']
    )
    def test_must_describe_a_clock(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "clock.json"
        path.write_text(text)
        with pytest.raises(PracticeError, match="describes no clock"):
            clock_from(path, START, 1)

    def test_must_be_writable(self, tmp_path: Path) -> None:
        with pytest.raises(PracticeError, match="cannot write the clock"):
            clock_from(tmp_path / "nowhere" / "clock.json", START, 1)


class TestCity:
    def test_takes_the_clock_that_it_is_given(self) -> None:
        clock = SteppedClock(START)
        city = City(PracticeSettings(clock=clock))
        clock.advance(90)
        assert city.catch_up() == START + 90

    def test_runs_at_its_speed_from_its_start(self) -> None:
        city = City(PracticeSettings(speed=1000, start=START))
        assert START <= city.catch_up() < START + 1000 * MINUTE

    async def test_tells_its_clock(self) -> None:
        async with a_town(stepped=False, speed=60.0) as town:
            told = (await town.http.get("/practice/clock")).json()
            assert told["speed"] == 60
            assert told["start"] == START
            assert told["origin"] <= SystemClock().now()

    async def test_tells_of_stepped_time_that_it_stands(self) -> None:
        async with a_town() as town:
            assert (await town.http.get("/practice/clock")).json() == {
                "now": "2026-11-23T06:00:00.000000+00:00",
                "speed": 0.0,
            }

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"speed": 0}, "speed must be"),
            ({"speed": float("inf")}, "speed must be"),
            ({"stepped": True, "speed": 2}, "stepped time has no speed"),
            ({"stepped": True, "clock": SteppedClock(0)}, "no other clock"),
            ({"stepped": True, "clock_file": Path("x")}, "no other clock"),
        ],
    )
    def test_settings_that_make_no_time_are_refused(
        self, wrong: dict[str, float], message: str
    ) -> None:
        with pytest.raises(PracticeError, match=message):
            PracticeSettings(**wrong)  # type: ignore[arg-type]


class TestMunich:
    def test_hours_and_days_are_munichs(self) -> None:
        assert munich_hour(at(24, 13, 59)) == 13
        assert munich_instant(munich_day(at(24, 13)), 13 * 60 + 59) == at(24, 13, 59)

    def test_days_of_the_change_have_their_midnight(self) -> None:
        sunday = munich_day(at(25, 12, month=10))
        assert munich_instant(sunday) == at(25, 0, month=10)
        assert munich_hour(at(25, 0, month=10) + 4 * 3600) == 3
