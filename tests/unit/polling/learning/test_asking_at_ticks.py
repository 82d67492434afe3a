"""Slots that appear at the city's tick alone: right after it is the time to ask."""

from __future__ import annotations

from itertools import pairwise

from tests.unit.domain.builders import MINUTE, NOW
from tests.unit.polling.learning.town import (
    Asking,
    Town,
    a_town,
    moments,
    one_each,
    seconds,
)


def on_the_tick(second: float, minutes: int, services: str) -> Asking:
    """At this second of each minute a slot appears for each; they go soon."""
    asking = Asking(Town(), one_each(*services), catalogue=a_town(12))
    for minute in range(minutes):
        for number in services:
            at = NOW + minute * MINUTE + seconds(second)
            asking.town.free(at, number, int(number), lasting=50)
    asking.until(NOW + minutes * MINUTE)
    return asking


def test_the_second_of_the_citys_job_is_learnt() -> None:
    asking = on_the_tick(5, 40, "1234")
    phase = asking.planner.memory.tick.phase
    assert phase is not None
    assert 5 <= phase <= 15


def test_nothing_is_asked_twice_within_a_tick() -> None:
    asking = on_the_tick(5, 40, "1234")
    phase = asking.planner.memory.tick.phase
    assert phase is not None
    asking.group = one_each(*map(str, range(1, 13)))
    asking.until(asking.now + 5 * MINUTE)
    outcomes = asking.until(asking.now + 20 * MINUTE)
    for number in range(1, 13):
        ticks = [
            (at - NOW - seconds(phase)) // MINUTE
            for at in moments(outcomes, str(number))
        ]
        assert all(later > earlier for earlier, later in pairwise(ticks))


def test_right_after_it_was_asked_nothing_is_expected_before_the_next_tick() -> None:
    asking = on_the_tick(5, 40, "1234")
    phase = asking.planner.memory.tick.phase
    assert phase is not None
    asking.until(asking.now + seconds(phase + 1))
    asking.ask()
    services = str(asking.outcomes[-1].probe.services)
    worths = []
    for _ in range(4):
        worths.append(asking.about(services).worth)
        asking.now += seconds(19)
    assert worths[:3] == [0, 0, 0]
    asking.now += seconds(5)
    assert asking.about(services).worth > 0
