"""Which question is next: fair, within the share of follow-ups, deterministic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import Observation, Probe
from mta_core.domain.errors import Refused, SiteSilent
from mta_core.polling.pace import EVEN
from mta_core.polling.planner import FOLLOW_UPS_PER_MINUTE, REST, Outcome
from mta_core.polling.probes import Demand
from mta_core.polling.round_robin import RoundRobin
from tests.unit.domain.builders import (
    MINUTE,
    NOW,
    TODAY,
    a_calendar,
    a_subscription,
    days,
    office_ids,
    some,
)

ONE, TWO = some("1"), some("2")


def a_demand(services: str = "1", since: int = 0) -> Demand:
    waiting = dict.fromkeys(office_ids(1), 1)
    group = (a_subscription(int(services), services=services),)
    return Demand(some(services), waiting, TODAY + days(since), group)


def free_on(probe: Probe, listed: Sequence[int], now: datetime) -> Outcome:
    """Answer as the city does while these days (from today on) have free times."""
    first = (probe.window.first - TODAY).days
    later = sorted(day for day in listed if day >= first)
    if not later:
        calendar = a_calendar(first)
    else:
        at = NOW + days(later[0]) + timedelta(hours=1)
        calendar = a_calendar(later[0], {1: [at]}, {day: [1] for day in later})
    return Outcome(probe, now, Observation.of(probe, calendar, now))


def ask(
    planner: RoundRobin,
    demands: Sequence[Demand],
    listed: Sequence[int] = (),
    *,
    times: int,
    start: datetime = NOW,
) -> list[tuple[datetime, Probe]]:
    """Ask at an even pace; the city always has the same days free."""
    asked = []
    for number in range(times):
        now = start + number * EVEN
        probe = planner.next(demands, now)
        assert probe is not None
        asked.append((now, probe))
        planner.learn(free_on(probe, listed, now))
    return asked


def firsts(asked: Sequence[tuple[datetime, Probe]]) -> list[int]:
    return [(probe.window.first - TODAY).days for _, probe in asked]


def test_where_nobody_waits_nothing_is_asked() -> None:
    assert RoundRobin().next([], NOW) is None


@given(st.permutations(["1", "2", "3", "4", "5"]), st.randoms(use_true_random=False))
def test_every_demand_is_asked_in_turn_in_whatever_order_they_come(
    order: list[str], random: object
) -> None:
    planner, demands = RoundRobin(), [a_demand(services) for services in order]
    for start in range(4):
        random.shuffle(demands)  # type: ignore[attr-defined]
        now = NOW + start * MINUTE
        asked = ask(planner, demands, times=5, start=now)
        assert {probe.services for _, probe in asked} == {some(text) for text in order}


def test_a_newcomer_is_asked_next() -> None:
    planner = RoundRobin()
    ask(planner, [a_demand("1")], times=3)
    probe = planner.next([a_demand("1"), a_demand("2")], NOW + MINUTE)
    assert probe is not None
    assert probe.services == TWO


def test_follow_ups_come_in_between_and_never_twice_in_a_row() -> None:
    assert firsts(ask(RoundRobin(), [a_demand()], [0, 4], times=4)) == [0, 4, 0, 4]


@given(
    gaps=st.lists(st.integers(0, 30), min_size=5, max_size=60),
    listed=st.lists(st.integers(1, 40), max_size=8, unique=True),
)
def test_follow_ups_are_at_most_four_in_any_minute(
    gaps: list[int], listed: list[int]
) -> None:
    planner, now, followed = RoundRobin(), NOW, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        probe = planner.next([a_demand("1"), a_demand("2")], now)
        assert probe is not None
        if probe.window.first > TODAY:
            followed.append(now)
        planner.learn(free_on(probe, [0, *listed], now))
    for first in followed:
        in_a_minute = [at for at in followed if first <= at < first + MINUTE]
        assert len(in_a_minute) <= FOLLOW_UPS_PER_MINUTE


def test_the_share_of_follow_ups_is_used_while_there_are_hints() -> None:
    asked = ask(RoundRobin(), [a_demand()], [0, 3, 5, 9], times=10)
    assert sum(first > 0 for first in firsts(asked)) == FOLLOW_UPS_PER_MINUTE


@pytest.mark.parametrize("demands", [1, 3])
def test_no_hinted_day_starves(demands: int) -> None:
    """The longest unasked day is next, also if the first one is hinted at anew."""
    listed = [0, 3, 5, 9]
    group = [a_demand(str(number + 1)) for number in range(demands)]
    asked = ask(RoundRobin(), group, listed, times=80)
    counts = Counter(
        (probe.services, probe.window.first)
        for _, probe in asked
        if probe.window.first > TODAY
    )
    assert len(counts) == demands * 3
    assert max(counts.values()) - min(counts.values()) <= 2


def test_a_hint_vanishes_once_its_day_is_observed() -> None:
    planner = RoundRobin()
    first, second = ask(planner, [a_demand()], [0, 4], times=2)
    assert firsts([first, second]) == [0, 4]
    # The city lists the day no more.
    third = ask(planner, [a_demand()], [0], times=4, start=NOW + MINUTE)
    assert firsts(third) == [0, 0, 0, 0]


def test_a_day_that_a_main_answer_reaches_is_not_followed_up() -> None:
    planner = RoundRobin()
    ask(planner, [a_demand()], [0, 4], times=1)
    # The next answer's first bookable day is later: day 4 is observed as empty.
    asked = ask(planner, [a_demand("1")], [8], times=1, start=NOW + MINUTE)
    assert firsts(asked) == [4]
    rest = ask(planner, [a_demand("1")], [8], times=3, start=NOW + 2 * MINUTE)
    assert 4 not in firsts(rest)


def test_a_hint_of_a_failed_follow_up_waits_behind_the_others() -> None:
    planner, demand = RoundRobin(), a_demand()
    ask(planner, [demand], [0, 4, 6], times=1)
    failed = planner.next([demand], NOW + EVEN)
    assert failed is not None
    assert failed.window.first == TODAY + days(4)
    planner.learn(Outcome(failed, NOW + EVEN, error=SiteSilent()))
    asked = ask(planner, [demand], [0, 4, 6], times=4, start=NOW + 2 * EVEN)
    assert firsts(asked)[:2] == [0, 6]


def test_an_answer_for_a_demand_that_has_left_teaches_nothing() -> None:
    planner, gone = RoundRobin(), a_demand("1")
    probe = planner.next([gone], NOW)
    assert probe is not None
    planner.next([a_demand("2")], NOW + EVEN)
    planner.learn(free_on(probe, [0, 4], NOW + EVEN))
    asked = ask(planner, [a_demand("2"), gone], times=4, start=NOW + MINUTE)
    assert set(firsts(asked)) == {0}


def test_days_that_nobody_wants_any_more_are_not_followed_up() -> None:
    """Everybody's wishes now begin after the hinted day."""
    planner = RoundRobin()
    ask(planner, [a_demand()], [0, 4], times=1)
    asked = ask(planner, [a_demand(since=20)], [], times=4, start=NOW + MINUTE)
    assert firsts(asked) == [20, 20, 20, 20]


