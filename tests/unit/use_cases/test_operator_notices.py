"""What the operator is told: once when it begins, once when it ends, and no spam."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.conditions import CALENDAR, CATALOGUE, CITY, Condition
from mta_core.domain.conditions import ConditionName as Name
from mta_core.domain.notifications import Kind
from mta_core.testing.clock import NOON
from mta_core.use_cases.operator import NOT_AGAIN_WITHIN, Notice, notices_about

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OUTAGE = Condition(Name.OUTAGE, CITY, NOON - 10 * MINUTE, "No answer.")
DRIFT = Condition(Name.DRIFT, CALENDAR, NOON - MINUTE, "Unreadable answers.")
QUIET = Condition(Name.QUIET, "1063475", NOON - HOUR, "Nothing free.")
BAN = Condition(Name.SOFT_BAN, CITY, NOON - HOUR, "All silent.")


def told(condition: Condition, minutes: int = 0) -> Condition:
    """The condition as it is once its begin was told, some minutes ago."""
    return attrs.evolve(condition, told_at=NOON - minutes * MINUTE)


def test_each_name_has_its_own_notice() -> None:
    assert notices_about([OUTAGE, DRIFT], NOON) == [
        Notice(Kind.CONDITION, (DRIFT,)),
        Notice(Kind.CONDITION, (OUTAGE,)),
    ]


def test_what_was_told_is_not_told_again() -> None:
    assert notices_about([told(OUTAGE, minutes=600)], NOON) == []


def test_its_end_is_told_once() -> None:
    over = told(OUTAGE, minutes=5).ended(NOON)
    [notice] = notices_about([over], NOON)
    assert notice == Notice(Kind.CONDITION_OVER, (over,))
    [after] = notice.told(NOON)
    assert notices_about([after], NOON + 2 * HOUR) == []


def test_what_came_and_went_within_the_hour_is_not_told_at_all() -> None:
    first = told(OUTAGE, minutes=30)
    first = attrs.evolve(first.ended(NOON - 20 * MINUTE), over_told_at=NOON)
    again = attrs.evolve(OUTAGE, since=NOON - 10 * MINUTE)
    assert notices_about([first, again], NOON) == []
    assert notices_about([first, again.ended(NOON)], NOON + 2 * HOUR) == []


def test_what_still_stands_after_the_hour_is_told_then() -> None:
    first = attrs.evolve(told(OUTAGE, 30).ended(NOON), over_told_at=NOON)
    again = attrs.evolve(OUTAGE, since=NOON)
    assert notices_about([first, again], NOON + 29 * MINUTE) == []
    assert notices_about([first, again], NOON + 30 * MINUTE) == [
        Notice(Kind.CONDITION, (again,))
    ]


def test_an_end_waits_for_its_hour_too() -> None:
    first = attrs.evolve(told(OUTAGE, 90).ended(NOON), over_told_at=NOON)
    second = attrs.evolve(told(OUTAGE), since=NOON).ended(NOON + 10 * MINUTE)
    assert notices_about([first, second], NOON + 10 * MINUTE) == []
    [notice] = notices_about([first, second], NOON + HOUR)
    assert notice == Notice(Kind.CONDITION_OVER, (second,))


def test_what_is_there_again_is_not_told_to_be_over() -> None:
    first = told(OUTAGE, 30).ended(NOON - MINUTE)
    again = attrs.evolve(OUTAGE, since=NOON)
    assert notices_about([first, again], NOON) == []


def test_several_of_one_name_share_a_notice() -> None:
    other = attrs.evolve(QUIET, about="1063453")
    [notice] = notices_about([QUIET, other], NOON)
    assert notice.about == (QUIET, other)
    assert notice.facts["besides"] == "1"
    assert {c.told_at for c in notice.told(NOON)} == {NOON}


def test_in_a_ban_single_services_are_no_news() -> None:
    assert notices_about([QUIET, BAN], NOON) == [Notice(Kind.CONDITION, (BAN,))]
    over = BAN.ended(NOON)
    assert Notice(Kind.CONDITION, (QUIET,)) in notices_about([QUIET, over], NOON)


def test_the_facts_are_all_that_a_text_needs() -> None:
    begun = Notice(Kind.CONDITION, (OUTAGE,)).facts
    assert begun == {
        "condition": "outage",
        "detail": "No answer.",
        "began": "2026-09-01T09:50:00+00:00",
        "besides": "0",
    }
    over = Notice(Kind.CONDITION_OVER, (OUTAGE.ended(NOON),)).facts
    assert over == {**begun, "ended": "2026-09-01T10:00:00+00:00"}


@pytest.mark.parametrize("about", [CITY, CATALOGUE])
@given(changes=st.lists(st.integers(1, 50), max_size=40))
def test_nobody_hears_more_than_two_notices_an_hour_of_one_name(
    about: str, changes: list[int]
) -> None:
    """It comes and goes after these minutes; whatever happens, the news is damped."""
    now, known, told_at = NOON, list[Condition](), []
    for minutes in changes:
        now += minutes * MINUTE
        if known and known[-1].ended_at is None:
            known[-1] = known[-1].ended(now)
        else:
            known.append(Condition(Name.SLOW, about, now, "Slow."))
        for notice in notices_about(known, now):
            told_at.append((notice.kind, now))
            fresh = {(c.key, c.since): c for c in notice.told(now)}
            known = [fresh.get((c.key, c.since), c) for c in known]
    for kind in (Kind.CONDITION, Kind.CONDITION_OVER):
        times = [at for of, at in told_at if of is kind]
        gaps = [b - a for a, b in pairwise(times)]
        assert all(gap >= NOT_AGAIN_WITHIN for gap in gaps)
    kinds = [kind for kind, _ in told_at]
    assert kinds.count(Kind.CONDITION) >= kinds.count(Kind.CONDITION_OVER)
