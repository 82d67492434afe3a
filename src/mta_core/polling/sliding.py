"""A sliding log as arithmetic: who may ask now, and how long the others wait.

It tells time in what has passed since some start, as a monotonic clock does: setting
the wall clock moves nothing here. Where the log lives is its owner's business.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

JUMP = timedelta(seconds=1)
"""A wall clock that moved this much more or less than time did has jumped."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@attrs.define
class SlidingLog:
    """The places of one budget: at most *limit* in any *span*.

    A place counts from when it was taken until *span* after its answer; one that is
    never settled counts as answered at its timeout.
    """

    limit: int
    span: timedelta
    _answered_by: dict[UUID, timedelta] = attrs.field(factory=dict, init=False)

    def wait(self, now: timedelta) -> timedelta:
        """Return how long until a place is free; zero if one is."""
        counting = {
            place: answered
            for place, answered in self._answered_by.items()
            if answered + self.span > now
        }
        self._answered_by = counting
        if len(counting) < self.limit:
            return timedelta(0)
        return min(counting.values()) + self.span - now

    def take(self, place: UUID, now: timedelta, timeout: timedelta) -> None:
        """Take a place; the caller has checked that one is free."""
        self._answered_by[place] = now + timeout

    def settle(self, place: UUID, now: timedelta) -> None:
        """Note the answer. Only the first one counts, and never after the timeout."""
        if place in self._answered_by:
            self._answered_by[place] = min(now, self._answered_by[place])


@attrs.define
class JumpWatch:
    """Notices that somebody has set the wall clock."""

    _ahead: timedelta | None = attrs.field(default=None, init=False)

    def jumped(self, wall: datetime, passed: timedelta) -> bool:
        """Whether the wall clock was set since this was asked before.

        Args:
            passed: the time since some start, which nobody can set.
        """
        before, self._ahead = self._ahead, wall - _EPOCH - passed
        return before is not None and abs(self._ahead - before) >= JUMP
