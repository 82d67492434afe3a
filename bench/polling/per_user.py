"""What most bots do: ask for every person by itself, and share nothing."""

from __future__ import annotations

import numpy as np

from bench.polling.play import STEP
from bench.polling.scores import Ledger
from bench.polling.worlds import Floats, Ints, World


def per_user(world: World, never: frozenset[int] = frozenset()) -> tuple[Ledger, float]:
    """Work out what a turn for each person catches, and how long a turn takes.

    It is arithmetic: the turns come at fixed times, so no play is needed. Each slot
    suits people who were drawn at random among those of its key.

    Args:
        never: keys that no bot may ask for: their people have no turn.
    """
    rng = np.random.default_rng(world.seed + 5)
    people = world.weight.copy()
    people[list(never)] = 0
    everybody = int(people.sum())
    cycle = everybody * STEP
    turns = rng.permutation(everybody) * STEP
    first = np.concatenate([[0], np.cumsum(people)]).astype(int)
    reached: list[Floats] = []
    delays: list[Floats] = []
    for key, slots in enumerate(world.slots):
        if key in never:
            reached.append(np.zeros(len(slots)))
            continue
        number = np.repeat(np.arange(len(slots)), slots.match)
        person = first[key] + rng.integers(0, int(world.weight[key]), len(number))
        wait = (turns[person] - slots.release[number]) % cycle
        in_time = wait < (slots.death - slots.release)[number]
        reached.append(_counted(number[in_time], len(slots)))
        delays.append(wait[in_time])
    late = np.concatenate(delays)
    ledger = Ledger.shared_out(world, np.concatenate(reached), late, np.ones(len(late)))
    return ledger, cycle


def _counted(numbers: Ints, slots: int) -> Floats:
    return np.bincount(numbers, minlength=slots).astype(float)
