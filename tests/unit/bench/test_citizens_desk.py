"""The simulated booking desk keeps the budget and finishes what it holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import pytest

from bench.citizens.desk import Desk, Errand
from bench.citizens.lookout import Sighting
from bench.citizens.world import World
from mta_core.testing.builders import an_opening
from tests.unit.bench.citizens_town import (
    MORNING,
    a_citizen,
    a_slot_at,
    a_world,
    open_slots,
)

MINUTE = 60.0


@pytest.fixture
def crowd() -> World:
    """Fifteen citizens who wait for something."""
    return a_world(*map(a_citizen, range(15)), forgets=0.0)


def book(desk: Desk, number: int, starts: Iterable[int], said: list[bool]) -> Errand:
    """Have one citizen's booking begin."""
    aims = deque(Sighting(an_opening(a_slot_at(start))) for start in starts)
    errand = Errand(desk.world.people[number], aims, at_hand=False, done=said.append)
    desk.book(errand)
    return errand


def calls_by_second(world: World, seconds: int) -> list[int]:
    """Let time pass, and count the requests of each second."""
    counts = []
    for _ in range(seconds):
        before = world.tally.asked
        world.timeline.run(world.timeline.now + 1)
        counts.append(world.tally.asked - before)
    return counts


def test_five_calls_in_any_minute(crowd: World) -> None:
    desk, said = Desk(crowd), list[bool]()
    for number, start in enumerate(open_slots(crowd.town, MORNING, range(0, 300, 20))):
        book(desk, number, [start], said)
    counts = calls_by_second(crowd, 900)
    assert max(sum(counts[n : n + 60]) for n in range(840)) == 5
    assert said == [True] * 15


def test_all_that_is_held_is_finished_in_time(crowd: World) -> None:
    desk, said = Desk(crowd), list[bool]()
    errands = [
        book(desk, number, [start], said)
        for number, start in enumerate(
            open_slots(crowd.town, MORNING, range(0, 300, 20))
        )
    ]
    crowd.timeline.run(MORNING + 60 * MINUTE)
    holds = [errand.hold for errand in errands]
    assert all(hold is not None and not hold.lapsed for hold in holds)


def test_if_it_is_gone_the_next_best_is_tried(crowd: World) -> None:
    first, second = open_slots(crowd.town, MORNING, [0, 20])
    assert crowd.town.reserve(a_slot_at(first), MORNING)
    desk, said = Desk(crowd), list[bool]()
    errand = book(desk, 0, [first, second], said)
    crowd.timeline.run(MORNING + MINUTE)
    assert errand.hold is not None
    assert errand.hold.slot == a_slot_at(second)
    assert (crowd.tally.tries, crowd.tally.lost) == (2, 1)


def test_if_nothing_is_left_they_go_on_looking(crowd: World) -> None:
    desk, said = Desk(crowd), list[bool]()
    book(desk, 0, [int(MORNING) + 86_400], said)
    crowd.timeline.run(MORNING + MINUTE)
    assert said == [False]
    assert crowd.people[0].looking


def test_a_pause_begins_anew_with_each_reserve(crowd: World) -> None:
    [start] = open_slots(crowd.town, MORNING, [0])
    desk = Desk(crowd)
    desk.pause()
    crowd.timeline.run(MORNING + 30)
    assert desk.pause_left() == pytest.approx(31)
    book(desk, 0, [start], [])
    crowd.timeline.run(MORNING + 31)
    assert crowd.tally.asked == 1  # the details can wait for the end of the pause
    assert desk.pause_left() == pytest.approx(60.5)


def test_on_a_tap_the_form_comes_before_the_details(crowd: World) -> None:
    [start] = open_slots(crowd.town, MORNING, [0])
    desk, said = Desk(crowd), list[bool]()
    book(desk, 0, [start], said).at_hand = True
    crowd.timeline.run(MORNING + crowd.assume.form - 1)
    assert crowd.tally.asked == 1
    crowd.timeline.run(MORNING + crowd.assume.form + 5)
    assert crowd.tally.asked == 3
