"""What MTA reads in the city's calendar, and what it does not believe."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mta_core.domain.availability import DateWindow, Observation
from mta_core.domain.errors import SiteChanged
from mta_core.testing.clock import NOON
from tests.integration.city import city_answers as says
from tests.integration.city.city_answers import ORLEANS, PASING

T1 = int(says.START.timestamp())
T2 = T1 + 900
ONE_DAY = says.day("2026-12-03", "54261", o54261=[T1, T2])


async def test_times_are_read_per_office() -> None:
    body = says.calendar(
        says.day("2026-12-03", "102522,54261", o54261=[T2, T1], o102522=[T2]),
        says.day("2026-12-08", "54261"),
        nextBookableDate="2027-01-11",
    )

    calendar = await says.city_that_says(body).site.calendar(says.PROBE)

    start, later = says.START, says.START + timedelta(minutes=15)
    assert calendar.searched == DateWindow(date(2026, 12, 3), date(2026, 12, 3))
    assert calendar.times == {PASING: (start, later), ORLEANS: (later,)}
    assert calendar.bookable == {
        date(2026, 12, 3): frozenset({PASING, ORLEANS}),
        date(2026, 12, 8): frozenset({PASING}),
    }
    assert calendar.next_bookable == date(2027, 1, 11)


async def test_nothing_free_is_an_answer() -> None:
    body = says.calendar(slotsStartDate="2026-12-01", slotsEndDate="2026-12-01")

    calendar = await says.city_that_says(body).site.calendar(says.PROBE)

    assert not calendar.bookable
    assert not calendar.times
    assert Observation.of(says.PROBE, calendar, NOON).through == says.LAST


async def test_nothing_free_may_be_said_of_the_whole_window() -> None:
    body = says.calendar(slotsStartDate="2026-12-01", slotsEndDate="2027-05-30")

    calendar = await says.city_that_says(body).site.calendar(says.PROBE)

    assert calendar.searched == says.PROBE.window


async def test_a_day_or_an_office_without_anything_is_left_out() -> None:
    body = says.calendar(
        says.day("2026-12-03", "54261", o54261=[T1], o102522=[]),
        says.day("2026-12-04", ""),
    )

    calendar = await says.city_that_says(body).site.calendar(says.PROBE)

    assert calendar.times == {PASING: (says.START,)}
    assert list(calendar.bookable) == [date(2026, 12, 3)]


async def test_a_day_that_comes_twice_is_read_together() -> None:
    body = says.calendar(
        ONE_DAY, says.day("2026-12-03", "102522", o54261=[T1], o102522=[T1])
    )

    calendar = await says.city_that_says(body).site.calendar(says.PROBE)

    assert calendar.bookable == {date(2026, 12, 3): frozenset({PASING, ORLEANS})}
    assert len(calendar.times[PASING]) == 2


async def test_the_day_of_a_time_is_munichs() -> None:
    late = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)  # half past midnight on the 4th
    body = says.calendar(
        says.day("2026-12-04", "54261", o54261=[int(late.timestamp())]),
        slotsStartDate="2026-12-04",
        slotsEndDate="2026-12-04",
    )

    calendar = await says.city_that_says(body).site.calendar(says.PROBE)

    assert calendar.times == {PASING: (late,)}


NEXT_DAY = T1 + 86400

CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    (says.calendar(ONE_DAY, startDate="2026-12-02"), "not asked"),
    (says.calendar(ONE_DAY, endDate="2027-06-01"), "not asked"),
    (says.calendar(slotsStartDate="2026-11-30"), "outside of the asked"),
    (says.calendar(slotsEndDate="2027-05-31"), "outside of the asked"),
    (says.calendar(slotsEndDate="2026-12-02"), "outside of the asked"),
    (says.calendar(ONE_DAY, slotsEndDate="2026-12-04"), "several days"),
    (
        says.calendar(slotsEndDate="2026-12-04", nextBookableDate="2027-01-04"),
        "several days",
    ),
    (says.calendar(ONE_DAY, nextBookableDate="2026-12-02"), "contradict"),
    (says.calendar(ONE_DAY, nextBookableDate="2027-06-01"), "contradict"),
    (says.calendar(says.day("2026-12-03", "54261", o54261=[NEXT_DAY])), "not searched"),
    (says.calendar(says.day("2026-12-04", "54261", o54261=[NEXT_DAY])), "not searched"),
    (says.calendar(says.day("2026-12-03", "54261", o10489=[T1])), "not asked"),
    (says.calendar(says.day("2026-12-08", "54261,10489")), "not asked"),
    (says.calendar(ONE_DAY, says.day("2026-12-02", "54261")), "contradict"),
    (says.calendar(ONE_DAY, says.day("2027-05-31", "54261")), "contradict"),
]


@pytest.mark.parametrize(("body", "complaint"), CONTRADICTIONS)
async def test_a_calendar_that_contradicts_itself_is_not_believed(
    body: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(SiteChanged, match=complaint):
        await says.city_that_says(body).site.calendar(says.PROBE)


BROKEN_CALENDARS: list[tuple[dict[str, Any], str]] = [
    (says.without(says.calendar(), "availableDays"), "$"),
    (says.calendar(availableDays={}), "$.availableDays"),
    (says.calendar(availableDays=""), "$.availableDays"),
    (says.calendar(availableDays=None), "$.availableDays"),
    (says.calendar(slotsStartDate="20261203"), "$.slotsStartDate"),
    (says.calendar(slotsStartDate="2026-13-01"), "$.slotsStartDate"),
    (says.calendar(slotsEndDate=None), "$.slotsEndDate"),
    (says.calendar(nextBookableDate=""), "$.nextBookableDate"),
    (says.calendar({"date": "2026-12-03", "providerIDs": "54261"}), "[0]"),
    (says.calendar(says.day("2026-12-03", "54261, 2")), "[0].providerIDs"),
    (says.calendar({**ONE_DAY, "providerIDs": []}), "[0].providerIDs"),
    (says.calendar({**ONE_DAY, "offices": None}), "[0].offices"),
    (says.calendar({**ONE_DAY, "offices": [{"officeId": 54261}]}), "[0].offices[0]"),
    (says.calendar(says.day("2026-12-03", "54261", o54261=["1"])), "appointments[0]"),  # type: ignore[list-item]
    (
        says.calendar(says.day("2026-12-03", "54261", o54261=[10**15])),
        "appointments[0]",
    ),
    (
        says.calendar(says.day("2026-12-03", "54261", o54261=[10**30])),
        "appointments[0]",
    ),
]


@pytest.mark.parametrize(("body", "path"), BROKEN_CALENDARS)
async def test_a_calendar_of_another_shape_is_never_read_as_empty(
    body: dict[str, Any], path: str
) -> None:
    with pytest.raises(SiteChanged) as caught:
        await says.city_that_says(body).site.calendar(says.PROBE)

    assert path in str(caught.value)
