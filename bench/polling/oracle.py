"""A planner that knows what nobody can: the measure that the others are held against.

It knows every intensity as a function of time, every key's true death rate and every
reservation that will expire. It does not know what was drawn: it is the best *index*
policy that the study tried, not a proven optimum.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bench.polling.groups import Groups, Keys
from bench.polling.play import STEP, Policy, Sight
from bench.polling.worlds import (
    BATCH_JITTER,
    DAY,
    ECHO,
    ECHO_AFTER,
    ECHO_SPREAD,
    HOURLY,
    WEEKEND,
    Floats,
    Ints,
    Truth,
    World,
)

BIN = 10.0
"""Seconds: batches and echoes are told apart so finely."""

WEEK = int(7 * DAY / BIN)
PARTS = int(ECHO_SPREAD / BIN)


class Oracle(Policy):
    """Asks for whatever has the highest index, with the true rates of this moment.

    Per key: expected unseen slots from cancellations, their age-weighted version (the
    Whittle index), and expected unseen slots from batches and echoes, which are worth
    asking for at once.
    """

    def __init__(self, world: World, groups: Groups) -> None:
        """Know everything about this world."""
        self._groups = groups
        self._truth = world.truth
        self._weekday = HOURLY[:, None] * world.truth.cancelled / 24 / 3600
        self._fast: dict[bool, npt.NDArray[np.float32]] = {}
        self._due, self._back = echoes(world)
        death = world.truth.deaths
        self._decay = np.exp(-death * STEP)
        self._gain = (1 - self._decay) / death
        self._aging = death * STEP
        self._unseen, self._index, self._sudden = np.zeros((3, world.keys))
        self._fired = np.zeros(world.keys)
        self._next_echo = 0

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        """Carry the index on and take the best request."""
        self._come_back(int(t // BIN))
        faded = self._unseen * self._decay
        fresh = faded + self._slow_at(t) * self._gain
        self._index = self._index * self._decay + self._aging * 0.5 * (faded + fresh)
        self._unseen = fresh
        burst = self._fast_at(t) * self._gain * (self._fired < t)
        self._sudden = self._sudden * self._decay + burst
        value = waiting * (self._index + self._sudden) + 1e-9 * tau * (waiting > 0)
        return self._groups.best(value)

    def learn(self, keys: Keys, t: float, sight: Sight) -> None:
        """Begin again with the keys that were just asked for."""
        for key in keys:
            self._unseen[key] = self._index[key] = self._sudden[key] = 0.0
            if sight.new[key] >= 2:
                self._fired[key] = t + 90 if sight.new[key] >= 3 else 0

    def _slow_at(self, t: float) -> Floats:
        """Cancellations per second and key."""
        day, second = divmod(t, DAY)
        factor = WEEKEND if day % 7 >= 5 else 1.0
        rates: Floats = self._weekday[int(second // 3600)] * factor
        return rates

    def _fast_at(self, t: float) -> npt.NDArray[np.float32]:
        """Expected slots of batches per second and key."""
        day, moved = int(t // DAY), self._truth.recipe.shift_day
        late = moved is not None and day >= moved
        if late not in self._fast:
            self._fast[late] = batches(self._truth, day)
        row: npt.NDArray[np.float32] = self._fast[late][int(t // BIN) % WEEK]
        return row

    def _come_back(self, now: int) -> None:
        """Add the expected mass of the reservations that expire until now."""
        end = self._next_echo
        while end < len(self._due) and self._due[end] <= now:
            end += 1
        np.add.at(self._sudden, self._back[self._next_echo : end], ECHO / PARTS)
        self._next_echo = end


def echoes(world: World) -> tuple[Ints, Ints]:
    """Return when slots that were taken may come back, in bins and ordered, and where.

    Each may come in any of some bins, one as likely as the other.
    """
    first = [((s.death + ECHO_AFTER) // BIN).astype(int) for s in world.slots]
    bins = np.concatenate([b + part for b in first for part in range(PARTS)])
    keys = np.repeat(np.arange(world.keys), [PARTS * len(b) for b in first])
    order = np.argsort(bins, kind="stable")
    return bins[order], keys[order]


def batches(truth: Truth, day: int) -> npt.NDArray[np.float32]:
    """Return the expected slots of batches per second, in the bins of a week."""
    table = np.zeros((WEEK, truth.recipe.keys), dtype=np.float32)
    bins = max(1, round(BATCH_JITTER / BIN))
    minutes = truth.minutes(day)
    for key in range(truth.recipe.keys):
        for weekday in range(7):
            if size := truth.batch(key, weekday):
                minute = minutes[truth.office[key]]
                at = int((weekday * DAY + minute * 60) // BIN)
                table[at : at + bins, key] += size / (bins * BIN)
    return table
