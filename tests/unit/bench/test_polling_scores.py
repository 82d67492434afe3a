"""The figures of the polling bench say what they claim to say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.polling.campaign import Job, Result
from bench.polling.draws import draw
from bench.polling.groups import Groups, Keys
from bench.polling.per_user import per_user
from bench.polling.play import OpenGate, Policy, Sight, play
from bench.polling.scores import Ledger, Score, quantile
from bench.polling.worlds import DAY, Floats, Recipe
from tests.unit.bench.a_world import a_world, seconds

SEEN, MISSED = 5.0, math.nan


class Always(Policy):
    """Asks for the same keys each time."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        return self.keys

    def learn(self, keys: Keys, t: float, sight: Sight) -> None:
        pass


def test_the_worlds_are_the_studys_draw_for_draw() -> None:
    world = draw(Recipe(), seed=1)
    assert sum(map(len, world.slots)) == 20_190  # the study's sim.py, seed 1
    assert world.weight.sum() == 1997
    assert world.slots[0].release[0] == pytest.approx(25_008.86, abs=0.01)


def test_a_slot_counts_by_the_people_whom_it_suits() -> None:
    world = a_world([(0, 9, 3), (10, 19, 1)], [(0, 9, 4)])
    ledger = Ledger.of(world, [seconds(SEEN, MISSED), seconds(MISSED)])
    score = Score.of(ledger, 0.0, {"first": ledger.key == 0})
    assert score.weighted == 3 / 8
    assert score.unweighted == 1 / 3
    assert score.parts == {"first": 3 / 4}
    assert (score.median, score.slots) == (SEEN, 3)


def test_what_came_before_the_first_people_counts_for_nothing() -> None:
    world = a_world([(0, 9, 3), (DAY, DAY + 9, 1)], days=2)
    world.active_from[0] = DAY
    score = Score.of(Ledger.of(world, [seconds(MISSED, SEEN)]), 0.0)
    assert (score.weighted, score.slots) == (1.0, 1)


def test_each_day_has_its_share() -> None:
    world = a_world([(0, 9, 1), (DAY, DAY + 9, 1), (DAY, DAY + 9, 3)], days=2)
    ledger = Ledger.of(world, [seconds(MISSED, SEEN, MISSED)])
    assert Score.of(ledger, 0.0).by_day == (0.0, 0.25)


def test_a_quantile_is_one_of_people_not_of_slots() -> None:
    delays, people = seconds(1, 2, 3), seconds(1, 1, 8)
    assert quantile(delays, people, 0.5) == 3
    assert quantile(delays, people, 0.1) == 1
    assert math.isnan(quantile(seconds(), seconds(), 0.5))


def test_a_poll_sees_what_is_free_then_and_counts_it_once() -> None:
    # Polls come each 6 s, give or take one: at about 3, 9, 15 …
    world = a_world([(4.5, 100, 1), (10.5, 13.5, 1)], [(0, 100, 1)])
    sight = play(world, Always((0,)), OpenGate(world))
    assert sight.delay[0][0] == pytest.approx(4.5, abs=1)
    assert np.isnan(sight.delay[0][1])
    assert np.isnan(sight.delay[1][0])
    assert sight.stalest[1] == pytest.approx(DAY, abs=60)
    assert 6 < sight.stalest[0] < 60


def test_whoever_has_a_turn_of_their_own_is_reached_in_that_turn_alone() -> None:
    # 20 people have a turn each 120 s: a slot of 60 s meets half of those it suits.
    long, short = [(0.0, 500.0, 9)], [(500.0 * n, 500.0 * n + 60, 5) for n in range(99)]
    ledger, cycle = per_user(a_world(long, short))
    assert cycle == 120
    assert ledger.share(ledger.key == 0) == 1
    assert ledger.share(ledger.key == 1) == pytest.approx(0.5, abs=0.1)
    ledger, cycle = per_user(a_world(long, short), frozenset({1}))
    assert (cycle, ledger.share(ledger.key == 1)) == (60, 0)


def test_a_request_is_worth_the_sum_of_its_keys() -> None:
    groups = Groups(((0, 2), (1, 3)))
    assert groups.best(seconds(4, 5, 4, 2)) == (0, 2)
    assert groups.best(seconds(0, 0, 0, 0)) is None


def test_figures_are_read_as_they_were_written() -> None:
    world = a_world([(n, n + 9, 1) for n in range(6)])
    score = Score.of(Ledger.of(world, [seconds(*[SEEN] * 6)]), 7.0)
    result = Result(Job("main60", "rr", 1, 28), score, {"next_mean": 2.0}, {}, 1.0)
    assert Result.read(result.line()) == result
