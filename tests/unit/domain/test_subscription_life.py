"""When a subscription needs a look: it is asked about, paused, or over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import DateWindow, day_of
from mta_core.domain.subscriptions import (
    ANSWER_WITHIN,
    LEAST_GAIN,
    STILL_NEEDED_AFTER,
    Subscription,
    SubscriptionState,
    Wishes,
)
from tests.contracts.strategies import subscriptions
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_subscription,
    a_window,
    berlin,
    days,
)

S = SubscriptionState
HOUR = timedelta(hours=1)


def for_days(first: int, last: int, **more: Any) -> Wishes:
    return Wishes(windows=(a_window(first, last),), **more)


# Asked, then paused


def test_after_60_days_without_a_word_it_is_asked_about() -> None:
    wish = a_subscription(waiting_since=NOW)
    assert days(60) == STILL_NEEDED_AFTER
    assert wish.care_at == wish.ask_at == NOW + days(60)
    assert wish.ends_at is None


def test_without_an_answer_for_14_days_it_is_paused() -> None:
    asked = a_subscription(waiting_since=NOW).ask(NOW + days(60))
    assert days(14) == ANSWER_WITHIN
    assert asked.active
    assert asked.care_at == NOW + days(74)


def test_who_was_asked_late_has_just_as_long_to_answer() -> None:
    """MTA may have been off when it was due."""
    asked = a_subscription(waiting_since=NOW).ask(NOW + days(90))
    assert asked.care_at == NOW + days(104)


def test_an_answer_is_good_for_another_60_days() -> None:
    asked = a_subscription(waiting_since=NOW).ask(NOW + days(60))
    assert asked.resume(NOW + days(61)).care_at == NOW + days(121)


def test_any_word_puts_the_question_off() -> None:
    assert a_subscription().resume(NOW + days(30)).care_at == NOW + days(90)


def test_a_paused_one_is_not_asked_about() -> None:
    paused = a_subscription(waiting_since=NOW).ask(NOW + days(60)).pause()
    assert paused.care_at is None
    assert paused.resume(NOW + days(200)).care_at == NOW + days(260)


@pytest.mark.parametrize("state", [S.FULFILLED, S.EXPIRED, S.CANCELLED])
def test_what_has_ended_needs_no_care(state: SubscriptionState) -> None:
    assert a_subscription(state=state, wishes=for_days(0, 3)).care_at is None


# Over


@pytest.mark.parametrize("state", [S.ACTIVE, S.PAUSED])
def test_it_is_over_at_midnight_after_the_last_day(state: SubscriptionState) -> None:
    wish = a_subscription(state=state, wishes=for_days(3, 5))
    assert wish.care_at == wish.ends_at == berlin("2026-10-04 00:00")


def test_the_question_comes_first_if_the_last_day_is_far_off() -> None:
    wish = a_subscription(waiting_since=NOW, wishes=for_days(0, 180))
    assert wish.care_at == NOW + days(60)
    assert wish.ask(NOW + days(60)).care_at == NOW + days(74)
    assert wish.ask(NOW + days(175)).care_at == wish.ends_at


@pytest.mark.parametrize(
    ("last", "midnight"),
    [
        # Summer time ends on 25 October 2026 and begins on 28 March 2027.
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2027, 3, 27), datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_midnight_is_munichs_also_when_the_clocks_change(
    last: date, midnight: datetime
) -> None:
    wish = a_subscription(wishes=Wishes(windows=(DateWindow(TODAY, last),)))
    assert wish.ends_at == midnight
    assert wish.ends_at.utcoffset() == timedelta(0)
    assert day_of(midnight - timedelta(microseconds=1)) == last


def test_days_that_do_not_suit_are_not_waited_for() -> None:
    """The window ends on a Sunday, the last Friday in it is two days earlier."""
    fridays = a_subscription(wishes=for_days(0, 6, weekdays=frozenset({4})))
    assert fridays.ends_at == berlin("2026-10-03 00:00")


def test_the_latest_of_several_windows_decides() -> None:
    windows = (a_window(20, 30), a_window(3, 5), a_window(40, 40))
    excluded = frozenset({TODAY + days(40)})
    wish = a_subscription(wishes=Wishes(windows=windows, excluded=excluded))
    assert wish.ends_at == berlin("2026-10-29 00:00")


def test_days_none_of_which_suits_are_over_at_once() -> None:
    """A change of the rules may leave such wishes behind; they do not wait for ever."""
    nothing = for_days(3, 3, excluded=frozenset({TODAY + days(3)}))
    assert a_subscription(wishes=nothing).ends_at == berlin("2026-10-02 00:00")


def test_a_window_may_reach_to_the_end_of_the_calendar() -> None:
    """Who has no last day may well type 9999-12-31."""
    for_ever = Wishes(windows=(DateWindow(TODAY, date.max),))
    wish = a_subscription(waiting_since=NOW, wishes=for_ever)
    assert wish.care_at == NOW + days(60)
    assert wish.ends_at is not None
    assert wish.ends_at.year == 9999


# With an appointment that stands


def test_while_an_appointment_stands_it_ends_when_nothing_is_a_gain() -> None:
    start = NOW + days(30)
    swapper = a_subscription(earlier_by=days(7)).hold(start)
    assert swapper.care_at == swapper.ends_at == start - days(7)
    assert a_subscription().hold(start).ends_at == start - LEAST_GAIN


def test_the_last_day_still_counts_while_an_appointment_stands() -> None:
    wish = a_subscription(wishes=for_days(0, 5), earlier_by=days(1))
    assert wish.hold(NOW + days(30)).ends_at == berlin("2026-10-04 00:00")
    assert wish.hold(NOW + days(3)).ends_at == NOW + days(2)


def test_a_paused_one_with_an_appointment_ends_as_well() -> None:
    paused = a_subscription(earlier_by=days(1)).hold(NOW + days(9)).pause()
    assert paused.care_at == NOW + days(8)


def test_an_appointment_that_came_to_nothing_ends_nothing() -> None:
    wish = a_subscription(waiting_since=NOW, earlier_by=days(1)).hold(NOW + days(9))
    assert wish.let_go().care_at == NOW + days(60)


# Whatever it is


@given(subscriptions)
def test_care_is_due_no_later_than_its_end(wish: Subscription) -> None:
    if wish.care_at is None:
        assert not wish.active
        assert wish.state is not S.PAUSED or wish.ends_at is None
    else:
        assert wish.waits
        assert wish.ends_at is None or wish.care_at <= wish.ends_at


@given(subscriptions, st.timedeltas(timedelta(0), timedelta(days=2000)))
def test_when_it_is_over_no_day_is_left(wish: Subscription, late: timedelta) -> None:
    if wish.ends_at is not None:
        assert wish.first_day(wish.ends_at + HOUR + late) is None
