"""What a policy caught, and how late."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from bench.polling.worlds import DAY, Floats, Ints, World

Mask = npt.NDArray[np.bool_]

FEW = 5
"""A key with no more slots than this says nothing about fairness."""


@attrs.frozen(eq=False)
class Ledger:
    """Every slot of a world that somebody waited for, and what became of it.

    Attributes:
        match: how many people each slot suits.
        reached: how many of them were reached while it was free.
        seen: 1 for a slot that was seen, 0 for others; for policies that share nothing
            the share of its people who were reached.
        delays, people: seconds from release to sight, and for how many people.
    """

    key: Ints
    day: Ints
    match: Floats
    reached: Floats
    seen: Floats
    delays: Floats
    people: Floats

    @classmethod
    def of(cls, world: World, delays: list[Floats]) -> Ledger:
        """Book what was seen by all who wait for a key at once."""
        delay = np.concatenate(delays)[_meant(world)]
        seen = ~np.isnan(delay)
        key, day, match = _columns(world)
        shown = seen.astype(float)
        return cls(key, day, match, match * seen, shown, delay[seen], match[seen])

    @classmethod
    def shared_out(
        cls, world: World, reached: Floats, delays: Floats, people: Floats
    ) -> Ledger:
        """Book what was seen by some people of a key only. *reached*: of each slot."""
        key, day, match = _columns(world)
        reached = reached[_meant(world)]
        seen = reached / np.maximum(1, match)
        return cls(key, day, match, reached, seen, delays, people)

    def share(self, mask: Mask | None = None) -> float:
        """The share of (person, fitting slot) pairs that was caught."""
        chosen = slice(None) if mask is None else mask
        return _ratio(self.reached[chosen].sum(), self.match[chosen].sum())

    def fairness(self) -> float:
        """A tenth of the keys catch less than this share of their slots."""
        slots = np.bincount(self.key)
        caught = np.bincount(self.key, self.seen)
        enough = slots > FEW
        if not enough.any():
            return float("nan")
        return float(np.quantile(caught[enough] / slots[enough], 0.1))


@attrs.frozen
class Score:
    """The figures of one policy in one world; times in seconds.

    Attributes:
        weighted: the share of (person, fitting slot) pairs that was caught.
        unweighted: the share of slots that was seen.
        median, p95: from release to sight, of what was caught, by people.
        stalest: the longest that a key went unasked.
        p10: a tenth of the keys catch less than this share of their slots.
        by_day: the weighted catch of each day.
        parts: the weighted catch of some keys or days, by name.
    """

    weighted: float
    unweighted: float
    median: float
    p95: float
    stalest: float
    p10: float
    slots: int
    by_day: tuple[float, ...]
    parts: dict[str, float] = attrs.field(factory=dict)

    @classmethod
    def of(
        cls, ledger: Ledger, stalest: float, parts: dict[str, Mask] | None = None
    ) -> Score:
        """Add up a ledger, and apart from that some parts of it."""
        days = range(int(ledger.day.max()) + 1) if len(ledger.day) else ()
        return cls(
            weighted=ledger.share(),
            unweighted=_ratio(ledger.seen.sum(), len(ledger.seen)),
            median=quantile(ledger.delays, ledger.people, 0.5),
            p95=quantile(ledger.delays, ledger.people, 0.95),
            stalest=stalest,
            p10=ledger.fairness(),
            slots=len(ledger.seen),
            by_day=tuple(round(ledger.share(ledger.day == day), 4) for day in days),
            parts={name: ledger.share(mask) for name, mask in (parts or {}).items()},
        )


def _columns(world: World) -> tuple[Ints, Ints, Floats]:
    """Return key, day and match of all slots that somebody waited for."""
    meant = _meant(world)
    day = (_releases(world) // DAY).astype(int)
    match = np.concatenate([slots.match for slots in world.slots]).astype(float)
    return _keys(world)[meant], day[meant], match[meant]


def _meant(world: World) -> Mask:
    mask: Mask = _releases(world) >= world.active_from[_keys(world)]
    return mask


def _keys(world: World) -> Ints:
    return np.repeat(np.arange(world.keys), [len(slots) for slots in world.slots])


def _releases(world: World) -> Floats:
    return np.concatenate([slots.release for slots in world.slots])


def quantile(values: Floats, weights: Floats, share: float) -> float:
    """Return the value below which this share of the weight lies; nan for none."""
    if not weights.sum():
        return float("nan")
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    place = int(np.searchsorted(below, share * below[-1]))
    return float(values[order][min(len(values) - 1, place)])


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
