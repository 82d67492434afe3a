"""How many per unit of something: a mean that begins with an opinion."""

from __future__ import annotations

import attrs

_LEAST = 1e-3


@attrs.define
class Ratio:
    """Gamma-Poisson: counts over exposure, with a prior worth *exposure* of evidence.

    Attributes:
        count: how many were seen, the prior's included.
        exposure: in how much they could have been seen, the prior's included.
    """

    count: float
    exposure: float

    @property
    def value(self) -> float:
        """The mean: expected count per unit of exposure, never quite nothing."""
        return max(self.count, _LEAST) / self.exposure

    def learn(self, count: float, exposure: float) -> None:
        """Take in more evidence."""
        self.count += count
        self.exposure += exposure

    def fade(self, factor: float) -> None:
        """Let evidence lose weight; the mean stays."""
        self.count *= factor
        self.exposure *= factor

    def document(self) -> list[float]:
        """Write it down: ``Ratio(*document)`` reads it."""
        return [self.count, self.exposure]
