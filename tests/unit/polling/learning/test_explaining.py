"""Why a question is next, in numbers that people can check."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.errors import Refused, SiteError, SiteSilent
from mta_core.polling.learning import Candidate
from mta_core.polling.learning.candidates import Reason
from tests.unit.domain.builders import MINUTE, a_subscription, a_window, days, wanting
from tests.unit.polling.learning.town import (
    AGO,
    EVER,
    Asking,
    Town,
    one_each,
    seconds,
)


def until_it_fails(asking: Asking, services: str, error: SiteError) -> None:
    """Ask on until the city has failed to answer about these services."""
    asking.town.trouble = lambda probe, _: (
        error if str(probe.services) == services else None
    )
    while not asking.outcomes[-1].error:
        asking.times(1)


def a_busy_town() -> Asking:
    """Something of everything: hints, releases, singles, a refusal, a newcomer."""
    late = a_subscription(
        9, services="2", wishes=wanting(2, windows=(a_window(10, 60),))
    )
    asking = Asking(Town(), [*one_each(*"1234"), late])
    for day in (4, 8, 12):
        asking.town.free(AGO, "2", 2, lasting=EVER, ahead=days(day))
    for minute in range(0, 30, 7):
        asking.town.free(asking.now + minute * MINUTE, "1", 1, lasting=90)
    asking.town.free(asking.now + 9 * MINUTE, "3", 3, count=8)
    asking.times(150)
    until_it_fails(asking, "4", Refused("unknownError"))
    asking.group = [*asking.group, *one_each(*"123456")[4:]]
    asking.now += MINUTE
    asking.next()
    return asking


def test_every_reason_is_told() -> None:
    assert {question.reason for question in a_busy_town().candidates()} == {
        Reason.NEVER_ASKED,
        Reason.WORTH,
        Reason.FOLLOW_UP,
        Reason.RESTS,
    }


def test_the_worth_of_a_question_is_the_sum_of_its_parts() -> None:
    for question in a_busy_town().firsts():
        parts = question.parts
        assert question.worth == pytest.approx(sum(part.worth for part in parts))
        assert {part.office for part in parts} == question.probe.offices
        assert [part.worth for part in parts] == sorted(
            (part.worth for part in parts), reverse=True
        )


def test_what_is_worth_more_stands_before_what_is_worth_less() -> None:
    questions = a_busy_town().candidates()
    by_worth = [q for q in questions if q.reason in (Reason.WORTH, Reason.FOLLOW_UP)]
    worths = [question.worth for question in by_worth]
    assert worths == sorted(worths, reverse=True)
    assert questions[0].reason is Reason.NEVER_ASKED
    assert questions[-1].reason is Reason.RESTS


def test_the_numbers_are_those_of_people() -> None:
    [part] = a_busy_town().about("3").parts
    assert part.waiting == 1
    assert 8 <= part.life <= 4 * 3600
    assert 0 < part.rate < 60
    assert part.release is not None
    assert 0 < part.chance <= 1


def test_when_it_was_asked_and_when_it_is_overdue() -> None:
    asking = Asking(Town(), one_each("1"))
    asking.next()
    [question] = asking.candidates()
    assert question.asked_at is question.overdue_at is None
    asking.ask()
    asking.now += MINUTE
    [question] = asking.candidates()
    assert question.asked_at == asking.now - MINUTE
    assert question.overdue_at is not None
    assert question.overdue_at - question.asked_at >= timedelta(minutes=30)


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 9)), max_size=15))
def test_the_first_one_is_asked_next(steps: list[tuple[int, int]]) -> None:
    """As long as nothing is overdue or fails."""
    asking = Asking(Town(), one_each(*"1234"))
    asking.times(12)
    for wait, new in steps:
        asking.now += seconds(wait)
        if new:
            number = str(1 + new % 4)
            asking.town.free(asking.now, number, int(number), count=new)
        first = asking.candidates()[0]
        assert asking.ask() == first.probe


def test_what_has_just_failed_is_not_said_to_be_next() -> None:
    asking = Asking(Town(), one_each(*"1234"))
    asking.times(8)
    until_it_fails(asking, "3", SiteSilent())
    first = asking.candidates()[0]
    assert asking.next() == first.probe


def test_it_is_read_as_it_was_written() -> None:
    for question in a_busy_town().candidates():
        written = json.loads(json.dumps(question.document()))
        assert Candidate.read(written) == question
