"""Time as it passes on this machine."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

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
