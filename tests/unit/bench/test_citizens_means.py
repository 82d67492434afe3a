"""The means play by the rules that the table says they play by."""

from __future__ import annotations

from collections import Counter
from datetime import date

import attrs
import pytest

from bench.citizens.bound import AllSeeing
from bench.citizens.means import BY_NAME
from bench.citizens.peers import Sweep
from bench.citizens.people import Citizen
from bench.citizens.run import Job, Result, run
from bench.citizens.shifts import Shifts
from bench.citizens.turns import LEAD, Invitations, Kind, release_hours
from bench.citizens.watcher import Watcher
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.planner import Planner
from mta_core.polling.round_robin import RoundRobin
from mta_practice.clock import munich_day, munich_instant
from tests.unit.bench.citizens_town import (
    CHECKED_OFFICE,
    CHECKED_SERVICE,
    MONDAY,
    MORNING,
    SMALL,
    a_citizen,
    a_world,
    open_slots,
)

MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0
NEVER = Wishes(hours=Hours.parse("2-3"))
TINY = attrs.evolve(SMALL, citizens=25, days=1, arrival_days=1)


def played(means: str, planner: str = "round-robin", seed: int = 1) -> Result:
    """Run one means for a Monday, on which everybody comes."""
    return run(Job(means, seed, planner, None, TINY))


def confirmed(result: Result) -> int:
    """Count those who have an appointment."""
    return sum(got is not None for kind in result.people.values() for _, got in kind)


@pytest.mark.parametrize("means", ["alone", "peer-300", "book-shifts"])
def test_the_same_seed_plays_the_same(means: str) -> None:
    first, second = played(means), played(means)
    assert first.people == second.people
    assert first.tally == second.tally


def test_nothing_beats_who_sees_all() -> None:
    bound = played("bound")
    assert confirmed(bound) > confirmed(played("alone"))
    assert bound.tally.asked == 0


def test_a_result_is_read_as_it_was_written() -> None:
    result = played("alone")
    again = Result.read(result.line())
    assert again == result


# MTA


@pytest.mark.parametrize("planner", [RoundRobin, LearningPlanner])
def test_mta_keeps_its_budget_and_pauses_in_time(planner: type[Planner]) -> None:
    world = a_world(a_citizen(wishes=NEVER))
    Watcher(world, planner(), tap=True, shifts=None)
    world.timeline.run(MORNING + 2 * HOUR)
    assert world.tally.refused == 0
    assert world.tally.asked / 120 == pytest.approx(8.4, abs=0.5)  # polling study 6a


def test_mta_books_at_once_what_suits() -> None:
    world = a_world(citizen := a_citizen(), forgets=0.0)
    Watcher(world, RoundRobin(), tap=True, shifts=None)
    world.timeline.run(MORNING + MINUTE)
    open_slots(world.town, world.timeline.now, [0])
    world.timeline.run(MORNING + 2 * MINUTE)
    assert citizen.holding
    assert world.tally.messages == 0


def test_without_a_shift_mta_never_asks_a_checked_office() -> None:
    world = a_world(
        a_citizen(
            services=CHECKED_SERVICE, offices=frozenset({CHECKED_OFFICE}), checked=True
        )
    )
    Watcher(world, RoundRobin(), tap=True, shifts=None)
    world.timeline.run(MORNING + HOUR)
    assert world.tally.asked == 0


# The peers


def test_a_bot_at_one_address_is_refused_as_the_city_does() -> None:
    one, many = (a_world(a_citizen(wishes=NEVER)) for _ in range(2))
    Sweep(one, 2.0, addresses=1)
    Sweep(many, 2.0, addresses=100)
    for world in (one, many):
        world.timeline.run(MORNING + HOUR)
    assert one.tally.refused / (one.tally.asked + one.tally.refused) > 0.3
    assert many.tally.refused == 0


