"""When the appointments of a world take place.

The study has slots without a date. Here every chain of slots is one appointment, its
day drawn from the booking window of its office (contract 8): a batch opens the window's
last day, this same day or next week, as its office does; cancellations are more often
for a day that is near.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from bench.polling.worlds import DAY, Floats, Slots, World

_WINDOWS = {60: 45, 30: 21, 90: 13, 7: 11, 42: 11}
"""How many offices let people book so many days ahead (contract 8)."""

_STYLES = {"last day": 0.5, "same day": 0.25, "next week": 0.25}
"""What a batch opens. The city states these three (contract 8); the shares are ours."""

_OPENS, _PLACES, _GRID = 8 * 3600.0, 96, 300.0
"""Offices are open from 8 to 16 h and begin an appointment each five minutes."""

_NOTICE = 1800.0
"""No slot is released, or comes back, so short before its time."""

_CLOSES = 300.0
"""Slots that begin within five minutes are cancelled (contract 8)."""


@attrs.frozen
class Style:
    """How an office lets people book: so many days ahead, its batches like this."""

    window: int
    batch: str


@attrs.frozen(eq=False)
class Appointments:
    """Per key and slot, in seconds of the world.

    Attributes:
        start: when the appointment begins.
        end: when the slot can no longer be seen: taken, or about to begin.
    """

    start: tuple[Floats, ...]
    end: tuple[Floats, ...]


def appointments(world: World) -> Appointments:
    """Give every slot of a world its time; the world itself stays as it is."""
    rng = np.random.default_rng(world.seed + 901)
    windows, styles = list(_WINDOWS), list(_STYLES)
    many = np.array([_WINDOWS[window] for window in windows])
    offices = [
        Style(
            windows[rng.choice(len(windows), p=many / many.sum())],
            styles[rng.choice(len(styles), p=list(_STYLES.values()))],
        )
        for _ in range(int(world.office.max()) + 1)
    ]
    start = tuple(
        _starts(slots, offices[office], rng)
        for slots, office in zip(world.slots, world.office, strict=True)
    )
    end = tuple(
        np.minimum(slots.death, begin - _CLOSES)
        for slots, begin in zip(world.slots, start, strict=True)
    )
    return Appointments(start, end)


def _starts(slots: Slots, style: Style, rng: np.random.Generator) -> Floats:
    roots, first = np.unique(slots.origin, return_index=True)
    latest = np.zeros(int(roots.max()) + 1 if len(roots) else 0)
    np.maximum.at(latest, slots.origin, slots.release)
    begins = np.zeros(len(latest))
    places: dict[int, Iterator[int]] = {}
    for root, at in zip(roots.tolist(), first.tolist(), strict=True):
        today = int(slots.release[at] // DAY)
        if slots.batch[at]:
            free = places.setdefault(today, iter(rng.permutation(_PLACES).tolist()))
            day, place = _batch_day(today, style, rng), next(free)
        else:
            day = today + int(style.window * rng.random() ** 2)
            place = int(rng.integers(0, _PLACES))
        begins[root] = _at(float(latest[root]), day, place)
    starts: Floats = begins[slots.origin]
    return starts


def _batch_day(today: int, style: Style, rng: np.random.Generator) -> int:
    if style.batch == "same day":
        return today
    if style.batch == "next week":
        return today - today % 7 + 7 + int(rng.integers(0, 5))
    return today + style.window


def _at(latest: float, day: int, place: int) -> float:
    """Return that place of a working day, or of the next that lies ahead in time."""
    while True:
        begin = day * DAY + _OPENS + place * _GRID
        if day % 7 < 5 and begin >= latest + _NOTICE:
            return begin
        day += 1
