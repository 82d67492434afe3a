"""The politeness budgets in memory: exact, and on the clock that is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from mta_core.domain.errors import StorageUnavailable
from mta_core.polling.sliding import JumpWatch, SlidingLog, lifetime
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Stamp, Wait
from mta_core.testing.clock import SequentialIds

_SPAN = timedelta(seconds=SPAN)


@attrs.define
class LimiterLog:
    """What a restart does not forget."""

    places: SlidingLog
    granted: list[tuple[datetime, Budget]] = attrs.field(factory=list)
    ids: SequentialIds = attrs.field(factory=SequentialIds)


@attrs.define(eq=False)
class FakeLimiter(Limiter):
    """A sliding log that lives as long as its object; `reopened` is a restart.

    Attributes:
        timeout: seconds that a request waits for its answer, at most.
        closed_for: seconds in which no place is given yet.
        unreachable: set it to make every call raise `StorageUnavailable`.
    """

    _clock: Clock
    timeout: float = 10.0
    closed_for: float = 0.0
    _log: LimiterLog = attrs.field(kw_only=True)
    unreachable: bool = attrs.field(default=False, init=False)
    _jumps: JumpWatch = attrs.field(factory=JumpWatch, init=False)
    _closed_until: timedelta = attrs.field(init=False)

    @_closed_until.default
    def _closed_at_first(self) -> timedelta:
        self._jumps.jumped(self._clock.now(), self._elapsed())
        return self._elapsed() + timedelta(seconds=self.closed_for)

    @_log.default
    def _empty(self) -> LimiterLog:
        return LimiterLog(SlidingLog(lifetime(self.timeout)))

    @property
    def granted(self) -> list[tuple[datetime, Budget]]:
        """All places ever given: when, and in which budget."""
        return self._log.granted

    async def ask(self, budget: Budget, by: datetime | None = None) -> Grant | Wait:
        """Take a place if one is free and the limiter is not closed."""
        self._check_reachable()
        now = self._elapsed()
        if self._jumps.jumped(self._clock.now(), now):
            self._closed_until = now + lifetime(self.timeout) + _SPAN
        deadline = None if by is None else by - self._zero()
        closed = self._closed_until - now
        wait = max(closed, self._log.places.wait(budget, now, deadline))
        if wait > timedelta(0):
            return Wait(wait.total_seconds())
        return self._give(budget, now)

    async def settle(self, grant: Grant) -> None:
        """Let the 60 s begin. Only the first time counts, but however late it is."""
        self._check_reachable()
        self._log.places.settle(grant.id, self._elapsed())

    async def pause(self) -> None:
        """Give places only to what cannot wait, until the city's counter is dead."""
        self._check_reachable()
        self._log.places.pause(self._elapsed())

    async def recent(self, since: datetime) -> Sequence[Stamp]:
        """The places taken since then, oldest first."""
        self._check_reachable()
        return list(self._log.places.stamps(self._zero(), since))

    def reopened(self) -> FakeLimiter:
        """Return what a restart makes: another limiter on the same log."""
        left = (self._closed_until - self._elapsed()).total_seconds()
        return FakeLimiter(self._clock, self.timeout, max(left, 0.0), log=self._log)

    def _give(self, budget: Budget, now: timedelta) -> Grant:
        grant = Grant(self._log.ids.new(), budget)
        self._log.places.take(grant.id, budget, now)
        self._log.granted.append((self._clock.now(), budget))
        return grant

    def _check_reachable(self) -> None:
        if self.unreachable:
            raise StorageUnavailable("The limiter cannot be reached.")

    def _elapsed(self) -> timedelta:
        return timedelta(seconds=self._clock.monotonic())

    def _zero(self) -> datetime:
        return self._clock.now() - self._elapsed()
