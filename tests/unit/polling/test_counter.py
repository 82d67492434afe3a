"""The city's counter (contract 2.5), and where its pauses cost least."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.polling.counter import KEPT_FOR_BOOKINGS, PAUSE, SPENT, Counter, Outlook
from tests.unit.domain.builders import NOW

SECOND = timedelta(seconds=1)
FULL = 48
GAP = 6.0


def starts(
    minutes: list[float], *, spare: int = FULL, passed: float = 0.0, gap: float = GAP
) -> int:
    """Return how many requests leave before the pause, one each *gap* seconds."""
    for sent in range(spare + 1):
        whole, rest = divmod(passed + sent * gap, 60)
        outlook = Outlook(minutes[int(whole) :], rest)
        if outlook.pause_now(spare - sent, FULL, gap):
            return sent
    raise AssertionError("a pause that must be made is never missed")


def test_a_low_counter_takes_a_pause_in_which_it_dies() -> None:
    assert Counter(KEPT_FOR_BOOKINGS, NOW).pause_until() == NOW + PAUSE
    assert Counter(KEPT_FOR_BOOKINGS + 1, NOW).pause_until() is None


def test_what_is_kept_for_bookings_is_not_spare() -> None:
    counter = Counter(KEPT_FOR_BOOKINGS + 7, NOW)
    assert counter.spare(NOW + 60 * SECOND) == 7
    assert counter.spare(NOW + PAUSE) is None


def test_a_dead_counter_is_never_spent() -> None:
    assert Counter(SPENT, NOW).spent(NOW + 60 * SECOND)
    assert not Counter(SPENT, NOW).spent(NOW + PAUSE)
    assert not Counter(SPENT + 1, NOW).spent(NOW)


def test_without_an_outlook_the_pause_is_made_when_it_must_be() -> None:
    assert starts([]) == FULL
    assert starts([1.0]) == FULL
    assert Outlook(()).pause_now(0, FULL, GAP)
    assert Outlook(()).pause_now(-3, FULL, GAP)


@pytest.mark.parametrize("minutes", [5, 15, 60])
@pytest.mark.parametrize("passed", [0.0, 17.3])
def test_when_every_minute_is_worth_the_same_there_are_as_few_pauses_as_can_be(
    minutes: int, passed: float
) -> None:
    assert starts([0.3] * (minutes + 6), passed=passed) == FULL


def test_a_known_release_minute_is_no_time_to_be_silent() -> None:
    """It would have to be in the sixth minute, in which slots are released."""
    minutes = [1.0, 1.0, 1.0, 1.0, 50.0, 50.0, 1.0, 1.0, 1.0, *[1.0] * 6]
    seconds = starts(minutes) * GAP
    assert seconds + PAUSE.total_seconds() <= 4 * 60 + 1 + GAP
    assert seconds >= 2 * 60


def test_the_cheapest_minute_is_taken() -> None:
    minutes = [9.0, 8.0, 9.0, 0.1, 8.0, 9.0, 9.0, 9.0, *[9.0] * 20]
    assert starts(minutes) * GAP == pytest.approx(3 * 60, abs=GAP)


def test_a_little_less_is_not_worth_a_pause_more() -> None:
    """Pauses that come early come oftener."""
    minutes = [0.9, *[1.0] * 30]
    assert starts(minutes) == FULL


def test_far_less_is_worth_a_pause_more() -> None:
    assert starts([0.1, *[9.0] * 30]) == 0


def test_a_pause_may_begin_in_the_middle_of_a_minute() -> None:
    minutes = [9.0, 9.0, 0.0, 5.0, 9.0, 9.0, 9.0, *[9.0] * 9]
    assert starts(minutes, passed=30.0) * GAP == pytest.approx(90, abs=GAP)


def test_pauses_miss_every_release() -> None:
    """Slots come every 15 minutes: asking is worth most in that minute and the next."""
    day = [(20.0, 5.0, *[1.0] * 13)[minute % 15] for minute in range(9 * 60)]
    spare, seconds, missed, pauses = FULL, 0.0, 0.0, 0
    while seconds < 8 * 3600:
        whole, passed = divmod(seconds, 60)
        ahead = day[int(whole) : int(whole) + 15]
        if Outlook(ahead, passed).pause_now(spare, FULL, GAP):
            missed += sum(day[int((seconds + n) // 60)] for n in range(61)) / 60
            spare, seconds, pauses = FULL, seconds + 61, pauses + 1
        else:
            spare, seconds = spare - 1, seconds + GAP
    assert missed / pauses == pytest.approx(1.0, rel=0.15)
    assert pauses < 1.5 * 8 * 3600 / (FULL * GAP + 61)


@given(
    st.lists(st.floats(0, 100), max_size=30),
    st.integers(-2, 60),
    st.integers(-3, 60),
    st.floats(0, 59.99),
    st.sampled_from([6.0, 7.3, 18.0, 60.0, 180.0]),
)
def test_a_pause_that_must_be_made_is_made(
    minutes: list[float], spare: int, full: int, passed: float, gap: float
) -> None:
    now = Outlook(minutes, passed).pause_now(spare, full, gap)
    assert now or spare > 0


@given(
    st.lists(st.floats(0, 100), min_size=2, max_size=20),
    st.integers(1, 48),
    st.floats(0, 59),
)
def test_only_what_minutes_are_worth_beside_one_another_counts(
    minutes: list[float], spare: int, passed: float
) -> None:
    now = Outlook(minutes, passed).pause_now(spare, FULL, GAP)
    twice = Outlook([2 * worth for worth in minutes], passed)
    assert twice.pause_now(spare, FULL, GAP) == now
