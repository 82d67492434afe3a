"""The queue keeps the port's contract, with a real worker at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import attrs
import pytest
from dramatiq import Broker, Middleware, Worker
from dramatiq.brokers.stub import StubBroker

from mta_adapters.queue import DramatiqQueue, declare_actors, make_stub_broker
from mta_adapters.queue.actors import Handler
from mta_core.ports.queue import Job, Task
from tests.contracts.queue_contract import Drain, QueueContract

pytestmark = pytest.mark.integration

PATIENCE = 10.0
PREFETCH = 2
"""Jobs of each queue that stand before a worker of one thread."""


class _FreeOnlyNow(Middleware):
    """Holds the worker's thread back until all that can be fetched is fetched."""

    backlog = 0

    def after_worker_thread_boot(self, broker: Broker, thread: object) -> None:
        queue = thread.work_queue  # type: ignore[attr-defined]
        with queue.not_empty:  # notified with every job that comes
            assert queue.not_empty.wait_for(
                lambda: len(queue.queue) >= self.backlog, PATIENCE
            )


@attrs.define
class Post:
    """A broker, and workers that note what they get."""

    _gate: _FreeOnlyNow = attrs.field(factory=_FreeOnlyNow, init=False)
    broker: StubBroker = attrs.field(init=False)
    _got: list[Job] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.broker = make_stub_broker(self._gate)
        declare_actors(self.broker, {task: self._handler(task) for task in Task})

    def _handler(self, task: Task) -> Handler:
        async def note(record: UUID) -> None:
            self._got.append(Job(task, record))

        return note

    async def drain(self) -> Sequence[Job]:
        """Let a worker of one thread have everything, and return it."""
        return await asyncio.to_thread(self._drain)

    def _drain(self) -> Sequence[Job]:
        self._got = []
        names = ("bookings", "notices")
        waiting = [self.broker.queues[name].qsize() for name in names]
        self._gate.backlog = sum(min(PREFETCH, count) for count in waiting)
        worker = Worker(self.broker, worker_threads=1, worker_timeout=20)
        worker.start()
        try:
            for name in names:
                self.broker.join(name, timeout=int(PATIENCE * 1000))
            worker.join()
        finally:
            worker.stop()
        return self._got


class TestDramatiqQueue(QueueContract):
    """Dramatiq in one process against the contract."""

    @pytest.fixture
    def post(self) -> Post:
        return Post()

    @pytest.fixture
    def queue(self, post: Post) -> DramatiqQueue:
        return DramatiqQueue(post.broker)

    @pytest.fixture
    def drain(self, post: Post) -> Drain:
        return post.drain
