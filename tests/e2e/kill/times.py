"""Time that runs fast, and that a test can let run ahead where nothing happens.

A city and all processes of MTA read the same time: it runs *speed* times as fast as
the machine's, and a number in a file that all of them have mapped says how far a test
has let it run ahead. So a quarter of an hour in which a reservation lapses takes no
time, while calls have all the time that they need.
"""

from __future__ import annotations

import asyncio
import mmap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

from mta_adapters.system import FastClock
from mta_practice.clock import PracticeClock

_LOOK = 0.01
"""Seconds of the machine: how soon a sleeper notices that time has run ahead."""


class Ahead:
    """How far a test has let time run ahead: seconds in a file that others map."""

    def __init__(self, path: Path) -> None:
        """Map the file, which is made if there is none."""
        if not path.exists():
            path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._cell = memoryview(mmap.mmap(file.fileno(), 8)).cast("d")

    @property
    def seconds(self) -> float:
        """How far, in seconds of that time."""
        return self._cell[0]

    def add(self, seconds: float) -> None:
        """Let so many seconds pass at once, for everybody."""
        self._cell[0] += seconds


@attrs.frozen
class Times:
    """What a process must know to have the time: numbers, and the file's path."""

    origin: float
    start: float
    speed: float
    ahead: Path

    @classmethod
    def from_now(cls, start: datetime, speed: float, ahead: Path) -> Times:
        """Let it be *start* now."""
        return cls(time.time(), start.timestamp(), speed, ahead)

    def plain(self) -> dict[str, Any]:
        """Return what `Times.read` reads, for another process."""
        return {**attrs.asdict(self), "ahead": str(self.ahead)}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Times:
        """Read what another process wrote."""
        return cls(**{**plain, "ahead": Path(plain["ahead"])})

    def for_mta(self) -> MtaTime:
        """Open a clock for a container of MTA."""
        return MtaTime(self.origin, self.start, self.speed, Ahead(self.ahead))


@attrs.frozen
class MtaTime(FastClock):
    """The clock as MTA's processes have it."""

    ahead: Ahead

    def now(self) -> datetime:
        """Return the present moment there, in UTC."""
        passed = (time.time() - self.origin) * self.speed
        return datetime.fromtimestamp(self.start + passed + self.ahead.seconds, UTC)

    def monotonic(self) -> float:
        """Return seconds of that time since an arbitrary start."""
        return time.monotonic() * self.speed + self.ahead.seconds

    async def sleep(self, seconds: float) -> None:
        """Sleep until so much of that time has passed, or was left out."""
        end = self.monotonic() + max(seconds, 0.0)
        await asyncio.sleep(0)
        while (left := end - self.monotonic()) > 0:  # noqa: ASYNC110 - no bell rings
            await asyncio.sleep(min(left / self.speed, _LOOK))

    def leave_out(self, span: timedelta) -> None:
        """Let a span pass at once, for everybody who has this time."""
        self.ahead.add(max(span.total_seconds(), 0.0))


@attrs.frozen
class CityTime(PracticeClock):
    """The same clock, as the practice city has it."""

    mta: MtaTime

    @property
    def speed(self) -> float:
        """Give the seconds that pass here in a second of the machine's."""
        return self.mta.speed

    def now(self) -> float:
        """Give the present here as epoch seconds."""
        return self.mta.now().timestamp()
