"""A place in the budget for every request to the city."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Protocol

import attrs

from mta_core.domain.errors import NotSent, StorageUnavailable
from mta_core.polling.budgets import SEND_WITHIN
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Grant, Limiter, Wait


@attrs.frozen
class Place:
    """A place in a budget, for one request that leaves soon.

    Attributes:
        waited: seconds until it was had.
    """

    _clock: Clock
    _wall: datetime
    _running: float
    waited: float = 0.0

    @classmethod
    def sought(cls, clock: Clock) -> Place:
        """Return what a place is that is asked for from now on."""
        return cls(clock, clock.now(), clock.monotonic())

    @property
    def good(self) -> bool:
        """Whether the request may still leave: else it might not count long enough.

        Both clocks are asked. One can be set, the other one stands still while the
        machine sleeps.
        """
        passed = (self._clock.now() - self._wall).total_seconds()
        running = self._clock.monotonic() - self._running
        return max(passed, running) <= SEND_WITHIN

    def check(self) -> None:
        """Look at the clock once more, where something came before the request.

        Raises:
            NotSent: it is too late to send it.
        """
        if not self.good:
            raise NotSent


class Asker(Protocol):
    """Somebody who wants a place, and has manners."""

    async def front(self) -> datetime | None:
        """Wait until nobody is more urgent; return what is too late for the request."""
        ...

    async def rest(self, seconds: float) -> None:
        """Wait for a place that long, and let others try meanwhile."""
        ...


@attrs.frozen
class _Anybody(Asker):
    clock: Clock

    async def front(self) -> None:
        return None

    async def rest(self, seconds: float) -> None:
        await self.clock.sleep(seconds)


@asynccontextmanager
async def turn(
    limiter: Limiter, clock: Clock, budget: Budget, asker: Asker | None = None
) -> AsyncIterator[Place]:
    """Wait for a place in the budget, and hold it while one request is out.

    Yields:
        The place. Whoever does anything else before sending must `Place.check` it.

    Raises:
        StorageUnavailable: the limiter cannot be reached; nothing may be sent.
    """
    started = clock.monotonic()
    grant, place = await _granted(limiter, clock, budget, asker or _Anybody(clock))
    try:
        yield attrs.evolve(place, waited=clock.monotonic() - started)
    finally:
        # A place that cannot be settled counts as answered at the timeout: safe.
        with suppress(StorageUnavailable):
            await limiter.settle(grant)


async def _granted(
    limiter: Limiter, clock: Clock, budget: Budget, asker: Asker
) -> tuple[Grant, Place]:
    while True:
        by = await asker.front()
        place = Place.sought(clock)
        answer = await limiter.ask(budget, by)
        if isinstance(answer, Wait):
            await asker.rest(answer.seconds)
        elif place.good:
            return answer, place
        else:  # the log was slow to write it down: it may count from too early on
            await limiter.settle(answer)
