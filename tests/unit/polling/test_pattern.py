"""Our own pattern of requests, held against the budgets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.polling.budgets import Budget, Stamp
from mta_core.polling.pattern import most_in_a_minute, pattern, patterns
from tests.unit.domain.builders import NOW

SECOND = timedelta(seconds=1)
MINUTE = 60 * SECOND
CALENDAR, BOOKING, OTHER = Budget


def each(seconds: float, count: int) -> list[datetime]:
    """Moments at an even distance, the last one a second ago."""
    return [NOW - SECOND - n * seconds * SECOND for n in range(count)]


def test_asking_evenly_all_the_hour_uses_the_whole_budget() -> None:
    found = pattern(CALENDAR, each(6, 600), NOW)
    assert (found.last_minute, found.most, found.last_hour) == (10, 10, 600)
    assert found.share == 1.0
    assert found.gap == pytest.approx(6.0)
    assert found.regularity == pytest.approx(0.0)
    assert found.kept


def test_bursts_are_seen() -> None:
    sent = [NOW - n * MINUTE - k * SECOND for n in range(30) for k in range(5)]
    found = pattern(OTHER, sent, NOW)
    assert found.most == OTHER.limit
    assert found.regularity is not None
    assert found.regularity > 1.5


def test_what_is_older_than_an_hour_counts_for_the_most_only() -> None:
    old = [NOW - 2 * 60 * MINUTE] * 7
    found = pattern(BOOKING, [*each(100, 3), *old], NOW)
    assert (found.most, found.last_hour, found.last_minute) == (7, 3, 1)
    assert not found.kept
    assert found.gap == pytest.approx(100.0)
    assert found.share == pytest.approx(3 / 300)


@pytest.mark.parametrize("sent", [[], [NOW], [NOW, NOW]])
def test_without_gaps_there_is_no_regularity(sent: Sequence[datetime]) -> None:
    found = pattern(CALENDAR, sent, NOW)
    assert found.regularity is None
    assert found.gap == (0.0 if len(sent) == 2 else None)
    assert found.last_minute == found.most == len(sent)


def test_each_budget_has_a_pattern_of_its_own() -> None:
    stamps = [
        Stamp(budget, moment, None, moment + MINUTE)
        for budget, count in ((CALENDAR, 4), (OTHER, 2))
        for moment in each(10, count)
    ]
    found = patterns(iter(stamps), NOW)
    assert [one.budget for one in found] == list(Budget)
    assert [one.last_hour for one in found] == [4, 0, 2]


_MOMENTS = st.lists(st.integers(0, 4000).map(lambda tenth: NOW + tenth * SECOND / 10))


@given(_MOMENTS.map(sorted))
def test_the_most_in_a_minute_is_what_counting_says(sent: list[datetime]) -> None:
    counted = [sum(at <= other < at + MINUTE for other in sent) for at in sent]
    assert most_in_a_minute(sent) == max(counted, default=0)
