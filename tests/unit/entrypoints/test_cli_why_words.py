"""What MTA asks next and why, in people's words and for programs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import attrs

from mta_core.domain.availability import DateWindow, Probe, day_of
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.polling.budgets import Budget, Stamp
from mta_core.polling.forecast import Forecast
from mta_core.polling.learning.candidates import Candidate, Part, Reason
from mta_core.polling.pace import Pace
from mta_core.polling.pattern import patterns
from mta_core.testing import NOON, PASING, a_catalogue, a_service_set
from mta_entrypoints.cli import output
from mta_entrypoints.cli.why_words import STALE, Why

CATALOGUE = a_catalogue()
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TODAY = day_of(NOON)
PASINGS = Part(
    office=PASING,
    waiting=3,
    rate=1.5,
    life=90.0,
    expected=0.25,
    batch=0.5,
    worth=2.25,
    release=None,
    chance=0.0,
)


def a_candidate(**changes: Any) -> Candidate:
    usual = Candidate(
        Probe(a_service_set(), frozenset({PASING}), DateWindow(TODAY, TODAY)),
        Reason.WORTH,
        2.25,
        NOON - MINUTE,
        NOON + 29 * MINUTE,
        (PASINGS,),
    )
    return attrs.evolve(usual, **changes)


def a_forecast(*candidates: Candidate, **changes: Any) -> Forecast:
    pace = Pace(NOON + 4 * SECOND).explain()
    usual = Forecast(NOON, pace, len(candidates), candidates)
    return attrs.evolve(usual, **changes)


def told(forecast: Forecast | None = None, **changes: Any) -> Why:
    usual = Why(NOON, CATALOGUE, forecast, (), ())
    return attrs.evolve(usual, **changes)


def test_before_the_first_watch_it_says_what_to_do() -> None:
    why = told()
    assert why.headline() == "MTA has not watched this city yet: start it with mta up."
    assert not [*why.rows(), *why.behind(), *why.pace(), *why.budgets()]


def test_plans_that_are_not_lived_by_any_more_are_dated() -> None:
    why = told(a_forecast(a_candidate()), now=NOON + STALE + SECOND)
    at = output.moment(NOON)
    assert why.headline() == f"MTA is not running. These were its plans on {at}."


def test_nobody_waits() -> None:
    assert told(a_forecast()).headline().startswith("Nobody waits")


def test_it_says_when_the_next_question_leaves_and_why_then() -> None:
    said = told(a_forecast(a_candidate())).headline()
    assert said == (
        "The next question leaves at 12:00:04: MTA asks evenly, as often as it may."
    )


def test_a_line_for_each_question() -> None:
    first, second, third = told(
        a_forecast(
            a_candidate(reason=Reason.NEVER_ASKED, asked_at=None, overdue_at=None),
            a_candidate(),
            a_candidate(reason=Reason.FOLLOW_UP, day=TODAY, parts=(), overdue_at=None),
        )
    ).rows()
    name = CATALOGUE.name_of(a_service_set())
    where = f"{name}\n1 office, from {TODAY:%d %b}"
    assert first == ("1", where, "never asked", "2.2", "never", "")
    assert second == ("2", where, "worth", "2.2", "60 seconds ago", "12:29:00")
    assert third[2] == f"follow-up: {TODAY:%d %b} is listed, unverified"


def test_the_numbers_behind_the_next_question() -> None:
    busy = attrs.evolve(PASINGS, release=NOON + MINUTE, chance=0.625)
    unknown = attrs.evolve(PASINGS, office=OfficeId(999))
    lines = list(told(a_forecast(a_candidate(parts=(busy, unknown)))).behind())
    text = "3 waiting · 1.50 slots an hour, each there for 90 seconds · 0.75 unseen"
    at = output.when(NOON + MINUTE)
    assert lines == [
        (CATALOGUE.office(PASING).name, f"{text} · many at {at} (62%)"),
        ("999", text),
    ]


def test_what_slows_it_down() -> None:
    pace = attrs.evolve(
        Pace(NOON).explain(),
        rate=5.0,
        silent_until=NOON + MINUTE,
        remaining=12,
        latency=2.0,
        baseline=0.5,
    )
    said = dict(told(a_forecast(pace=pace, tick=5.0)).pace())
    assert said == {
        "rate": "5.0 of 10 questions a minute",
        "silent": "until 12:01:00",
        "counter": "12 requests are left without a pause",
        "answers": "take 2.00 s now, usually 0.50 s",
        "tick": "the city frees slots 5 s after the minute",
        "questions": "0",
    }


def test_what_is_not_known_is_not_said() -> None:
    assert [name for name, _ in told(a_forecast()).pace()] == ["rate", "questions"]


def test_our_own_pattern_is_held_against_the_budgets() -> None:
    asked = [NOON - 6 * n * SECOND for n in range(1, 6)]
    stamps = [Stamp(Budget.CALENDAR, at, at, at + MINUTE) for at in asked]
    said = dict(told(patterns=patterns(stamps, NOON)).budgets())
    assert said["calendar"] == (
        "5 of 10 in the last minute, at most 5 in any; 5 in the last hour, "
        "one each 6.0 s, irregular by 0%"
    )
    assert (
        said["booking"]
        == "0 of 5 in the last minute, at most 0 in any; 0 in the last hour"
    )


def test_conditions_are_said_with_what_they_mean() -> None:
    outage = Condition(ConditionName.OUTAGE, CITY, NOON, "Nothing seen.")
    (said,) = told(standing=(outage,)).conditions()
    assert said.startswith("The city: outage, since ")
    assert outage.means in said


def test_programs_get_all_of_it() -> None:
    outage = Condition(ConditionName.OUTAGE, CITY, NOON, "Nothing seen.")
    why = told(
        a_forecast(a_candidate()), standing=(outage,), patterns=patterns([], NOON)
    )
    said = json.loads(output.to_json(why.described()))
    assert said["forecast"]["candidates"][0]["parts"][0]["office"] == PASING
    assert [each["budget"] for each in said["budgets"]] == [b.value for b in Budget]
    assert said["conditions"][0]["name"] == "outage"
    assert json.loads(output.to_json(told().described()))["forecast"] is None
