"""One actor for each task."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import attrs
import dramatiq

from mta_adapters.queue.broker import QUEUES
from mta_core.domain.errors import MtaError, NotFound, StorageConflict
from mta_core.ports.queue import Task

Handler = Callable[[UUID], Awaitable[None]]

MAX_RETRIES = 2
"""Few: the relay finds in the database whatever failed for longer."""

_FIRST_BACKOFF_MS = 200
_LONGEST_BACKOFF_MS = 2_000

_log = logging.getLogger(__name__)


@attrs.frozen
class _Manners:
    """How a task is run. *priority*: lower goes first; *limit*: seconds for a run."""

    priority: int
    limit: float


# A booking may wait a minute for each of its places in the budget (R3.2).
_MANNERS: Mapping[Task, _Manners] = {
    Task.BOOK: _Manners(priority=0, limit=300.0),
    Task.FOLLOW_UP: _Manners(priority=10, limit=300.0),
    Task.DELIVER: _Manners(priority=20, limit=60.0),
}


def declare_actors(
    broker: dramatiq.Broker,
    handlers: Mapping[Task, Handler],
    *,
    limits: Mapping[Task, float] | None = None,
) -> None:
    """Say what runs for each task. Every handler must bear to run twice.

    That somebody else was faster, or that the record is gone, ends a job quietly. A
    permanent error is logged and not tried again; anything else is, twice, and then
    left to the relay.

    Args:
        limits: seconds that a run may take, where they are not the usual ones.
    """
    for task in Task:
        manners = _MANNERS[task]
        limit = (limits or {}).get(task, manners.limit)
        declare = dramatiq.actor(
            actor_name=task.value,
            queue_name=QUEUES[task],
            priority=manners.priority,
            broker=broker,
            retry_when=_worth_retrying,
            min_backoff=_FIRST_BACKOFF_MS,
            max_backoff=_LONGEST_BACKOFF_MS,
        )
        declare(_actor(task, handlers[task], limit))


def _actor(
    task: Task, handle: Handler, limit: float
) -> Callable[[str], Awaitable[None]]:
    async def run(record: str) -> None:
        try:
            async with asyncio.timeout(limit):
                await handle(UUID(record))
        except (StorageConflict, NotFound) as error:
            # Somebody else is at it, or it was erased meanwhile: nothing is left to do.
            _log.debug(
                "job_not_needed",
                extra={"task": task.value, "reason": type(error).__name__},
            )

    return run


def _worth_retrying(retries: int, error: BaseException) -> bool:
    permanent = isinstance(error, MtaError) and not error.transient
    return retries < MAX_RETRIES and not permanent
