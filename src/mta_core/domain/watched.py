"""How closely MTA watched: without that, "nothing was seen" has no meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise
from math import exp
from operator import or_

import attrs

from mta_core.domain.catalogue import OfficeId

KEPT = timedelta(days=60)
"""For so long MTA remembers when it asked."""

NEAR = 30
"""Minutes after an answer within which the next one still dates what is new in it."""


@attrs.frozen
class WatchedHour:
    """In which minutes of an hour answers came that observed these offices.

    Attributes:
        hour: its beginning. Berlin's hours begin with those of UTC, also when the
            clocks change, so that each is one hour of one day there.
        minutes: bit *n* is set if an answer came in minute *n*.
    """

    offices: frozenset[OfficeId]
    hour: datetime
    minutes: int

    @classmethod
    def of(cls, offices: Iterable[OfficeId], at: datetime) -> WatchedHour:
        """Note one answer."""
        return cls(frozenset(offices), hour_of(at), 1 << at.minute)


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of a moment's hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@attrs.frozen
class Watch:
    """How closely an office was watched; hours are counted since 1970.

    Attributes:
        near: by hour, the minutes (as bits) whose answers date what is new in them.
        minutes: by hour, for how many minutes an opening that appears would be seen.
        first, last: the moments of the first and the last answer, to the minute.
    """

    near: Mapping[int, int]
    minutes: Mapping[int, float]
    first: datetime
    last: datetime

    def dates(self, at: int) -> bool:
        """Whether what was first seen then (seconds since 1970) appeared about then."""
        hour, second = divmod(at, 3600)
        return bool(self.near.get(hour, 0) >> second // 60 & 1)


def watches_of(hours: Iterable[WatchedHour], life: float) -> dict[OfficeId, Watch]:
    """Tell for each office how closely it was watched: most are asked together."""
    asked: dict[frozenset[OfficeId], dict[int, int]] = {}
    for each in hours:
        number = int(each.hour.timestamp()) // 3600
        group = asked.setdefault(each.offices, {})
        group[number] = group.get(number, 0) | each.minutes
    watches: dict[OfficeId, Watch] = {}
    known: dict[frozenset[frozenset[OfficeId]], Watch] = {}
    for office in frozenset[OfficeId]().union(*asked):
        groups = frozenset(group for group in asked if office in group)
        if groups not in known:
            known[groups] = _watch([asked[group] for group in groups], life / 60)
        watches[office] = known[groups]
    return watches


def _watch(asked: Sequence[Mapping[int, int]], life: float) -> Watch:
    """Walk through the minutes of all answers. *life*: in minutes.

    An answer shows what appeared in its own minute, and what appeared in the gap before
    and still lives: as much as if MTA had watched for a part of the gap.
    """
    shown = [1 + life * (1 - exp((1 - gap) / life)) for gap in range(NEAR + 1)]
    near: dict[int, int] = {}
    minutes: dict[int, float] = {}
    moments = list(_moments(asked))
    for before, at in pairwise(moments):
        if at - before <= NEAR:
            hour, minute = divmod(at, 60)
            near[hour] = near.get(hour, 0) | 1 << minute
            minutes[hour] = minutes.get(hour, 0.0) + shown[at - before]
    first, last = (datetime.fromtimestamp(moments[n] * 60, UTC) for n in (0, -1))
    return Watch(near, minutes, first, last)


def _moments(asked: Sequence[Mapping[int, int]]) -> Iterator[int]:
    """Yield the minutes since 1970 in which any answer came, in order."""
    for hour in sorted(frozenset[int]().union(*asked)):
        bits = reduce(or_, (group.get(hour, 0) for group in asked))
        yield from (hour * 60 + n for n in range(60) if bits >> n & 1)
