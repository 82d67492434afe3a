"""A rhythm: when something is shown, and how long nothing has been.

Time is cut into half hours, and of each the question is only whether the city showed
anything free, or bookable. How often it did in the same hour of other weeks says how
likely silence is; nights and weekends, in which nothing was ever shown, say nothing.
Slots come in heaps, and a heap counts once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from math import log, log1p

import attrs

from mta_core.domain.availability import day_of
from mta_core.polling.signs.documents import a_day, moment
from mta_core.polling.signs.week import HOURS, alike, hour_of_week

HALF_HOUR = timedelta(minutes=30)
IMPROBABLE = -log(1e-5)
"""From this on a silence is too long for chance.

In a made-up world whose days differ as much as weather does (a factor of gamma, shape
1) 12 services asked for 60 days were called quiet for no reason 4 times, and with 1e-4
three times as often. Where days are alike it was never.
"""

OPENINGS = 20
DAYS = 3
"""Openings, and days on which there were any, before a rhythm is spoken of."""

LONGER = 2.0
"""It must be as much more improbable than any silence before, too.

Chance alone would not need that. But the world has bad days that no hour explains.
"""

YOUTH = 3.0
"""Who knows a rhythm from three days alone doubts twice as long."""

HALF_LIFE = 10.0  # days; the planner's learner forgets as fast
LONG_MEMORY = 30.0
_ADAPTING = 1 / 48  # the usual number of questions follows within about a day
_DOUBT = 2.0  # as if each hour had already been silent twice
_FORGOTTEN = 0.05


@attrs.define
class Rhythm:
    """What is known of one service set, or of all of them together.

    Attributes:
        openings, days: how many new slots there were, and on how many days.
        hours: by hour of the week, half hours watched, and those that showed something.
        shows: half hours that showed something; *places*: at which office.
        due, kept: how many silences should have ended by now, and how many did;
            *waited*: how many half hours of the present one should have ended it.
        usual: questions in a half hour; one with less than half of it is not judged.
        silence: how improbable the present silence is, as a negative logarithm.
        longest: likewise the most improbable one before.
        answers: how many answers have shown nothing since something was shown last.
        quiet_at: when it fell quiet for unusually long; None if it is not.
    """

    openings: int = 0
    days: int = 0
    latest: date | None = attrs.field(default=None, converter=a_day)
    hours: list[list[float]] = attrs.field(
        factory=lambda: [[0.0, 0.0] for _ in range(HOURS)]
    )
    places: dict[str, float] = attrs.field(factory=dict)
    shows: float = 0.0
    due: float = 0.0
    kept: float = 0.0
    waited: float = 0.0
    usual: float = 0.0
    silence: float = 0.0
    longest: float = 0.0
    answers: int = 0
    shown_at: datetime | None = attrs.field(default=None, converter=moment)
    quiet_at: datetime | None = attrs.field(default=None, converter=moment)
    # The half hour that runs.
    begun: datetime | None = attrs.field(default=None, converter=moment)
    asks: int = 0
    asked: list[str] = attrs.field(factory=list)
    here: list[str] = attrs.field(factory=list)
    shown: bool = False
    silent: bool = False

    @property
    def regular(self) -> bool:
        """Whether enough is known to call a silence unusual."""
        return self.openings >= OPENINGS and self.days >= DAYS

    def learn(
        self, at: datetime, asked: Collection[str], shown: Collection[str], new: int
    ) -> None:
        """Take in an answer.

        Args:
            asked: the places that it would have shown; none if it proves no silence.
            shown: those that showed something.
            new: slots in it that were not there before.
        """
        self._turn(at)
        self.asks += bool(asked)
        self.asked = sorted({*self.asked, *asked})
        if shown:
            self._show(at, shown)
        else:
            self.answers += bool(asked)
        if new:
            self._open(day_of(at), new)

    def _show(self, at: datetime, places: Collection[str]) -> None:
        """Something is there: the silence is over."""
        self.longest = max(self.longest, min(self.silence, IMPROBABLE))
        self.shown_at, self.silence, self.answers, self.quiet_at = at, 0.0, 0, None
        self.shown = True
        self.here = sorted({*self.here, *places})

    def _open(self, day: date, new: int) -> None:
        self.openings += new
        self.days += day != self.latest
        self.latest = day

    def _turn(self, at: datetime) -> None:
        """Judge the half hour that is over, if one is."""
        begun = at - timedelta(seconds=at.timestamp() % HALF_HOUR.total_seconds())
        if self.begun is not None and begun > self.begun:
            self._judge(self.begun)
            self._fade((day_of(begun) - day_of(self.begun)).days)
        if self.begun is None or begun > self.begun:
            self.begun, self.asks, self.asked = begun, 0, []
            self.here, self.shown = [], False

    def _judge(self, begun: datetime) -> None:
        enough = self.asks > 0 and self.asks >= self.usual / 2
        if self.asks:
            pace = _ADAPTING if self.usual else 1.0
            self.usual += (self.asks - self.usual) * pace
        if not enough:
            return
        hour = hour_of_week(begun)
        likely = self._likely(hour)
        self.waited += likely if self.silent else 0.0
        if not self.shown:
            self.silence -= log1p(-likely * self._keeping())
        if self.quiet_at is None:  # what is suspected teaches nothing
            self._count(hour)
        if self.shown:
            self.waited = 0.0
        self.silent = not self.shown
        limit = max(IMPROBABLE * (1 + YOUTH / max(self.days, 1)), LONGER * self.longest)
        if self.regular and self.quiet_at is None and self.silence > limit:
            self.quiet_at = begun + HALF_HOUR

    def _count(self, hour: int) -> None:
        self.hours[hour][0] += 1
        self.hours[hour][1] += self.shown
        if self.silent and self.shown:
            self.due += self.waited
            self.kept += 1
        self.shows += self.shown
        for place in self.here:
            self.places[place] = self.places.get(place, 0.0) + 1

    def _likely(self, hour: int) -> float:
        """How likely a half hour of such an hour shows something: rather too little."""
        pooled = [self.hours[other] for other in alike(hour)]
        watched = sum(each[0] for each in pooled) + _DOUBT
        usual = sum(each[1] for each in pooled) / watched
        own, shown = self.hours[hour]
        return (shown + _DOUBT * usual) / (own + _DOUBT) * self._share()

    def _keeping(self) -> float:
        """How often a silence ended when it should have: what stays away, stays away."""
        return min((self.kept + _DOUBT) / (self.due + _DOUBT), 1.0)

    def _share(self) -> float:
        """How much of what is shown would be seen at the places that are asked now."""
        asked = set(self.asked)
        if asked.issuperset(self.places):
            return 1.0
        seen = [count for place, count in self.places.items() if place in asked]
        return min(max(seen, default=0.0) / self.shows, 1.0)

    def _fade(self, days: int) -> None:
        """Let what is long ago count less."""
        if days <= 0:
            return
        factor = 0.5 ** (days / HALF_LIFE)
        self.shows *= factor
        self.due *= factor
        self.kept *= factor
        self.longest *= 0.5 ** (days / LONG_MEMORY)
        faded = ((place, n * factor) for place, n in self.places.items())
        self.places = {place: n for place, n in faded if n > _FORGOTTEN}
        self.hours = [
            [round(watched * factor, 3), round(shown * factor, 3)]
            for watched, shown in self.hours
        ]
