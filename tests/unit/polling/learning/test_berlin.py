"""Minutes are Munich's: daylight saving moves none of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import BERLIN
from mta_core.polling.learning.berlin import DAY, WEEK, local_day, minute_at
from tests.unit.domain.builders import berlin

SECONDS = st.integers(1_700_000_000, 2_000_000_000)


def number_of(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


@given(SECONDS)
def test_a_minute_is_called_as_the_clock_on_the_wall_shows_it(at: int) -> None:
    wall = datetime.fromtimestamp(at, BERLIN)
    minute = minute_at(at // 60)
    assert minute.of_day == 60 * wall.hour + wall.minute
    assert minute.of_week == DAY * wall.weekday() + minute.of_day
    assert minute.weekday is (wall.weekday() < 5)
    assert minute.of_week < WEEK


@given(SECONDS, SECONDS)
def test_days_count_up_at_munichs_midnight(one: int, other: int) -> None:
    dates = [datetime.fromtimestamp(at, BERLIN).date() for at in (one, other)]
    assert local_day(other) - local_day(one) == (dates[1] - dates[0]).days


@pytest.mark.parametrize(
    "day", ["2026-10-24", "2026-10-26", "2027-03-27", "2027-03-29"]
)
def test_seven_is_seven_on_both_sides_of_a_change_of_the_clocks(day: str) -> None:
    assert minute_at(number_of(berlin(f"{day} 07:00"))).of_day == 7 * 60


def test_in_autumn_an_hour_comes_twice_and_in_spring_one_never() -> None:
    first, second = (berlin("2026-10-25 02:30", fold) for fold in (0, 1))
    assert number_of(second) - number_of(first) == 60
    assert minute_at(number_of(first)) == minute_at(number_of(second))
    night = number_of(datetime(2027, 3, 28, 0, 59, tzinfo=UTC))
    assert [minute_at(night + n).of_day for n in (0, 1)] == [60 + 59, 3 * 60]
