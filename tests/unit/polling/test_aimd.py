"""The rate that the city bears: down at once, and up little by little."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.polling.aimd import FULL, LEAST, QUICK, SLOWER, STEP, Aimd
from mta_core.polling.plain import plain
from tests.unit.domain.builders import MINUTE, NOW

SECOND = timedelta(seconds=1)
SILENCE = 45 * SECOND


def answers(
    aimd: Aimd, count: int, took: float, since: datetime, each: float = 6.0
) -> tuple[Aimd, datetime]:
    """Let so many answers come, and say when the next one would."""
    for n in range(count):
        aimd = aimd.answered(since + n * each * SECOND, took * SECOND)
    return aimd, since + count * each * SECOND


def test_all_well_is_full_speed() -> None:
    aimd, _ = answers(Aimd(), 100, 0.3, NOW)
    assert aimd.rate == FULL
    assert not aimd.slow


def test_suffering_halves_the_rate_and_brings_silence() -> None:
    aimd = Aimd().suffered(NOW, SILENCE)
    assert (aimd.rate, aimd.silent_until) == (FULL / 2, NOW + SILENCE)
    assert aimd.suffered(NOW + MINUTE, SILENCE).rate == FULL / 4


def test_it_never_stops_asking() -> None:
    aimd = Aimd()
    for _ in range(10):
        aimd = aimd.suffered(NOW, SILENCE)
    assert aimd.rate == LEAST


def test_a_longer_silence_that_was_told_is_kept() -> None:
    aimd = Aimd().suffered(NOW, 10 * MINUTE).suffered(NOW + MINUTE, SILENCE)
    assert aimd.silent_until == NOW + 10 * MINUTE


def test_each_clean_minute_brings_half_a_request() -> None:
    aimd = Aimd(rate=5.0, since=NOW)
    assert aimd.answered(NOW + MINUTE - SECOND).rate == 5.0
    aimd = aimd.answered(NOW + MINUTE)
    assert aimd.rate == 5.0 + STEP
    assert aimd.answered(NOW + MINUTE + 59 * SECOND).rate == 5.0 + STEP
    assert aimd.answered(NOW + 2 * MINUTE).rate == 5.0 + 2 * STEP


def test_full_speed_is_back_after_ten_clean_minutes_for_each_halving() -> None:
    aimd, moment = Aimd().suffered(NOW, SILENCE), NOW
    while aimd.rate < FULL:
        moment += 60 / aimd.rate * SECOND
        aimd = aimd.answered(moment)
    assert 10 * MINUTE <= moment - NOW <= 12 * MINUTE


def test_suffering_begins_the_clean_minute_anew() -> None:
    aimd = Aimd(rate=5.0, since=NOW).suffered(NOW + 59 * SECOND, SILENCE)
    assert aimd.answered(NOW + MINUTE).rate == 2.5


def test_an_answer_ends_the_silence() -> None:
    aimd = Aimd().suffered(NOW, SILENCE).answered(NOW + MINUTE)
    assert aimd.silent_until is None


def test_answers_that_take_twice_as_long_as_they_did_slow_down() -> None:
    aimd, now = answers(Aimd(), 600, 0.4, NOW)
    aimd, now = answers(aimd, 10, 2.0, now)
    assert aimd.slow
    assert aimd.answered(now, 2 * SECOND).rate == FULL * SLOWER


def test_slow_answers_slow_down_once_a_minute_at_most() -> None:
    aimd, now = answers(Aimd(), 600, 0.4, NOW)
    for minutes in range(1, 5):
        aimd, now = answers(aimd, 10, 3.0, now)
        assert aimd.rate == pytest.approx(FULL * SLOWER**minutes)


def test_what_has_been_slow_for_hours_is_the_new_baseline() -> None:
    aimd, now = answers(Aimd(), 600, 0.4, NOW)
    aimd, now = answers(aimd, 1800, 3.0, now)
    assert not aimd.slow
    assert aimd.rate == FULL


def test_quick_answers_are_never_slow() -> None:
    """A millisecond more is no suffering, even if it is twice as many."""
    aimd, now = answers(Aimd(), 600, 0.01, NOW)
    aimd, now = answers(aimd, 50, QUICK, now)
    assert not aimd.slow
    assert aimd.rate == FULL


def test_one_slow_answer_is_none() -> None:
    aimd, now = answers(Aimd(), 600, 0.4, NOW)
    assert not aimd.answered(now, 2 * SECOND).slow


def test_a_few_answers_are_no_baseline() -> None:
    aimd, now = answers(Aimd(), 4, 0.3, NOW)
    aimd, _ = answers(aimd, 4, 9.0, now)
    assert not aimd.slow


def test_an_answer_that_nobody_timed_says_nothing_of_the_latency() -> None:
    assert Aimd().answered(NOW).latency is None


_EVENTS = st.lists(st.tuples(st.integers(1, 200), st.booleans(), st.floats(0, 12)))


@given(_EVENTS)
def test_the_rate_stays_within_its_bounds(
    events: list[tuple[int, bool, float]],
) -> None:
    aimd, now = Aimd(), NOW
    for seconds, well, took in events:
        now += seconds * SECOND
        before = aimd.rate
        if well:
            aimd = aimd.answered(now, took * SECOND)
        else:
            aimd = aimd.suffered(now, SILENCE)
        assert LEAST <= aimd.rate <= FULL
        assert aimd.rate <= before + STEP
        assert well or aimd.rate <= max(before / 2, LEAST)


@given(_EVENTS)
def test_it_outlasts_its_process(events: list[tuple[int, bool, float]]) -> None:
    aimd, now = Aimd(), NOW
    for seconds, well, took in events:
        now += seconds * SECOND
        if well:
            aimd = aimd.answered(now, took * SECOND)
        else:
            aimd = aimd.suffered(now, SILENCE)
    again = Aimd.read(plain(aimd), now, now + 60 * MINUTE)
    assert (again.rate, again.silent_until) == (aimd.rate, aimd.silent_until)
    assert (again.latency, again.baseline) == (aimd.latency, aimd.baseline)
    assert again.since == now
