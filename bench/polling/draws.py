"""Draws the synthetic city of the polling study, draw for draw.

Popularity is Zipf, and the more wanted a key is, the shorter its slots live. The order
of draws is the study's, so seed 1 here is its seed 1. The numbers are made up, not
measured in Munich: read ranks and ratios, not absolute shares.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

from bench.polling.worlds import (
    BATCH_JITTER,
    DAY,
    ECHO,
    ECHO_AFTER,
    ECHO_SPREAD,
    FITS,
    HOURLY,
    WEEKEND,
    Floats,
    Ints,
    Recipe,
    Slots,
    Truth,
    World,
)

_RELEASE_MINUTES = (0, 360, 420, 420, 450, 480, 540, 720, 1080, 425, 437, 615)


def draw(recipe: Recipe, seed: int) -> World:
    """Draw a city; the same recipe and seed always give the same one."""
    rng = np.random.default_rng(seed)
    keys = recipe.keys
    offices = 6 if keys <= 100 else 12
    share = 1.0 / np.arange(1, keys + 1)
    share /= share.sum()
    share = share[rng.permutation(keys)]
    weight = np.maximum(1, np.round(recipe.people * share)).astype(float)
    truth = _truth(recipe, weight, offices, rng)
    active_from = np.zeros(keys)
    late = rng.permutation(keys)[: recipe.late] if recipe.late else np.zeros(0, int)
    active_from[late] = recipe.late_day * DAY
    chains = [_chain(truth, _events(truth, key, rng), key, rng) for key in range(keys)]
    if recipe.siblings > 1:
        leads = _leaders(truth.office, recipe.siblings)
        truth, chains = _shared(truth, leads), [chains[lead] for lead in leads]
    slots = tuple(
        attrs.evolve(chain, match=rng.binomial(int(many), FITS, len(chain)))
        for chain, many in zip(chains, weight, strict=True)
    )
    return World(seed, truth, weight, slots, active_from, tuple(map(int, late)))


def _truth(
    recipe: Recipe, weight: Floats, offices: int, rng: np.random.Generator
) -> Truth:
    keys = recipe.keys
    office = rng.integers(0, offices, keys)
    # Demand, correlated with popularity: median lives from 25 s (hot) to 40 min.
    heat = np.log(weight)
    heat = 0.7 * (heat - heat.mean()) / heat.std()
    heat += math.sqrt(1 - 0.7**2) * rng.standard_normal(keys)
    rank = (np.argsort(np.argsort(heat)) + 0.5) / keys
    median = 25.0 * (2400.0 / 25.0) ** (1 - rank)
    cancelled = np.exp(rng.normal(math.log(6), 0.8, keys))
    cancelled *= (weight / weight.mean()) ** 0.2
    lot = rng.random(keys)
    kind = np.where(lot < 0.6, 1, np.where(lot < 0.85, 2, 0))
    known = len(_RELEASE_MINUTES)
    order = rng.permutation(max(offices, known))[:offices]
    minute = np.array([_RELEASE_MINUTES[i % known] for i in order])
    weekday = rng.integers(0, 5, offices)
    return Truth(recipe, office, median, cancelled, kind, minute, weekday)


def _leaders(office: Ints, siblings: int) -> list[int]:
    """Return for each key the one of its office whose stock it shares."""
    leader = list(range(len(office)))
    for number in np.unique(office):
        same = np.nonzero(office == number)[0]
        for place, key in enumerate(same):
            leader[key] = int(same[place - place % siblings])
    return leader


def _shared(truth: Truth, leads: list[int]) -> Truth:
    return attrs.evolve(
        truth,
        median=truth.median[leads],
        cancelled=truth.cancelled[leads],
        kind=truth.kind[leads],
    )


def _events(
    truth: Truth, key: int, rng: np.random.Generator
) -> Iterator[tuple[float, bool]]:
    """Yield the first releases of a key, and whether they come in a batch."""
    for day in range(truth.recipe.days):
        factor = WEEKEND if day % 7 >= 5 else 1.0
        rate = truth.cancelled[key] * factor * HOURLY / 24
        rng.random(24)  # the study draws these, too
        for hour in range(24):
            if count := rng.poisson(rate[hour]):
                moments = day * DAY + hour * 3600 + rng.random(count) * 3600
                yield from ((moment, False) for moment in moments)
        if size := truth.batch(key, day):
            count = rng.poisson(size - 1) + 1
            minute = truth.minutes(day)[truth.office[key]]
            moment = day * DAY + minute * 60 + rng.random() * BATCH_JITTER
            yield from [(float(moment), True)] * count


def _chain(
    truth: Truth,
    events: Iterator[tuple[float, bool]],
    key: int,
    rng: np.random.Generator,
) -> Slots:
    """Give each release its life, and its echoes theirs."""
    listed = list(events)
    moments = np.array([moment for moment, _ in listed], dtype=float)
    order = np.argsort(moments, kind="stable")
    now, root = moments[order], np.arange(len(listed))
    batch = np.array([flag for _, flag in listed], dtype=bool)[order]
    parts: list[tuple[Floats, Floats, Ints]] = []
    for _ in range(4):
        if not len(now):
            break
        hour = (now % DAY) / 3600
        calm = np.where((hour < 6) | (hour >= 23), 4.0, 1.0)  # few rivals at night
        spread = np.exp(rng.standard_normal(len(now)))
        end = now + np.maximum(1.0, truth.median[key] * calm * spread)
        parts.append((now, end, root))
        back = rng.random(len(now)) < ECHO
        now = end[back] + ECHO_AFTER + rng.random(back.sum()) * ECHO_SPREAD
        root = root[back][now < truth.recipe.days * DAY]
        now = now[now < truth.recipe.days * DAY]
    return _ordered(parts, batch)


def _ordered(
    parts: list[tuple[Floats, Floats, Ints]], batch: npt.NDArray[np.bool_]
) -> Slots:
    columns = zip(*parts, strict=True) if parts else ([np.zeros(0)],) * 3
    release, death, root = (np.concatenate(list(column)) for column in columns)
    order = np.argsort(release, kind="stable")
    root = root[order].astype(int)
    nothing = np.zeros(len(order), dtype=int)
    return Slots(release[order], death[order], nothing, root, batch[root])
