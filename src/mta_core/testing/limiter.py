"""The politeness budgets in memory: exact, and on the clock that is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.errors import StorageUnavailable
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Wait
from mta_core.testing.clock import SequentialIds

_SPAN = timedelta(seconds=SPAN)

JUMP = timedelta(seconds=1)
"""A wall clock that moved this much more or less than time did has jumped."""


@attrs.frozen
class Place:
    """One place in the log, in time that never jumps. *answered_by*: at the latest."""

    grant: Grant
    granted_at: timedelta
    answered_by: timedelta

    @property
    def free_at(self) -> timedelta:
        """When it stops counting."""
        return self.answered_by + _SPAN


@attrs.define
class LimiterLog:
    """What a restart does not forget."""

    places: dict[UUID, Place] = attrs.field(factory=dict)
    granted: list[tuple[datetime, Budget]] = attrs.field(factory=list)
    ids: SequentialIds = attrs.field(factory=SequentialIds)

    def forget(self, now: timedelta) -> None:
        """Drop the places that no longer count."""
        counting = (place for place in self.places.values() if place.free_at > now)
        self.places = {place.grant.id: place for place in counting}


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
    _wall: timedelta = attrs.field(init=False)

    @_wall.default
    def _start(self) -> timedelta:
        return self._wall_ahead()

    @property
    def granted(self) -> list[tuple[datetime, Budget]]:
        """All places ever given: when, and in which budget."""
        return self._log.granted

    async def ask(self, budget: Budget) -> Grant | Wait:
        """Take a place if one is free and the limiter is not closed."""
        self._check_reachable()
        self._close_after_jump()
        now = self._elapsed()
        self._log.forget(now)
        wait = max(self._closed_for(), self._full_for(budget, now))
        return Wait(wait.total_seconds()) if wait else self._give(budget, now)

    async def settle(self, grant: Grant) -> None:
        """Let the 60 s begin. Only the first time counts, and never after timeout."""
        self._check_reachable()
        place = self._log.places.get(grant.id)
        if place is not None:
            answered = min(self._elapsed(), place.answered_by)
            self._log.places[grant.id] = attrs.evolve(place, answered_by=answered)

    def reopened(self) -> FakeLimiter:
        """Return what a restart makes: another limiter on the same log."""
        return FakeLimiter(self._clock, self.timeout, self.closed_until, log=self._log)

    def _give(self, budget: Budget, now: timedelta) -> Grant:
        grant = Grant(self._log.ids.new(), budget)
        latest = now + timedelta(seconds=self.timeout)
        self._log.places[grant.id] = Place(grant, now, latest)
        self._log.granted.append((self._clock.now(), budget))
        return grant

    def _check_reachable(self) -> None:
        if self.unreachable:
            raise StorageUnavailable("The limiter cannot be reached.")

    def _elapsed(self) -> timedelta:
        return timedelta(seconds=self._clock.monotonic())

    def _wall_ahead(self) -> timedelta:
        return self._clock.now() - datetime.min.replace(tzinfo=UTC) - self._elapsed()

    def _close_after_jump(self) -> None:
        ahead = self._wall_ahead()
        if abs(ahead - self._wall) >= JUMP:
            closed_for = _SPAN + timedelta(seconds=self.timeout)
            self.closed_until = self._clock.now() + closed_for
        self._wall = ahead

    def _full_for(self, budget: Budget, now: timedelta) -> timedelta:
        taken = [
            place.free_at
            for place in self._log.places.values()
            if place.grant.budget is budget
        ]
        return min(taken) - now if len(taken) == budget.limit else timedelta(0)

    def _closed_for(self) -> timedelta:
        if self.closed_until is None:
            return timedelta(0)
        return max(self.closed_until - self._clock.now(), timedelta(0))
