"""`mta up`: watcher and worker in one process, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TextIO

import dramatiq
import structlog
from dramatiq.middleware import MiddlewareError

from mta_core.domain.errors import MtaError
from mta_entrypoints import folder
from mta_entrypoints.container import opened
from mta_entrypoints.settings import Settings
from mta_entrypoints.up.container import Parts, build
from mta_entrypoints.up.lock import exclusive
from mta_entrypoints.watcher.main import Watcher

WORKER_THREADS = 32
# A message wakes a worker at once; this is only how often an idle one looks around.
# At 50 ms 32 idle threads took 3.4 % of a core here, at 500 ms 1.3 %.
IDLE_MS = 500
STOP_WITHIN_MS = 15_000  # longer than any call to the city may take

_log = structlog.get_logger()


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    out: TextIO = sys.stdout,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Run everything until *stop* is set; steps under way are finished first.

    Args:
        out: where notices to citizens are shown.
        ready: called once, when everything runs.

    Raises:
        StorageUnavailable: the data folder is in use or cannot be used.
    """
    folder.ensure(settings.data_dir)
    with exclusive(settings.data_dir):
        parts = build(settings, out)
        watcher = _watcher(parts)  # what cannot be built is found before anything runs
        async with opened(parts.watcher), _working(parts):
            watching = asyncio.create_task(watcher.run())
            ready()
            await _until(stop, watching)


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def _watcher(parts: Parts) -> Watcher:
    container = parts.watcher
    return Watcher(
        watch=container.watch(),
        relay=container.relay(),
        tend=container.tend(),
        read_catalogue=container.read_catalogue(),
        suspicions=container.suspicions(),
        pacing=container.pacing(),
        clock=container.clock(),
        remember=container.remember(),
        invite=container.invite(),
        foretell=container.foretell(),
    )


@asynccontextmanager
async def _working(parts: Parts) -> AsyncIterator[None]:
    """Run Dramatiq's worker beside this loop."""
    parts.broker.emit_after("process_boot")
    worker = dramatiq.Worker(
        parts.broker, worker_threads=WORKER_THREADS, worker_timeout=IDLE_MS
    )
    try:
        _start(worker)
        yield
    finally:
        await asyncio.to_thread(worker.stop, timeout=STOP_WITHIN_MS)
        _log.info("worker_stopped")


def _start(worker: dramatiq.Worker) -> None:
    """Start it. Raises what keeps it from starting, if that is an error of MTA's."""
    try:
        worker.start()
    except MiddlewareError as error:
        if isinstance(error.__cause__, MtaError):
            raise error.__cause__ from None
        raise


async def _until(stop: asyncio.Event, watching: asyncio.Task[None]) -> None:
    """Wait for the signal, or for the watcher to fail: then fail with it."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, watching}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if watching.done():
        await watching
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
