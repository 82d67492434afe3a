"""The arithmetic of a sliding log, and the watch over the wall clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from mta_core.polling.budgets import SEND_WITHIN, Budget, Stamp
from mta_core.polling.counter import PAUSE
from mta_core.polling.sliding import JUMP, KEPT, JumpWatch, SlidingLog, lifetime
from tests.unit.domain.builders import NOW

SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)
LIFE = lifetime(10.0)
SPAN = 60 * SECOND
BOOKING, OTHER = Budget.BOOKING, Budget.OTHER
PLACES = [UUID(int=number) for number in range(5)]
ONE_MORE = UUID(int=9)


def a_full_log() -> SlidingLog:
    """All places to book, taken at 0, 1, 2, 3 and 4 s."""
    log = SlidingLog(LIFE)
    for number, place in enumerate(PLACES):
        assert log.wait(BOOKING, number * SECOND) == NOTHING
        log.take(place, BOOKING, number * SECOND)
    return log


def test_a_request_has_ended_when_it_was_sent_late_and_answered_late() -> None:
    assert lifetime(10.0) == (SEND_WITHIN + 10) * SECOND


def test_a_place_counts_until_60_s_after_its_request_has_ended_for_sure() -> None:
    assert a_full_log().wait(BOOKING, 6 * SECOND) == LIFE + SPAN - 6 * SECOND


def test_budgets_are_apart() -> None:
    assert a_full_log().wait(OTHER, 6 * SECOND) == NOTHING


def test_an_answer_begins_the_span() -> None:
    log = a_full_log()
    log.settle(PLACES[3], 6 * SECOND)
    assert log.wait(BOOKING, 7 * SECOND) == SPAN - SECOND


def test_the_first_answer_counts_however_late_it_is() -> None:
    log = a_full_log()
    log.settle(PLACES[0], 2 * SECOND)
    log.settle(PLACES[0], 8 * SECOND)
    assert log.wait(BOOKING, 61 * SECOND) == SECOND
    log.settle(PLACES[1], 70 * SECOND)
    assert log.wait(BOOKING, 62 * SECOND) == NOTHING
    log.take(ONE_MORE, BOOKING, 75 * SECOND)
    # The places of 2, 3 and 4 s run out; the one of 1 s counts until 130 s.
    assert log.wait(BOOKING, 75 * SECOND) == LIFE + SPAN + 2 * SECOND - 75 * SECOND


def test_more_may_count_than_there_are_places() -> None:
    """The last answers have come when others had the places already."""
    log = a_full_log()
    late = LIFE + SPAN + 10 * SECOND
    for number in range(10, 15):
        log.take(UUID(int=number), BOOKING, late)
        log.settle(UUID(int=number), late)
    for place in PLACES:
        log.settle(place, late + 20 * SECOND)
    assert log.wait(BOOKING, late + 20 * SECOND) == SPAN
    assert log.wait(BOOKING, late + 79 * SECOND) == SECOND


def test_what_is_unknown_is_not_settled() -> None:
    log = SlidingLog(LIFE)
    log.settle(ONE_MORE, SECOND)
    assert log == SlidingLog(LIFE)


def test_an_hour_is_shown_and_no_more_is_kept() -> None:
    log = a_full_log()
    log.settle(PLACES[0], 2 * SECOND)
    first, *_ = shown = list(log.stamps(NOW, NOW))
    assert len(shown) == 5
    assert first == Stamp(BOOKING, NOW, NOW + 2 * SECOND, NOW + 62 * SECOND)
    assert len(list(log.stamps(NOW, NOW + 4 * SECOND))) == 1
    log.take(ONE_MORE, OTHER, KEPT + 2 * SECOND)
    assert len(list(log.stamps(NOW, NOW))) == 3


def test_a_pause_is_only_for_what_can_wait() -> None:
    log = SlidingLog(LIFE)
    log.pause(NOTHING)
    assert log.wait(OTHER, SECOND) == PAUSE - SECOND
    assert log.wait(OTHER, SECOND, PAUSE) == PAUSE - SECOND
    assert log.wait(OTHER, SECOND, PAUSE - SECOND) == NOTHING
    assert log.wait(OTHER, PAUSE) == NOTHING


def test_whatever_happens_in_a_pause_begins_it_anew() -> None:
    log = a_full_log()
    log.pause(10 * SECOND)
    log.settle(PLACES[0], 20 * SECOND)
    assert log.wait(OTHER, 20 * SECOND) == PAUSE
    log.take(ONE_MORE, OTHER, 30 * SECOND)
    assert log.wait(OTHER, 30 * SECOND) == PAUSE
    over = 30 * SECOND + PAUSE
    log.settle(ONE_MORE, over)
    assert log.wait(OTHER, over) == NOTHING


@pytest.mark.parametrize("step", [JUMP, -JUMP, timedelta(hours=1)])
def test_a_clock_that_is_set_has_jumped_once(step: timedelta) -> None:
    watch = JumpWatch()
    assert not watch.jumped(NOW, 100 * SECOND)
    assert watch.jumped(NOW + step + SECOND, 101 * SECOND)
    assert not watch.jumped(NOW + step + 2 * SECOND, 102 * SECOND)


def test_a_clock_that_goes_or_is_trimmed_has_not() -> None:
    watch = JumpWatch()
    trim = timedelta(microseconds=999_999)
    assert not watch.jumped(NOW, NOTHING)
    assert not watch.jumped(NOW + timedelta(days=1), timedelta(days=1))
    assert not watch.jumped(NOW + timedelta(days=1) + trim, timedelta(days=1))
