"""When openings appear: the record of the last weeks, drawn by weekday and hour.

Counts alone mislead. An opening is seen only when MTA asks, so an hour in which MTA
asks more shows more, and an hour in which it does not ask shows nothing. The picture
therefore holds beside each count how long MTA watched, and leaves out what it cannot
date: an opening that was there when MTA came back from a pause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median

import attrs

from mta_core.domain.availability import BERLIN, Opening
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.watched import Watch, WatchedHour, watches_of

HOURS, WEEKDAYS = 24, 7
_USUAL_LIFE, _WEIGHT, _LEAST_LIFE = 300.0, 2, 120.0  # seconds, from polling's study


@attrs.frozen
class Appearance:
    """An opening, as far as it concerns the picture: there may be very many.

    Attributes:
        at, until: from when to when it was seen, or until it was gone; in whole
            seconds since 1970 (UTC).
        again: whether it was seen at more than one moment.
    """

    office: OfficeId
    at: int
    until: int
    gone: bool
    again: bool

    @property
    def seconds(self) -> int:
        """How long it was visible."""
        return self.until - self.at

    @classmethod
    def of(cls, opening: Opening) -> Appearance:
        """Keep of an opening what matters here."""
        return cls(
            opening.slot.office,
            int(opening.first_seen.timestamp()),
            int((opening.gone_at or opening.last_seen).timestamp()),
            gone=opening.gone_at is not None,
            again=opening.last_seen > opening.first_seen,
        )


@attrs.frozen
class Day:
    """A day in Munich on which MTA watched, by hour: openings, and minutes watched.

    When the clocks go back one hour may be watched for 120 minutes.
    """

    date: date
    openings: tuple[int, ...]
    watched: tuple[float, ...]


@attrs.frozen
class Cell:
    """One hour of the week. *watched*: minutes, of all its days together."""

    openings: int = 0
    watched: float = 0.0


@attrs.frozen
class Picture:
    """When openings appeared.

    Attributes:
        days: those on which MTA watched, in order.
        openings: all that were seen.
        undated: those of them of which it is not known when they appeared.
        gone: those of them that were seen to go.
        again: those of them that were seen at more than one moment.
        lasted: the median of how long those that are gone were visible.
        first, last: when the first and the last answer came; None without any.
    """

    days: tuple[Day, ...] = ()
    openings: int = 0
    undated: int = 0
    gone: int = 0
    again: int = 0
    lasted: timedelta | None = None
    first: datetime | None = None
    last: datetime | None = None

    @property
    def watched(self) -> bool:
        """Whether MTA watched at all: else "no openings" would be a lie."""
        return bool(self.days)

    def week(self) -> tuple[tuple[Cell, ...], ...]:
        """Lay the days over one another: Monday to Sunday, hour by hour."""
        return tuple(
            tuple(_cell(self.days, weekday, hour) for hour in range(HOURS))
            for weekday in range(WEEKDAYS)
        )


def _cell(days: Iterable[Day], weekday: int, hour: int) -> Cell:
    same = [day for day in days if day.date.weekday() == weekday]
    return Cell(
        sum(day.openings[hour] for day in same), sum(day.watched[hour] for day in same)
    )


@attrs.frozen
class History:
    """The record of one service set, from *since* to *until*."""

    since: datetime
    until: datetime
    _seen: Sequence[Appearance]
    _watches: Mapping[OfficeId, Watch]

    @classmethod
    def of(
        cls,
        seen: Sequence[Appearance],
        hours: Iterable[WatchedHour],
        since: datetime,
        until: datetime,
    ) -> History:
        """Put openings and answers together."""
        return cls(since, until, seen, watches_of(hours, _life(seen)))

    @property
    def offices(self) -> frozenset[OfficeId]:
        """The offices that MTA asked, or saw an opening at."""
        return frozenset(self._watches).union(seen.office for seen in self._seen)

    def picture(self, offices: frozenset[OfficeId] | None = None) -> Picture:
        """Draw the openings of some offices together, of all if none are named."""
        if offices is None:
            return _draw(self._seen, self._watches)
        seen = [each for each in self._seen if each.office in offices]
        watches = {o: watch for o, watch in self._watches.items() if o in offices}
        return _draw(seen, watches)


def _draw(seen: Sequence[Appearance], watches: Mapping[OfficeId, Watch]) -> Picture:
    dated = Counter(
        each.at // 3600
        for each in seen
        if each.office in watches and watches[each.office].dates(each.at)
    )
    lasted = [each.seconds for each in seen if each.gone]
    return Picture(
        days=tuple(_days(dated, watches.values())),
        openings=len(seen),
        undated=len(seen) - dated.total(),
        gone=len(lasted),
        again=sum(each.again for each in seen),
        lasted=timedelta(seconds=median(lasted)) if lasted else None,
        first=min((watch.first for watch in watches.values()), default=None),
        last=max((watch.last for watch in watches.values()), default=None),
    )


def _days(dated: Mapping[int, int], watches: Iterable[Watch]) -> Iterator[Day]:
    """Sort hours into days; of several offices, the mean of what was watched."""
    near = [watch for watch in watches if watch.near]
    minutes: dict[int, float] = {}
    for watch in near:
        for hour, shown in watch.minutes.items():
            minutes[hour] = minutes.get(hour, 0.0) + shown
    days: dict[date, tuple[list[int], list[float]]] = {}
    for hour in sorted(minutes):
        local = datetime.fromtimestamp(hour * 3600, BERLIN)
        empty = ([0] * HOURS, [0.0] * HOURS)
        openings, watched = days.setdefault(local.date(), empty)
        openings[local.hour] += dated.get(hour, 0)
        watched[local.hour] += minutes[hour] / len(near)
    for day, (openings, watched) in days.items():
        yield Day(day, tuple(openings), tuple(watched))


def _life(seen: Iterable[Appearance]) -> float:
    """Estimate for how many seconds an opening lives, starting from the usual."""
    visible, gone = _WEIGHT * _USUAL_LIFE, _WEIGHT
    for each in seen:
        visible += each.seconds
        gone += each.gone
    return max(visible / gone, _LEAST_LIFE)
