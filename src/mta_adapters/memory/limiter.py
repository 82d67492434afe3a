"""The politeness budgets of one process, in its memory."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from mta_core.polling.sliding import JumpWatch, SlidingLog, lifetime
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Stamp, Wait


@attrs.define(eq=False)
class MemoryLimiter(Limiter):
    """A sliding log that ends with its process: for one process, on one event loop.

    Its end is a loss, after which nobody knows what was sent; so a new one is closed
    until all of that has run out. Where several processes ask from one address, the
    budgets need a log that they share, such as the one in SQLite.

    Attributes:
        timeout: seconds that a request waits for its answer, at most.
        open_at_birth: whether a new one is open at once; for a city on this machine
            only (ADR 0011).
    """

    _clock: Clock
    timeout: float
    open_at_birth: bool = attrs.field(kw_only=True)
    _log: SlidingLog = attrs.field(init=False)
    _jumps: JumpWatch = attrs.field(factory=JumpWatch, init=False)
    _closed_until: timedelta = attrs.field(init=False)

    @_log.default
    def _empty(self) -> SlidingLog:
        return SlidingLog(lifetime(self.timeout))

    @_closed_until.default
    def _born(self) -> timedelta:
        self._jumps.jumped(self._clock.now(), self._passed())
        return self._passed() if self.open_at_birth else self._all_run_out()

    async def ask(self, budget: Budget, by: datetime | None = None) -> Grant | Wait:
        """Take a place, or learn how long to wait. Never raises."""
        now = self._passed()
        if self._jumps.jumped(self._clock.now(), now):
            self._closed_until = self._all_run_out()
        deadline = None if by is None else by - self._zero()
        closed = self._closed_until - now
        wait = max(closed, self._log.wait(budget, now, deadline))
        if wait > timedelta(0):
            return Wait(wait.total_seconds())
        grant = Grant(uuid.uuid4(), budget)
        self._log.take(grant.id, budget, now)
        return grant

    async def settle(self, grant: Grant) -> None:
        """Let the 60 s begin: only the first time counts, but however late it is."""
        self._log.settle(grant.id, self._passed())

    async def pause(self) -> None:
        """Give places only to what cannot wait, until the city's counter is dead."""
        self._log.pause(self._passed())

    async def recent(self, since: datetime) -> Sequence[Stamp]:
        """The places taken since then, oldest first."""
        return list(self._log.stamps(self._zero(), since))

    def _passed(self) -> timedelta:
        return timedelta(seconds=self._clock.monotonic())

    def _zero(self) -> datetime:
        return self._clock.now() - self._passed()

    def _all_run_out(self) -> timedelta:
        """Return when everything that may have been sent by now counts no more."""
        return self._passed() + lifetime(self.timeout) + timedelta(seconds=SPAN)
