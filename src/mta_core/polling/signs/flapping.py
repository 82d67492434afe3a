"""Flapping: answers that contradict the one before, and days that never have a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import attrs

from mta_core.domain.availability import Observation, day_of
from mta_core.domain.conditions import Condition, ConditionName
from mta_core.polling.signs.documents import Document, moment, restored
from mta_core.polling.signs.memory import Turn

MOST = 400
RETURNS = 10.0
"""So many slots must have been back at once, as what is long ago counts less."""

HALF_LIFE = timedelta(hours=1)
VAIN = 10
VAIN_FOR = timedelta(hours=1)
"""A day is listed in vain if so many answers, for so long, had no time on it."""

FORGOTTEN_AFTER = timedelta(hours=1)
_CALM = 0.5
_MOST_DAYS = 60


@attrs.define
class Wavering:
    """What wavers for one service set.

    Attributes:
        back: slots missed once and seen again at once; *gone*: those that really went.
        vain: by day, how many answers searched it and found no time, from when to when.
        since: since when it is flapping; None if it is not.
    """

    back: float = 0.0
    gone: float = 0.0
    vain: dict[str, list[float]] = attrs.field(factory=dict)
    at: datetime | None = attrs.field(default=None, converter=moment)
    since: datetime | None = attrs.field(default=None, converter=moment)

    def learn(self, seen: Observation, turn: Turn) -> None:
        """Take in an answer, and what it changed."""
        self._fade(seen.at)
        self.back += turn.back
        self.gone += turn.gone
        self._search(seen)
        level = _CALM if self.since else 1.0
        restless = self.back >= max(RETURNS, self.gone) * level
        if not restless and not self.unverified():
            self.since = None
        elif self.since is None:
            self.since = seen.at

    def unverified(self) -> list[str]:
        """Return the days that are listed in vain."""
        least = VAIN_FOR.total_seconds()
        return sorted(
            day
            for day, (count, first, last) in self.vain.items()
            if count >= VAIN and last - first >= least
        )

    def _search(self, seen: Observation) -> None:
        """Note a day that the city searched, since it lists it, and that has no time.

        The searched day is the first that the city calls bookable (contract 1.2).
        """
        now = seen.at.timestamp()
        with_times = {slot.day.isoformat() for slot in seen.free}
        oldest = now - FORGOTTEN_AFTER.total_seconds()
        today = day_of(seen.at).isoformat()
        self.vain = {
            day: found
            for day, found in self.vain.items()
            if day not in with_times and day >= today and found[2] >= oldest
        }
        searched = seen.through.isoformat()
        if seen.through < seen.probe.window.last and searched not in with_times:
            count, first, _ = self.vain.get(searched, [0.0, now, now])
            if searched in self.vain or len(self.vain) < _MOST_DAYS:
                self.vain[searched] = [count + 1, first, now]

    def _fade(self, at: datetime) -> None:
        if self.at is not None:
            factor = 0.5 ** max((at - self.at) / HALF_LIFE, 0.0)
            self.back *= factor
            self.gone *= factor
        self.at = at


@attrs.define
class Flapping:
    """Watches every service set for answers that contradict one another."""

    wavering: dict[str, Wavering] = attrs.field(factory=dict)

    @classmethod
    def restored(cls, wavering: Mapping[str, Document]) -> Flapping:
        """Read each back, by its service set."""
        return cls({name: restored(Wavering, each) for name, each in wavering.items()})

    def learn(self, seen: Observation, turn: Turn) -> None:
        """Take in an answer, and what it changed."""
        name = str(seen.probe.services)
        wavering = self.wavering.pop(name, None) or Wavering()
        self.wavering[name] = wavering  # asked last
        if len(self.wavering) > MOST:
            del self.wavering[next(iter(self.wavering))]
        wavering.learn(seen, turn)

    def conditions(self) -> Iterator[Condition]:
        """Return what is flapping now."""
        for name, wavering in self.wavering.items():
            if wavering.since is not None:
                yield Condition(
                    ConditionName.FLAPPING, name, wavering.since, _figures(wavering)
                )


def _figures(wavering: Wavering) -> str:
    days = wavering.unverified()
    if not days:
        return (
            f"Within about an hour {wavering.back:.0f} slots were missed in one answer "
            f"and there in the next, and {wavering.gone:.0f} really went."
        )
    listed = ", ".join(f"{date.fromisoformat(day):%d %b %Y}" for day in days[:3])
    more = f" and {len(days) - 3} more" if len(days) > 3 else ""
    asked = sum(wavering.vain[day][0] for day in days)
    return (
        f"Listed as bookable, but without any time in {asked:.0f} answers: "
        f"{listed}{more}."
    )
