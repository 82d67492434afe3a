from __future__ import annotations

from datetime import date

import pytest

from mta_practice import City, PracticeError, PracticeSettings
from mta_practice.clock import SteppedClock, SystemClock, iso, munich_day
from tests.unit.practice.support import DAY, START, at


def test_stepped_clock_stands_still_until_advanced() -> None:
    clock = SteppedClock(100.0)
    assert clock.now() == 100.0
    clock.advance(2.5)
    assert clock.now() == 102.5


def test_stepped_clock_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        SteppedClock(0).advance(-1)


def test_system_clock_reads_the_machine() -> None:
    assert SystemClock(lambda: 7.5).now() == 7.5


def test_iso_is_utc_with_microseconds() -> None:
    assert iso(START + 0.25) == "2026-11-23T06:00:00.250000+00:00"


def test_a_day_is_a_day_in_munich() -> None:
    assert munich_day(at(24, 0) - 1) == date(2026, 11, 23)
    assert munich_day(at(24, 0)) == date(2026, 11, 24)


def test_stepped_city_starts_at_the_machines_time_by_default() -> None:
    city = City(PracticeSettings(stepped=True))
    assert city.clock.now() > at(1, 0)


def test_city_on_real_time_cannot_be_advanced() -> None:
    with pytest.raises(PracticeError, match="stepped"):
        City(PracticeSettings()).advance(1)


@pytest.mark.parametrize("seconds", [-1, 367 * DAY])
def test_step_must_be_sensible(seconds: float) -> None:
    with pytest.raises(PracticeError, match="advance"):
        City(PracticeSettings(stepped=True)).advance(seconds)


@pytest.mark.parametrize(
    "wrong",
    [
        {"job_period": 0},
        {"request_limit": 0},
        {"counter_seconds": -1},
        {"lookup_seconds": -0.1},
    ],
)
def test_settings_refuse_numbers_that_make_no_city(wrong: dict[str, int]) -> None:
    with pytest.raises(PracticeError, match=next(iter(wrong))):
        PracticeSettings(**wrong)  # type: ignore[arg-type]
