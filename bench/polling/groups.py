"""Which keys one request asks for: one service set with all of its offices."""

from __future__ import annotations

import attrs
import numpy as np

from bench.polling.worlds import Floats, Ints

Keys = tuple[int, ...]


@attrs.frozen(eq=False)
class Groups:
    """A partition of the keys into requests."""

    members: tuple[Keys, ...]
    of_key: Ints = attrs.field(init=False)

    @of_key.default
    def _invert(self) -> Ints:
        of_key = np.zeros(sum(map(len, self.members)), dtype=int)
        for number, keys in enumerate(self.members):
            of_key[list(keys)] = number
        return of_key

    @classmethod
    def single(cls, keys: int) -> Groups:
        """Ask for each key by itself."""
        return cls(tuple((key,) for key in range(keys)))

    @classmethod
    def of_five(cls, order: Ints) -> Groups:
        """Ask for five keys at a time, neighbours in this order."""
        return cls(tuple(tuple(five) for five in order.reshape(-1, 5).tolist()))

    def __len__(self) -> int:
        return len(self.members)

    def sums(self, values: Floats) -> Floats:
        """Add up a figure of each key over the requests."""
        if len(self.members) == len(values):
            return values
        sums: Floats = np.bincount(self.of_key, values).astype(float)
        return sums

    def best(self, values: Floats) -> Keys | None:
        """Return the request with the highest sum; None if all are worthless."""
        sums = self.sums(values)
        best = int(np.argmax(sums))
        return self.members[best] if sums[best] > 0 else None
