"""Which booking call goes first, and what is still in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.bookings import Booking
from mta_core.domain.calls import Call
from mta_core.polling.budgets import Budget
from mta_core.polling.deadlines import CALL, Due, Hold, admits, due, holds, in_time
from mta_core.use_cases.calls import LEASE
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    a_booking,
    a_confirmed,
    a_detailed,
    a_preconfirmed,
    a_reserved,
    out,
)

SECOND = timedelta(seconds=1)
BUSY = CALL + MINUTE
LIMIT = Budget.BOOKING.limit


def first_of(*waiting: Due) -> Due:
    return min(waiting, key=lambda one: one.rank(NOW))


# Who goes first


def test_the_earliest_deadline_goes_first() -> None:
    sooner, later = Due(NOW, NOW + MINUTE), Due(NOW - MINUTE, NOW + 2 * MINUTE)
    assert first_of(later, sooner) is sooner


def test_a_reservation_comes_last_and_the_longest_waiting_first() -> None:
    held = Due(NOW, NOW + 60 * MINUTE)
    longer, shorter = Due(NOW - 2 * MINUTE), Due(NOW - MINUTE)
    assert first_of(shorter, longer, held) is held
    assert first_of(shorter, longer) is longer


def test_what_is_too_late_makes_nothing_else_late() -> None:
    late, timely = Due(NOW, NOW - CALL), Due(NOW, NOW + 10 * MINUTE)
    assert first_of(late, timely) is timely
    assert first_of(late, Due(NOW)) is late


def test_a_call_may_take_as_long_as_its_lease() -> None:
    assert CALL == LEASE


@pytest.mark.parametrize(
    ("booking", "call", "by"),
    [
        (a_booking(), Call.RESERVE, None),
        (a_reserved(), Call.UPDATE, NOW + 15 * MINUTE - CALL),
        (a_reserved(), Call.CANCEL, NOW + 15 * MINUTE - CALL),
        (a_detailed(), Call.PRECONFIRM, NOW + 15 * MINUTE - CALL),
        (a_preconfirmed(), Call.CANCEL, NOW + 60 * MINUTE - CALL),
        (a_confirmed(), Call.CANCEL, a_confirmed().slot.start - CALL),
    ],
)
def test_a_call_has_to_be_answered_before_what_is_held_lapses(
    booking: Booking, call: Call, by: datetime | None
) -> None:
    if call is Call.CANCEL and booking.open_by:
        booking = attrs.evolve(booking, open_by=NOW + 60 * MINUTE)
    assert due(booking, call, NOW - MINUTE) == Due(NOW - MINUTE, by)


def test_a_booking_without_a_deadline_has_the_appointments_own() -> None:
    unknown = attrs.evolve(a_reserved(), preconfirm_by=None)
    assert due(unknown, Call.UPDATE, NOW).by == unknown.slot.start - CALL


# What is held


def left(*bookings: Booking) -> list[Hold]:
    return list(holds(bookings, NOW))


def test_a_reservation_takes_two_more_calls_and_one_with_details_one() -> None:
    until = NOW + 15 * MINUTE
    assert left(a_reserved(), a_detailed()) == [
        Hold(until, 2, NOW),
        Hold(until, 1, NOW),
    ]


def test_what_is_to_be_given_back_takes_one() -> None:
    given_back = a_reserved().give_up(NOW, "not needed")
    assert left(given_back) == [Hold(NOW + 15 * MINUTE, 1, NOW)]
    cancelled = a_confirmed().give_up(NOW, "not needed")
    assert left(cancelled) == [Hold(cancelled.slot.start, 1, NOW)]


def test_a_call_that_is_out_is_one_less_and_the_next_one_has_to_wait() -> None:
    assert left(out(a_reserved())) == [Hold(NOW + 15 * MINUTE, 1, NOW + LEASE)]
    assert left(out(a_detailed())) == []


@pytest.mark.parametrize("booking", [a_booking(), a_preconfirmed(), a_confirmed()])
def test_what_waits_for_the_citizen_takes_none(booking: Booking) -> None:
    assert left(booking) == []


def test_what_nobody_can_save_takes_none() -> None:
    lapsing = attrs.evolve(a_reserved(), preconfirm_by=NOW + CALL - SECOND)
    assert left(lapsing) == []


# What is in time


def moments(seconds: Sequence[int]) -> list[datetime]:
    return [NOW + second * SECOND for second in seconds]


def hold(until: int, calls: int = 1, ready: int = 0) -> Hold:
    return Hold(NOW + until * SECOND, calls, NOW + ready * SECOND)


def test_a_reservation_is_admitted_while_nothing_is_held() -> None:
    assert admits([], [], NOW)
    assert admits(moments([30] * 9), [], NOW)


def test_a_reservation_is_not_admitted_if_it_takes_the_last_place_in_time() -> None:
    held = [hold(55)]  # so it must leave by 40
    assert admits(moments([50, 50, 50]), held, NOW)
    assert not admits(moments([50, 50, 50, 50]), held, NOW)
    assert admits(moments([50, 50, 50, 40]), held, NOW)


def test_places_that_count_no_more_are_free() -> None:
    assert admits(moments([-1] * 20), [hold(16)] * 4, NOW)
    assert not admits(moments([-1] * 20), [hold(16)] * 5, NOW)


def test_what_takes_two_calls_takes_two_places_and_the_time_between() -> None:
    assert in_time(moments([0, 0]), [hold(30, calls=2)])
    assert not in_time(moments([0, 0]), [hold(29, calls=2)])
    assert not in_time(moments([0, 16]), [hold(30, calls=2)])
    assert in_time(moments([0, 16]), [hold(31, calls=2)])


def test_a_place_waits_for_a_call_that_is_not_ready() -> None:
    assert in_time(moments([0]), [hold(40, ready=25)])
    assert not in_time(moments([0]), [hold(39, ready=25)])


def possible(places: list[datetime], held: list[Hold]) -> bool:
    """Try whatever can be done, in any order."""
    if not held:
        return True
    place, *others = sorted(places)
    for number, one in enumerate(held):
        leaves = max(place, one.ready)
        if leaves + CALL <= one.until:
            rest = [*held[:number], *held[number + 1 :]]
            if one.calls > 1:
                rest.append(one.after(leaves))
            if possible([*others, leaves + BUSY], rest):
                return True
    return False


_PLACES = st.lists(st.integers(0, 75), min_size=1, max_size=3).map(moments)
_SINGLE = st.lists(st.builds(hold, st.integers(10, 320)), max_size=6)
_ANY = st.lists(
    st.builds(hold, st.integers(10, 320), st.integers(1, 2), st.integers(0, 30)),
    max_size=4,
)


@given(_PLACES, _SINGLE)
def test_for_single_calls_it_finds_an_order_whenever_there_is_one(
    places: list[datetime], held: list[Hold]
) -> None:
    """The earliest deadline first is as good as any other order."""
    assert in_time(places, held) == possible(places, held)


@given(_PLACES, _ANY)
def test_it_never_promises_what_no_order_can_keep(
    places: list[datetime], held: list[Hold]
) -> None:
    assert possible(places, held) or not in_time(places, held)


@given(st.lists(st.integers(0, 75), max_size=LIMIT).map(moments), _ANY)
def test_a_reservation_is_only_admitted_where_all_is_in_time_without_it(
    taken: list[datetime], held: list[Hold]
) -> None:
    free = [NOW] * (LIMIT - len(taken))
    assert possible([*free, *taken], held) or not admits(taken, held, NOW)
