"""What one pair's answers showed, and what a new one changes (contract 1.2).

An answer observes some days only. A slot on a day that was not observed before is not a
new one: it may have been there for weeks. A slot on a day that is not observed now is
not gone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import attrs

from mta_core.domain.availability import Observation, day_of

_KEPT = 12


@attrs.frozen
class Glimpse:
    """What a new answer taught about one pair.

    Attributes:
        since: when its days were observed before; None if they never were.
        new: how many slots have appeared since then.
        survived: for each slot that is still there, seconds since it was last seen.
        gone: likewise for each that is not.
    """

    since: float | None
    new: int = 0
    survived: tuple[float, ...] = ()
    gone: tuple[float, ...] = ()


@attrs.frozen
class _Covered:
    first: date
    through: date
    at: float

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.through


@attrs.define
class Snapshot:
    """The slots of one pair as last seen, and which days were observed when."""

    _seen: dict[datetime, float] = attrs.field(factory=dict)
    _covered: list[_Covered] = attrs.field(factory=list)

    def look(
        self, free: Collection[datetime], observation: Observation, now: float
    ) -> Glimpse:
        """Hold what is free now against what was, and remember it."""
        days = _Covered(observation.probe.window.first, observation.through, now)
        latest = self._latest(days)
        if latest is None:
            self._remember(free, days, ())
            return Glimpse(None)
        absent = [start for start in self._seen if start not in free]
        over = [start for start in absent if start <= observation.at]
        gone = [
            start
            for start in absent
            if start > observation.at and day_of(start) in days
        ]
        fresh = (start for start in free if start not in self._seen)
        glimpse = Glimpse(
            latest.at,
            new=sum(day_of(start) in latest for start in fresh),
            survived=tuple(now - self._seen[s] for s in free if s in self._seen),
            gone=tuple(now - self._seen[start] for start in gone),
        )
        self._remember(free, days, (*over, *gone))
        return glimpse

    def _latest(self, days: _Covered) -> _Covered | None:
        """Return the last observation that shares a day with this one."""
        for covered in reversed(self._covered):
            if covered.first <= days.through and days.first <= covered.through:
                return covered
        return None

    def _remember(
        self,
        free: Collection[datetime],
        days: _Covered,
        lost: Collection[datetime],
    ) -> None:
        for start in lost:
            del self._seen[start]
        for start in free:
            self._seen[start] = days.at
        # What the new observation includes needs no memory of its own.
        kept = [
            covered
            for covered in self._covered
            if not (days.first <= covered.first and covered.through <= days.through)
        ]
        self._covered = [*kept[-_KEPT:], days]
