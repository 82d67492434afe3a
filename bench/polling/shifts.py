"""Watch shifts: checked offices may be asked for only while a citizen's token lives.

A token lives 300 s (contract 5) and here serves all who wait: the setting that an
operator may turn on. At most 8 of the 10 requests in a minute go to checked offices.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from itertools import takewhile
from uuid import UUID

import attrs
import numpy as np

from bench.polling.groups import Keys
from bench.polling.play import Gate, Policy, Sight
from bench.polling.produced import START, Produced
from bench.polling.worlds import DAY, Floats, World
from mta_core.domain.shifts import Shift, Token
from mta_core.polling.probes import Demand
from mta_core.polling.shift_plan import OnShift, Question, ShiftPlan

TOKEN = 300.0
MOST = 8
_AWAKE = range(6, 23)  # the hours at which people tick the check
_EARLY = 120.0


@attrs.define(eq=False)
class ShiftGate(Gate):
    """Opens the checked keys during shifts.

    Attributes:
        begins: when the shifts begin, in order.
        unchecked: who waits at offices that may always be asked.
    """

    world: World
    checked: frozenset[int]
    begins: list[float]
    unchecked: Floats = attrs.field(init=False)
    _asked: deque[float] = attrs.field(factory=lambda: deque([-TOKEN] * MOST, MOST))
    _until: float = 0.0
    _next: int = 0

    def __attrs_post_init__(self) -> None:
        self.unchecked = self.world.weight.copy()
        self.unchecked[list(self.checked)] = 0.0

    def waiting(self, t: float) -> Floats:
        """Return everybody in a shift, else those who wait at unchecked offices."""
        while self._next < len(self.begins) and self.begins[self._next] <= t:
            self._until = self.begins[self._next] + TOKEN
            self._next += 1
        room = self._asked[0] <= t - 60.0
        return self.world.weight if t < self._until and room else self.unchecked

    def asked(self, keys: Keys, t: float) -> None:
        """Count the requests for checked offices."""
        if not self.checked.isdisjoint(keys):
            self._asked.append(t)


@attrs.define(eq=False)
class InShifts(Policy):
    """A planner of the product, and beside it what the product does in a shift.

    Attributes:
        told: puts what was seen into the core's words; its planner decides about the
            unchecked offices.
    """

    told: Produced
    gate: ShiftGate
    _plan: ShiftPlan = attrs.field(init=False)
    _open: tuple[Demand, ...] = attrs.field(init=False)
    _shifts: list[OnShift] = attrs.field(init=False)
    _question: Question | None = None

    def __attrs_post_init__(self) -> None:
        self._plan = ShiftPlan(self.told.planner)
        weight, words = self.gate.world.weight, self.told.words
        self._open = words.demands(self.gate.unchecked)
        behind = tuple(
            attrs.evolve(demand, checked=True)
            for demand in words.demands(weight - self.gate.unchecked)
        )
        self._shifts = [
            OnShift(_shift(number, second), behind, None)
            for number, second in enumerate(self.gate.begins)
        ]

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        """Ask the plan; it counts the requests of a shift by itself."""
        now = START + timedelta(seconds=t)
        while self._shifts and self._shifts[0].shift.expires_at <= now:
            del self._shifts[0]
        live = [*takewhile(lambda on: on.shift.opened_at <= now, self._shifts)]
        self._question = question = self._plan.next(self._open, live, now)
        return None if question is None else self.told.words.asked(question.probe)

    def learn(self, keys: Keys, t: float, sight: Sight) -> None:
        """Tell the plan all that is free at the keys of its probe."""
        question = self._question
        assert question is not None
        self._plan.learn(question, self.told.outcome(question.probe, keys, t, sight))


def _shift(number: int, second: float) -> Shift:
    opened = START + timedelta(seconds=second)
    return Shift.open(UUID(int=number), UUID(int=0), "bench", Token(""), opened)


def checked_keys(world: World) -> frozenset[int]:
    """Return the keys of the two offices where most people wait."""
    people = np.bincount(world.office, world.weight)
    return frozenset(
        np.nonzero(np.isin(world.office, np.argsort(people)[-2:]))[0].tolist()
    )


def begins(world: World, per_hour: int, checked: frozenset[int]) -> list[float]:
    """Draw when shifts begin: at any time while people are awake, or as invited.

    In an hour in which a checked office releases slots, every second one comes in the
    two minutes before.
    """
    rng = np.random.default_rng(world.seed + 501)
    offices = {int(world.office[key]) for key in checked}
    moments = []
    for day in range(world.recipe.days):
        minutes = world.truth.minutes(day)
        releases = {int(minutes[o]) // 60: int(minutes[o]) for o in offices}
        for hour in _AWAKE:
            for _ in range(per_hour):
                at, invited = rng.random(), rng.random() < 0.5
                if invited and hour in releases and day % 7 < 5:
                    second = releases[hour] * 60 - at * _EARLY
                else:
                    second = (hour + at) * 3600
                moments.append(day * DAY + second)
    return sorted(moments)
