"""What is to happen at a counter on a day: releases by the staff, cancellations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import attrs

from mta_practice.clock import munich_instant
from mta_practice.programme.counters import Counter
from mta_practice.programme.releases import How

#: How many of a day's cancellations fall into each of its hours.
PROFILE: Final = (
    *(0.1,) * 6,
    *(0.4, 1.2, 1.8, 2.0, 2.0, 1.8, 1.4, 1.4, 1.5, 1.5, 1.3, 1.1),
    *(1.0, 1.0, 0.9, 0.8, 0.5, 0.3),
)
_WEEKEND: Final = 0.35
_SATURDAY: Final = 5


@attrs.frozen(order=True)
class PlannedRelease:
    """Slots that the staff open *at* (epoch seconds), all of one *day*."""

    at: float
    office_id: int
    day: date
    how: How = attrs.field(order=False)
    starts: tuple[int, ...] = attrs.field(order=False)


@attrs.frozen(order=True)
class PlannedReturn:
    """An appointment at an office that somebody cancels *at* (epoch seconds)."""

    at: float
    office_id: int


def releases(counter: Counter, day: date) -> list[PlannedRelease]:
    """Plan what *counter* releases on *day*, in order of time."""
    begin, end = munich_instant(day), munich_instant(day + timedelta(days=1))
    grouped: dict[tuple[float, date, How], list[int]] = {}
    for booked in counter.released_days(day):
        for supply in counter.grid(booked).values():
            if begin <= supply.at < end:
                key = (supply.at, booked, supply.how)
                grouped.setdefault(key, []).append(supply.start)
    return sorted(
        PlannedRelease(at, counter.id, booked, how, tuple(starts))
        for (at, booked, how), starts in grouped.items()
    )


def returns(counter: Counter, day: date) -> list[PlannedReturn]:
    """Plan the cancellations at *counter* on *day*, in order of time."""
    per_day = counter.returns * (_WEEKEND if day.weekday() >= _SATURDAY else 1.0)
    begin, whole = munich_instant(day), sum(PROFILE)
    draws = counter.draws
    found = []
    for hour, weight in enumerate(PROFILE):
        purpose = ("return", counter.id, day, hour)
        for index in range(draws.poisson(per_day * weight / whole, *purpose)):
            at = begin + (hour + draws.share(*purpose, index)) * 3600
            found.append(PlannedReturn(at, counter.id))
    return sorted(found)
