"""The arithmetic of a sliding log, and the watch over the wall clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from mta_core.polling.sliding import JUMP, JumpWatch, SlidingLog
from tests.unit.domain.builders import NOW

SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)
TIMEOUT = 10 * SECOND
SPAN = 60 * SECOND
FIRST, SECOND_PLACE, OTHER = (UUID(int=number) for number in range(1, 4))


def a_full_log() -> SlidingLog:
    """Two places, taken at 0 s and 5 s, of two."""
    log = SlidingLog(2, SPAN)
    log.take(FIRST, NOTHING, TIMEOUT)
    log.take(SECOND_PLACE, 5 * SECOND, TIMEOUT)
    return log


def test_while_places_are_free_nobody_waits() -> None:
    log = SlidingLog(2, SPAN)
    assert log.wait(NOTHING) == NOTHING
    log.take(FIRST, NOTHING, TIMEOUT)
    assert log.wait(NOTHING) == NOTHING


def test_a_place_counts_from_its_taking_to_the_span_after_its_timeout() -> None:
    assert a_full_log().wait(6 * SECOND) == TIMEOUT + SPAN - 6 * SECOND


def test_an_answer_begins_the_span() -> None:
    log = a_full_log()
    log.settle(SECOND_PLACE, 6 * SECOND)
    assert log.wait(7 * SECOND) == SPAN - SECOND


def test_the_first_answer_counts_and_none_after_the_timeout() -> None:
    log = a_full_log()
    log.settle(FIRST, 2 * SECOND)
    log.settle(FIRST, 8 * SECOND)
    log.settle(SECOND_PLACE, 40 * SECOND)
    assert log.wait(40 * SECOND) == 2 * SECOND + SPAN - 40 * SECOND
    assert log.wait(62 * SECOND) == NOTHING
    log.take(OTHER, 62 * SECOND, TIMEOUT)
    assert log.wait(62 * SECOND) == 15 * SECOND + SPAN - 62 * SECOND


def test_what_counts_no_more_is_forgotten() -> None:
    log = a_full_log()
    assert log.wait(5 * SECOND + TIMEOUT + SPAN) == NOTHING
    assert log == SlidingLog(2, SPAN)
    log.settle(FIRST, 80 * SECOND)
    assert log == SlidingLog(2, SPAN)


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
