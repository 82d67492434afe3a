"""The politeness budgets in memory: exact, and on the clock that is given."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from mta_core.domain.errors import StorageUnavailable
from mta_core.polling.sliding import JumpWatch, SlidingLog
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Wait
from mta_core.testing.clock import SequentialIds

_SPAN = timedelta(seconds=SPAN)


def _budgets() -> dict[Budget, SlidingLog]:
    return {budget: SlidingLog(budget.limit, _SPAN) for budget in Budget}


@attrs.define
class LimiterLog:
    """What a restart does not forget."""

    budgets: dict[Budget, SlidingLog] = attrs.field(factory=_budgets)
    granted: list[tuple[datetime, Budget]] = attrs.field(factory=list)
    ids: SequentialIds = attrs.field(factory=SequentialIds)


@attrs.define(eq=False)
class FakeLimiter(Limiter):
    """A sliding log that lives as long as its object; `reopened` is a restart.

    Attributes:
        timeout: seconds after which an unsettled request counts as answered.
        closed_until: no place is given before.
        unreachable: set it to make every call raise `StorageUnavailable`.
    """

    _clock: Clock
    timeout: float = 10.0
    closed_until: datetime | None = None
    _log: LimiterLog = attrs.field(factory=LimiterLog, kw_only=True)
    unreachable: bool = attrs.field(default=False, init=False)
    _jumps: JumpWatch = attrs.field(factory=JumpWatch, init=False)

    def __attrs_post_init__(self) -> None:
        self._jumps.jumped(self._clock.now(), self._elapsed())

    @property
    def granted(self) -> list[tuple[datetime, Budget]]:
        """All places ever given: when, and in which budget."""
        return self._log.granted

    async def ask(self, budget: Budget) -> Grant | Wait:
        """Take a place if one is free and the limiter is not closed."""
        self._check_reachable()
        self._close_after_jump()
        now = self._elapsed()
        wait = max(self._closed_for(), self._log.budgets[budget].wait(now))
        return Wait(wait.total_seconds()) if wait else self._give(budget, now)

    async def settle(self, grant: Grant) -> None:
        """Let the 60 s begin. Only the first time counts, and never after timeout."""
        self._check_reachable()
        self._log.budgets[grant.budget].settle(grant.id, self._elapsed())

    def reopened(self) -> FakeLimiter:
        """Return what a restart makes: another limiter on the same log."""
        return FakeLimiter(self._clock, self.timeout, self.closed_until, log=self._log)

    def _give(self, budget: Budget, now: timedelta) -> Grant:
        grant = Grant(self._log.ids.new(), budget)
        timeout = timedelta(seconds=self.timeout)
        self._log.budgets[budget].take(grant.id, now, timeout)
        self._log.granted.append((self._clock.now(), budget))
        return grant

    def _check_reachable(self) -> None:
        if self.unreachable:
            raise StorageUnavailable("The limiter cannot be reached.")

    def _elapsed(self) -> timedelta:
        return timedelta(seconds=self._clock.monotonic())

    def _close_after_jump(self) -> None:
        if self._jumps.jumped(self._clock.now(), self._elapsed()):
            closed_for = _SPAN + timedelta(seconds=self.timeout)
            self.closed_until = self._clock.now() + closed_for

    def _closed_for(self) -> timedelta:
        if self.closed_until is None:
            return timedelta(0)
        return max(self.closed_until - self._clock.now(), timedelta(0))
