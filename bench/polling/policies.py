"""What is compared: planners of the product, and simple rules to hold them against."""

from __future__ import annotations

import attrs

from bench.polling.groups import Groups, Keys
from bench.polling.oracle import Oracle
from bench.polling.play import Gate, Policy, Sight
from bench.polling.produced import Produced, Timed, Words
from bench.polling.real import Books, SharedBooks
from bench.polling.real_oracle import RealOracle
from bench.polling.real_rules import OneByOne, OwnBooks, Popular
from bench.polling.scenarios import Scenario
from bench.polling.shifts import InShifts, ShiftGate
from bench.polling.ticks import TickOracle
from bench.polling.traces import Hindsight
from bench.polling.worlds import Floats, World
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.planner import Planner
from mta_core.polling.round_robin import RoundRobin

PER_USER, ORACLE = "per-user", "oracle"
PLANNERS = {
    "learning": LearningPlanner,
    "round-robin": RoundRobin,
    "learning-all": LearningPlanner,
}
"""Of the product. Where offices are checked, `learning` has the product's shifts beside
it, and `learning-all` decides about these offices, too."""

NAMES = (PER_USER, "rr", "pop", "learning", ORACLE, "round-robin", "learning-all")


@attrs.define(eq=False)
class RoundRobinRule(Policy):
    """Every request in turn: what `RoundRobin` of the product does, only faster."""

    groups: Groups

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        """Name the request that was not asked for longest."""
        return self.groups.best(tau * (waiting > 0))

    def learn(self, keys: Keys, t: float, sight: Sight) -> None:
        """There is nothing to learn."""


class PopularityRule(RoundRobinRule):
    """Asks as often as people wait."""

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        """Name the request with the most time that people have waited, all told."""
        return self.groups.best(tau * waiting)


def produced(
    name: str, world: World, groups: Groups, gate: Gate
) -> tuple[Timed, Policy]:
    """Make a planner of the product, and the policy that it is."""
    timed = Timed(PLANNERS[name]())
    told = Produced(timed, Words(world, groups))
    if isinstance(gate, ShiftGate) and name == "learning":
        return timed, InShifts(told, gate)
    return timed, told


def rule(name: str, scenario: Scenario, world: World, groups: Groups) -> Policy:
    """Make a policy that is no planner of the product.

    Raises:
        KeyError: there is none of this name.
    """
    if name == ORACLE:
        if scenario.trace is not None:
            return Hindsight(world, groups)
        return (TickOracle if scenario.tick else Oracle)(world, groups)
    return {"rr": RoundRobinRule, "pop": PopularityRule}[name](groups)


def real(name: str, world: World, words: Words) -> tuple[Timed, Books]:
    """Make a planner for the city as it is, and the books of those who hear of it."""
    if name == PER_USER:
        turns = OneByOne(world)
        return Timed(turns), OwnBooks(world, turns)
    planner: Planner
    if name == ORACLE:
        planner = RealOracle(world, words)
    else:
        planner = {**PLANNERS, "rr": RoundRobin, "pop": Popular}[name]()
    return Timed(planner), SharedBooks(world)
