"""Release minutes: found, supported by the office's, watched in vain, forgotten."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.polling.learning.berlin import WEEK, minute_at
from mta_core.polling.learning.minutes import DayMinutes, ReleaseMinutes
from tests.unit.domain.builders import berlin

MONDAY, TUESDAY = berlin("2026-09-28 07:00"), berlin("2026-09-29 07:00")
NEXT_MONDAY, SATURDAY = berlin("2026-10-05 07:00"), berlin("2026-10-03 07:00")
NEXT_SATURDAY = berlin("2026-10-10 07:00")


def number(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def release_at(
    minutes: ReleaseMinutes, *moments: datetime, watched: bool = True
) -> None:
    for moment in moments:
        if watched:
            minutes.watched([(number(moment), 1.0)])
        minutes.released([(number(moment), 1.0)])


def chance(minutes: ReleaseMinutes, moment: datetime) -> float:
    return minutes.chance(minute_at(number(moment)))


def an_office() -> DayMinutes:
    return DayMinutes()


def test_at_first_no_minute_is_likelier_than_another() -> None:
    assert not chance(ReleaseMinutes(an_office()), MONDAY)


def test_a_release_is_expected_at_the_same_minute_of_the_next_weekday() -> None:
    minutes = ReleaseMinutes(an_office())
    release_at(minutes, MONDAY)
    assert chance(minutes, TUESDAY) > 0.1
    assert not chance(minutes, berlin("2026-09-29 07:01"))
    assert not chance(minutes, SATURDAY)
    assert chance(minutes, NEXT_MONDAY) >= chance(minutes, TUESDAY)


def test_each_release_raises_the_chance_and_each_that_fails_to_come_lowers_it() -> None:
    minutes, seen = ReleaseMinutes(an_office()), []
    for day in range(28, 31):
        release_at(minutes, berlin(f"2026-09-{day} 07:00"))
        seen.append(chance(minutes, TUESDAY))
    assert seen == sorted(seen)
    for _ in range(120):
        minutes.watched([(number(TUESDAY), 1.0)])
        seen.append(chance(minutes, TUESDAY))
    assert seen[2:] == sorted(seen[2:], reverse=True)
    assert not seen[-1], "what is very unlikely is noise"


def test_who_does_not_watch_learns_nothing() -> None:
    minutes = ReleaseMinutes(an_office())
    release_at(minutes, MONDAY)
    before = chance(minutes, TUESDAY)
    minutes.watched([(number(TUESDAY), 0.0), (number(TUESDAY) + 1, 1.0)])
    assert chance(minutes, TUESDAY) == before


def test_a_weekend_has_minutes_of_its_own() -> None:
    minutes = ReleaseMinutes(an_office())
    release_at(minutes, SATURDAY)
    assert chance(minutes, NEXT_SATURDAY) > 0.1
    assert not chance(minutes, MONDAY)


def test_what_comes_every_week_is_told_from_what_comes_every_day() -> None:
    minutes = ReleaseMinutes(an_office())
    for week in ("09-28", "10-05", "10-12"):
        release_at(minutes, berlin(f"2026-{week} 07:00"))
        for day in range(1, 5):
            minutes.watched([(number(berlin(f"2026-{week} 07:00")) + 1440 * day, 1.0)])
    assert chance(minutes, NEXT_MONDAY) > 2 * chance(minutes, TUESDAY)


def test_the_other_pairs_of_an_office_expect_it_too() -> None:
    office = an_office()
    mine, others, elsewhere = (
        ReleaseMinutes(place) for place in (office, office, an_office())
    )
    for day in range(28, 31):
        release_at(mine, berlin(f"2026-09-{day} 07:00"))
    assert 0 < chance(others, TUESDAY) < chance(mine, TUESDAY)
    assert not chance(elsewhere, TUESDAY)


def test_most_of_a_release_goes_to_the_usual_one_of_the_minutes_that_explain_it() -> (
    None
):
    minutes = ReleaseMinutes(an_office())
    release_at(minutes, MONDAY)
    seven = number(TUESDAY)
    minutes.released([(seven - 1, 1.0), (seven, 1.0), (seven + 1, 0.0)])
    at = minute_at(seven).of_day
    before, there, after = minutes.day.releases[at - 1 : at + 2]
    assert before + there == pytest.approx(2)
    assert there > 10 * before > 0
    assert not after


def test_days_that_pass_let_it_fade_and_what_is_weekly_stays_for_longer() -> None:
    daily, weekly = ReleaseMinutes(an_office()), ReleaseMinutes(an_office())
    release_at(daily, MONDAY)
    release_at(weekly, SATURDAY)
    for minutes in (daily, weekly):
        minutes.fade(21)
    kept = weekly.week[minute_at(number(SATURDAY)).of_week][0]
    assert kept > daily.day.releases[minute_at(number(MONDAY)).of_day] > 0
    weekly.fade(200)
    assert not weekly.week
    assert not chance(weekly, NEXT_SATURDAY)


RELEASES = st.lists(
    st.tuples(st.integers(0, WEEK - 1), st.integers(0, 3), st.booleans()), max_size=12
)


@settings(max_examples=10)
@given(RELEASES)
def test_it_is_read_as_it_was_written(
    releases: list[tuple[int, int, bool]],
) -> None:
    minutes = ReleaseMinutes(an_office())
    for minute, more, seen in releases:
        at = number(MONDAY) + minute
        minutes.watched([(at, 0.8)])
        if seen:
            minutes.released([(at + n, 1.0) for n in range(more + 1)])
    written, office = json.loads(
        json.dumps([minutes.document(), minutes.office.document()])
    )
    read = ReleaseMinutes.read(written, DayMinutes.read(office))
    some = {minute % 1440 for minute, *_ in releases} | {0}
    near = (range(m, WEEK, 1440) for n in some for m in range(n, min(n + 5, 1440)))
    every = [minute_at(number(MONDAY) + minute) for each in near for minute in each]
    chances = [minutes.chance(minute) for minute in every]
    assert all(0 <= each <= 1 for each in chances)
    assert [read.chance(minute) for minute in every] == pytest.approx(
        chances, abs=0.005
    )
