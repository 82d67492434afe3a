"""A sliding log as arithmetic: who may ask now, and how long the others wait.

It tells time in what has passed since some start, as a monotonic clock does: setting
the wall clock moves nothing here. Where the log lives is its owner's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

from mta_core.polling.budgets import SEND_WITHIN, SPAN, Budget, Stamp
from mta_core.polling.counter import PAUSE

JUMP = timedelta(seconds=1)
"""A wall clock that moved this much more or less than time did has jumped."""

KEPT = timedelta(hours=1)
"""So long it is remembered what was asked, to be looked at."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN = timedelta(seconds=SPAN)
_NOTHING = timedelta(0)


def lifetime(timeout: float) -> timedelta:
    """Return how long after its grant a request has ended, whatever became of it.

    Args:
        timeout: seconds that it waits for its answer, at most.
    """
    return timedelta(seconds=SEND_WITHIN + timeout)


@attrs.frozen
class Taken:
    """A place: when it was taken, and when its request was answered, if it is known."""

    budget: Budget
    at: timedelta
    settled: timedelta | None = None


@attrs.define
class SlidingLog:
    """The places of all budgets, in each at most its limit in any 60 s.

    Attributes:
        life: after it a request that was never heard of again has ended.
    """

    life: timedelta
    _taken: dict[UUID, Taken] = attrs.field(factory=dict, init=False)
    _pause_until: timedelta = attrs.field(default=_NOTHING, init=False)

    def wait(
        self, budget: Budget, now: timedelta, by: timedelta | None = None
    ) -> timedelta:
        """Return how long until a place is free; zero if one is.

        Args:
            by: what leaves later is of no use; it does not wait for a pause to end
                that would be over too late.
        """
        places = (taken for taken in self._taken.values() if taken.budget is budget)
        counting = sorted(end for end in map(self._end, places) if end > now)
        full = len(counting) >= budget.limit
        free_at = counting[-budget.limit] if full else now
        urgent = by is not None and by < self._pause_until
        return max(free_at, now if urgent else self._pause_until) - now

    def take(self, place: UUID, budget: Budget, now: timedelta) -> None:
        """Take a place; the caller has checked that one is free."""
        long_ago = now - KEPT
        self._taken = {id: old for id, old in self._taken.items() if old.at > long_ago}
        self._taken[place] = Taken(budget, now)
        self._disturb_pause(now)

    def settle(self, place: UUID, now: timedelta) -> None:
        """Note the answer. Only the first one counts, but however late it is."""
        taken = self._taken.get(place)
        if taken is not None and taken.settled is None:
            self._taken[place] = attrs.evolve(taken, settled=now)
            self._disturb_pause(now)

    def pause(self, now: timedelta) -> None:
        """Give places only to what cannot wait, until all was silent for long enough."""
        self._pause_until = now + PAUSE

    def stamps(self, zero: datetime, since: datetime) -> Iterator[Stamp]:
        """Show the places taken since then, oldest first. *zero*: when time began."""
        for taken in self._taken.values():
            if zero + taken.at >= since:
                settled = None if taken.settled is None else zero + taken.settled
                end = zero + self._end(taken)
                yield Stamp(taken.budget, zero + taken.at, settled, end)

    def _disturb_pause(self, now: timedelta) -> None:
        if now < self._pause_until:
            self.pause(now)

    def _end(self, taken: Taken) -> timedelta:
        answered = taken.at + self.life if taken.settled is None else taken.settled
        return answered + _SPAN


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
