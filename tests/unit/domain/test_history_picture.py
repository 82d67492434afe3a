"""The picture of when openings appeared."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.history import Appearance, History, Picture
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_slot, an_opening
from mta_core.testing.clock import NOON
from tests.unit.domain.past import answers, at, drawn, seen, watched

SECOND = timedelta(seconds=1)
BOTH = frozenset({PASING, ORLEANSPLATZ})


def test_an_opening_is_kept_as_far_as_it_matters() -> None:
    opening = an_opening(a_slot(office=ORLEANSPLATZ), first_seen=NOON + 0.9 * SECOND)
    second = int(NOON.timestamp())
    once = attrs.evolve(opening, last_seen=opening.first_seen)
    assert Appearance.of(once) == Appearance(
        ORLEANSPLATZ, second, second, gone=False, again=False
    )
    gone = attrs.evolve(
        opening, last_seen=NOON + 30 * SECOND, gone_at=NOON + 36 * SECOND
    )
    kept = Appearance.of(gone)
    assert kept == Appearance(ORLEANSPLATZ, second, second + 36, gone=True, again=True)
    assert kept.seconds == 36


def test_openings_are_counted_by_weekday_and_hour() -> None:
    moments = at(0, 7, 5), at(0, 7, 59), at(7, 7), at(2, 23, 59.9), at(3, 0)
    week = drawn(seen(*moments), watched(14)).week()
    counted = {
        (weekday, hour): cell.openings
        for weekday, cells in enumerate(week)
        for hour, cell in enumerate(cells)
        if cell.openings
    }
    assert counted == {(0, 7): 3, (2, 23): 1, (3, 0): 1}


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 7, 5, 22, 30, tzinfo=UTC),
        datetime(2026, 12, 6, 23, 30, tzinfo=UTC),
    ],
)
def test_days_and_hours_are_those_of_munich(moment: datetime) -> None:
    hour = [moment + timedelta(minutes=n) for n in range(-2, 3)]
    [day] = drawn(seen(moment), answers(hour)).days
    assert (day.date.weekday(), day.openings[0], sum(day.openings)) == (0, 1, 1)


def test_beside_each_count_stands_how_long_mta_watched() -> None:
    week = drawn([], watched(8, range(7, 9))).week()
    assert week[0][8].watched == pytest.approx(120)
    assert week[1][8].watched == pytest.approx(60)
    assert week[0][9].watched == 0
    assert sum(cell.openings for cells in week for cell in cells) == 0


def test_what_was_not_watched_is_not_nothing() -> None:
    assert not drawn([], []).watched
    assert not drawn([], answers([NOON])).watched
    assert drawn([], watched(1)).watched


def test_what_was_there_after_a_pause_is_counted_but_not_dated() -> None:
    picture = drawn(seen(at(1, 8), at(1, 8, 1)), watched(2, [8]))
    assert (picture.openings, picture.undated) == (2, 1)
    assert sum(sum(day.openings) for day in picture.days) == 1


def test_what_was_seen_before_answers_were_noted_is_not_dated() -> None:
    picture = drawn(seen(at(0, 8)), [])
    assert (picture.openings, picture.undated, picture.days) == (1, 1, ())
    assert (picture.first, picture.last) == (None, None)


def test_how_long_openings_lasted_is_told_by_those_that_are_gone() -> None:
    gone = [*seen(NOON, lasts=10), *seen(NOON, lasts=600), *seen(NOON, lasts=90)]
    still = seen(NOON, lasts=9000, gone=False)
    picture = drawn([*gone, *still], watched(1))
    assert (picture.gone, picture.lasted) == (3, 90 * SECOND)
    assert drawn(still, watched(1)).lasted is None


def test_what_was_seen_once_only_is_told_apart() -> None:
    openings = [*seen(NOON, NOON), *seen(NOON, again=False)]
    assert drawn(openings, watched(1)).again == 2


def test_the_longer_openings_live_the_more_a_rare_answer_shows() -> None:
    rare = answers(at(0, hour, minute) for hour in range(24) for minute in (0, 30))

    def shown(lasts: float, gone: bool = True) -> float:
        openings = seen(*[NOON] * 50, lasts=lasts, gone=gone)
        return sum(drawn(openings, rare).days[0].watched)

    assert shown(5) < shown(300) < shown(900) < shown(9000)
    assert shown(900) < shown(900, gone=False)
    assert shown(1) == shown(5)  # a life is never taken for shorter than two minutes


def test_the_record_begins_and_ends_with_an_answer() -> None:
    picture = drawn([], watched(3, range(7, 9)))
    assert (picture.first, picture.last) == (at(0, 7), at(2, 8, 59))


def test_when_the_clocks_go_forward_an_hour_is_missing() -> None:
    sunday = date(2026, 3, 29)
    moments = [at(sunday, 0) + timedelta(minutes=n) for n in range(23 * 60)]
    [day] = drawn([], answers(moments)).days
    assert (day.date, day.watched[2]) == (sunday, 0)
    assert sum(day.watched) == pytest.approx(23 * 60 - 1)


def test_when_the_clocks_go_back_an_hour_comes_twice() -> None:
    sunday = date(2026, 10, 25)
    midnight = at(sunday, 0)
    moments = [midnight + timedelta(minutes=n) for n in range(25 * 60)]
    twice = [midnight + timedelta(hours=hour, minutes=30) for hour in (2, 3)]
    [day] = drawn(seen(*twice), answers(moments)).days
    assert day.date == sunday
    assert day.openings[2] == 2
    assert day.watched[2] == pytest.approx(120)


def test_each_office_has_its_own_picture() -> None:
    history = History.of(
        [*seen(at(0, 7, 1)), *seen(at(0, 8, 1), at(0, 8, 2), office=ORLEANSPLATZ)],
        watched(1, range(7, 9), BOTH),
        at(0, 0),
        at(1, 0),
    )
    pasing = history.picture(frozenset({PASING}))
    orleansplatz = history.picture(frozenset({ORLEANSPLATZ}))
    assert history.offices == BOTH
    assert (pasing.openings, orleansplatz.openings) == (1, 2)
    assert history.picture().openings == 3
    assert history.picture() == history.picture(BOTH)


def test_an_office_that_nobody_asked_was_not_watched() -> None:
    history = History.of([], watched(1), at(0, 0), at(1, 0))
    assert not history.picture(frozenset({ORLEANSPLATZ})).watched


def test_of_several_offices_the_mean_is_watched() -> None:
    hours = [
        *watched(1, [7], frozenset({PASING})),
        *watched(1, [7, 8], frozenset({ORLEANSPLATZ})),
    ]
    cells = drawn([], hours).week()[0]
    assert cells[7].watched == pytest.approx(59)
    assert cells[8].watched == pytest.approx(30)


def test_an_office_that_was_asked_once_does_not_blur_the_mean() -> None:
    once = answers([NOON], frozenset({ORLEANSPLATZ}))
    assert drawn([], [*watched(2), *once]).days == drawn([], watched(2)).days


@given(
    st.lists(st.integers(0, 3 * 24 * 60), max_size=30),
    st.lists(st.integers(0, 3 * 24 - 1), unique=True),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_record_does_not_matter(
    minutes: list[int], hours: list[int], dice: random.Random
) -> None:
    openings = [o for minute in minutes for o in seen(at(0, 0, minute))]
    noted = [h for hour in hours for h in watched(1, [hour % 24], first=_day(hour))]
    before = drawn(openings, noted)
    for each in (openings, noted):
        dice.shuffle(each)
    assert drawn(openings, noted) == before
    assert before.openings == _dated(before) + before.undated


def _day(hour: int) -> date:
    return at(hour // 24, 12).date()


def _dated(picture: Picture) -> int:
    return sum(sum(day.openings) for day in picture.days)