def test_a_hint_beyond_the_horizon_of_a_newcomer_stops_nothing() -> None:
    """The late one's hint lies more than 180 days after the newcomer's first day."""
    planner = RoundRobin()
    late, early = a_demand(since=60), a_demand(since=0)
    ask(planner, [late], [60, 230], times=1)
    probe = planner.next([early], NOW + EVEN)
    assert probe is not None


def test_what_the_city_refuses_rests_while_others_are_asked() -> None:
    planner, demands = RoundRobin(), [a_demand("1"), a_demand("2")]
    refused = planner.next(demands, NOW)
    assert refused is not None
    assert refused.services == ONE
    planner.learn(Outcome(refused, NOW, error=Refused("invalidLocation")))
    asked = ask(planner, demands, times=5, start=NOW + EVEN)
    assert {probe.services for _, probe in asked} == {TWO}
    assert planner.next([a_demand("1")], NOW + REST - EVEN) is None
    again = planner.next([a_demand("1")], NOW + REST)
    assert again is not None
    assert again.services == ONE


def test_other_errors_put_nothing_to_rest() -> None:
    planner, demand = RoundRobin(), a_demand()
    probe = planner.next([demand], NOW)
    assert probe is not None
    planner.learn(Outcome(probe, NOW, error=SiteSilent()))
    assert planner.next([demand], NOW + EVEN) == probe


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20),
            st.dictionaries(
                st.sampled_from(["1", "2", "3"]),
                st.lists(st.integers(0, 20), unique=True),
                min_size=1,
            ),
        ),
        max_size=30,
    )
)
def test_the_same_story_gives_the_same_questions(
    story: list[tuple[int, Mapping[str, list[int]]]],
) -> None:
    def tell() -> list[tuple[str, date]]:
        planner, now, asked = RoundRobin(), NOW, []
        for seconds, listed in story:
            now += timedelta(seconds=seconds)
            probe = planner.next([a_demand(services) for services in listed], now)
            assert probe is not None
            asked.append((probe.key, probe.window.first))
            planner.learn(free_on(probe, listed[str(probe.services)], now))
        return asked

    assert tell() == tell()
