"""The tick: the city's own jobs free slots once a minute, at the same second (8).

What is released becomes visible only then. If that second is known, a question right
after it sees all there is, and a second one in the same minute sees nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, floor
from typing import Any

import attrs

_BINS = 12
_WIDTH = 60 / _BINS
_SHORT = 45.0
_FEW = 2
_ENOUGH = 40.0
_SURE = 0.6
_UNSURE = 0.4


@attrs.define
class Tick:
    """Learns the second of the minute from what appears between two close questions.

    Attributes:
        phase: seconds after the full minute when all of a tick is to be seen; None
            while there seems to be no tick.
    """

    phase: float | None = None
    _seen: list[float] = attrs.field(factory=lambda: [0.0] * _BINS)
    _exposure: list[float] = attrs.field(factory=lambda: [0.0] * _BINS)

    def learn(self, now: float, tau: float, new: int, m: float, rate: float) -> None:
        """Take in a question that was asked *tau* seconds after the one before.

        Args:
            new: how many slots had appeared in between.
            m: the rate at which such slots go.
            rate: the rate at which they come.
        """
        if tau >= _SHORT:
            return
        weights = _weights(now, tau, m)
        for place, weight in weights:
            self._exposure[place] += weight * _WIDTH * rate
        if not 0 < new <= _FEW:
            return
        shares = [(place, weight * self._density(place)) for place, weight in weights]
        total = sum(share for _, share in shares)
        for place, share in shares:
            self._seen[place] += new * share / total
        self._judge()

    def ticks(self, earlier: float, now: float) -> tuple[int, float]:
        """Return how many ticks lie between two moments, and the age of the last."""
        phase = self.phase or 0.0
        last = floor((now - phase) / 60)
        return last - floor((earlier - phase) / 60), now - phase - 60 * last

    def fade(self, factor: float) -> None:
        """Let evidence lose weight."""
        self._seen = [factor * n for n in self._seen]
        self._exposure = [factor * e for e in self._exposure]

    def _density(self, place: int) -> float:
        return (self._seen[place] + 1) / (self._exposure[place] + 1)

    def _judge(self) -> None:
        """Believe in a tick if most of what appears does so within 15 seconds."""
        densities = [self._density(place) for place in range(_BINS)]
        best = densities.index(max(densities))
        near = (self._seen[place % _BINS] for place in range(best - 1, best + 2))
        total = sum(self._seen)
        share = sum(near) / total
        bound = _SURE if self.phase is None else _UNSURE
        if share > bound and (self.phase is not None or total >= _ENOUGH):
            self.phase = _WIDTH * (best + 1)
        elif share < _UNSURE:
            self.phase = None

    def document(self) -> dict[str, Any]:
        """Write it down."""
        return {"phase": self.phase, "seen": self._seen, "exposure": self._exposure}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Tick:
        """Read what was written down."""
        return cls(
            document["phase"], list(document["seen"]), list(document["exposure"])
        )


def _weights(now: float, tau: float, m: float) -> list[tuple[int, float]]:
    """Weigh the parts of the minute between two questions.

    Each by how long it lasted in between, and by how likely what appeared in it is
    still there.
    """
    first, last = int((now - tau) // _WIDTH), int(now // _WIDTH)
    weights = []
    for part in range(first, last + 1):
        begins = max(now - tau, part * _WIDTH)
        ends = min(now, (part + 1) * _WIDTH)
        age = max(0.0, now - part * _WIDTH - _WIDTH / 2)
        weights.append((part % _BINS, (ends - begins) / _WIDTH * exp(-m * age)))
    return weights
