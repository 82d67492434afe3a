"""How fast the watcher goes: evenly, and slower when the city suffers."""

from __future__ import annotations

import json
import random
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.errors import (
    CheckNeeded,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
)
from mta_core.polling.aimd import FULL, LEAST
from mta_core.polling.counter import KEPT_FOR_BOOKINGS, PAUSE
from mta_core.polling.pace import EVEN, Counter, Pace, PaceView, Why
from tests.unit.domain.builders import MINUTE, NOW, berlin, days

SECOND = timedelta(seconds=1)
START = Pace(NOW)
FAILURES = [SiteUnreachable, SiteSilent, SiteChanged]
ERRORS = st.sampled_from(
    [SiteUnreachable(), SiteSilent(), RateLimited(), Refused("x"), None]
)
MIDNIGHT = berlin("2026-10-06 00:30")
BUSY = (2.0,) * 15
QUIET = (0.5,) * 15


def low(at_seconds_ago: int = 0) -> Counter:
    return Counter(KEPT_FOR_BOOKINGS, NOW - at_seconds_ago * SECOND)


def thrown(*numbers: float) -> Callable[[], float]:
    """Return dice that show these, over and over."""
    shown: Iterator[float] = cycle(numbers)
    return lambda: next(shown)


def gap(pace: Pace, since: datetime = NOW) -> float:
    return (pace.next_at - since).total_seconds()


# Evenly


def test_requests_leave_evenly_ten_in_a_minute() -> None:
    pace = START
    for _ in range(10):
        pace = pace.after(pace.next_at, None, None)
    assert pace.next_at == NOW + MINUTE
    assert pace.why is Why.EVENLY


def test_the_distance_is_from_one_sending_to_the_next() -> None:
    assert gap(START.after(NOW, None, None, took=4 * SECOND)) == 6


@pytest.mark.parametrize(("dice", "seconds"), [(0.0, 5.0), (0.5, 6.0), (1.0, 7.0)])
def test_it_is_a_second_earlier_or_later_as_chance_will(
    dice: float, seconds: float
) -> None:
    pace = Pace(NOW, dice=thrown(dice)).after(NOW, None, None)
    assert gap(pace) == pytest.approx(seconds)


def test_no_second_of_the_minute_is_asked_more_than_others() -> None:
    """Least of all the full minute, at which everybody else's clock strikes."""
    chance = random.Random(7)
    pace = Pace(NOW, dice=chance.random)
    seconds: Tally[int] = Tally()
    for _ in range(12_000):
        pace = pace.after(pace.next_at, None, None)
        seconds[pace.next_at.second] += 1
    assert 100 < seconds[0] < 300
    assert max(seconds.values()) < 300


def test_a_question_that_is_not_there_is_looked_for_again() -> None:
    pace = START.after(NOW, SiteSilent(), None).put_off(NOW + MINUTE)
    assert gap(pace, NOW + MINUTE) == 6
    assert pace.aimd.rate == FULL / 2


# The city suffers


@pytest.mark.parametrize("kind", FAILURES)
@pytest.mark.parametrize(("dice", "seconds"), [(0.0, 30), (0.5, 45), (1.0, 60)])
def test_a_failure_halves_the_rate_and_brings_silence(
    kind: type[SiteError], dice: float, seconds: int
) -> None:
    pace = Pace(NOW, dice=thrown(dice)).after(NOW, kind(), None, took=2 * SECOND)
    assert pace.aimd.rate == FULL / 2
    assert gap(pace) == seconds + 2
    assert pace.why is Why.SILENT
    assert not pace.pausing


def test_in_a_long_outage_it_asks_once_a_minute() -> None:
    pace = START
    for _ in range(50):
        pace = pace.after(pace.next_at, SiteUnreachable(), None)
    assert pace.aimd.rate == LEAST
    assert gap(pace.after(pace.next_at, SiteSilent(), None), pace.next_at) == 60


def test_the_rate_comes_back_step_by_step() -> None:
    pace = START.after(NOW, SiteSilent(), None)
    pace = pace.after(pace.next_at, None, None)
    assert pace.why is Why.SLOWER
    assert gap(pace, NOW + 45 * SECOND) == 12
    while pace.aimd.rate < FULL:
        pace = pace.after(pace.next_at, None, None)
    assert 10 * MINUTE < pace.next_at - NOW < 12 * MINUTE
    assert pace.why is Why.EVENLY


@pytest.mark.parametrize("error", [Refused("x"), CheckNeeded("captchaMissing")])
def test_a_refusal_is_an_answer_like_any_other(error: SiteError) -> None:
    pace = START.after(NOW, error, None)
    assert (gap(pace), pace.aimd.rate) == (6, FULL)


