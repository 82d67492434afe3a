"""A city that does not answer, or answers slowly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.conditions import (
    CITY,
    Condition,
    ConditionName,
)
from mta_core.domain.errors import (
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
)
from mta_core.polling.signs import Signs
from mta_core.polling.signs.slow import ANSWERS, Slow
from mta_core.polling.signs.unseen import AWAY, TRIES, UNSEEN_FOR, Unseen
from tests.unit.polling.answering import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    an_answer,
    ill,
    well,
)

OUTAGE, LIMITED = ConditionName.OUTAGE, ConditionName.RATE_LIMITED
SLOW, DRIFT = ConditionName.SLOW, ConditionName.DRIFT


def only(signs: Signs) -> Condition:
    """The one condition that stands."""
    [condition] = signs.conditions().values()
    return condition


class TestUnseen:
    def test_an_outage_is_one_after_ten_minutes(self) -> None:
        signs = Signs()
        for minutes in range(10):
            signs.learn(ill(MONDAY + minutes * MINUTE, SiteUnreachable("no route.")))
            assert not signs.conditions()
        signs.learn(ill(MONDAY + UNSEEN_FOR, SiteSilent("no route.")))
        found = only(signs)
        assert (found.name, found.about, found.since) == (OUTAGE, CITY, MONDAY)
        assert found.detail == "Nothing seen for 10 minutes, 11 tries: no route."

    def test_the_reason_of_most_tries_names_it_and_then_it_stays(self) -> None:
        signs = Signs()
        for minutes in (0, 5, 10):
            signs.learn(ill(MONDAY + minutes * MINUTE, RateLimited("429")))
        assert only(signs).name is LIMITED
        for minutes in range(11, 60):
            signs.learn(ill(MONDAY + minutes * MINUTE, SiteUnreachable("away")))
        assert only(signs).name is LIMITED
        assert only(signs).detail == "Nothing seen for 59 minutes, 52 tries: away."

    @pytest.mark.parametrize("error", [None, Refused("no"), SiteChanged("new")])
    def test_any_answer_ends_it(self, error: SiteError | None) -> None:
        unseen = Unseen()
        for minutes in (0, 5, 10):
            unseen.learn(MONDAY + minutes * MINUTE, SiteSilent())
        assert [*unseen.conditions()]
        unseen.learn(MONDAY + HOUR, error)
        assert not [*unseen.conditions()]
        unseen.learn(MONDAY + HOUR, SiteSilent())
        assert not [*unseen.conditions()]

    def test_two_tries_are_no_outage(self) -> None:
        unseen = Unseen()
        for minutes in (0, 29):
            unseen.learn(MONDAY + minutes * MINUTE, SiteSilent())
        assert TRIES == 3
        assert not [*unseen.conditions()]

    def test_a_watcher_that_was_away_starts_afresh(self) -> None:
        unseen = Unseen()
        for minutes in (0, 1, 2):
            unseen.learn(MONDAY + minutes * MINUTE, SiteSilent())
        unseen.learn(MONDAY + HOUR + AWAY, SiteSilent())
        assert not [*unseen.conditions()]

    def test_what_stands_is_not_over_because_nobody_tried(self) -> None:
        unseen = Unseen()
        for minutes in (0, 5, 10):
            unseen.learn(MONDAY + minutes * MINUTE, SiteSilent())
        unseen.learn(MONDAY + DAY, SiteSilent())
        assert next(unseen.conditions()).since == MONDAY

    @given(st.lists(st.booleans(), max_size=60))
    def test_what_is_seen_now_and_then_is_not_out_of_reach(
        self, answered: list[bool]
    ) -> None:
        """It stands exactly while all tries of the last ten minutes have failed."""
        unseen, since = Unseen(), MONDAY
        for minutes, well_done in enumerate(answered):
            at = MONDAY + minutes * MINUTE
            unseen.learn(at, None if well_done else SiteSilent())
            since = at + MINUTE if well_done else since
            assert bool([*unseen.conditions()]) is (at - since >= UNSEEN_FOR)


def timed(slow: Slow, start: float, seconds: float, count: int) -> float:
    """Answer some times, six seconds apart; return when the next one would come."""
    for number in range(count):
        at = MONDAY + timedelta(seconds=start + 6 * number)
        slow.learn(at, timedelta(seconds=seconds))
    return start + 6 * count


class TestSlow:
    def test_twice_as_slow_for_five_minutes_is_slow(self) -> None:
        slow = Slow()
        now = timed(slow, 0, 0.8, 600)
        now = timed(slow, now, 2.4, 45)
        assert not [*slow.conditions()]
        timed(slow, now, 2.4, 30)
        [condition] = slow.conditions()
        assert (condition.name, condition.about) == (SLOW, CITY)
        assert condition.since > MONDAY + HOUR
        assert condition.detail == "An answer takes 2.4 s, and usually 0.8 s."

    def test_it_is_over_once_it_is_calm_for_as_long(self) -> None:
        slow = Slow()
        now = timed(slow, timed(slow, 0, 0.8, 600), 2.4, 80)
        now = timed(slow, now, 1.4, 100)  # not twice as slow any more, but not calm
        assert [*slow.conditions()]
        now = timed(slow, now, 0.8, 40)
        assert [*slow.conditions()]
        timed(slow, now, 0.8, 40)
        assert not [*slow.conditions()]

    def test_a_few_slow_answers_are_everyday_life(self) -> None:
        slow, now = Slow(), 0.0
        for _ in range(40):
            now = timed(slow, timed(slow, now, 0.8, 20), 5.0, 2)
        assert not [*slow.conditions()]

    def test_a_quick_city_is_not_slow_whatever_is_usual(self) -> None:
        slow = Slow()
        timed(slow, timed(slow, 0, 0.02, 600), 0.4, 200)
        assert not [*slow.conditions()]

    def test_before_anything_is_usual_nothing_is_slow(self) -> None:
        slow, found = Slow(), []
        for number in range(ANSWERS):
            seconds = 3.0 if number else 0.1
            slow.learn(MONDAY + number * MINUTE, timedelta(seconds=seconds))
            found.append([*slow.conditions()])
        assert not any(found[:-1])
        assert found[-1]

    def test_a_pause_makes_nothing_usual(self) -> None:
        slow = Slow()
        timed(slow, 0, 0.8, 600)
        timed(slow, 10 * 3600, 2.4, 70)
        assert [*slow.conditions()]

    @given(st.floats(0.01, 9.0), st.lists(st.floats(-0.3, 0.3), max_size=200))
    def test_a_steady_city_is_never_slow(
        self, usual: float, noise: list[float]
    ) -> None:
        slow = Slow()
        for number, each in enumerate(noise):
            at = MONDAY + timedelta(seconds=6 * number)
            slow.learn(at, timedelta(seconds=usual * (1 + each)))
            assert not [*slow.conditions()]

    def test_it_learns_from_answers_that_were_timed(self) -> None:
        signs = Signs()
        for number in range(700):
            at = MONDAY + number * timedelta(seconds=6)
            seconds = 0.8 if number < 600 else 2.4
            signs.learn(well(an_answer(at), seconds))
            signs.learn(well(an_answer(at)))
        assert only(signs).name is SLOW
