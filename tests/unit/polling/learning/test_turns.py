"""Whose turn it is: cold starts, neglect, failures, refusals, clocks that are set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.domain.availability import Probe
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.errors import RateLimited, Refused, SiteError, SiteSilent
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.learning.candidates import Reason
from mta_core.polling.planner import REST
from mta_core.polling.probes import Demand
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    TODAY,
    a_subscription,
    some,
    wanting,
)
from tests.unit.polling.learning.town import (
    EVEN,
    Asking,
    Town,
    asked,
    moments,
    one_each,
    seconds,
)

FIVE = "12345"
LONGEST = timedelta(minutes=30)
"""A question is overdue after half an hour, or after a few rounds if that is longer."""


def in_trouble(
    services: str, error: SiteError
) -> Callable[[Probe, datetime], SiteError | None]:
    """Let the city never answer about these services."""
    return lambda probe, _: error if str(probe.services) in services else None


def a_demand(services: int, crowd: int) -> Demand:
    """So many wait for one service at one office."""
    return Demand(some(str(services)), {OfficeId(1): crowd}, TODAY, (a_subscription(),))


def gaps(at: Sequence[datetime]) -> list[timedelta]:
    return [later - earlier for earlier, later in pairwise(at)]


# From the beginning


def test_at_first_everything_is_asked_once() -> None:
    asking = Asking(Town(), one_each(*FIVE))
    asking.next()
    assert {q.reason for q in asking.firsts()} == {Reason.NEVER_ASKED}
    assert sorted(asked(asking.times(5))) == list(FIVE)
    assert {q.reason for q in asking.firsts()} == {Reason.WORTH}


def test_among_what_was_never_asked_many_citizens_do_not_wait_behind_few() -> None:
    crowd = [a_subscription(10 + n, services="4", wishes=wanting(4)) for n in range(20)]
    asking = Asking(Town(), [*one_each(*FIVE), *crowd])
    assert "4" in asked(asking.times(2))


def test_then_it_goes_by_worth() -> None:
    """Twenty wait for one: with all else alike it is asked far more often."""
    crowd = [a_subscription(10 + n, services="4", wishes=wanting(4)) for n in range(20)]
    asking = Asking(Town(), [*one_each(*FIVE), *crowd])
    asking.times(5)
    counts = Counter(asked(asking.times(60)))
    assert counts["4"] > 2 * max(counts[other] for other in "1235")
    assert min(counts.values()) > 2


def test_a_newcomer_is_asked_next() -> None:
    asking = Asking(Town(), one_each(*"123"))
    asking.times(9)
    asking.group = one_each(*FIVE)
    assert sorted(asked(asking.times(2))) == ["4", "5"]


# Neglect


@settings(max_examples=8)
@given(st.integers(0, 10**9), st.integers(2, 6))
def test_no_question_goes_unasked_for_too_long(seed: int, size: int) -> None:
    """A crowd waits for one of them, and now and then the city gives no answer."""
    random, pace = Random(seed), seconds(30)
    town = Town(lambda *_: SiteSilent() if random.random() < 0.1 else None)
    town.free(NOW, lasting=1e6, count=9)
    crowds = [10**6, *(random.choice([1, 9]) for _ in range(1, size))]
    demands = [a_demand(n, crowd) for n, crowd in enumerate(crowds, 1)]
    planner, asked_at = LearningPlanner(), {demand: [NOW] for demand in range(size)}
    for number in range(300):
        now = NOW + number * pace
        probe = planner.next(demands, now)
        assert probe is not None
        asked_at[probe.services.ids[0] - 1].append(now)
        planner.learn(town.answer(probe, now))
    for at in asked_at.values():
        assert max(gaps([*at, NOW + 300 * pace])) <= LONGEST + 4 * size * pace


def test_what_is_overdue_is_told_so_and_takes_every_second_turn() -> None:
    asking = Asking(Town(), one_each(*FIVE))
    asking.times(20)
    asking.now += timedelta(hours=1)
    for _ in range(3):
        asking.town.free(asking.now, "1", count=5)
    asking.next()
    assert {q.reason for q in asking.firsts()} == {Reason.OVERDUE}
    assert {q.overdue_at is not None for q in asking.firsts()} == {True}
    assert set(asked(asking.times(10))) == set(FIVE)
    assert {q.reason for q in asking.firsts()} == {Reason.WORTH}


# Failures


@pytest.mark.parametrize("error", [SiteSilent(), RateLimited()])
def test_a_question_that_fails_does_not_starve_the_others(error: SiteError) -> None:
    asking = Asking(Town(in_trouble("3", error)), one_each(*FIVE))
    counts = Counter(asked(asking.times(120)))
    assert min(counts[other] for other in "1245") >= 20
    assert 1 <= counts["3"] <= 12


def test_it_is_tried_again_after_longer_and_longer() -> None:
    asking = Asking(Town(in_trouble("3", SiteSilent())), one_each(*FIVE))
    outcomes = asking.times(900)
    waits = gaps(list(moments(outcomes, "3")))
    assert waits[0] < waits[2] < waits[4]
    assert max(waits) <= REST + MINUTE


def test_a_failure_is_remembered_when_others_come() -> None:
    asking = Asking(Town(in_trouble("3", SiteSilent())), one_each(*FIVE))
    asking.times(60)
    counts: Counter[str] = Counter()
    for newcomers in range(30):
        guest = a_subscription(10 + newcomers, services="1", wishes=wanting(1))
        asking.group = [*one_each(*FIVE), guest]
        counts.update(asked(asking.times(1)))
    assert counts["3"] <= 3


def test_once_it_is_answered_all_is_forgiven() -> None:
    asking = Asking(Town(in_trouble("3", SiteSilent())), one_each(*FIVE))
    asking.times(150)
    asking.town.trouble = in_trouble("", SiteSilent())
    asking.times(120)
    counts = Counter(asked(asking.times(50)))
    assert counts["3"] >= 5


def test_where_all_fail_they_are_asked_all_the_same() -> None:
    """Pace is not the planner's business; it always has a question."""
    asking = Asking(Town(in_trouble(FIVE, SiteSilent())), one_each(*FIVE))
    counts = Counter(asked(asking.times(60)))
    assert set(counts) == set(FIVE)
    assert max(counts.values()) - min(counts.values()) <= 3


