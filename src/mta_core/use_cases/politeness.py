"""A place in the budget for every request to the city."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from mta_core.domain.errors import StorageUnavailable
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter, Wait


@asynccontextmanager
async def turn(limiter: Limiter, clock: Clock, budget: Budget) -> AsyncIterator[float]:
    """Wait for a place in the budget, and hold it while one request is out.

    Yields:
        The seconds that were spent waiting.

    Raises:
        StorageUnavailable: the limiter cannot be reached; nothing may be sent.
    """
    started = clock.monotonic()
    while isinstance(place := await limiter.ask(budget), Wait):
        await clock.sleep(place.seconds)
    try:
        yield clock.monotonic() - started
    finally:
        # A place that cannot be settled counts as answered at the timeout: safe.
        with suppress(StorageUnavailable):
            await limiter.settle(place)
