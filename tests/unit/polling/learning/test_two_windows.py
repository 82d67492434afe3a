"""One question for all, or a second one for those whom the first never reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import attrs

from mta_core.domain.catalogue import OfficeId
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.probes import Demand
from tests.unit.domain.builders import (
    NOW,
    TODAY,
    a_subscription,
    a_window,
    days,
    some,
    wanting,
)
from tests.unit.polling.learning.town import AGO, EVER, Asking, Town, a_town, ahead


def with_open_days(
    *listed: tuple[int, int], group: Sequence[Subscription] = ()
) -> Asking:
    """Days from today on, each with the office where it is bookable, all the time."""
    town = Town()
    for day, office in listed:
        town.free(AGO, office=office, lasting=EVER, ahead=days(day + 1))
    return Asking(town, group, catalogue=a_town(3))


def starts(asking: Asking) -> list[tuple[int, list[int]]]:
    """The first questions: from which day on, and where."""
    asking.next()
    return sorted(
        (ahead(question.probe.window.first), sorted(question.probe.offices))
        for question in asking.firsts()
    )


EARLY = a_subscription(1, wishes=wanting(1))
LATE = a_subscription(2, wishes=wanting(1, windows=(a_window(10, 60),)))
LATER = a_subscription(3, wishes=wanting(2, windows=(a_window(20, 60),)))


def test_before_anything_is_known_one_question_is_asked_for_all() -> None:
    assert starts(with_open_days(group=[EARLY, LATE, LATER])) == [(0, [1, 2])]


def test_who_wants_a_later_day_is_asked_for_apart_once_a_nearer_one_is_bookable() -> (
    None
):
    asking = with_open_days((5, 1), (12, 1), group=[EARLY, LATE])
    asking.times(1)
    assert starts(asking) == [(0, [1]), (10, [1])]
    outcomes = asking.times(6)
    assert {ahead(o.probe.window.first) for o in outcomes} >= {0, 10}
    found = {s.day for o in outcomes if o.observation for s in o.observation.free}
    assert {ahead(day) for day in found} >= {5, 12}


def test_there_may_be_three_and_each_asks_only_where_somebody_waits() -> None:
    asking = with_open_days((5, 1), (12, 1), (30, 2), group=[EARLY, LATE, LATER])
    asking.times(8)
    assert starts(asking) == [(0, [1]), (10, [1]), (20, [2])]


def test_they_are_one_again_once_the_first_answer_reaches_everybody() -> None:
    asking = with_open_days(group=[EARLY, LATE])
    asking.town.free(AGO, lasting=86_400 + 60, ahead=days(6))
    asking.times(3)
    assert starts(asking) == [(0, [1]), (10, [1])]
    asking.times(20)
    assert starts(asking) == [(0, [1])]


def test_a_question_of_ones_own_is_kept_while_another_office_hides_ones_day() -> None:
    """Asked alone, the first one's office reaches far; asked with the other it would
    stop at the day that is bookable there."""
    late = attrs.evolve(LATE, wishes=wanting(2, windows=(a_window(10, 60),)))
    asking = with_open_days((5, 2), (20, 1), group=[EARLY, late])
    asking.times(1)
    for _ in range(30):
        assert starts(asking) == [(0, [1]), (10, [2])]
        asking.times(1)


def test_who_comes_later_and_wants_another_office_needs_no_question_of_their_own() -> (
    None
):
    """Nothing is known to hide their days, so one answer may serve all."""
    asking = with_open_days(group=[EARLY])
    asking.times(2)
    asking.group = [EARLY, LATER]
    assert starts(asking) == [(0, [1, 2])]


def test_a_new_day_begins_with_one_question_again() -> None:
    """What was reached from yesterday on is not what is reached from today on."""
    asking = with_open_days((5, 1), group=[EARLY, LATE])
    asking.times(2)
    assert len(starts(asking)) == 2
    asking.now += timedelta(days=1)
    assert starts(asking) == [(1, [1])]


def test_who_leaves_takes_the_question_along() -> None:
    asking = with_open_days((5, 1), group=[EARLY, LATE])
    asking.times(3)
    asking.group = [LATE]
    assert starts(asking) == [(10, [1])]
    asking.group = [a_subscription(4, services="2")]
    asking.next()
    assert [str(q.probe.services) for q in asking.candidates()] == ["2"]


def test_a_demand_that_tells_no_first_days_is_one_question() -> None:
    """Whoever makes one by hand need not."""
    planner = LearningPlanner()
    demand = Demand(
        some("1"), {OfficeId(1): 2}, EARLY.first_day(NOW) or TODAY, (EARLY,)
    )
    assert planner.next([demand], NOW) == demand.probe()
    [question] = planner.explain(NOW)
    assert [part.waiting for part in question.parts] == [2]


def test_where_nobody_waits_nothing_is_asked() -> None:
    asking = with_open_days(group=[])
    assert asking.next() is None
    assert asking.candidates() == []
    assert asking.planner.outlook(NOW, 3) == [0, 0, 0]
