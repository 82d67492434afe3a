"""What the calendar promises can be booked, and nothing else can."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mta_practice import City, PracticeSettings
from mta_practice.errors import Refusal
from tests.unit.practice.support import AUSBILDUNG, MINUTE, START, at

SLOT = 5 * MINUTE
ONE_SLOT, THREE_SLOTS = 1080843, 1063475


def _city(opened: set[int]) -> City:
    city = City(PracticeSettings(stepped=True, start=START))
    starts = [at(24, 9) + index * SLOT for index in sorted(opened)]
    city.open({"officeId": AUSBILDUNG, "serviceId": ONE_SLOT, "starts": starts})
    return city


def _shown(city: City, service: int, count: int) -> set[int]:
    query = {
        "startDate": "2026-11-23",
        "endDate": "2026-12-23",
        "officeIds": str(AUSBILDUNG),
        "serviceIds": str(service),
        "serviceCounts": str(count),
    }
    days: Any = city.available_calendar(query, "a")["availableDays"]
    return {
        start
        for day in days
        for shown in day["offices"]
        for start in shown["appointments"]
    }


def _bookable(opened: set[int], start: int, service: int, count: int) -> bool:
    body = {
        "timestamp": start,
        "officeId": AUSBILDUNG,
        "serviceId": [service],
        "serviceCount": [count],
    }
    city = _city(opened)
    try:
        answer = city.reserve(city.look_up(body, "a"))
    except Refusal:
        return False
    return answer["timestamp"] == str(start)


@settings(max_examples=40, deadline=None)
@given(
    opened=st.sets(st.integers(0, 12), min_size=1),
    service=st.sampled_from([ONE_SLOT, THREE_SLOTS]),
    count=st.integers(1, 3),
)
def test_calendar_shows_exactly_what_can_be_reserved(
    opened: set[int], service: int, count: int
) -> None:
    grid = [at(24, 9) + index * SLOT for index in range(14)]
    bookable = {start for start in grid if _bookable(opened, start, service, count)}
    assert _shown(_city(opened), service, count) == bookable
