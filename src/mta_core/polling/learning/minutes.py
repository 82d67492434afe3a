"""Release minutes: at which minute of the day or week many slots appear at once.

Offices release in bulk, at a minute of theirs (contract 8). For each minute two sums are
kept: how many releases fell into it, and in how many one would have been seen, had
there been one. Their quotient is the chance that something is released there.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from mta_core.polling.learning.berlin import DAY, Minute, minute_at

FORGET = 0.5 ** (1 / 10)
"""A day's fading: evidence is worth half after ten days."""

FORGET_WEEKLY = max(FORGET, 0.97)
"""What comes once a week must be remembered for longer."""

UNLIKELY = 0.04
"""Chances below this are noise, and count as none."""

_OFFICE_PRIOR = 3.0
_DAY_PRIOR = 1.0
_WEEK_PRIOR = 0.7
_TRACE = 0.02
_HOUR = 60


def _zeros() -> array[float]:
    return array("d", bytes(8 * DAY))


@attrs.define
class DayMinutes:
    """Releases by minute of a weekday: of one pair, or of all pairs of one office."""

    releases: array[float] = attrs.field(factory=_zeros)
    exposure: array[float] = attrs.field(factory=_zeros)

    def fade(self, days: int) -> None:
        """Let days pass."""
        factor = FORGET**days
        self.releases = array("d", [factor * n for n in self.releases])
        self.exposure = array("d", [factor * e for e in self.exposure])

    def document(self) -> dict[str, Any]:
        """Write it down: exactly where something was released, by the hour elsewhere."""
        return {
            "minutes": [
                [minute, round(n, 3), round(self.exposure[minute], 3)]
                for minute, n in enumerate(self.releases)
                if n > _TRACE
            ],
            "hours": [
                round(sum(self.exposure[start : start + _HOUR]) / _HOUR, 3)
                for start in range(0, DAY, _HOUR)
            ],
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> DayMinutes:
        """Read what was written down."""
        found = cls()
        for minute in range(DAY):
            found.exposure[minute] = document["hours"][minute // _HOUR]
        for minute, releases, exposure in document["minutes"]:
            found.releases[minute] = releases
            found.exposure[minute] = exposure
        return found


@attrs.define
class ReleaseMinutes:
    """The release minutes of one pair, supported by those of its office.

    Attributes:
        day: by minute of a weekday.
        week: by minute of the week, only where something was released: releases and
            exposure.
    """

    office: DayMinutes
    day: DayMinutes = attrs.field(factory=DayMinutes)
    week: dict[int, list[float]] = attrs.field(factory=dict)

    def chance(self, minute: Minute) -> float:
        """Return how likely something is released in a minute."""
        chance = 0.0
        if self.week and (weekly := self.week.get(minute.of_week)):
            chance = weekly[0] / (weekly[1] + _WEEK_PRIOR)
        if minute.weekday:
            place, office, day = minute.of_day, self.office, self.day
            mine, shared = day.releases[place], office.releases[place]
            if mine or shared:
                mine += shared / (office.exposure[place] + _OFFICE_PRIOR)
                chance = max(chance, mine / (day.exposure[place] + _DAY_PRIOR))
        return min(1.0, chance) if chance > UNLIKELY else 0.0

    def watched(self, seen: Iterable[tuple[int, float]]) -> None:
        """Note in which minutes since 1970 a release would have been seen, how surely."""
        day, office, week = self.day.exposure, self.office.exposure, self.week
        for number, surely in seen:
            minute = minute_at(number)
            if minute.weekday:
                day[minute.of_day] += surely
                office[minute.of_day] += surely
            if week and (weekly := week.get(minute.of_week)):
                weekly[1] += surely

    def released(self, likely: Iterable[tuple[int, float]]) -> None:
        """Note one release that fell into one of these minutes since 1970.

        Args:
            likely: how well each minute explains it, by how long slots live; what was
                released there before is added here.
        """
        shares = [
            (minute, fit * self._usual(minute))
            for minute, fit in ((minute_at(number), fit) for number, fit in likely)
        ]
        total = sum(share for _, share in shares)
        for minute, share in shares:
            part = share / total
            if minute.weekday:
                self.day.releases[minute.of_day] += part
                self.office.releases[minute.of_day] += part
            if part > _TRACE:
                self._weekly(minute)[0] += part

    def fade(self, days: int) -> None:
        """Let days pass; the office's minutes fade by themselves."""
        self.day.fade(days)
        factor = FORGET_WEEKLY**days
        self.week = {
            minute: [factor * n, factor * e]
            for minute, (n, e) in self.week.items()
            if factor * n > _TRACE
        }

    def _usual(self, minute: Minute) -> float:
        """Return how usual a release in this minute is."""
        weekly = self.week.get(minute.of_week)
        usual = _TRACE + (2 * weekly[0] if weekly else 0.0)
        if minute.weekday:
            place = minute.of_day
            usual += self.day.releases[place] + 0.5 * self.office.releases[place]
        return usual

    def _weekly(self, minute: Minute) -> list[float]:
        """Return the sums of a minute of the week, made when it is first needed.

        Until then nobody counted how often it was watched: as often as that minute of
        the day, over five weekdays.
        """
        if minute.of_week not in self.week:
            daily = self.day.exposure[minute.of_day] if minute.weekday else 0.0
            self.week[minute.of_week] = [0.0, daily / 5]
        return self.week[minute.of_week]

    def document(self) -> dict[str, Any]:
        """Write it down, without the office's."""
        week = [[m, round(n, 3), round(e, 3)] for m, (n, e) in self.week.items()]
        return {"day": self.day.document(), "week": week}

    @classmethod
    def read(cls, document: Mapping[str, Any], office: DayMinutes) -> ReleaseMinutes:
        """Read what was written down."""
        week = {minute: [n, e] for minute, n, e in document["week"]}
        return cls(office, DayMinutes.read(document["day"]), week)
