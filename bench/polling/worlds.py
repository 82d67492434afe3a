"""What a world of the bench is made of.

A *key* is a (service set, office) pair. Slots are released by batches at a fixed minute
of an office, by cancellations all day long, and by reservations that expire; each lives
a lognormal time, then another citizen takes it. Seconds count from a Monday's midnight.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

DAY = 86_400.0
_HOURS = [0.1] * 6 + [0.4, 1.2, 1.8, 2, 2, 1.8, 1.4, 1.4, 1.5, 1.5, 1.3, 1.1]
_HOURS += [1, 1, 0.9, 0.8, 0.5, 0.3]
HOURLY: Floats = np.array(_HOURS) / np.mean(_HOURS)
"""How cancellations spread over the hours of a day; the mean is 1."""

WEEKEND = 0.35
FITS = 0.3
"""The share of a key's people whom a given slot suits."""

ECHO = 0.2
"""The share of taken slots that come back, and the seconds after which they do."""

ECHO_AFTER, ECHO_SPREAD = 900.0, 60.0
BATCH_JITTER = 40.0
DAILY, WEEKLY = 7, 26
"""The mean size of a batch of a key that has one each weekday, or each week."""

_MOVED_BY = 97


@attrs.frozen
class Recipe:
    """What kind of city to draw.

    Attributes:
        shift_day: from this day on every release minute is 97 minutes later.
        late: so many keys find their first people on *late_day*.
        siblings: so many services of one office draw on the same stock.
    """

    keys: int = 60
    people: int = 2000
    days: int = 28
    shift_day: int | None = None
    late: int = 0
    late_day: int = 14
    siblings: int = 1


@attrs.frozen(eq=False)
class Truth:
    """What nobody but the oracle knows.

    Attributes:
        deaths: a key's slots taken per second, by day.
        cancelled: cancellations per weekday and key.
        kind: 0 no batches, 1 one each weekday, 2 one a week.
        minute: an office's release minute, and its weekday for weekly ones.
    """

    recipe: Recipe
    office: Ints
    median: Floats
    cancelled: Floats
    kind: Ints
    minute: Ints
    weekday: Ints

    @property
    def deaths(self) -> Floats:
        """One over the mean life by day; the lives are lognormal with sigma 1."""
        rates: Floats = 1.0 / (self.median * math.exp(0.5))
        return rates

    def minutes(self, day: int) -> Ints:
        """The release minute of each office on a day."""
        moved = self.recipe.shift_day
        shift = moved is not None and day >= moved
        return (self.minute + _MOVED_BY) % 1440 if shift else self.minute

    def batch(self, key: int, day: int) -> int | None:
        """The mean size of the batch that a key has on a day, if it has one."""
        kind, weekday = int(self.kind[key]), day % 7
        if kind == 1 and weekday < 5:
            return DAILY
        if kind == 2 and weekday == self.weekday[self.office[key]]:
            return WEEKLY
        return None


@attrs.frozen(eq=False)
class Slots:
    """The slots of one key, ordered by release.

    Attributes:
        match: how many people each one suits.
        origin: the first slot of a chain of echoes: the same appointment, come back.
        batch: whether the chain began with a batch.
    """

    release: Floats
    death: Floats
    match: Ints
    origin: Ints
    batch: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.release)


@attrs.frozen(eq=False)
class World:
    """A city over some weeks.

    Attributes:
        weight: the people who wait at each key.
        active_from: when a key's first people come.
        late: the keys that begin later.
        hidden: this world as it would be if releases showed at once.
    """

    seed: int
    truth: Truth
    weight: Floats
    slots: tuple[Slots, ...]
    active_from: Floats
    late: tuple[int, ...] = ()
    hidden: World | None = None

    @property
    def recipe(self) -> Recipe:
        """How it was drawn."""
        return self.truth.recipe

    @property
    def office(self) -> Ints:
        """The office of each key."""
        return self.truth.office

    @property
    def seconds(self) -> float:
        """How long it goes on."""
        return self.recipe.days * DAY

    @property
    def keys(self) -> int:
        """How many keys there are."""
        return len(self.weight)
