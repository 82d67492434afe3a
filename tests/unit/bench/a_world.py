"""Small worlds of the polling bench, with slots as told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.polling.worlds import Floats, Recipe, Slots, Truth, World

Lives = Sequence[tuple[float, float, int]]
"""Release, death and how many people it suits, for each slot."""


def a_world(*keys: Lives, people: int = 10, days: int = 1) -> World:
    """Build a world with these slots; *people* wait at each key, each has an office."""
    count = len(keys)
    numbers, ones = np.arange(count), np.ones(count)
    truth = Truth(
        Recipe(count, people * count, days),
        office=numbers,
        median=ones * 60,
        cancelled=ones,
        kind=numbers * 0,
        minute=numbers * 0,
        weekday=numbers * 0,
    )
    slots = tuple(map(_slots, keys))
    return World(1, truth, ones * people, slots, np.zeros(count))


def _slots(lives: Lives) -> Slots:
    release, death, match = np.array(lives, dtype=float).reshape(-1, 3).T
    alone = np.arange(len(release))
    return Slots(release, death, match.astype(int), alone, alone < 0)


def seconds(*values: float) -> Floats:
    """Return these as a column."""
    return np.array(values, dtype=float)
