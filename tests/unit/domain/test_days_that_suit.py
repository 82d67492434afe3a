"""The first and the last day that suit: what is asked for, and until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import DateWindow, day_of
from mta_core.domain.subscriptions import Wishes
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_slot,
    a_window,
    berlin,
    days,
)

SATURDAY = TODAY + days(5)
WORKDAYS = frozenset(range(5))

NEAR = st.integers(-40, 40)
SPANS = st.tuples(NEAR, st.integers(0, 30)).map(lambda s: a_window(s[0], sum(s)))
WISHES = st.builds(
    Wishes,
    windows=st.lists(SPANS, max_size=3).map(tuple),
    excluded=st.frozensets(NEAR.map(lambda number: TODAY + days(number)), max_size=9),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    notice=st.integers(0, 20 * 24).map(lambda hours: timedelta(hours=hours)),
)
MOMENTS = st.integers(-40 * 24, 40 * 24).map(lambda hour: NOW + timedelta(hours=hour))


# The first day


@pytest.mark.parametrize(
    ("wishes", "first"),
    [
        (Wishes(), TODAY),
        (Wishes(notice=timedelta(hours=15)), TODAY + days(1)),
        (Wishes(windows=(a_window(3, 9),)), TODAY + days(3)),
        (Wishes(windows=(a_window(-9, 2),)), TODAY),
        (Wishes(windows=(a_window(9, 9), a_window(-9, -1), a_window(4, 5))), 4),
        (Wishes(windows=(a_window(-9, -1),)), None),
        (Wishes(windows=(a_window(0, 0),), notice=timedelta(hours=15)), None),
    ],
)
def test_the_first_day_is_the_earliest_that_is_left(
    wishes: Wishes, first: date | int | None
) -> None:
    expected = TODAY + days(first) if isinstance(first, int) else first
    assert wishes.first_day(NOW) == expected


def test_the_first_day_begins_at_midnight_in_munich() -> None:
    late = berlin("2026-09-28 22:30")
    assert Wishes().first_day(late) == TODAY + days(1)
    assert Wishes(notice=timedelta(0)).first_day(late) == TODAY


@pytest.mark.parametrize(
    ("wishes", "first"),
    [
        (Wishes(weekdays=frozenset({5})), SATURDAY),
        (Wishes(excluded=frozenset({TODAY, TODAY + days(1)})), TODAY + days(2)),
        (Wishes(windows=(a_window(5, 9),), weekdays=WORKDAYS), TODAY + days(7)),
        (Wishes(windows=(a_window(5, 6), a_window(9, 9)), weekdays=WORKDAYS), 9),
        (Wishes(windows=(a_window(5, 6),), weekdays=WORKDAYS), None),
        (
            Wishes(windows=(a_window(2, 2),), excluded=frozenset({TODAY + days(2)})),
            None,
        ),
    ],
)
def test_the_first_day_is_one_that_would_suit(
    wishes: Wishes, first: date | int | None
) -> None:
    """An answer holds times for one day only: asking from a day that suits nobody
    wastes it, and wishes that no day can fulfil are over."""
    expected = TODAY + days(first) if isinstance(first, int) else first
    assert wishes.first_day(NOW) == expected


@given(
    st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 10)), max_size=4),
    st.integers(0, 60),
    st.integers(0, 24 * 60),
)
def test_no_slot_suits_before_the_first_day(
    spans: list[tuple[int, int]], day: int, minute: int
) -> None:
    wishes = Wishes(windows=tuple(a_window(at, at + long) for at, long in spans))
    start: datetime = NOW + days(day) + timedelta(minutes=minute)
    slot = a_slot(start)
    if wishes.accept(slot, NOW):
        first = wishes.first_day(NOW)
        assert first is not None
        assert first <= slot.day


def test_the_first_day_is_found_without_going_through_the_whole_year() -> None:
    """It is asked for every subscription whenever they are folded (design 9)."""
    looked_at: list[date] = []

    class Watched(Wishes):
        def accept_day(self, day: date) -> bool:
            looked_at.append(day)
            return super().accept_day(day)

    assert Watched(weekdays=frozenset({5})).first_day(NOW) == SATURDAY
    assert len(looked_at) <= 7


# The last day


@pytest.mark.parametrize(
    ("wishes", "last"),
    [
        (Wishes(), None),
        (Wishes(weekdays=WORKDAYS, excluded=frozenset({TODAY})), None),
        (Wishes(windows=(a_window(3, 9),)), 9),
        (Wishes(windows=(a_window(9, 9), a_window(-9, -1), a_window(4, 5))), 9),
        (Wishes(windows=(a_window(0, 6),), weekdays=WORKDAYS), 4),
        (Wishes(windows=(a_window(0, 4), a_window(5, 6)), weekdays=WORKDAYS), 4),
        (Wishes(windows=(a_window(5, 6),), weekdays=WORKDAYS), None),
        (
            Wishes(windows=(a_window(0, 9),), excluded=frozenset({TODAY + days(9)})),
            8,
        ),
        (Wishes(windows=(DateWindow(TODAY, date.max),)), (date.max - TODAY).days),
    ],
)
def test_the_last_day_is_the_latest_that_suits(
    wishes: Wishes, last: int | None
) -> None:
    expected = TODAY + days(last) if last is not None else None
    assert wishes.last_day() == expected


@given(WISHES, MOMENTS)
def test_the_first_and_the_last_day_agree(wishes: Wishes, now: datetime) -> None:
    """Whoever has a first day has a last one that is not before, and the other way."""
    first, last = wishes.first_day(now), wishes.last_day()
    if wishes.windows:
        left = last is not None and last >= day_of(now + wishes.notice)
        assert (first is not None) is left
    else:
        assert last is None
        assert first is not None
    if first is not None:
        assert wishes.accept_day(first)
        assert last is None or first <= last
    if last is not None:
        assert wishes.accept_day(last)


@given(WISHES, MOMENTS, st.integers(0, 90))
def test_no_day_suits_after_the_last_one_nor_before_the_first(
    wishes: Wishes, now: datetime, ahead: int
) -> None:
    first, last = wishes.first_day(now), wishes.last_day()
    day = day_of(now + wishes.notice) + days(ahead)
    if wishes.windows and wishes.accept_day(day):
        assert first is not None
        assert last is not None
        assert first <= day <= last
