"""The city's renewing request counter (contract 2.5)."""

from __future__ import annotations

from typing import Final

import attrs

#: Size from which forgotten addresses are swept out before a new one is added.
_SWEEP_AT: Final = 1000


@attrs.frozen
class Count:
    """The requests counted for one address; *last* is the last accepted one."""

    requests: int
    last: float


@attrs.frozen
class Allowance:
    """What the city tells about the counter on an accepted answer.

    *limit* and *remaining* in requests, *reset* in epoch seconds.
    """

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Give the three ``X-RateLimit-*`` headers."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class RequestCounter:
    """Count accepted requests per client address over all routes.

    Every accepted request renews the life of the counter; a refused one does not.
    So the counter dies *seconds* after the last accepted request, however slowly
    the *limit* was reached.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._counts: dict[str, Count] = {}

    def accept(self, address: str, now: float) -> Allowance | None:
        """Count a request from *address* at epoch *now*; None means refused."""
        count = self._counts.get(address)
        if count is None or self._dead(count, now):
            return self._accepted(address, Count(1, now))
        if count.requests >= self._limit:
            return None
        return self._accepted(address, Count(count.requests + 1, now))

    def _accepted(self, address: str, count: Count) -> Allowance:
        if count.requests == 1 and len(self._counts) >= _SWEEP_AT:
            self._sweep(count.last)
        self._counts[address] = count
        # The city subtracts the running request once more: 58 after the first one.
        remaining = max(0, self._limit - count.requests - 1)
        return Allowance(self._limit, remaining, int(count.last) + int(self._seconds))

    def _dead(self, count: Count, now: float) -> bool:
        return now >= count.last + self._seconds

    def _sweep(self, now: float) -> None:
        self._counts = {
            address: count
            for address, count in self._counts.items()
            if not self._dead(count, now)
        }
