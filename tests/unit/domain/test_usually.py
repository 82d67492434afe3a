"""When openings usually appear: found where it is so, and never made up."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.history import Appearance, Day
from mta_core.domain.usually import (
    EVERY_DAY,
    LEAST_DAYS,
    LEAST_OPENINGS,
    MONDAY_TO_FRIDAY,
    WEEKEND,
    WIDEST,
    Usual,
    enough,
    usual,
)
from tests.unit.domain.past import (
    ALWAYS,
    MONDAY,
    answers,
    at,
    at_random,
    drawn,
    laid_out,
    seen,
    watched,
)

FOUR_WEEKS = 28
DAYS = range(FOUR_WEEKS)


def found(
    moments: Iterable[datetime], days: Iterable[int] = DAYS, **more: Any
) -> Usual | None:
    """Look for the usual time of openings that appeared then."""
    return usual(laid_out(moments, days, **more))


def planted(
    hour: int, days: Iterable[int], batch: int = 4, first: date = MONDAY
) -> list[datetime]:
    """Let a batch appear at an hour of some days."""
    return [
        at(first + timedelta(days=day), hour, 7 * number)
        for day in days
        for number in range(1, batch + 1)
    ]


def on(weekdays: Iterable[int], days: int = FOUR_WEEKS) -> list[int]:
    """Return the days that are such weekdays."""
    return [day for day in range(days) if day % 7 in frozenset(weekdays)]


# What is there is found


@given(
    hour=st.integers(0, 23),
    weekdays=st.sampled_from([EVERY_DAY, MONDAY_TO_FRIDAY]),
    noise=st.floats(0.1, 1.5),
    seed=st.integers(0, 999),
)
@settings(max_examples=50)
def test_a_planted_hour_is_found(
    hour: int, weekdays: tuple[int, ...], noise: float, seed: int
) -> None:
    days = on(weekdays)
    others = at_random(random.Random(seed), FOUR_WEEKS, noise)
    said = found([*planted(hour, days), *others])
    assert said is not None
    assert (said.weekdays, said.first, said.last) == (weekdays, hour, hour + 1)
    assert said.openings >= 4 * len(days)
    assert said.openings <= said.known
    assert (said.days, said.watched) == (len(days), len(days))


def test_it_is_found_in_what_was_really_recorded() -> None:
    moments = planted(7, on(MONDAY_TO_FRIDAY))
    said = usual(drawn(seen(*moments), watched(FOUR_WEEKS)))
    assert said == Usual(MONDAY_TO_FRIDAY, 7, 8, 80, 80, 20, 20)


def test_how_much_speaks_for_it_is_said() -> None:
    days = on(MONDAY_TO_FRIDAY)[:14]
    hits = [at(day, 7, 5) for day in days[:12] for _ in range(3)]
    others = [at(day, 9 + day % 9) for day in range(0, 18, 2)]
    said = found([*hits, *others], range(18))
    assert said == Usual(MONDAY_TO_FRIDAY, 7, 8, 36, 45, 12, 14)


def test_weekends_are_found_too() -> None:
    said = found(planted(10, on(WEEKEND)))
    assert said is not None
    assert (said.weekdays, said.first, said.last) == (WEEKEND, 10, 11)


def test_a_single_weekday_needs_that_many_weeks() -> None:
    thursdays = on([3], 42)
    assert found(planted(14, thursdays[:4], batch=9), range(28)) is None
    said = found(planted(14, thursdays, batch=9), range(42))
    assert said is not None
    assert (said.weekdays, said.days, said.watched) == ((3,), 6, 6)


def test_a_span_may_take_several_hours() -> None:
    dice = random.Random(5)
    moments = [
        at(day, dice.randrange(7, 10), dice.randrange(60))
        for day in on(MONDAY_TO_FRIDAY)
        for _ in range(5)
    ]
    said = found(moments)
    assert said is not None
    assert (said.weekdays, said.first, said.last) == (MONDAY_TO_FRIDAY, 7, 10)


@pytest.mark.parametrize("first", [date(2026, 3, 16), date(2026, 10, 12)])
def test_when_the_clocks_change_the_hour_stays(first: date) -> None:
    """The city releases by the clock on the wall."""
    days = on(MONDAY_TO_FRIDAY)
    hours = watched(FOUR_WEEKS, range(5, 24), first=first)
    said = usual(drawn(seen(*planted(7, days, first=first)), hours))
    assert said is not None
    assert (said.weekdays, said.first, said.last) == (MONDAY_TO_FRIDAY, 7, 8)


# What is not known is not said


def test_without_a_record_nothing_is_said() -> None:
    picture = drawn([], [])
    assert not enough(picture)
    assert usual(picture) is None


def test_too_few_openings_prove_nothing() -> None:
    moments = planted(7, on(MONDAY_TO_FRIDAY), batch=1)[: LEAST_OPENINGS - 1]
    assert found(moments) is None
    assert found([*moments, at(25, 7, 9)]) is not None


def test_too_few_days_prove_nothing() -> None:
    moments = planted(7, on(MONDAY_TO_FRIDAY)[: LEAST_DAYS - 1], batch=8)
    assert not enough(laid_out(moments, DAYS))
    assert found(moments) is None


def test_nor_do_they_beside_another_day() -> None:
    moments = [*planted(7, on(MONDAY_TO_FRIDAY)[:4], batch=8), at(7, 15)]
    assert enough(laid_out(moments, DAYS))
    assert found(moments) is None


def test_what_comes_on_few_of_the_days_is_not_usual() -> None:
    days = on(MONDAY_TO_FRIDAY)
    others = [at(day, 9 + day % 12) for day in days[8:]]
    assert found([*planted(7, days[:8], batch=9), *others]) is None


def test_less_than_half_of_what_was_seen_is_not_usual() -> None:
    """Though it would be more than half if the hour had been watched each day."""
    days = on(MONDAY_TO_FRIDAY)
    others = 2 * planted(15, days[12:14], 8)
    picture = laid_out([*planted(7, days[:12], 2), *others], days)
    late = [attrs.evolve(day, watched=_without(day, 7)) for day in picture.days[12:]]
    assert usual(attrs.evolve(picture, days=(*picture.days[:12], *late))) is None


def test_more_than_half_is_not_usual_where_mta_watched_that_hour_more() -> None:
    days = on(MONDAY_TO_FRIDAY)
    others = [at(day, 9 + hour, 30) for day in days for hour in range(3)]
    picture = laid_out([*planted(7, days), *others], days)
    assert usual(picture) is not None
    scarce = tuple(60.0 if hour == 7 else 10.0 for hour in ALWAYS)
    spotty = tuple(attrs.evolve(day, watched=scarce) for day in picture.days)
    assert usual(attrs.evolve(picture, days=spotty)) is None


def test_large_batches_prove_no_more_than_small_ones() -> None:
    moments = [*planted(7, [0, 1, 2], batch=8), *planted(15, [4, 5, 8, 9], batch=1)]
    assert enough(laid_out(moments, DAYS))
    assert found(moments) is None


def test_what_was_watched_at_one_hour_only_is_not_usual_there() -> None:
    days = on(EVERY_DAY)
    assert found(planted(7, days), hours=[7]) is None
    assert found(planted(7, days), hours=[6, 7, 8]) is None
    assert found(planted(7, days), hours=range(6, 11)) is not None


def test_every_day_is_not_said_of_days_that_were_not_watched() -> None:
    weekdays = on(MONDAY_TO_FRIDAY)
    said = found(planted(7, weekdays), weekdays)
    assert said is not None
    assert said.weekdays == MONDAY_TO_FRIDAY


def test_nor_weekdays_where_no_friday_was_watched() -> None:
    days = on(range(4))
    assert found(planted(7, days), days) is None
    assert found(planted(7, days), on(MONDAY_TO_FRIDAY)) is not None


def test_more_questions_at_an_hour_do_not_make_it_usual() -> None:
    """MTA asks each minute from seven to eight, and once in half an hour else."""
    dice, claims = random.Random(11), 0
    for _ in range(10):
        moments = [
            at(day, hour, minute)
            for day in range(FOUR_WEEKS)
            for hour in ALWAYS
            for minute in (range(60) if hour == 7 else (0, 30))
        ]
        appeared = at_random(dice, FOUR_WEEKS, batches=20)
        claims += (
            usual(drawn(list(caught(appeared, moments, dice)), answers(moments)))
            is not None
        )
    assert claims == 0


def test_what_waited_overnight_does_not_make_the_morning_usual() -> None:
    """MTA runs from eight to twenty, and openings live for hours."""
    dice = random.Random(12)
    moments = [
        at(day, hour, minute)
        for day in range(FOUR_WEEKS)
        for hour in range(8, 20)
        for minute in range(0, 60, 2)
    ]
    appeared = at_random(dice, FOUR_WEEKS, batches=10)
    openings = list(caught(appeared, moments, dice, life=8 * 3600))
    picture = drawn(openings, answers(moments))
    assert picture.undated > len(openings) / 4
    assert usual(picture) is None


@pytest.mark.parametrize(
    ("batches", "sizes"),
    [(1, (1,)), (4, (1,)), (40, (1,)), (1, (1, 2, 30)), (0.4, (10,)), (3, (1, 1, 60))],
)
def test_where_no_time_is_likelier_none_is_claimed(
    batches: float, sizes: tuple[int, ...]
) -> None:
    dice = random.Random(f"{batches} {sizes}")
    worlds = [at_random(dice, FOUR_WEEKS, batches, sizes) for _ in range(60)]
    assert sum(found(moments) is not None for moments in worlds) <= 3


def test_whatever_hours_are_watched() -> None:
    dice, claims = random.Random(13), 0
    for _ in range(40):
        hours = dice.sample(ALWAYS, dice.randint(4, 20))
        moments = at_random(dice, FOUR_WEEKS, dice.uniform(0.5, 20), (1, 1, 12))
        claims += found(moments, hours=hours) is not None
    assert claims <= 2


@given(
    minutes=st.lists(st.integers(0, 28 * 24 * 60 - 1), min_size=20, max_size=60),
    hours=st.sets(st.integers(0, 23), min_size=1),
)
@settings(max_examples=50)
def test_whatever_is_said_is_what_was_seen(minutes: list[int], hours: set[int]) -> None:
    busy = [at(0, 0, minute - minute % 1440 + minute % 100) for minute in minutes]
    picture = laid_out(busy, DAYS, hours)
    said = usual(picture)
    if said is None:
        return
    assert 0 <= said.first < said.last <= min(said.first + WIDEST, 24)
    week = picture.week()
    span = range(said.first, said.last)
    counted = sum(week[day][hour].openings for day in said.weekdays for hour in span)
    assert said.openings == counted
    assert said.known == picture.openings
    assert 2 * said.openings >= said.known
    assert LEAST_DAYS <= said.days <= said.watched <= FOUR_WEEKS
    assert all(week[day][hour].watched for day in said.weekdays for hour in span)


@given(st.integers(0, 999))
@settings(max_examples=10)
def test_the_order_of_openings_does_not_matter(seed: int) -> None:
    dice = random.Random(seed)
    moments = [*planted(7, on(MONDAY_TO_FRIDAY)), *at_random(dice, FOUR_WEEKS, 2)]
    said = found(moments)
    dice.shuffle(moments)
    assert found(moments) == said
    assert said is not None


def _without(day: Day, hour: int) -> tuple[float, ...]:
    return tuple(0.0 if h == hour else m for h, m in enumerate(day.watched))


def caught(
    appeared: Iterable[datetime],
    moments: list[datetime],
    dice: random.Random,
    life: float = 300,
) -> Iterator[Appearance]:
    """Let MTA see what still lives when it asks: each from the first such answer on."""
    asked = iter(sorted(moments))
    answer = next(asked)
    for moment in appeared:
        while answer < moment:
            following = next(asked, None)
            if following is None:
                return
            answer = following
        gone = moment + timedelta(seconds=dice.expovariate(1 / life))
        if gone > answer:
            yield from seen(answer, lasts=(gone - answer).total_seconds())
