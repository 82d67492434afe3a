"""One policy in one world, in virtual time: one request each 6 s, nothing saved up.

Here a poll sees every free slot of its keys, as the study assumes; `real` plays in the
city as it is.
"""

from __future__ import annotations

from typing import Protocol

import attrs
import numpy as np

from bench.polling.groups import Keys
from bench.polling.worlds import Floats, World

STEP = 6.0
"""Seconds between two requests: 10 in a minute, evenly."""


class Policy(Protocol):
    """What is compared: it names the next request and is told what came of it."""

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        """Name the keys to be asked for now; None leaves the turn unused.

        Args:
            tau: the seconds since each key was last asked for.
            waiting: how many people wait at each key; 0 if it cannot be asked for. It
                is the same object as long as nothing has changed.
        """
        ...

    def learn(self, keys: Keys, t: float, sight: Sight) -> None:
        """Take in what was seen at these keys."""
        ...


class Gate(Protocol):
    """Who waits, and which keys may be asked for."""

    def waiting(self, t: float) -> Floats:
        """Return the people waiting at the keys that may be asked for now."""
        ...

    def asked(self, keys: Keys, t: float) -> None:
        """Note a request."""
        ...


@attrs.define(eq=False)
class OpenGate(Gate):
    """Every key may be asked for, from its first people on."""

    world: World
    _now: Floats = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._now = self.world.weight * (self.world.active_from <= 0)

    def waiting(self, t: float) -> Floats:
        """Return who has come until now."""
        waits = self.world.late and self._now is not self.world.weight
        if waits and t >= self.world.active_from.max():
            self._now = self.world.weight
        return self._now

    def asked(self, keys: Keys, t: float) -> None:
        """Requests change nothing."""


@attrs.define(eq=False)
class Sight:
    """What is free, key by key, as far as it was looked at.

    Attributes:
        last: when each key was last looked at.
        free: the numbers of the slots seen free at the last look.
        new: how many of them were seen for the first time.
        delay: the seconds from release to first sight; nan if never seen.
        stalest: the longest that a key went unasked.
    """

    world: World
    last: Floats
    free: list[list[int]] = attrs.field(init=False)
    new: list[int] = attrs.field(init=False)
    delay: list[Floats] = attrs.field(init=False)
    stalest: list[float] = attrs.field(init=False)
    _next: list[int] = attrs.field(init=False)
    _release: list[list[float]] = attrs.field(init=False)
    _death: list[list[float]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        slots, keys = self.world.slots, self.world.keys
        self.free = [[] for _ in range(keys)]
        self.new, self._next, self.stalest = [0] * keys, [0] * keys, [0.0] * keys
        self.delay = [np.full(len(s), np.nan) for s in slots]
        self._release = [s.release.tolist() for s in slots]
        self._death = [s.death.tolist() for s in slots]

    def look(self, key: int, t: float) -> None:
        """Look at all that is free at a key now."""
        release, death = self._release[key], self._death[key]
        free = [number for number in self.free[key] if death[number] > t]
        known, at, end = len(free), self._next[key], len(release)
        while at < end and release[at] <= t:
            if death[at] > t:
                self.delay[key][at] = t - release[at]
                free.append(at)
            at += 1
        self._next[key], self.free[key], self.new[key] = at, free, len(free) - known
        self.stalest[key] = max(self.stalest[key], t - float(self.last[key]))
        self.last[key] = t


def play(world: World, policy: Policy, gate: Gate) -> Sight:
    """Let a policy ask until the world ends."""
    rng = np.random.default_rng(world.seed + 77)
    steps = int(world.seconds / STEP)
    jitter = ((rng.random(steps) - 0.5) * STEP / 3).tolist()
    sight = Sight(world, -rng.random(world.keys) * 60)
    before = gate.waiting(0)
    for step in range(steps):
        t = step * STEP + jitter[step] + STEP / 2
        waiting = gate.waiting(t)
        if waiting is not before:
            _welcome(sight, world, t)
            before = waiting
        keys = policy.pick(t, t - sight.last, waiting)
        if keys is None:
            continue
        gate.asked(keys, t)
        for key in keys:
            sight.look(key, t)
        policy.learn(keys, t, sight)
    rest = world.seconds - sight.last
    sight.stalest = np.maximum(sight.stalest, rest).tolist()
    return sight


def _welcome(sight: Sight, world: World, t: float) -> None:
    """Begin the watch of keys whose first people have just come."""
    come = (world.active_from <= t) & (world.active_from > sight.last)
    sight.last[come] = t - 1
