"""Weeks that MTA has watched, and what it saw in them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from mta_core.domain.availability import BERLIN
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.history import Appearance, Day, History, Picture
from mta_core.domain.watched import WatchedHour
from mta_core.testing.builders import PASING

MONDAY = date(2026, 8, 3)
AT_PASING = frozenset({PASING})
ALWAYS = range(24)
EACH_MINUTE = (1 << 60) - 1


def at(day: date | int, hour: int, minute: float = 0) -> datetime:
    """Return a moment of a day in Munich; a number is counted from `MONDAY`."""
    if isinstance(day, int):
        day = MONDAY + timedelta(days=day)
    midnight = datetime.combine(day, time(hour), BERLIN).astimezone(UTC)
    return midnight + timedelta(minutes=minute)


def answers(
    moments: Iterable[datetime], offices: frozenset[OfficeId] = AT_PASING
) -> list[WatchedHour]:
    """Note answers at these moments."""
    noted: dict[datetime, int] = {}
    for moment in moments:
        new = WatchedHour.of(offices, moment)
        noted[new.hour] = noted.get(new.hour, 0) | new.minutes
    return [WatchedHour(offices, hour, bits) for hour, bits in noted.items()]


def watched(
    days: int,
    hours: Iterable[int] = ALWAYS,
    offices: frozenset[OfficeId] = AT_PASING,
    first: date = MONDAY,
) -> list[WatchedHour]:
    """Note an answer in each minute of some hours of some days."""
    return [
        WatchedHour(offices, at(first + timedelta(days=day), hour), EACH_MINUTE)
        for day in range(days)
        for hour in hours
    ]


def seen(
    *moments: datetime, lasts: float = 240, office: OfficeId = PASING, **changes: Any
) -> list[Appearance]:
    """Note openings that appeared then, lasted so many seconds and are gone."""
    flags = {"gone": True, "again": True, **changes}
    return [
        Appearance(
            office, int(moment.timestamp()), int(moment.timestamp() + lasts), **flags
        )
        for moment in moments
    ]


def drawn(appeared: Sequence[Appearance], hours: Iterable[WatchedHour]) -> Picture:
    """Draw the picture of all offices."""
    return History.of(appeared, hours, at(0, 0), at(60, 0)).picture()


def laid_out(
    moments: Iterable[datetime],
    days: Iterable[int],
    hours: Iterable[int] = ALWAYS,
    first: date = MONDAY,
) -> Picture:
    """Draw openings of days whose hours MTA watched from beginning to end."""
    appeared = Counter(
        (m.date(), m.hour) for m in (m.astimezone(BERLIN) for m in moments)
    )
    minutes = tuple(60.0 * (hour in frozenset(hours)) for hour in ALWAYS)
    dates = [first + timedelta(days=day) for day in days]
    kept = [
        Day(day, tuple(appeared[day, h] * (minutes[h] > 0) for h in ALWAYS), minutes)
        for day in dates
    ]
    return Picture(tuple(kept), openings=sum(sum(day.openings) for day in kept))


def at_random(
    dice: random.Random, days: int, batches: float, sizes: Sequence[int] = (1,)
) -> Iterator[datetime]:
    """Draw moments of which none is likelier than another: so many batches a day."""
    span = days * 24 * 60.0
    minute = dice.expovariate(batches / 24 / 60)
    while minute < span:
        for _ in range(dice.choice(sizes)):
            yield at(0, 0, minute)
        minute += dice.expovariate(batches / 24 / 60)
