"""Time in the practice city: the only place that reads a wall clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

#: The city's days are days in Munich.
MUNICH: Final = ZoneInfo("Europe/Berlin")


class PracticeClock(Protocol):
    """What the practice city takes for the present, in epoch seconds."""

    def now(self) -> float:
        """Give the present as epoch seconds."""
        ...


class SystemClock(PracticeClock):
    """The machine's own time."""

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read

    def now(self) -> float:
        """Give the machine's time as epoch seconds."""
        return self._read()


class SteppedClock(PracticeClock):
    """Time that stands still until somebody advances it.

    *start* is an epoch second; it moves only by `advance`.
    """

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        """Give the instant at which the clock stands, as epoch seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock forward by *seconds* (not negative)."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._now += seconds


def iso(instant: float) -> str:
    """Write an epoch instant as ISO 8601 in UTC with microseconds."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="microseconds")


def munich_day(instant: float) -> date:
    """Give the day in Munich on which an epoch instant falls."""
    return datetime.fromtimestamp(instant, MUNICH).date()
