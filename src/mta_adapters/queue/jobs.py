"""Handing jobs to the broker, from any event loop."""

from __future__ import annotations

import asyncio
import logging

import attrs
from dramatiq import Broker, Message
from dramatiq.errors import BrokerConnectionError

from mta_adapters.queue.broker import QUEUES
from mta_core.ports.queue import Job, JobQueue

_log = logging.getLogger(__name__)


@attrs.frozen
class DramatiqQueue(JobQueue):
    """Carries a job as its task's name and the id of its record, nothing else."""

    _broker: Broker

    async def put(self, *jobs: Job) -> None:
        """Hand over jobs, in this order, without holding up the loop.

        A broker that cannot be reached is no error: the relay finds in the database
        what was to be done.
        """
        if not jobs:
            return
        try:
            await asyncio.to_thread(self._enqueue, jobs)
        except BrokerConnectionError:
            _log.warning("jobs_not_queued", extra={"jobs": len(jobs)})

    def _enqueue(self, jobs: tuple[Job, ...]) -> None:
        for job in jobs:
            self._broker.enqueue(
                Message(
                    queue_name=QUEUES[job.task],
                    actor_name=job.task.value,
                    args=(str(job.id),),
                    kwargs={},
                    options={},
                )
            )
