"""Time and fresh ids: the core has neither a wall clock nor randomness of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Tells the time and lets it pass."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, whatever happens to the wall clock."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let time pass. Zero or less yields to others and returns."""
        ...


class Ids(Protocol):
    """Makes ids."""

    def new(self) -> UUID:
        """Return a fresh UUIDv7: ids made later sort later."""
        ...
