"""The counters: each office with its grid, its ways to release and its crowd.

The city's own data say how long slots are and when they are released. Opening hours,
the number of desks and how wanted an office is are drawn: a synthetic world.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import attrs

from mta_practice.catalogue import Catalogue, Office, Scope
from mta_practice.clock import munich_instant
from mta_practice.programme.draws import Draws
from mta_practice.programme.releases import WINDOWS, How, Release, stated, window

_HOUR: Final = 60
_NOON: Final = 12 * _HOUR

#: Opening hours by weekday in minutes of the day, as they are usual in Munich.
OPEN: Final[Mapping[int, tuple[tuple[int, int], ...]]] = MappingProxyType(
    {
        0: ((450, _NOON),),
        1: ((510, _NOON), (14 * _HOUR, 18 * _HOUR)),
        2: ((450, _NOON),),
        3: ((510, 15 * _HOUR),),
        4: ((450, _NOON),),
    }
)

#: Median time until somebody takes a free slot, in seconds, at the most and at the
#: least wanted office.
HOTTEST: Final = 25.0
COLDEST: Final = 2400.0

#: Median of single returns per workday and office, and their scatter.
RETURNS: Final = 6.0
RETURNS_SIGMA: Final = 0.8

#: From how many services on an office has two desks.
_TWO_DESKS: Final = 6

#: A batch is saved within so many seconds after its minute.
_STAFF_JITTER: Final = 40

#: How many days' grids are kept to be looked at again.
_DAYS_KEPT: Final = 16


@attrs.frozen
class Supply:
    """One grid slot to come: its *start*, when and how it is released (*at*, *how*)."""

    start: int
    at: float
    how: How


@attrs.frozen(eq=False)
class Counter:
    """An office as the programme knows it.

    *capacity*: appointments per grid slot. *median*: seconds until a free slot is
    taken, by day. *returns*: single returns per workday. *lengths*: the slots that
    its services take, each service once.
    """

    office: Office
    scope: Scope
    releases: tuple[Release, ...]
    capacity: int
    median: float
    returns: float
    lengths: tuple[int, ...]
    draws: Draws
    _grids: dict[date, Mapping[int, Supply]] = attrs.field(factory=dict, init=False)

    @property
    def id(self) -> int:
        """Give the office id."""
        return self.office.id

    @property
    def farthest(self) -> int:
        """Give the most days ahead at which anything is released."""
        return max(release.ahead for release in self.releases)

    def supply(self, day: date) -> Iterator[Supply]:
        """Give every grid slot of *day* with its release, in order of start."""
        ways = self._ways(day)
        for first, last in OPEN.get(day.weekday(), ()) if ways else ():
            begin = munich_instant(day, first)
            length = self.office.slot_seconds
            for index in range(max(1, (last - first) * 60 // length)):
                start = begin + index * length
                way = self._way(ways, start)
                at = self._released(way, day, first, start)
                yield Supply(start, at, way.how)

    def grid(self, day: date) -> Mapping[int, Supply]:
        """Give the grid slots of *day* by their start, in order."""
        if day not in self._grids:
            if len(self._grids) >= _DAYS_KEPT:
                self._grids.clear()
            self._grids[day] = {supply.start: supply for supply in self.supply(day)}
        return self._grids[day]

    def released_days(self, day: date) -> list[date]:
        """Give the days of appointments of which anything may be released on *day*."""
        ahead: set[int] = set()
        for release in self.releases:
            spread = release.how is How.SPREAD
            ahead |= set(range(1, release.ahead + 1)) if spread else {release.ahead}
        return [day + timedelta(days=days) for days in sorted(ahead)]

    def _ways(self, day: date) -> list[Release]:
        return [
            release
            for release in self.releases
            if _released_on(release, day).weekday() in release.weekdays
            or release.how is How.SPREAD
        ]

    def _way(self, ways: list[Release], start: int) -> Release:
        """Draw by which of its day's ways a slot is released."""
        left = sum(way.share for way in ways)
        left *= self.draws.share("way", self.id, start)
        for way in ways[:-1]:
            if left < way.share:
                return way
            left -= way.share
        return ways[-1]

    def _released(self, way: Release, day: date, opening: int, start: int) -> float:
        on = _released_on(way, day)
        if way.how is How.ROLL:
            return munich_instant(on, opening)
        if way.how is How.BEFORE:
            return munich_instant(on, opening - way.first)
        if way.how is How.BATCH:
            jitter = self.draws.share("jitter", self.id, way.ahead, on) * _STAFF_JITTER
            return munich_instant(on, self.minute(way)) + jitter
        days = self.draws.whole(1, way.ahead, "days ahead", self.id, start)
        minute = self.draws.whole(way.first, way.last, "minute", self.id, start)
        return munich_instant(day - timedelta(days=days), minute)

    def minute(self, way: Release) -> int:
        """Draw the minute at which the office always makes this release."""
        purpose = ("minute", self.id, way.how, way.ahead, way.first)
        return self.draws.whole(way.first, way.last, *purpose)


def _released_on(release: Release, day: date) -> date:
    return day - timedelta(days=release.ahead)


def counters(catalogue: Catalogue, draws: Draws) -> dict[int, Counter]:
    """Draw the counters of all offices that can be booked, by office id."""
    lengths: dict[int, list[int]] = {}
    for (office_id, _), slots in sorted(catalogue.slots.items()):
        if slots:
            lengths.setdefault(office_id, []).append(slots)
    scopes = [
        (office, office.scope)
        for office in catalogue.offices.values()
        if office.scope is not None and office.id in lengths
    ]
    scopes.sort(key=lambda pair: _want(pair[0], len(lengths[pair[0].id]), draws))
    return {
        office.id: Counter(
            office=office,
            scope=scope,
            releases=stated(office) or window(draws.one(WINDOWS, "window", office.id)),
            capacity=2 if len(lengths[office.id]) >= _TWO_DESKS else 1,
            median=COLDEST * (HOTTEST / COLDEST) ** ((rank + 0.5) / len(scopes)),
            returns=draws.lognormal(RETURNS, RETURNS_SIGMA, "returns", office.id),
            lengths=tuple(lengths[office.id]),
            draws=draws,
        )
        for rank, (office, scope) in enumerate(scopes)
    }


def _want(office: Office, services: int, draws: Draws) -> float:
    """Draw how wanted an office is: many services and a human check speak for it."""
    checked = office.scope is not None and office.scope.captcha
    return math.log(services + 1) + checked + draws.normal("want", office.id) / 2
