"""Spans of the day, as citizens write them and as Munich's clocks show them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import MAIL_HOURS, Hours
from tests.unit.domain.builders import MINUTE, NOW, berlin

MINUTES = st.integers(0, 24 * 60 - 1)


def at(minute: int) -> time:
    return time(minute // 60, minute % 60)


@given(MINUTES, MINUTES)
def test_reading_what_was_written_gives_the_same_hours(one: int, two: int) -> None:
    hours = Hours(at(min(one, two)), at(max(one, two)) if one != two else None)
    assert Hours.parse(str(hours)) == hours


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("7-22", time(7), time(22)),
        ("8:30-12", time(8, 30), time(12)),
        (" 8 - 12 : 15 ", time(8), time(12, 15)),
        ("0-24", time(0), None),
        ("0:00-24:00", time(0), None),
        ("23:59-24", time(23, 59), None),
    ],
)
def test_hours_are_read_from_text(text: str, first: time, last: time | None) -> None:
    assert Hours.parse(text) == Hours(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8",
        "-",
        "8-",
        "-8",
        "8--9",
        "a-b",
        "8:x-9",
        "8:-12",
        "8.30-12",
        "25-26",
        "8:60-9",
        "24-24",
        "12-8",
        "8-8",
        "22-7",
        "0-0",
        "99999999999-24",
    ],
)
def test_a_malformed_text_is_an_invalid_value(text: str) -> None:
    with pytest.raises(InvalidValue):
        Hours.parse(text)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-09-28 07:59", False),
        ("2026-09-28 08:00", True),
        ("2026-09-28 11:59", True),
        ("2026-09-28 12:00", False),
        # The night from CEST to CET: the same wall clock, another hour in UTC.
        ("2026-10-24 08:00", True),
        ("2026-10-25 07:59", False),
        ("2026-10-25 08:00", True),
        ("2026-10-25 11:59", True),
        ("2026-10-25 12:00", False),
        # The night from CET to CEST.
        ("2027-03-27 08:00", True),
        ("2027-03-28 07:59", False),
        ("2027-03-28 08:00", True),
        ("2027-03-28 12:00", False),
    ],
)
def test_hours_are_meant_by_the_clocks_of_munich(moment: str, inside: bool) -> None:
    assert (berlin(moment) in Hours.parse("8-12")) is inside


@pytest.mark.parametrize("fold", [0, 1])
def test_both_passes_of_the_doubled_hour_count(fold: int) -> None:
    doubled = berlin("2026-10-25 02:30", fold)
    assert doubled in Hours.parse("2-3")
    assert doubled not in Hours.parse("3-4")


def test_the_whole_day_has_no_end() -> None:
    hours = Hours()
    assert berlin("2026-09-28 00:00") in hours
    assert berlin("2026-09-28 23:59") in hours
    assert str(hours) == "00:00-24:00"


def test_mail_is_opened_from_7_to_22_unless_said_otherwise() -> None:
    assert str(MAIL_HOURS) == "07:00-22:00"


@given(st.integers(0, 500 * 24 * 60), st.integers(1, 24 * 60 - 1))
def test_a_moment_is_before_or_after_every_hour_of_the_clock(
    minutes: int, cut: int
) -> None:
    """Cutting the day in two puts every moment in exactly one part."""
    moment = NOW + minutes * MINUTE
    before, after = Hours(time(0), at(cut)), Hours(at(cut), None)
    assert (moment in before) != (moment in after)
