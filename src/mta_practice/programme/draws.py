"""Dice that know what they are thrown for.

Every draw is a hash of the seed and of its purpose. So none depends on how many
others were made before it: what a citizen does over the API, or in which steps time
is moved, changes no draw of anybody else.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final, TypeVar

import attrs

_T = TypeVar("_T")

_BITS: Final = 53
_PARTS: Final = float(1 << _BITS)
_NORMAL: Final = NormalDist()


@attrs.frozen
class Draws:
    """Draws of one *seed*. *purpose* says what a draw is for, and for whom."""

    seed: int

    def share(self, *purpose: object) -> float:
        """Draw evenly from above 0 to below 1."""
        text = "/".join(map(str, (self.seed, *purpose)))
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return ((int.from_bytes(digest, "big") >> (64 - _BITS)) + 0.5) / _PARTS

    def whole(self, first: int, last: int, *purpose: object) -> int:
        """Draw evenly a whole number from *first* to *last*, both included."""
        return first + int(self.share(*purpose) * (last - first + 1))

    def one(self, options: Sequence[_T], *purpose: object) -> _T:
        """Draw evenly one of *options*, of which there is at least one."""
        return options[self.whole(0, len(options) - 1, *purpose)]

    def normal(self, *purpose: object) -> float:
        """Draw from the standard normal distribution."""
        return _NORMAL.inv_cdf(self.share(*purpose))

    def lognormal(self, median: float, sigma: float, *purpose: object) -> float:
        """Draw from the lognormal distribution with *median*."""
        return median * math.exp(sigma * self.normal(*purpose))

    def poisson(self, mean: float, *purpose: object) -> int:
        """Draw from the Poisson distribution, for means of up to some hundred."""
        left = self.share(*purpose)
        chance, count = math.exp(-mean), 0
        while left > chance and count < 10 * mean + 20:
            left -= chance
            count += 1
            chance *= mean / count
        return count
