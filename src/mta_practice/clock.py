"""Time in the practice city: the only place that reads a wall clock."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from time import time as machine_time
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from mta_practice.errors import PracticeError

#: The city's days are days in Munich.
MUNICH: Final = ZoneInfo("Europe/Berlin")

_QUARTER: Final = 900

#: What a clock file holds.
_SHARED: Final = ("origin", "start", "speed")


class PracticeClock(Protocol):
    """What the practice city takes for the present, in epoch seconds."""

    @property
    def speed(self) -> float:
        """Give the seconds that pass here in a second of the machine's."""
        ...

    def now(self) -> float:
        """Give the present as epoch seconds."""
        ...


class SystemClock(PracticeClock):
    """The machine's own time."""

    def __init__(self, read: Callable[[], float] = machine_time) -> None:
        self._read = read

    @property
    def speed(self) -> float:
        """Give one: it is the machine's time."""
        return 1.0

    def now(self) -> float:
        """Give the machine's time as epoch seconds."""
        return self._read()


class FastClock(PracticeClock):
    """Time that runs *speed* times as fast as the machine's.

    When the machine's time was *origin*, it was *start* here (epoch seconds). Whoever
    knows these three numbers has the same time.
    """

    def __init__(
        self,
        origin: float,
        start: float,
        speed: float,
        read: Callable[[], float] = machine_time,
    ) -> None:
        if not 0 < speed < math.inf:
            raise PracticeError("speed must be greater than zero")
        self._origin = origin
        self._start = start
        self._speed = speed
        self._read = read

    @property
    def speed(self) -> float:
        """Give the seconds that pass here in a second of the machine's."""
        return self._speed

    def now(self) -> float:
        """Give the present here as epoch seconds."""
        return self._start + (self._read() - self._origin) * self._speed

    def shared(self) -> dict[str, float]:
        """Give the three numbers that make the clock, as a clock file has them."""
        numbers = (self._origin, self._start, self._speed)
        return dict(zip(_SHARED, numbers, strict=True))


class SteppedClock(PracticeClock):
    """Time that stands still until somebody advances it.

    *start* is an epoch second; it moves only by `advance`.
    """

    def __init__(self, start: float) -> None:
        self._now = start

    @property
    def speed(self) -> float:
        """Give zero: nothing passes by itself."""
        return 0.0

    def now(self) -> float:
        """Give the instant at which the clock stands, as epoch seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock forward by *seconds* (not negative)."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._now += seconds


def fast_clock(start: float | None, speed: float) -> FastClock:
    """Give a clock that runs from now on, at *start* or at the machine's time."""
    now = machine_time()
    return FastClock(now, now if start is None else start, speed)


def clock_from(path: Path, start: float | None, speed: float) -> FastClock:
    """Give the clock that the file at *path* describes, for processes to share.

    Whoever comes first writes the file, from *start* and *speed*; for the others
    these two do not count.

    Raises:
        PracticeError: the file cannot be read or written, or describes no clock.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    clock = fast_clock(start, speed)
    try:
        fresh.write_text(json.dumps(clock.shared()), encoding="utf-8")
        path.hardlink_to(fresh)  # whole at once, and only if there is none
    except FileExistsError:
        return _read_clock(path)
    except OSError as error:
        raise PracticeError(f"cannot write the clock {path}: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return clock


def _read_clock(path: Path) -> FastClock:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        origin, start, speed = (float(known[name]) for name in _SHARED)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise PracticeError(f"{path} describes no clock: {error}") from error
    return FastClock(origin, start, speed)


def iso(instant: float) -> str:
    """Write an epoch instant as ISO 8601 in UTC with microseconds."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="microseconds")


def munich_day(instant: float) -> date:
    """Give the day in Munich on which an epoch instant falls."""
    return _quarter(int(instant // _QUARTER)).date()


def munich_hour(instant: float) -> int:
    """Give the hour of the day in Munich at an epoch instant, 0 to 23."""
    return _quarter(int(instant // _QUARTER)).hour


def munich_instant(day: date, minute: int = 0) -> int:
    """Give the epoch second of a *minute* of *day* by the clocks of Munich."""
    hour, rest = divmod(minute, 60)
    return int(datetime.combine(day, time(hour, rest), MUNICH).timestamp())


@lru_cache(maxsize=50_000)
def _quarter(quarter: int) -> datetime:
    # Days and hours begin at whole quarters of an hour, and asking the zone is slow.
    return datetime.fromtimestamp(quarter * _QUARTER, MUNICH)
