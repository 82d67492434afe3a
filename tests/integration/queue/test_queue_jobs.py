"""How jobs get into the queue."""

from __future__ import annotations

import asyncio
import threading
from typing import Any
from uuid import UUID

import pytest
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import ConnectionFailed

from mta_adapters.queue import DramatiqQueue, make_stub_broker
from mta_core.ports.queue import Job, Task

PATIENCE = 10.0
JOB = Job(Task.BOOK, UUID(int=7))


async def test_nothing_is_queued_for_no_jobs() -> None:
    broker = make_stub_broker()

    await DramatiqQueue(broker).put()

    assert all(queue.empty() for queue in broker.queues.values())


async def test_a_message_carries_a_name_and_an_id_alone() -> None:
    broker = make_stub_broker()

    await DramatiqQueue(broker).put(JOB)

    message = broker.queues["bookings"].get_nowait()
    assert b'"args":["00000000-0000-0000-0000-000000000007"]' in message
    assert b'"kwargs":{}' in message


class _SlowBroker(StubBroker):
    """Takes a message only when it is released, as a slow network would."""

    def __init__(self) -> None:
        super().__init__(middleware=[])
        self.release = threading.Event()

    def enqueue(self, message: Any, *, delay: int | None = None) -> Any:
        assert self.release.wait(PATIENCE)
        return message


async def test_putting_does_not_hold_up_the_loop() -> None:
    broker = _SlowBroker()

    putting = asyncio.create_task(DramatiqQueue(broker).put(JOB))
    await asyncio.sleep(0)  # the task has begun, and the loop is here again
    assert not putting.done()
    broker.release.set()

    await putting


LOST: type[Exception] = ConnectionFailed


class _LostBroker(StubBroker):
    """Cannot be reached."""

    def enqueue(self, message: Any, *, delay: int | None = None) -> Any:
        raise LOST("no broker")


async def test_a_broker_out_of_reach_is_left_to_the_relay(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await DramatiqQueue(_LostBroker(middleware=[])).put(JOB, JOB)

    (record,) = caplog.records
    assert (record.message, record.levelname) == ("jobs_not_queued", "WARNING")
