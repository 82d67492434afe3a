"""Whether a slot would suit: days, hours, offices and notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mta_core.domain.availability import DateWindow
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import EVERY_WEEKDAY, Hours, Wishes
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_slot,
    a_window,
    berlin,
    days,
    wanting,
)

SATURDAY = TODAY + days(5)
WORKDAYS = frozenset(range(5))


def test_without_wishes_everything_after_the_notice_suits() -> None:
    assert Wishes().accept(a_slot(), NOW)


@pytest.mark.parametrize(
    ("ahead", "suits"),
    [
        (timedelta(hours=2), True),
        (timedelta(hours=2) - timedelta(seconds=1), False),
        (timedelta(0), False),
        (timedelta(hours=-1), False),
    ],
)
def test_a_slot_needs_the_notice_before_its_start(
    ahead: timedelta, suits: bool
) -> None:
    assert Wishes().accept(a_slot(NOW + ahead), NOW) is suits


def test_the_notice_is_real_time_when_the_clocks_change() -> None:
    """From 01:30 CEST to 02:30 CET two hours pass."""
    now, start = berlin("2026-10-25 01:30"), berlin("2026-10-25 02:30", fold=1)
    assert Wishes().accept(a_slot(start), now)
    now, start = berlin("2027-03-28 01:30"), berlin("2027-03-28 03:30")
    assert not Wishes().accept(a_slot(start), now)


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize(
    ("clock", "suits"),
    [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False)],
)
def test_hours_hold_on_the_days_on_which_the_clocks_change(
    day: date, clock: str, suits: bool
) -> None:
    start = berlin(f"{day} {clock}")
    assert Wishes(hours=Hours.parse("8-12")).accept(a_slot(start), NOW) is suits


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_weekdays_and_days_are_meant_in_munich(day: date) -> None:
    """Half past midnight in Munich is still the evening before in UTC."""
    start = berlin(f"{day} 00:30")
    assert start.date() != day
    assert Wishes(weekdays=frozenset({6})).accept(a_slot(start), NOW)
    assert not Wishes(weekdays=EVERY_WEEKDAY - {6}).accept(a_slot(start), NOW)
    assert Wishes(windows=(DateWindow(day, day),)).accept(a_slot(start), NOW)
    assert not Wishes(excluded=frozenset({day})).accept(a_slot(start), NOW)


@pytest.mark.parametrize(
    ("wishes", "suits"),
    [
        (Wishes(weekdays=WORKDAYS), False),
        (Wishes(weekdays=frozenset({5})), True),
        (Wishes(excluded=frozenset({SATURDAY})), False),
        (Wishes(excluded=frozenset({TODAY})), True),
        (Wishes(windows=(a_window(0, 4),)), False),
        (Wishes(windows=(a_window(5, 5),)), True),
        (Wishes(windows=(a_window(0, 1), a_window(4, 6))), True),
        (Wishes(windows=(a_window(0, 1), a_window(9, 9))), False),
        (Wishes(windows=(a_window(4, 6),), excluded=frozenset({SATURDAY})), False),
    ],
)
def test_a_day_suits_if_no_wish_is_against_it(wishes: Wishes, suits: bool) -> None:
    assert wishes.accept_day(SATURDAY) is suits
    assert wishes.accept(a_slot(berlin(f"{SATURDAY} 10:00")), NOW) is suits


def test_only_wanted_offices_suit() -> None:
    assert Wishes().accept_office(OfficeId(7))
    assert wanting(7).accept(a_slot(office=7), NOW)
    assert not wanting(7).accept(a_slot(office=8), NOW)


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({7}), frozenset({-1, 2})])
def test_weekdays_are_monday_to_sunday(weekdays: frozenset[int]) -> None:
    with pytest.raises(InvalidValue, match="Weekdays"):
        Wishes(weekdays=weekdays)


def test_a_notice_is_never_negative() -> None:
    assert Wishes(notice=timedelta(0)).accept(a_slot(NOW), NOW)
    with pytest.raises(InvalidValue, match="notice"):
        Wishes(notice=timedelta(seconds=-1))