@pytest.mark.parametrize("dice", [0.0, 1.0])
def test_after_a_429_there_is_silence_until_the_counter_is_dead(dice: float) -> None:
    """The counter dies 60 s after the last accepted request (contract 2.5)."""
    pace = Pace(NOW, dice=thrown(dice)).after(NOW, RateLimited(), None)
    assert gap(pace) == 61
    assert pace.why is Why.LIMITED
    assert pace.pausing


def test_a_known_end_of_a_429_is_waited_out() -> None:
    error = RateLimited(until=NOW + 10 * MINUTE)
    assert START.after(NOW, error, None).next_at == NOW + 10 * MINUTE


# The city's counter


@pytest.mark.parametrize("remaining", [-1, 0, KEPT_FOR_BOOKINGS])
def test_a_low_counter_asks_for_a_pause_in_which_it_dies(remaining: int) -> None:
    counter = Counter(remaining, NOW)
    pace = START.after(NOW - SECOND, None, counter, took=SECOND)
    assert pace.next_at == NOW + PAUSE
    assert pace.why is Why.PAUSE
    assert pace.pausing
    assert START.after(NOW, Refused("x"), counter).next_at == NOW + PAUSE


def test_a_high_counter_asks_for_nothing() -> None:
    counter = Counter(KEPT_FOR_BOOKINGS + 1, NOW)
    assert gap(START.after(NOW, None, counter)) == 6


def test_a_counter_that_is_dead_already_asks_for_no_more_pause() -> None:
    assert gap(START.after(NOW, None, low(61))) == 6


def test_a_counter_is_not_guessed_where_the_city_shows_none() -> None:
    pace = START
    for _ in range(500):
        pace = pace.after(pace.next_at, None, None, outlook=BUSY)
        assert not pace.pausing


def test_a_minute_that_is_worth_nothing_is_taken_for_the_pause() -> None:
    pace = START.after(NOW, None, Counter(58, NOW), outlook=BUSY)
    now = NOW + 59 * SECOND
    pace = pace.after(now, None, Counter(40, now), outlook=(0.0, 0.0, *BUSY))
    assert pace.next_at == now + PAUSE
    assert pace.pausing


@pytest.mark.parametrize("kind", FAILURES)
def test_an_error_does_not_hide_that_the_counter_needs_a_pause(
    kind: type[SiteError],
) -> None:
    """The city counts what it answers badly, too; the rest is for bookings."""
    pace = START.after(NOW, kind(), low())
    assert pace.next_at >= NOW + PAUSE
    assert pace.pausing


@pytest.mark.parametrize("size", [30, 60])
def test_the_citys_counter_never_refuses(size: int) -> None:
    """The counter as the contract tells it (2.5)."""
    chance = random.Random(3)
    worth = [chance.random() for _ in range(25 * 60)]
    pace, count, last, asked = Pace(NOW, dice=chance.random), 0, NOW, 0
    while pace.next_at < NOW + 6 * 60 * MINUTE:
        now = pace.next_at
        count = count + 1 if now - last < MINUTE else 1
        assert count <= size
        last, asked = now, asked + 1
        shown = Counter(max(0, size - count - 1), now)
        minute = int((now - NOW) / MINUTE)
        ahead = worth[minute : minute + 15]
        pace = pace.after(now, None, shown, outlook=ahead)
    assert asked > (7 if size == 60 else 5) * 6 * 60


def test_the_next_question_may_be_hastened_but_no_pause() -> None:
    assert START.after(NOW, None, None).hastened(NOW).next_at == NOW
    pausing = START.after(NOW, None, low())
    assert pausing.hastened(NOW) == pausing
    silent = START.after(NOW, SiteSilent(), None)
    assert silent.hastened(NOW) == silent


# At night


def a_day(pace: Pace = START, worth: tuple[float, ...] = BUSY) -> Pace:
    """Let it ask by day for a while."""
    for _ in range(120):
        pace = pace.after(NOW, None, None, outlook=worth)
    return pace


def test_at_night_every_third_request_is_enough_where_little_is_expected() -> None:
    pace = a_day().after(MIDNIGHT, None, None, outlook=QUIET)
    assert gap(pace, MIDNIGHT) == 18
    assert pace.why is Why.NIGHT


@pytest.mark.parametrize(
    ("at", "seconds"),
    [("22:59", 6), ("23:00", 18), ("05:59", 18), ("06:00", 6)],
)
def test_the_night_is_the_night_of_munich(at: str, seconds: int) -> None:
    now = berlin(f"2026-10-06 {at}")
    assert gap(a_day().after(now, None, None, outlook=QUIET), now) == seconds