def test_what_is_refused_rests_while_others_are_asked() -> None:
    trouble = in_trouble("3", Refused("unknownError"))
    asking = Asking(Town(trouble), one_each(*FIVE))
    outcomes = asking.until(NOW + 3 * REST)
    waits = gaps(list(moments(outcomes, "3")))
    assert len(waits) >= 2
    assert all(REST <= wait <= REST + MINUTE for wait in waits)
    assert asking.about("3").reason is Reason.RESTS


def test_where_everything_rests_nothing_is_asked() -> None:
    asking = Asking(Town(in_trouble("1", Refused("unknownError"))), one_each("1"))
    assert asking.ask() is not None
    asking.now += REST - EVEN
    assert asking.next() is None
    asking.now += EVEN
    assert asking.next() is not None


# Answers that come too late


def test_what_is_heard_after_everything_was_read_anew_teaches_nothing() -> None:
    asking = Asking(Town(), one_each("1"))
    probe = asking.next()
    assert probe is not None
    asking.planner.recall({})
    asking.tell(probe)
    assert asking.next() == probe


def test_an_answer_to_a_question_that_nobody_asks_any_more_teaches_nothing() -> None:
    asking = Asking(Town(), one_each("1"))
    probe = asking.next()
    assert probe is not None
    asking.group = one_each("2")[:1]
    asking.next()
    asking.tell(probe)
    assert asking.about("2").reason is Reason.NEVER_ASKED
    assert asking.planner.documents() == {}


def test_an_answer_that_leaves_out_a_new_office_teaches_nothing() -> None:
    asking = Asking(Town(), one_each("1"))
    probe = asking.next()
    assert probe is not None
    guest = a_subscription(2, services="1", wishes=wanting(2))
    asking.group = [*asking.group, guest]
    asking.next()
    asking.tell(probe)
    assert asking.about("1").reason is Reason.NEVER_ASKED
