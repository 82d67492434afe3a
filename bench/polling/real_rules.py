"""Simple planners for the city as it is, in the core's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import attrs
import numpy as np

from bench.polling.city import Answer
from bench.polling.real import Books
from bench.polling.scores import Ledger
from bench.polling.worlds import World
from mta_core.domain.availability import Probe
from mta_core.domain.catalogue import ServiceSet
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.probes import Demand
from mta_core.polling.round_robin import RoundRobin


@attrs.define(eq=False)
class Popular(Planner):
    """Asks as often as people wait; its follow-ups are those of the round robin."""

    _asked: dict[ServiceSet, datetime] = attrs.field(factory=dict)
    _hints: RoundRobin = attrs.field(factory=RoundRobin)

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        """Take a follow-up in its turn, else what is most overdue by its people."""
        probe = self._hints.next(demands, now)
        if probe is None or probe.window.first > demands[0].since:
            return probe
        most = max(demands, key=lambda demand: self._overdue(demand, now))
        self._asked[most.services] = now
        return most.probe()

    def learn(self, outcome: Outcome) -> None:
        """Remember the days that the answer hinted at."""
        self._hints.learn(outcome)

    def _overdue(self, demand: Demand, now: datetime) -> float:
        asked = self._asked.get(demand.services)
        tau = (now - asked).total_seconds() if asked else 1e9
        return tau * sum(demand.waiting.values())


@attrs.define(eq=False)
class OneByOne(Planner):
    """Gives every person a turn of their own, as most bots do.

    Attributes:
        person: whose turn it is.
    """

    world: World
    person: int = -1
    _order: list[int] = attrs.field(init=False)
    _key: list[int] = attrs.field(init=False)
    _turn: int = -1

    def __attrs_post_init__(self) -> None:
        counts = self.world.weight.astype(int)
        rng = np.random.default_rng(self.world.seed + 5)
        self._order = rng.permutation(int(counts.sum())).tolist()
        self._key = np.repeat(np.arange(self.world.keys), counts).tolist()

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        """Ask for the next person."""
        self._turn = (self._turn + 1) % len(self._order)
        self.person = self._order[self._turn]
        return demands[self._key[self.person]].probe()

    def learn(self, outcome: Outcome) -> None:
        """There is nothing to learn."""


@attrs.define(eq=False)
class OwnBooks(Books):
    """Only the person whose turn it is hears of what is seen.

    A slot suits some people of its key, drawn at random: so in each turn a person is
    reached with that share.
    """

    world: World
    turns: OneByOne
    _known: set[tuple[int, int]] = attrs.field(factory=set)
    _reached: list[list[float]] = attrs.field(init=False)
    _delays: list[tuple[float, float]] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._reached = [[0.0] * len(slots) for slots in self.world.slots]

    def saw(self, answer: Answer, t: float) -> None:
        """Note what the person sees for the first time."""
        for key, number in answer.shown:
            if (self.turns.person, number) in self._known:
                continue
            self._known.add((self.turns.person, number))
            slots = self.world.slots[key]
            share = float(slots.match[number] / self.world.weight[key])
            self._reached[key][number] += share
            self._delays.append((t - float(slots.release[number]), share))

    def ledger(self) -> Ledger:
        """Return what became of every slot."""
        reached = np.concatenate(list(map(np.array, self._reached)))
        delays = np.array(self._delays).reshape(-1, 2)
        return Ledger.shared_out(self.world, reached, delays[:, 0], delays[:, 1])
