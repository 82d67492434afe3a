"""The politeness budgets of one process, in its memory."""

from __future__ import annotations

import uuid
from datetime import timedelta

import attrs

from mta_core.polling.sliding import JumpWatch, SlidingLog
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Wait

_SPAN = timedelta(seconds=SPAN)


def _logs() -> dict[Budget, SlidingLog]:
    return {budget: SlidingLog(budget.limit, _SPAN) for budget in Budget}


@attrs.define(eq=False)
class MemoryLimiter(Limiter):
    """A sliding log that ends with its process: for one process, on one event loop.

    Its end is a loss, after which nobody knows what was sent; so a new one is closed
    until all of that has run out. Where several processes ask from one address, the
    budgets need a log that they share, such as the one in SQLite.

    Attributes:
        timeout: seconds after which a request that was never settled counts as
            answered.
        open_at_birth: whether a new one is open at once; for a city on this machine
            only (ADR 0011).
    """

    _clock: Clock
    timeout: float
    open_at_birth: bool = attrs.field(kw_only=True)
    _logs: dict[Budget, SlidingLog] = attrs.field(factory=_logs, init=False)
    _jumps: JumpWatch = attrs.field(factory=JumpWatch, init=False)
    _closed_until: timedelta = attrs.field(init=False)

    @_closed_until.default
    def _born(self) -> timedelta:
        self._jumps.jumped(self._clock.now(), self._passed())
        return self._passed() if self.open_at_birth else self._all_run_out()

    async def ask(self, budget: Budget) -> Grant | Wait:
        """Take a place, or learn how long to wait. Never raises."""
        now, log = self._passed(), self._logs[budget]
        if self._jumps.jumped(self._clock.now(), now):
            self._closed_until = self._all_run_out()
        wait = max(self._closed_until - now, log.wait(now))
        if wait > timedelta(0):
            return Wait(wait.total_seconds())
        grant = Grant(uuid.uuid4(), budget)
        log.take(grant.id, now, timedelta(seconds=self.timeout))
        return grant

    async def settle(self, grant: Grant) -> None:
        """Let the 60 s begin: only the first time counts, and never after timeout."""
        self._logs[grant.budget].settle(grant.id, self._passed())

    def _passed(self) -> timedelta:
        return timedelta(seconds=self._clock.monotonic())

    def _all_run_out(self) -> timedelta:
        """Return when everything that may have been sent by now counts no more."""
        return self._passed() + _SPAN + timedelta(seconds=self.timeout)
