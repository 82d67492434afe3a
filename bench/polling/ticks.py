"""Releases that show only when the city's cron runs, once a minute (contract 8).

The planner is not told in which second of the minute that is.
"""

from __future__ import annotations

import attrs
import numpy as np

from bench.polling.groups import Groups, Keys
from bench.polling.oracle import BIN, Oracle
from bench.polling.worlds import BATCH_JITTER, Floats, Slots, World

TICK = 60.0
PHASE, SPREAD = 5.0, 4.0
"""The cron begins at this second of each minute and takes this long."""

_SHOWN = PHASE + SPREAD


def ticked(world: World) -> World:
    """Let every slot of a world show at the next tick, and live as long from there."""
    rng = np.random.default_rng(world.seed + 31)
    slots = tuple(_ticked(slots, rng) for slots in world.slots)
    return attrs.evolve(world, slots=slots, hidden=world)


def _ticked(slots: Slots, rng: np.random.Generator) -> Slots:
    offset = PHASE + SPREAD * rng.random(len(slots))
    release = np.ceil((slots.release - PHASE) / TICK) * TICK + offset
    death = release + (slots.death - slots.release)
    order = np.argsort(release, kind="stable")
    return Slots(
        release[order],
        death[order],
        slots.match[order],
        slots.origin[order],
        slots.batch[order],
    )


class TickOracle(Oracle):
    """The oracle of such a world: it knows the phase, and what each tick may show."""

    def __init__(self, world: World, groups: Groups) -> None:
        """Know everything about this world, and what it was before the ticks."""
        assert world.hidden is not None
        super().__init__(world.hidden, groups)
        self._death = world.truth.deaths
        self._per_tick = np.exp(-self._death * TICK)
        self._batches = _batches(world)
        middle = (self._due + 0.5) * BIN
        self._due = np.ceil((middle - PHASE) / TICK).astype(int)
        self._tick = -1

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        """Weigh all ticks since each key was last asked for."""
        tick = int((t - _SHOWN) // TICK)
        self._sudden = self._sudden * self._decay
        if tick > self._tick:
            self._tick = tick
            self._sudden += self._batches[tick % len(self._batches)] * (self._fired < t)
            self._come_back(tick)
        ticks = tick - np.floor((t - tau - _SHOWN) / TICK)
        left = np.exp(-self._death * (t - _SHOWN - TICK * tick))
        faded = self._per_tick**ticks
        aged = (1 - faded) / (1 - self._per_tick) - ticks * faded
        index = self._slow_at(t) * TICK * left * aged
        value = waiting * (index + self._sudden) + 1e-9 * tau * (waiting > 0)
        return self._groups.best(value)


def _batches(world: World) -> Floats:
    """Return the slots of batches that each minute's tick of a week shows."""
    truth = world.truth
    table = np.zeros((7 * 1440, world.keys))
    at_once = PHASE / BATCH_JITTER
    for key in range(world.keys):
        for weekday in range(7):
            if size := truth.batch(key, weekday):
                tick = weekday * 1440 + int(truth.minutes(weekday)[truth.office[key]])
                table[tick, key] += size * at_once
                table[tick + 1, key] += size * (1 - at_once)
    return table
