"""At which hours openings usually appear, said only if the record bears it out.

Openings come in batches, so a single one proves little however large it is. The unit
of evidence is therefore a day: it speaks for a span of hours if more than half of its
openings appeared there. If openings appeared at any watched moment alike, a day would
do so by chance with at most the span's share of what was watched on it, whatever the
sizes of the batches; so the number of such days is held against a binomial one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from math import comb, log

import attrs

from mta_core.domain.history import HOURS, WEEKDAYS, Day, Picture

LEAST_OPENINGS = 20
LEAST_DAYS = 5
LEAST_SHARE = 0.5
"""So much of all must appear there, also if MTA had watched all hours alike."""

WIDEST = 6
"""Hours of the longest span: a quarter of a day."""

_MOST_WATCHED = 0.25
_DOUBT = 0.05

EVERY_DAY = tuple(range(WEEKDAYS))
MONDAY_TO_FRIDAY = EVERY_DAY[:5]
WEEKEND = EVERY_DAY[5:]
_GROUPS = (*((day,) for day in EVERY_DAY), WEEKEND, MONDAY_TO_FRIDAY, EVERY_DAY)
_SPANS = tuple(
    (first, first + width)
    for width in range(1, WIDEST + 1)
    for first in range(HOURS - width + 1)
)
_LEVEL = _DOUBT / (len(_GROUPS) * len(_SPANS))  # as many claims are tried


@attrs.frozen
class Usual:
    """When openings usually appear, and how much speaks for it.

    Attributes:
        weekdays: 0 is Monday.
        first, last: hours in Munich; the span ends where *last* begins.
        openings: how many appeared then, out of *known*: all of which it is known when.
        days: on how many days any did, out of the *watched* ones of these weekdays.
    """

    weekdays: tuple[int, ...]
    first: int
    last: int
    openings: int
    known: int
    days: int
    watched: int


def enough(picture: Picture) -> bool:
    """Whether there is enough evidence to look for a usual time at all."""
    days = sum(any(day.openings) for day in picture.days)
    return _total(picture.days) >= LEAST_OPENINGS and days >= LEAST_DAYS


def usual(picture: Picture) -> Usual | None:
    """Find the time that stands out most; None if none does, or too little is known."""
    if not enough(picture):
        return None
    record = _Record.of(picture.days)
    bold = (claim for claim in _claims(record) if claim.stands_out() and claim.holds())
    best = max(bold, key=_Claim.weight, default=None)
    return None if best is None else best.said()


def _total(days: Iterable[Day]) -> int:
    return sum(sum(day.openings) for day in days)


@attrs.frozen
class _Sums:
    """Openings and watched minutes of some days, summed up to each hour."""

    openings: tuple[int, ...]
    watched: tuple[float, ...]

    @classmethod
    def of(cls, days: Sequence[Day]) -> _Sums:
        openings = (sum(day.openings[hour] for day in days) for hour in range(HOURS))
        watched = (sum(day.watched[hour] for day in days) for hour in range(HOURS))
        return cls(
            tuple(accumulate(openings, initial=0)),
            tuple(accumulate(watched, initial=0.0)),
        )

    def within(self, first: int, last: int) -> tuple[int, float]:
        """Return the openings and the minutes of a span."""
        return (
            self.openings[last] - self.openings[first],
            self.watched[last] - self.watched[first],
        )

    @property
    def whole(self) -> tuple[int, float]:
        """All openings, all minutes."""
        return self.openings[-1], self.watched[-1]


@attrs.frozen
class _Record:
    """All days with their sums. *cells*: the watched ones of the week's hours."""

    days: tuple[tuple[Day, _Sums], ...]
    sums: _Sums
    cells: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, days: Sequence[Day]) -> _Record:
        cells = frozenset(
            (day.date.weekday(), hour)
            for day in days
            for hour in range(HOURS)
            if day.watched[hour]
        )
        each = tuple((day, _Sums.of([day])) for day in days)
        return cls(each, _Sums.of(days), cells)


@attrs.frozen
class _Claim:
    """That openings usually appear on some weekdays in some hours."""

    record: _Record
    weekdays: tuple[int, ...]
    group: _Sums
    first: int
    last: int

    def stands_out(self) -> bool:
        """Whether most openings appeared there, and not just because MTA looked."""
        openings, watched = self.group.within(self.first, self.last)
        known, minutes = self.record.sums.whole
        if openings < LEAST_SHARE * known:
            return False
        cells = {(day, h) for day in self.weekdays for h in self._hours()}
        if not cells <= self.record.cells:
            return False
        if watched > _MOST_WATCHED * self.group.whole[1]:
            return False
        others = len(self.record.cells) - len(cells)
        here = openings / watched * len(cells)
        there = (known - openings) / (minutes - watched) * others
        return here >= LEAST_SHARE * (here + there)

    def holds(self) -> bool:
        """Whether so many days speak for it that it is no accident."""
        speaking, chances = 0, []
        for _, sums in self._mine():
            openings, watched = sums.within(self.first, self.last)
            known, minutes = sums.whole
            # A day on which MTA hardly watched at other times says nothing.
            if known and 0 < watched <= minutes / 2:
                speaking += 2 * openings > known
                chances.append(watched / minutes)
        seen = sum(any(day.openings) for day, _ in self.record.days)
        return (
            speaking >= LEAST_DAYS
            and speaking >= LEAST_SHARE * seen
            and _tail(speaking, chances) < _LEVEL
        )

    def weight(self) -> float:
        """Say how well it explains the openings: a scan statistic's likelihood."""
        openings, watched = self.group.within(self.first, self.last)
        known, minutes = self.record.sums.whole
        share = watched / minutes
        return _surprise(openings, known * share) + _surprise(
            known - openings, known * (1 - share)
        )

    def said(self) -> Usual:
        """Put it into figures."""
        here = [sums.within(self.first, self.last) for _, sums in self._mine()]
        return Usual(
            self.weekdays,
            self.first,
            self.last,
            openings=sum(openings for openings, _ in here),
            known=self.record.sums.whole[0],
            days=sum(openings > 0 for openings, _ in here),
            watched=sum(watched > 0 for _, watched in here),
        )

    def _mine(self) -> Iterator[tuple[Day, _Sums]]:
        return (
            (day, sums)
            for day, sums in self.record.days
            if day.date.weekday() in self.weekdays
        )

    def _hours(self) -> range:
        return range(self.first, self.last)


def _claims(record: _Record) -> Iterator[_Claim]:
    for weekdays in _GROUPS:
        days = [day for day, _ in record.days if day.date.weekday() in weekdays]
        group = _Sums.of(days)
        for first, last in _SPANS:
            yield _Claim(record, weekdays, group, first, last)


def _tail(successes: int, chances: Sequence[float]) -> float:
    """Return how likely at least so many successes are, by chance.

    Of unlike chances the mean is taken: above it, that is never too small (Hoeffding).
    """
    tries, chance = len(chances), sum(chances) / len(chances)
    return sum(
        comb(tries, n) * chance**n * (1 - chance) ** (tries - n)
        for n in range(successes, tries + 1)
    )


def _surprise(seen: int, expected: float) -> float:
    return seen * log(seen / expected) if seen else 0.0
