"""How closely MTA watched: what answers date, and for how long they stand."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.catalogue import OfficeId
from mta_core.domain.watched import NEAR, Watch, WatchedHour, hour_of, watches_of
from mta_core.testing.builders import ORLEANSPLATZ, PASING
from mta_core.testing.clock import NOON
from tests.unit.domain.past import answers, at, watched

LIFE = 300.0
BOTH = frozenset({PASING, ORLEANSPLATZ})


def the_watch(moments: Iterable[datetime], life: float = LIFE) -> Watch:
    """Watch one office by answers at these moments."""
    return watches_of(answers(moments), life)[PASING]


def minutes(watch: Watch) -> float:
    """Sum up for how many minutes MTA watched."""
    return sum(watch.minutes.values())


def after(*gaps: int) -> list[datetime]:
    """Return moments with these minutes between them."""
    return [NOON + timedelta(minutes=sum(gaps[:n])) for n in range(len(gaps) + 1)]


def test_an_answer_is_noted_in_the_minute_of_its_hour() -> None:
    noted = WatchedHour.of([PASING], at(0, 7, 5.9))
    assert noted == WatchedHour(frozenset({PASING}), at(0, 7), 1 << 5)


def test_hours_are_those_of_utc_whatever_the_zone_of_a_moment() -> None:
    moment = datetime.fromisoformat("2026-08-03T07:59:59.999999+02:00")
    assert hour_of(moment) == datetime(2026, 8, 3, 5, tzinfo=UTC)


def test_who_asks_each_minute_watches_all_the_time() -> None:
    watch = the_watch(after(*[1] * 90))
    assert minutes(watch) == pytest.approx(90)
    assert (watch.first, watch.last) == (NOON, NOON + timedelta(minutes=90))


def test_after_a_gap_an_answer_shows_only_what_still_lives() -> None:
    dense, sparse = the_watch(after(*[1] * 30)), the_watch(after(30))
    assert minutes(sparse) < minutes(dense) / 4
    assert minutes(sparse) <= 1 + LIFE / 60


def test_what_lives_long_is_seen_after_a_gap_too() -> None:
    assert minutes(the_watch(after(30), life=1e6)) == pytest.approx(30, rel=0.01)


def test_a_pause_is_not_watched_and_what_is_new_after_it_not_dated() -> None:
    back = NOON + timedelta(minutes=NEAR + 1)
    watch = the_watch(after(NEAR + 1, 1))
    assert minutes(watch) == pytest.approx(1)
    assert not watch.dates(int(back.timestamp()))
    assert watch.dates(int(back.timestamp()) + 60)


def test_the_longest_gap_that_is_no_pause() -> None:
    watch = the_watch(after(NEAR))
    assert watch.dates(int(after(NEAR)[-1].timestamp()))


def test_what_no_answer_showed_is_not_dated() -> None:
    watch = the_watch(after(1, 1))
    assert watch.dates(int(NOON.timestamp()) + 119)
    assert not watch.dates(int(NOON.timestamp()) + 180)
    assert not watch.dates(int(NOON.timestamp()) + 7200)


def test_a_gap_may_reach_over_the_hour() -> None:
    watch = the_watch([at(0, 7, 59), at(0, 8, 0)])
    assert watch.dates(int(at(0, 8, 0).timestamp()))
    assert minutes(watch) == pytest.approx(1)


def test_one_answer_watches_nothing() -> None:
    assert minutes(the_watch([NOON])) == 0


def test_offices_are_watched_by_whatever_question_names_them() -> None:
    both, alone = watched(1, [7], BOTH), answers([at(0, 8, 0), at(0, 8, 1)])
    watches = watches_of([*both, *alone], LIFE)
    assert minutes(watches[ORLEANSPLATZ]) == pytest.approx(59)
    assert minutes(watches[PASING]) == pytest.approx(61)


def test_offices_that_are_asked_together_are_watched_alike() -> None:
    watches = watches_of(watched(1, [7], BOTH), LIFE)
    assert watches[PASING] is watches[ORLEANSPLATZ]


def test_where_nobody_asked_there_is_no_watch() -> None:
    assert watches_of([], LIFE) == {}
    assert OfficeId(1) not in watches_of(watched(1), LIFE)


@given(st.lists(st.integers(0, 300), max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(
    offsets: list[int], dice: random.Random
) -> None:
    hours = answers(NOON + timedelta(minutes=offset) for offset in offsets)
    shuffled = hours.copy()
    dice.shuffle(shuffled)
    assert watches_of(hours, LIFE) == watches_of(shuffled, LIFE)