def test_a_night_that_is_worth_as_much_as_the_day_is_asked_as_often() -> None:
    assert gap(a_day().after(MIDNIGHT, None, None, outlook=BUSY), MIDNIGHT) == 6


def test_a_release_that_is_near_is_not_slept_through() -> None:
    outlook = (0.1, 2.0, *QUIET)
    assert gap(a_day().after(MIDNIGHT, None, None, outlook=outlook), MIDNIGHT) == 6


def test_while_nothing_is_known_every_request_is_sent() -> None:
    assert gap(a_day().after(MIDNIGHT, None, None), MIDNIGHT) == 6
    assert gap(START.after(MIDNIGHT, None, None, outlook=QUIET), MIDNIGHT) == 6
    pace = a_day(worth=())
    assert gap(pace.after(MIDNIGHT, None, None, outlook=QUIET), MIDNIGHT) == 6


def test_the_night_teaches_nothing_of_the_day() -> None:
    pace = a_day()
    for _ in range(2000):
        pace = pace.after(MIDNIGHT, None, None, outlook=QUIET)
    assert pace.why is Why.NIGHT


# For people, and over restarts


def test_it_says_why_it_waits() -> None:
    counter = Counter(40, NOW)
    pace = START.after(NOW, SiteSilent(), counter, took=2 * SECOND)
    assert pace.explain() == PaceView(
        next_at=NOW + 47 * SECOND,
        rate=5.0,
        reason=Why.SILENT,
        silent_until=NOW + 47 * SECOND,
        remaining=40,
        latency=None,
        baseline=None,
    )
    view = START.after(NOW, None, None, took=SECOND).explain()
    assert (view.reason, view.remaining) == (Why.EVENLY, None)
    assert (view.latency, view.baseline) == (1.0, 1.0)


def test_every_reason_has_words() -> None:
    assert all(" " in why.value for why in Why)


def again(pace: Pace, now: datetime = NOW) -> Pace:
    """Let a process write it down, and another one read it."""
    return Pace.from_document(json.loads(json.dumps(pace.document())), now)


@given(st.lists(ERRORS, max_size=20), st.none() | st.integers(0, 60))
def test_it_goes_on_where_another_process_stopped(
    errors: list[SiteError | None], remaining: int | None
) -> None:
    pace = a_day()
    for error in errors:
        now = pace.next_at
        shown = None if remaining is None else Counter(remaining, now)
        pace = pace.after(now, error, shown, took=SECOND, outlook=BUSY)
    now = pace.next_at - 2 * SECOND
    kept = again(pace, now)
    assert kept.explain() == pace.explain()
    assert (kept.most, kept.worth, kept.asked) == (pace.most, pace.worth, pace.asked)
    assert kept.dice() == 0.5


def test_it_goes_on_with_the_dice_of_its_process() -> None:
    dice = thrown(0.25)
    assert Pace.from_document(START.document(), NOW, dice).dice is dice
    assert Pace.from_document({}, NOW, dice).dice is dice


def test_a_clock_that_was_set_back_does_not_silence_it_for_years() -> None:
    pace = START.after(NOW, RateLimited(), low())
    kept = again(pace, NOW - days(1000))
    assert kept.next_at <= NOW - days(1000) + 60 * MINUTE
    assert kept.after(kept.next_at, None, None).why is Why.SLOWER


@pytest.mark.parametrize(
    "document",
    [
        {},
        {**START.document(), "next_at": "soon"},
        {**START.document(), "next_at": "2026-10-06T10:00:00"},
        {**START.document(), "why": "LUCK"},
        {**START.document(), "aimd": None},
        {**START.document(), "counter": {"remaining": "few", "at": NOW.isoformat()}},
        {**START.document(), "worth": None},
    ],
)
def test_what_cannot_be_read_is_begun_anew(document: dict[str, object]) -> None:
    assert Pace.from_document(document, NOW) == Pace(NOW)


def test_no_kept_rate_is_beyond_the_bounds() -> None:
    document = START.document()
    document["aimd"]["rate"] = 1000
    assert Pace.from_document(document, NOW).aimd.rate == FULL
    document["aimd"]["rate"] = 0
    assert Pace.from_document(document, NOW).aimd.rate == LEAST


@given(
    st.lists(ERRORS, max_size=40),
    st.none() | st.builds(Counter, st.integers(0, 60), st.just(NOW)),
    st.floats(0, 1),
)
def test_the_pace_is_never_faster_than_even_nor_slower_than_its_bound(
    errors: list[SiteError | None], counter: Counter | None, dice: float
) -> None:
    pace = Pace(NOW, dice=thrown(dice))
    for error in errors:
        pace = pace.after(NOW, error, counter)
        assert EVEN * (5 / 6) <= pace.next_at - NOW <= 70 * SECOND
