"""`mta up`: the watcher's and the worker's containers, one per event loop.

The two share no part but the broker; they meet in the database.
"""

from __future__ import annotations

from typing import TextIO

import attrs
import dramatiq

from mta_adapters.queue import (
    DramatiqQueue,
    ResourceMiddleware,
    declare_actors,
    make_stub_broker,
)
from mta_core.domain.errors import MtaError
from mta_entrypoints.container import close
from mta_entrypoints.settings import Settings
from mta_entrypoints.watcher.container import WatcherContainer
from mta_entrypoints.worker.container import WorkerContainer
from mta_entrypoints.worker.main import handlers


@attrs.frozen
class Parts:
    """What runs in one process: a container per loop, and the broker between them."""

    broker: dramatiq.Broker
    watcher: WatcherContainer
    worker: WorkerContainer


def build(settings: Settings, out: TextIO) -> Parts:
    """Wire everything; nothing is opened yet. *out*: where notices are shown."""

    async def open_worker() -> None:
        """Build and connect what jobs need, so that the first one is not late."""
        for provider in (worker.book, worker.follow_up, worker.deliver):
            provider()
        try:
            async with worker.store().snapshot() as tx:
                await tx.sights.blind()
        except MtaError:
            await close(worker)
            raise

    async def close_worker() -> None:
        await close(worker)

    broker = make_stub_broker(ResourceMiddleware(open_worker, close_worker))
    queue = DramatiqQueue(broker)
    watcher = WatcherContainer(settings=settings, queue=queue)
    worker = WorkerContainer(settings=settings, queue=queue, out=out)
    declare_actors(broker, handlers(worker))
    return Parts(broker, watcher, worker)
