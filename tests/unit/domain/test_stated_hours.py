"""The hours at which offices say that they release slots."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import BERLIN
from mta_core.domain.stated_hours import (
    EVERY_DAY,
    USUAL_LENGTH,
    WORKDAYS,
    StatedHour,
    stated_hours,
)

BUERGERBUERO = (
    "Hinweis zur Terminvergabe: Von Montag bis Freitag schalten wir jeweils zwischen 7 "
    "und 8 Uhr tagesaktuelle Termine frei. \r\nTermine für die kommende Woche folgen "
    "zwischen 9 und 11 Uhr. Langfristige Termine (in 6 Wochen beziehungsweise 42 Tagen)"
    " \r\nwerden über Nacht freigeschaltet. Schauen Sie an allen Standorten nach."
)
SCHNELLSCHALTER = (
    "<p><strong>Terminfreigabe:</strong> Wir schalten täglich am Montag, Mittwoch und "
    "Freitag um 7.30 Uhr sowie am Dienstag und Donnerstag um 8.30 Uhr weitere Termine "
    "für den gleichen Tag frei.\r\n<br>\r\n<strong>Achtung</strong> …</p>\r\n\r\n<p>"
    "<strong>Appointment release:</strong> We activate further appointments for the "
    "same day every day on Monday, Wednesday and Friday at 7.30 am and on Tuesday and "
    "Thursday at 8.30 am.</p>"
)
OPENING_HOURS = (
    "<p>Neue Termine werden Montag bis Freitag morgens und mittags jeweils 10 Minuten "
    "vor Beginn der Öffnungszeiten freigeschaltet.</p>"
)
KFZ = (
    "Termine können maximal 7 Tage im Voraus reserviert werden. Wir schalten jeden Tag "
    "neue Termine frei."
)


def days(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


def hour(first: str, last: str = "", weekdays: frozenset[int] = WORKDAYS) -> StatedHour:
    end = time.fromisoformat(last) if last else None
    return StatedHour(weekdays, time.fromisoformat(first), end)


ODD, EVEN = days(0, 2, 4), days(1, 3)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        (BUERGERBUERO, [hour("07:00", "08:00"), hour("09:00", "11:00")]),
        (SCHNELLSCHALTER, [hour("07:30", "", ODD), hour("08:30", "", EVEN)]),
        (OPENING_HOURS, []),
        (KFZ, []),
        ("", []),
    ],
    ids=["buergerbuero", "schnellschalter", "opening-hours", "kfz", "nothing"],
)
def test_the_citys_own_texts(text: str, hours: list[StatedHour]) -> None:
    assert list(stated_hours(text)) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Mo/Mi/Fr ab 7 Uhr", [hour("07:00", "", ODD)]),
        ("Mo, Mi und Fr um 7:30 Uhr", [hour("07:30", "", ODD)]),
        ("montags bis freitags von 7.30 bis 8.30 Uhr", [hour("07:30", "08:30")]),
        ("Mo.-Fr. 7-8 Uhr, Sa/So 9 Uhr", [hour("07:00", "08:00")]),
        ("Montag – Mittwoch gegen 6 Uhr", [hour("06:00", "", days(0, 1, 2))]),
        ("Freitag bis Montag um 6 Uhr", [hour("06:00", "", days(4, 5, 6, 0))]),
        ("sonntags um 18 Uhr", [hour("18:00", "", days(6))]),
        ("täglich um 7 Uhr", [hour("07:00", "", EVERY_DAY)]),
        ("jeden Tag um 7 Uhr", [hour("07:00", "", EVERY_DAY)]),
        ("werktags 6:30 Uhr", [hour("06:30")]),
        ("zwischen 7 Uhr und 8 Uhr", [hour("07:00", "08:00")]),
        ("um 7 und 13 Uhr", [hour("07:00"), hour("13:00")]),
        ("um 7 Uhr und um 13 Uhr", [hour("07:00"), hour("13:00")]),
        ("um 7 Uhr, dann wieder um 7 Uhr", [hour("07:00")]),
        ("So können Sie um 7 Uhr buchen", [hour("07:00")]),
        ("um 25 Uhr oder 7.75 Uhr", []),
        ("in 42 Tagen, 14 Tage lang, Haus 7", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_people_write(text: str, hours: list[StatedHour]) -> None:
    assert list(stated_hours(f"Neue Termine: {text}."))[: len(hours) or 9] == hours


def test_hours_of_something_else_are_left_out() -> None:
    assert not stated_hours("Das Büro hat Mo-Fr von 8 bis 12 Uhr offen.")
    assert stated_hours(
        "Neue Termine kommen um 7 Uhr. Öffnungszeiten: Mo 8-12 Uhr. Telefonisch sind "
        "wir von 9 bis 10 Uhr erreichbar."
    ) == (hour("07:00"),)


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for stated in stated_hours(f"Neue Termine {text}"):
        assert stated.weekdays <= EVERY_DAY


# When they come


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_an_hour_begins_on_its_weekdays() -> None:
    """2026-11-27 is a Friday."""
    after, by = berlin("2026-11-27T07:00"), berlin("2026-12-01T07:00")
    starts = list(hour("07:00").starts(after, by))
    assert starts == [berlin("2026-11-30T07:00"), by]
    assert all(start.tzinfo is UTC for start in starts)


@pytest.mark.parametrize(
    ("day", "utc"), [("2026-10-23", 5), ("2026-10-26", 6), ("2027-03-29", 5)]
)
def test_it_is_meant_in_munichs_time(day: str, utc: int) -> None:
    """Clocks are set back on 2026-10-25 and forward on 2027-03-28."""
    (start,) = hour("07:00").starts(berlin(f"{day}T06:00"), berlin(f"{day}T08:00"))
    assert start == datetime.fromisoformat(f"{day}T0{utc}:00+00:00")


def test_when_it_is_over() -> None:
    start = berlin("2026-11-27T07:00")
    assert hour("07:00", "08:15").until(start) == berlin("2026-11-27T08:15")
    assert hour("07:00").until(start) == start + USUAL_LENGTH
    assert hour("07:00", "06:00").until(start) == start + timedelta(minutes=30)