def test_a_bot_tells_once_of_what_is_new() -> None:
    world = a_world(a_citizen(mode=Mode.TELL), reaction=HOUR, reaction_sigma=0.01)
    Sweep(world, 120.0, addresses=1)
    open_slots(world.town, MORNING, [0])
    world.timeline.run(MORNING + 30 * MINUTE)
    assert world.tally.messages == 1


# Watch shifts


def owners(count: int) -> list[Citizen]:
    """Build citizens who need a checked office."""
    return [
        a_citizen(
            number,
            services=CHECKED_SERVICE,
            offices=frozenset({CHECKED_OFFICE}),
            checked=True,
        )
        for number in range(count)
    ]


def test_nobody_is_invited_more_often_than_they_agreed_to() -> None:
    world = a_world(*owners(30), reaction=1.0, reaction_sigma=0.1)
    turns: list[tuple[int, float]] = []
    Invitations(world, 2, lambda c: turns.append((c.number, world.timeline.now)))
    world.timeline.run(MORNING + 14 * DAY)
    weeks = Counter((number, munich_day(at).isocalendar()[1]) for number, at in turns)
    assert max(weeks.values()) == world.assume.turns
    slices = Counter(at // 300 for _, at in turns)
    assert max(slices.values()) <= 2


def test_invitations_are_to_the_hours_that_the_office_states() -> None:
    world = a_world(*owners(10), reaction=1.0, reaction_sigma=0.1)
    stated = list(release_hours(world, world.people[0], date(2026, 11, 3)))
    turns: list[float] = []
    Invitations(world, 4, lambda _: turns.append(world.timeline.now))
    world.timeline.run(MORNING + 7 * DAY)
    assert stated
    for at in turns:
        minute = (at - munich_instant(munich_day(at))) / 60
        assert any(first <= minute <= last + 1 for first, last in stated)
    assert {munich_day(at).weekday() for at in turns} <= set(range(5))
    assert munich_day(turns[0]) > MONDAY  # that day's were planned at five


def test_as_the_product_does_it_all_come_when_the_hour_begins() -> None:
    world = a_world(*owners(30), reaction=1.0, reaction_sigma=0.1)
    turns: list[float] = []
    Invitations(world, None, lambda _: turns.append(world.timeline.now))
    world.timeline.run(MORNING + 6 * DAY)
    minutes = {(at - munich_instant(munich_day(at))) // 60 for at in turns}
    stated = release_hours(world, world.people[0], date(2026, 11, 3))
    assert minutes == {first for first, _ in stated}
    assert max(Counter(turn // 300 for turn in turns).values()) > 4


def test_who_notices_too_late_lets_it_pass() -> None:
    late = LEAD + 2 * HOUR
    world = a_world(*owners(10), reaction=late, reaction_sigma=0.01)
    Invitations(world, 4, lambda _: pytest.fail("nobody should come"))
    world.timeline.run(MORNING + 7 * DAY)


@pytest.mark.parametrize(("kind", "served"), [(Kind.OWN, 1), (Kind.SHARED, 3)])
def test_a_shift_serves_its_owner_or_all(kind: Kind, served: int) -> None:
    world = a_world(*owners(3))
    shifts = Shifts(world, kind, at_once=1)
    shifts.begin(world.people[0])
    world.timeline.run(MORNING + MINUTE)
    [on] = shifts.live()
    assert sum(on.serves(citizen.wish) for citizen in world.people) == served
    assert [demand.checked for demand in on.demands] == [True]
    world.timeline.run(MORNING + 6 * MINUTE)
    assert shifts.live() == []


def test_the_bound_needs_no_questions() -> None:
    world = a_world(citizen := a_citizen(), forgets=0.0)
    AllSeeing(world)
    open_slots(world.town, MORNING, [0])
    world.timeline.run(MORNING + 2 * MINUTE)
    assert citizen.holding


def test_every_means_says_what_it_is() -> None:
    assert len({means.what for means in BY_NAME.values()}) == len(BY_NAME)
