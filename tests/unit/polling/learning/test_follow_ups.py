"""Days that an answer only hints at: asked for by what is to be expected there."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.errors import Refused, SiteError, SiteSilent
from mta_core.polling.planner import FOLLOW_UPS_PER_MINUTE, REST
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    TODAY,
    a_subscription,
    a_window,
    days,
    uid,
    wanting,
)
from tests.unit.polling.learning.hinting import (
    ANYBODY,
    among_others,
    asking_about,
    bookable,
    first_days,
    followed,
    hints,
)
from tests.unit.polling.learning.town import (
    AGO,
    EVEN,
    Asking,
    Town,
    ahead,
    seconds,
)


def test_a_hinted_day_is_asked_for_and_then_left_alone() -> None:
    asking = among_others(3)
    bookable(asking.town, 8)
    outcomes = asking.times(12)
    assert followed(outcomes)[0] == 8
    assert len(followed(outcomes)) <= 3
    found = {s.day for o in outcomes if o.observation for s in o.observation.free}
    assert found == {TODAY + days(3), TODAY + days(8)}


def test_a_day_that_nobody_would_come_on_is_not_asked_for() -> None:
    choosy = attrs.evolve(
        ANYBODY, wishes=wanting(1, windows=(a_window(0, 5), a_window(9, 30)))
    )
    asking = asking_about(3, 8, 10, group=[choosy])
    asking.times(1)
    assert hints(asking).keys() == {10}


def test_nor_one_that_is_bookable_where_nobody_would_go() -> None:
    group = [ANYBODY, a_subscription(2, wishes=wanting(2, windows=(a_window(0, 5),)))]
    asking = asking_about(3, group=group)
    bookable(asking.town, 8, office=2)
    asking.times(1)
    assert hints(asking).keys() == set()


def test_the_day_that_suits_most_goes_first() -> None:
    tenth = wanting(1, windows=(a_window(10, 10),))
    group = [ANYBODY, *(a_subscription(n, wishes=tenth) for n in (2, 3, 4))]
    asking = asking_about(3, 12, 10, group=group)
    asking.times(1)
    found = hints(asking)
    assert found[10].worth > found[12].worth > 0
    assert first_days(asking.times(1)) == [10]


def test_a_first_question_that_is_worth_more_goes_before_it() -> None:
    """A crowd waits for something else that nobody has looked for in a while."""
    crowd = [
        a_subscription(100 + n, services="2", wishes=wanting(2)) for n in range(400)
    ]
    asking = asking_about(3, group=[ANYBODY, *crowd])
    asking.times(2)
    asking.now += timedelta(minutes=25)
    bookable(asking.town, 8)
    while str(asking.ask() and asking.outcomes[-1].probe.services) != "1":
        asking.now += EVEN
    asking.now += timedelta(minutes=25)
    assert hints(asking).keys() == {8}
    probe = asking.next()
    assert probe is not None
    assert str(probe.services) == "2"


def test_a_day_that_is_listed_at_one_more_office_is_asked_for_anew() -> None:
    both = attrs.evolve(ANYBODY, wishes=wanting(1, 2))
    asking = among_others(3, 8, wishes=(both,))
    bookable(asking.town, 8, office=2)
    worth = hints(asking)[8].worth
    while hints(asking)[8].worth < 20 * worth:
        asking.times(1)
    assert followed(asking.times(1)) == [8]


def test_so_is_one_that_was_taken_off_the_list_in_between() -> None:
    asking = among_others(3)
    asking.town.free(asking.now - days(1), lasting=86_400 + 40, ahead=days(9))
    assert followed(asking.times(7)) == [8]
    asking.times(8)
    assert hints(asking).keys() == set()
    bookable(asking.town, 8)
    assert followed(asking.times(8))[:1] == [8]


def test_what_a_first_answer_reaches_is_no_hint_any_more() -> None:
    asking = Asking(Town(), [ANYBODY])
    asking.town.free(AGO, lasting=86_400 + 3, ahead=days(4))
    bookable(asking.town, 8, 9)
    asking.times(1)
    assert hints(asking).keys() == {8, 9}
    asking.planner.follow_ups.kept.clear()
    asking.times(1)
    assert hints(asking).keys() == {9}


def test_the_next_month_is_told_by_its_first_day_alone_and_stays_in_mind() -> None:
    """The answer paints one month; of the rest it says nothing (contract 1.2)."""
    asking = asking_about(0, 1, 8, 12)
    asking.times(1)
    assert hints(asking).keys() == {1, 8}, "October begins in three days"
    asking.town.stays.clear()
    bookable(asking.town, 0)
    asking.times(4)
    assert hints(asking).keys() == {8}, "of October nothing was said"


# Trouble


@pytest.mark.parametrize("error", [SiteSilent(), Refused("unknownError")])
def test_a_follow_up_that_fails_is_not_repeated_at_once(error: SiteError) -> None:
    asking = asking_about(3, 8, group=[ANYBODY, a_subscription(2, services="2")])
    asking.town.trouble = lambda probe, _: (
        error if ahead(probe.window.first) == 8 else None
    )
    days_asked = first_days(asking.until(NOW + REST - MINUTE))
    assert 1 <= days_asked.count(8) <= 8
    assert isinstance(error, Refused) is (days_asked.count(8) == 1)


def test_hints_outlive_a_new_folding_with_those_who_wait_then() -> None:
    asking = asking_about(3, 8, 9)
    asking.times(1)
    before = hints(asking)[8].worth
    asking.group = [ANYBODY, attrs.evolve(ANYBODY, id=uid(7))]
    asking.next()
    assert hints(asking)[8].worth == pytest.approx(2 * before)
    early = wanting(1, windows=(a_window(0, 8),))
    asking.group = [attrs.evolve(ANYBODY, wishes=early)]
    asking.next()
    assert hints(asking).keys() == {8}
    asking.group = [a_subscription(3, services="2")]
    asking.next()
    assert hints(asking).keys() == set()


@settings(max_examples=15)
@given(
    waits=st.lists(st.integers(0, 14), min_size=8, max_size=30),
    listed=st.sets(st.integers(4, 30), min_size=5, max_size=8),
    hollow=st.booleans(),
)
def test_follow_ups_are_at_most_four_in_any_minute(
    waits: list[int], listed: set[int], hollow: bool
) -> None:
    asking, left_at = asking_about(3), []
    bookable(asking.town, *listed, hollow=hollow)
    for wait in waits:
        asking.now += seconds(wait)
        probe = asking.ask()
        assert probe is not None
        if ahead(probe.window.first) > 0:
            left_at.append(asking.now)
    for first in left_at:
        in_a_minute = [at for at in left_at if first <= at < first + MINUTE]
        assert len(in_a_minute) <= FOLLOW_UPS_PER_MINUTE


def test_their_share_is_used_while_there_is_much_to_follow_up() -> None:
    asking = asking_about(3, *range(5, 20))
    assert len(followed(asking.times(10))) == FOLLOW_UPS_PER_MINUTE
