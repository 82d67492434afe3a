"""Time as it passes on this machine, or faster in a practice city."""

from __future__ import annotations

import asyncio
import json
import math
import time
from datetime import UTC, datetime
from typing import Self

import attrs

from mta_core.domain.errors import InvalidValue
from mta_core.ports.clock import Clock


class SystemClock(Clock):
    """The wall clock, the monotonic clock and asyncio's sleep."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since an arbitrary start, whatever the wall clock does."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let time pass; the event loop goes on."""
        await asyncio.sleep(max(seconds, 0.0))


@attrs.frozen
class FastClock(Clock):
    """Time that runs *speed* times as fast as the machine's, shared with a practice city.

    When the machine's time was *origin*, it was *start* here (epoch seconds). Whoever
    knows these three numbers has the same time.
    """

    origin: float
    start: float
    speed: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a practice city writes into its clock file.

        Raises:
            InvalidValue: the text describes no clock.
        """
        try:
            known = json.loads(text)
            clock = cls(*(float(known[name]) for name in ("origin", "start", "speed")))
        except (KeyError, TypeError, ValueError):
            raise InvalidValue("This describes no clock of a practice city.") from None
        if not 0 < clock.speed < math.inf:
            raise InvalidValue("A clock must run forward.")
        return clock

    def now(self) -> datetime:
        """Return the present moment there, in UTC."""
        passed = (time.time() - self.origin) * self.speed
        return datetime.fromtimestamp(self.start + passed, UTC)

    def monotonic(self) -> float:
        """Return seconds of that time since an arbitrary start."""
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        """Let that much of that time pass; the event loop goes on."""
        await asyncio.sleep(max(seconds, 0.0) / self.speed)
