"""A recorded trace as a world.

Two kinds of CSV are read, of one service whose free days somebody looked up every two
minutes (as in the Berlin registration trace of 2021, MIT licence, nicbou):

* samples: ``dateChecked`` (local time), ``appointmentDaysFound`` (how many days had
  free appointments; the slots of a day were not counted), and columns that this does
  not need: parts of that time, and the earliest day that was found;
* windows: samples folded, ``first_seen`` and ``last_seen`` (the first and last sample
  with something free), ``gone_by`` (the next one, without), ``samples``, and
  ``max_days_available``.

A trace has one key, and one key is no choice. So 60 keys play it, each from another day
on (the time of day stays) and with some windows left out; people are drawn as in the
study. A window's slots, one for each day, come at one moment within the two minutes
before they were seen, and go within those after.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import attrs
import numpy as np

from bench.polling.groups import Groups
from bench.polling.oracle import Oracle
from bench.polling.worlds import DAY, FITS, Floats, Recipe, Slots, Truth, World

KEYS, PEOPLE = 60, 2000
_SAMPLED = timedelta(minutes=2)
_LEAST_KEPT = 0.3


@attrs.frozen
class Window:
    """A stretch of samples in which something was free."""

    first_seen: datetime
    last_seen: datetime
    gone_by: datetime
    days: int


def read(path: Path) -> list[Window]:
    """Read a trace of either kind.

    Raises:
        KeyError, ValueError: it is of neither.
    """
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and "first_seen" in rows[0]:
        return [
            Window(
                datetime.fromisoformat(row["first_seen"]),
                datetime.fromisoformat(row["last_seen"]),
                datetime.fromisoformat(row["gone_by"]),
                int(row["max_days_available"]),
            )
            for row in rows
        ]
    return list(_folded(rows))


def _folded(rows: Sequence[Mapping[str, str]]) -> Iterator[Window]:
    samples = [
        (datetime.fromisoformat(row["dateChecked"]), int(row["appointmentDaysFound"]))
        for row in rows
    ]
    for free, group in groupby(samples, key=lambda sample: sample[1] > 0):
        if free:
            times, days = zip(*group, strict=True)
            yield Window(times[0], times[-1], times[-1] + _SAMPLED, max(days))


def world(windows: list[Window], seed: int, days: int) -> World:
    """Play a trace at many keys; it repeats after its whole days."""
    rng = np.random.default_rng(seed)
    share = 1.0 / np.arange(1, KEYS + 1)
    share = (share / share.sum())[rng.permutation(KEYS)]
    weight = np.maximum(1, np.round(PEOPLE * share)).astype(float)
    monday = _monday(windows[0].first_seen)
    whole = int((windows[-1].gone_by - monday) / timedelta(days=1))
    slots = tuple(_slots(windows, monday, whole, rng, int(people)) for people in weight)
    slots = tuple(_within(part, days * DAY) for part in slots)
    released = np.array([len(part) for part in slots])
    life = np.array([float((s.death - s.release).mean()) for s in slots])
    truth = Truth(
        recipe=Recipe(KEYS, PEOPLE, days),
        office=np.zeros(KEYS, dtype=int),
        median=life / np.exp(0.5),
        cancelled=released / days,
        kind=np.zeros(KEYS, dtype=int),
        minute=np.zeros(1, dtype=int),
        weekday=np.zeros(1, dtype=int),
    )
    return World(seed, truth, weight, slots, np.zeros(KEYS))


def _monday(moment: datetime) -> datetime:
    """Return the first Monday's midnight from a moment on."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=-midnight.weekday() % 7)


def _slots(
    windows: list[Window],
    monday: datetime,
    whole: int,
    rng: np.random.Generator,
    people: int,
) -> Slots:
    """Draw the slots of one key: the trace from another day on, and thinned."""
    turned, kept = int(rng.integers(0, whole)), rng.uniform(_LEAST_KEPT, 1.0)
    release, death = [], []
    for window in windows:
        seen = (window.first_seen - monday).total_seconds()
        lasts = (window.last_seen - window.first_seen).total_seconds()
        late = (window.gone_by - window.last_seen).total_seconds()
        before, after, keep = rng.random(3)
        if not 0 <= seen < whole * DAY or keep > kept:
            continue
        shown = seen - before * _SAMPLED.total_seconds() + turned * DAY
        shown = max(shown % (whole * DAY), 0.0)
        gone = shown + before * _SAMPLED.total_seconds() + lasts + after * late
        release += [shown] * window.days
        death += [gone] * window.days
    order = np.argsort(release, kind="stable")
    match = rng.binomial(people, FITS, len(release))
    nothing = np.zeros(len(release), dtype=bool)
    begun, ended = np.array(release)[order], np.array(death)[order]
    return Slots(begun, ended, match, np.arange(len(release)), nothing)


def _within(slots: Slots, seconds: float) -> Slots:
    chosen = slots.release < seconds
    return attrs.evolve(
        slots,
        release=slots.release[chosen],
        death=slots.death[chosen],
        match=slots.match[chosen],
        origin=slots.origin[chosen],
        batch=slots.batch[chosen],
    )


class Hindsight(Oracle):
    """The oracle of a trace: how much each minute of the day has brought, on average."""

    def __init__(self, world: World, groups: Groups) -> None:
        """Count what each key will have released."""
        super().__init__(world, groups)
        self._minutes = np.zeros((1440, world.keys))
        for key, slots in enumerate(world.slots):
            minute = (slots.release % DAY // 60).astype(int)
            np.add.at(self._minutes[:, key], minute, 1 / (60 * world.recipe.days))

    def _slow_at(self, t: float) -> Floats:
        rates: Floats = self._minutes[int(t % DAY // 60)]
        return rates
