"""The worlds by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import numpy as np

from bench.polling import traces
from bench.polling.draws import draw
from bench.polling.groups import Groups
from bench.polling.play import Gate, OpenGate
from bench.polling.scores import Ledger, Mask
from bench.polling.shifts import ShiftGate, begins, checked_keys
from bench.polling.ticks import ticked
from bench.polling.worlds import Recipe, World

Parts = dict[str, Mask]


def _single(world: World) -> Groups:
    return Groups.single(world.keys)


def _random_fives(world: World) -> Groups:
    rng = np.random.default_rng(world.seed + 3)
    return Groups.of_five(rng.permutation(world.keys))


def _similar_fives(world: World) -> Groups:
    return Groups.of_five(np.argsort(-world.weight))


def _whole(world: World, ledger: Ledger) -> Parts:
    return {}


def _around_the_move(world: World, ledger: Ledger) -> Parts:
    day = world.recipe.shift_day or 0
    return {
        "week before": (ledger.day >= day - 7) & (ledger.day < day),
        "first day": ledger.day == day,
        "second day": ledger.day == day + 1,
        "third to fifth": (ledger.day >= day + 2) & (ledger.day < day + 5),
        "later": ledger.day >= day + 5,
    }


def _late_keys(world: World, ledger: Ledger) -> Parts:
    day, late = world.recipe.late_day, np.isin(ledger.key, world.late)
    return {
        "late keys, first day": late & (ledger.day == day),
        "late keys, second and third": late & np.isin(ledger.day - day, (1, 2)),
        "late keys, later": late & (ledger.day > day + 2),
    }


def _checked(world: World, ledger: Ledger) -> Parts:
    checked = np.isin(ledger.key, list(checked_keys(world)))
    return {"checked keys": checked, "unchecked keys": ~checked}


def _open(world: World) -> Gate:
    return OpenGate(world)


def _no_keys(world: World) -> frozenset[int]:
    return frozenset()


def _shifts(per_hour: int) -> Callable[[World], Gate]:
    def gate(world: World) -> Gate:
        checked = checked_keys(world)
        return ShiftGate(world, checked, begins(world, per_hour, checked))

    return gate


@attrs.frozen
class Scenario:
    """A world to be played in, and in which way.

    Attributes:
        what: one line that tells what is special about it.
        tick: releases show at the tick of a minute only.
        real: the city's real visibility, and its pauses.
        trace: a recorded trace takes the place of the recipe.
        groups: folds the keys into requests.
        gate: says which keys may be asked for.
        never: keys that nobody may ask for without a citizen's check.
        parts: what is scored apart.
    """

    what: str
    recipe: Recipe = attrs.field(factory=Recipe)
    tick: bool = False
    real: bool = False
    trace: Path | None = None
    groups: Callable[[World], Groups] = _single
    gate: Callable[[World], Gate] = _open
    never: Callable[[World], frozenset[int]] = _no_keys
    parts: Callable[[World, Ledger], Parts] = _whole

    def world(self, seed: int, days: int) -> World:
        """Draw its world. What changes in it changes at half time."""
        if self.trace is not None:
            return traces.world(traces.read(self.trace), seed, days)
        half = days // 2
        moved = None if self.recipe.shift_day is None else half
        recipe = attrs.evolve(self.recipe, days=days, shift_day=moved, late_day=half)
        world = draw(recipe, seed)
        return ticked(world) if self.tick else world


_LARGE = Recipe(keys=300, people=10_000)
SCENARIOS = {
    "main60": Scenario("60 keys, 2,000 people, unmodified"),
    "main300": Scenario("300 keys, 10,000 people, unmodified", _LARGE),
    "real60": Scenario(
        "60 keys; one day's times, hints, the city's counter", real=True
    ),
    "real300": Scenario("300 keys, likewise", _LARGE, real=True),
    "tick60": Scenario(
        "releases show at the minute's tick, its second unknown", tick=True
    ),
    "merged-random": Scenario(
        "300 keys in 60 requests of five offices, at random",
        _LARGE,
        groups=_random_fives,
    ),
    "merged-similar": Scenario(
        "300 keys in 60 requests of five offices, of like popularity",
        _LARGE,
        groups=_similar_fives,
    ),
    "shift60": Scenario(
        "all release minutes move by 97 at half time",
        Recipe(shift_day=14),
        parts=_around_the_move,
    ),
    "late60": Scenario(
        "12 keys find their first people at half time",
        Recipe(late=12),
        parts=_late_keys,
    ),
    "shared60": Scenario(
        "three services of an office draw on the same stock", Recipe(siblings=3)
    ),
    **{
        f"checked60-{n}": Scenario(
            f"two offices of six are checked; {n} shifts an hour",
            gate=_shifts(n),
            never=checked_keys,
            parts=_checked,
        )
        for n in (0, 2, 6, 12)
    },
}


def title(name: str) -> str:
    """Return what to call it; of a trace the file's name."""
    return name if name in SCENARIOS else Path(name).stem


def scenario(name: str) -> Scenario:
    """Return the world of this name, or of the trace of this path."""
    if name in SCENARIOS:
        return SCENARIOS[name]
    return Scenario("60 keys play a recorded trace", trace=Path(name))
