"""Munich's minutes: offices release by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from mta_core.domain.availability import BERLIN

DAY = 1440
WEEK = 7 * DAY

_MONDAY = 3 * DAY  # 1 January 1970 was a Thursday


class Minute(NamedTuple):
    """What a minute is called in Munich.

    Attributes:
        of_day: minutes since midnight.
        of_week: minutes since Monday's midnight.
        weekday: whether it is not a weekend's.
    """

    of_day: int
    of_week: int
    weekday: bool


@lru_cache(maxsize=4096)
def minute_at(number: int) -> Minute:
    """Name a minute since 1970, UTC."""
    local = number + _ahead(number // 60)
    of_week = (local + _MONDAY) % WEEK
    return Minute(local % DAY, of_week, of_week < 5 * DAY)


def local_day(at: float) -> int:
    """Number Munich's days."""
    return (int(at // 60) + _ahead(int(at // 3600))) // DAY


@lru_cache(maxsize=512)
def _ahead(hour: int) -> int:
    """Return by how many minutes Munich is ahead of UTC in an hour since 1970."""
    moment = datetime.fromtimestamp(hour * 3600, UTC).astimezone(BERLIN)
    midnight = moment.replace(tzinfo=UTC)
    return int(midnight.timestamp() - hour * 3600) // 60
