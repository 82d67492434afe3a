"""The list keeps the queue contract."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mta_core.ports.queue import Job, Task
from mta_core.testing.builders import an_id
from mta_core.testing.queue import ListQueue
from tests.contracts.queue_contract import Drain, QueueContract


class TestListQueue(QueueContract):
    """The list against the contract."""

    @pytest.fixture
    def queue(self) -> ListQueue:
        return ListQueue()

    @pytest.fixture
    def drain(self, queue: ListQueue) -> Drain:
        async def jobs() -> Sequence[Job]:
            return queue.drain()

        return jobs


async def test_a_worker_takes_one_at_a_time() -> None:
    queue = ListQueue()
    deliver, book = Job(Task.DELIVER, an_id()), Job(Task.BOOK, an_id())
    await queue.put(deliver, book)
    assert queue.waiting == [deliver, book]
    assert [queue.take(), queue.take(), queue.take()] == [book, deliver, None]


async def test_it_can_lose_what_it_is_given() -> None:
    queue = ListQueue()
    queue.losing = True
    await queue.put(Job(Task.BOOK, an_id()))
    assert queue.drain() == []
