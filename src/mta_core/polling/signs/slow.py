"""Slow: the city's answers take much longer than they usually do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import exp

import attrs

from mta_core.domain.conditions import CITY, Condition, ConditionName
from mta_core.polling.signs.documents import moment

BASELINE = timedelta(hours=1)
RECENT = timedelta(minutes=1)
"""How far back the usual time goes, and the present one."""

SLOWER = 2.0
CALM = 1.5
FOR = timedelta(minutes=5)
"""Slower by so much, for so long; and over once it is calm again for as long."""

LEAST = 0.5
"""Whoever answers faster than this, in seconds, is not slow, whatever is usual."""

ANSWERS = 50
"""Answers before anything is called usual."""

_ACCEPTING = timedelta(days=1)


@attrs.define
class Slow:
    """Watches the trend of the answer times, in seconds.

    Attributes:
        changed_at: since when it has been the other way, slow or not.
        since: since when it is slow; None if it is not.
    """

    usual: float = 0.0
    present: float = 0.0
    answers: int = 0
    at: datetime | None = attrs.field(default=None, converter=moment)
    changed_at: datetime | None = attrs.field(default=None, converter=moment)
    since: datetime | None = attrs.field(default=None, converter=moment)

    def learn(self, at: datetime, took: timedelta) -> None:
        """Take in how long an answer took."""
        seconds, passed = took.total_seconds(), self._passed(at)
        self.answers += 1
        if self.answers == 1:
            self.usual = self.present = seconds
        over = self.present >= max(LEAST, SLOWER * self.usual)
        self.present += (seconds - self.present) * _weight(passed, RECENT)
        # What is slow for days becomes usual in the end, but not within the hour.
        memory = _ACCEPTING if over else BASELINE
        self.usual += (seconds - self.usual) * _weight(passed, memory)
        self._judge(at)

    def conditions(self) -> Iterator[Condition]:
        """Return whether it is slow now."""
        if self.since is not None:
            detail = (
                f"An answer takes {self.present:.1f} s, and usually {self.usual:.1f} s."
            )
            yield Condition(ConditionName.SLOW, CITY, self.since, detail)

    def _judge(self, at: datetime) -> None:
        factor = CALM if self.since else SLOWER
        slow = self.present >= max(LEAST, factor * self.usual)
        if slow is (self.since is not None):
            self.changed_at = None
            return
        if self.changed_at is None:
            self.changed_at = at
        if self.answers >= ANSWERS and at - self.changed_at >= FOR:
            self.since = self.changed_at if slow else None
            self.changed_at = None

    def _passed(self, at: datetime) -> timedelta:
        passed = at - self.at if self.at else timedelta(0)
        self.at = at
        # A pause says nothing about what is usual.
        return min(max(passed, timedelta(0)), RECENT)


def _weight(passed: timedelta, memory: timedelta) -> float:
    """Return how much a value counts after so long, against all before it."""
    return 1.0 - exp(-(passed / memory))
