"""The second of the minute at which the city's jobs free slots (contract 8)."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mta_core.polling.learning.tick import Tick

START = 60.0 * 29_000_000
M, RATE = 1 / 120, 1 / 60


def taught(
    born: Callable[[Random, int], float], minutes: int = 240, seed: int = 1
) -> Tick:
    """Ask every 20 s or so; in each minute one slot appears at some second of it."""
    random, tick, tau = Random(seed), Tick(), 0.0
    passed, waits = 0.0, [born(random, 0)]
    for minute in range(minutes):
        waits.append(60 * (minute + 1) + born(random, minute + 1))
        while passed < 60 * (minute + 1):
            tau = random.uniform(6, 30)
            passed += tau
            new = [birth for birth in waits if birth <= passed]
            waits = [birth for birth in waits if birth > passed]
            tick.learn(START + passed, tau, len(new), M, RATE)
    return tick


@pytest.mark.parametrize("second", [1, 18, 33, 58])
def test_the_second_is_found_at_which_everything_appears(second: int) -> None:
    tick = taught(lambda _, __: second)
    assert tick.phase is not None
    assert 0 <= (tick.phase - second) % 60 <= 10, "all of the tick is to be seen then"


def test_where_slots_appear_at_any_second_there_is_no_tick() -> None:
    assert taught(lambda random, _: random.uniform(0, 60)).phase is None


def test_a_tick_that_is_over_is_given_up() -> None:
    def at_first(random: Random, minute: int) -> float:
        return 12 if minute < 120 else random.uniform(0, 60)

    assert taught(at_first, 120).phase is not None
    assert taught(at_first, 2880).phase is None


def test_a_tick_that_moves_is_followed() -> None:
    moved = taught(lambda _, minute: 12 if minute < 120 else 40, 720).phase
    assert moved is not None
    assert 0 <= moved - 40 <= 10


def test_questions_far_apart_and_batches_say_nothing_about_the_second() -> None:
    tick = Tick()
    for minute in range(200):
        tick.learn(START + 60 * minute + 14, 50, 1, M, RATE)
        tick.learn(START + 60 * minute + 14, 10, 5, M, RATE)
    assert tick.phase is None


def test_a_few_sightings_are_no_proof() -> None:
    tick = Tick()
    for minute in range(5):
        tick.learn(START + 60 * minute + 14, 6, 1, M, RATE)
    assert tick.phase is None


@settings(max_examples=40)
@given(st.sampled_from([5.0, 30.0, 60.0]), st.integers(0, 600), st.integers(0, 600))
def test_ticks_are_counted_between_two_moments(
    phase: float, begin: int, length: int
) -> None:
    earlier, now = START + begin, START + begin + length
    ticks, age = Tick(phase).ticks(earlier, now)
    seconds = range(int(earlier) + 1, int(now) + 1)
    assert ticks == sum((second - phase) % 60 == 0 for second in seconds)
    assert 0 <= age < 60
    assert (now - age - phase) % 60 == 0


def test_it_is_read_as_it_was_written_and_fades() -> None:
    tick = taught(lambda _, __: 20)
    read = Tick.read(json.loads(json.dumps(tick.document())))
    assert read == tick
    tick.fade(0.5)
    assert tick != read
    assert tick.phase == read.phase
