"""The practice city as an ASGI application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import Scope

from mta_practice.city import City
from mta_practice.clock import SteppedClock
from mta_practice.errors import PracticeError
from mta_practice.http.browser import frontend
from mta_practice.http.citizen import mount
from mta_practice.http.control import control, page
from mta_practice.settings import PracticeSettings

_log = logging.getLogger("mta_practice")

#: Shortest wait between two looks at the clock, in seconds.
_BREATH: Final = 0.005


def create_app(settings: PracticeSettings) -> Litestar:
    """Build the application; ``app.state.city`` is its `City`.

    Due minute jobs run before every request, and under the machine's time by a task
    of the lifespan too, so that mails leave even when nobody asks.
    """
    city = City(settings)
    front = [page] if settings.frontend is None else frontend(settings.frontend)
    return Litestar(
        [mount(city), control(city), *front],
        state=State({"city": city}),
        lifespan=[_minute_jobs(city)],
        after_exception=[_log_faults],
        openapi_config=None,
        logging_config=None,
    )


async def _log_faults(error: Exception, _: Scope) -> None:
    """Show faults of the practice city itself; what it answers on purpose is none."""
    if not isinstance(error, HTTPException | PracticeError):
        _log.error("the practice city failed", exc_info=error)


def _minute_jobs(
    city: City,
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        if isinstance(city.clock, SteppedClock):
            yield
            return
        task = asyncio.create_task(_run_jobs(city))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return lifespan


async def _run_jobs(city: City) -> None:
    while True:
        now = city.catch_up()
        wait = (city.jobs.next_run - now) / city.clock.speed
        await asyncio.sleep(max(_BREATH, wait))
