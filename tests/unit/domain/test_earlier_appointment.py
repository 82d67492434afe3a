"""Looking for something earlier than the appointment that is had already."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.subscriptions import LEAST_GAIN, Mode, Wishes
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_slot,
    a_subscription,
    a_window,
    berlin,
    days,
)

STANDING = NOW + days(20)
A_WEEK = days(7)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("earlier_by", "start", "gained"),
    [
        (A_WEEK, STANDING - days(8), True),
        (A_WEEK, STANDING - A_WEEK, True),
        (A_WEEK, STANDING - A_WEEK + SECOND, False),
        (A_WEEK, STANDING, False),
        (A_WEEK, STANDING + days(1), False),
        (None, STANDING - LEAST_GAIN, True),
        (None, STANDING - LEAST_GAIN + SECOND, False),
        (None, STANDING + SECOND, False),
    ],
)
def test_only_what_is_early_enough_is_a_gain(
    earlier_by: timedelta | None, start: datetime, gained: bool
) -> None:
    wish = a_subscription(mode=Mode.BOOK, earlier_by=earlier_by).hold(STANDING)
    assert wish.gains(start) is gained
    assert wish.accepts(a_slot(start), NOW) is gained


def test_without_an_appointment_everything_that_suits_is_a_gain() -> None:
    wish = a_subscription(earlier_by=A_WEEK)
    assert wish.gains(STANDING + days(900))
    assert wish.accepts(a_slot(STANDING + days(100)), NOW)
    assert wish.wants_day(TODAY + days(100))


def test_an_appointment_that_came_to_nothing_makes_everything_a_gain_again() -> None:
    wish = a_subscription(earlier_by=A_WEEK).hold(STANDING).let_go()
    assert wish.accepts(a_slot(STANDING + days(1)), NOW)


def test_after_a_swap_the_next_one_must_be_earlier_still() -> None:
    wish = a_subscription(earlier_by=A_WEEK).hold(STANDING)
    swapped = wish.hold(STANDING - days(10))
    assert wish.gains(STANDING - days(12))
    assert not swapped.gains(STANDING - days(12))
    assert swapped.gains(STANDING - days(17))


def test_a_gain_must_suit_all_the_same() -> None:
    wish = a_subscription(wishes=Wishes(windows=(a_window(5, 9),))).hold(STANDING)
    assert wish.gains(NOW + days(3))
    assert not wish.accepts(a_slot(NOW + days(3)), NOW)
    assert not wish.wants_day(TODAY + days(3))
    assert wish.wants_day(TODAY + days(5))


def test_the_last_day_that_is_a_gain_is_meant_in_munich() -> None:
    """Half past midnight in Munich is still the evening before in UTC."""
    wish = a_subscription().hold(berlin("2026-10-10 00:30"))
    assert wish.wants_day(berlin("2026-10-09 12:00").date())
    assert not wish.wants_day(berlin("2026-10-10 12:00").date())


def test_the_first_day_is_one_on_which_something_can_be_gained() -> None:
    wish = a_subscription(wishes=Wishes(windows=(a_window(15, 60),)))
    assert wish.first_day(NOW) == TODAY + days(15)
    assert wish.hold(STANDING).first_day(NOW) == TODAY + days(15)
    assert wish.hold(NOW + days(15)).first_day(NOW) is None


def test_once_nothing_can_be_gained_any_more_no_day_is_left() -> None:
    wish = a_subscription(earlier_by=A_WEEK).hold(STANDING)
    last = STANDING - A_WEEK - wish.wishes.notice
    assert wish.first_day(last) == (TODAY + days(13))
    assert wish.first_day(last + SECOND) is None


@given(
    st.none() | st.integers(1, 30),
    st.none() | st.integers(0, 40 * 24),
    st.integers(0, 40 * 24),
)
def test_whatever_is_accepted_lies_on_a_day_that_is_wanted(
    gain: int | None, standing: int | None, start: int
) -> None:
    """A day that is not wanted is not asked for: nothing that suits may be on it."""
    wish = a_subscription(
        earlier_by=None if gain is None else days(gain),
        standing=None if standing is None else NOW + timedelta(hours=standing),
    )
    slot = a_slot(NOW + timedelta(hours=start))
    if wish.accepts(slot, NOW):
        first = wish.first_day(NOW)
        assert wish.wants_day(slot.day)
        assert first is not None
        assert first <= slot.day
        assert wish.standing is None or slot.start <= wish.standing - LEAST_GAIN
