"""A real Dramatiq worker on the broker of one process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import attrs
import pytest
from dramatiq import Broker, Middleware, Worker
from dramatiq.brokers.stub import StubBroker

from mta_adapters.queue import (
    DramatiqQueue,
    ResourceFailed,
    ResourceMiddleware,
    declare_actors,
    make_stub_broker,
)
from mta_adapters.queue.actors import MAX_RETRIES, Handler
from mta_adapters.queue.broker import MOST_DEAD
from mta_core.domain.errors import (
    IllegalTransition,
    MtaError,
    NotFound,
    StorageConflict,
    StorageUnavailable,
)
from mta_core.ports.queue import Job, Task

pytestmark = pytest.mark.integration

PATIENCE = 10.0
"""Seconds after which a test fails instead of hanging."""


def an_id(number: int) -> UUID:
    """Make an id that can be told apart."""
    return UUID(int=number)


@attrs.define
class Log:
    """What ran, and what else happened, in order. Filled by the worker's threads."""

    entries: list[object] = attrs.field(factory=list)
    _change: threading.Condition = attrs.field(factory=threading.Condition)

    def add(self, entry: object) -> None:
        """Note something."""
        with self._change:
            self.entries.append(entry)
            self._change.notify_all()

    def wait_for(self, count: int) -> list[object]:
        """Return the entries once there are so many."""
        with self._change:
            assert self._change.wait_for(lambda: len(self.entries) >= count, PATIENCE)
            return list(self.entries)

    def handlers(self, **other: Handler) -> dict[Task, Handler]:
        """Make handlers that note (task, number of the record)."""

        def handler(task: Task) -> Handler:
            async def note(record: UUID) -> None:
                self.add((task, record.int))

            return note

        named = {task: other.get(task.name.lower()) for task in Task}
        return {task: named[task] or handler(task) for task in Task}


@contextmanager
def working(broker: Broker, threads: int = 2) -> Iterator[Worker]:
    """Run a worker, as `mta up` does."""
    worker = Worker(broker, worker_threads=threads, worker_timeout=20)
    try:
        worker.start()
        yield worker
    finally:
        worker.stop(timeout=5_000)


async def put(broker: Broker, *jobs: tuple[Task, int]) -> None:
    """Hand over jobs for records that are named by numbers."""
    await DramatiqQueue(broker).put(*(Job(task, an_id(n)) for task, n in jobs))


def settle(broker: StubBroker, worker: Worker) -> None:
    """Wait until nothing is left to do, retries included."""
    for queue in ("bookings", "notices"):
        broker.join(queue, timeout=int(PATIENCE * 1000), fail_fast=False)
    worker.join()


async def test_every_task_runs_with_the_id_of_its_record() -> None:
    log, broker = Log(), make_stub_broker()
    declare_actors(broker, log.handlers())

    with working(broker) as worker:
        await put(broker, *((task, n) for n, task in enumerate(Task)))
        settle(broker, worker)

    assert sorted(log.entries, key=str) == sorted(
        ((task, n) for n, task in enumerate(Task)), key=str
    )
    assert broker.dead_letters == []


async def test_jobs_that_were_put_before_the_worker_started_are_run() -> None:
    log, broker = Log(), make_stub_broker()
    await put(broker, (Task.DELIVER, 1))
    declare_actors(broker, log.handlers())

    with working(broker):
        assert log.wait_for(1) == [(Task.DELIVER, 1)]


async def test_a_booking_goes_before_the_messages_that_wait() -> None:
    log, broker = Log(), make_stub_broker()
    release = threading.Event()

    async def deliver(record: UUID) -> None:
        log.add((Task.DELIVER, record.int))
        if record.int == 0:
            await asyncio.to_thread(release.wait, PATIENCE)

    declare_actors(broker, log.handlers(deliver=deliver))
    with working(broker, threads=1) as worker:
        await put(broker, (Task.DELIVER, 0))
        log.wait_for(1)  # the only thread is taken
        await put(broker, (Task.DELIVER, 1), (Task.FOLLOW_UP, 2), (Task.BOOK, 3))
        wait_for_backlog(worker, 3)
        release.set()
        settle(broker, worker)

    assert log.entries == [
        (Task.DELIVER, 0),
        (Task.BOOK, 3),
        (Task.FOLLOW_UP, 2),
        (Task.DELIVER, 1),
    ]


def wait_for_backlog(worker: Worker, count: int) -> None:
    """Wait until so many jobs stand in front of the worker's threads."""
    backlog = worker.work_queue
    with backlog.not_empty:  # notified with every job that comes
        assert backlog.not_empty.wait_for(lambda: len(backlog.queue) >= count, PATIENCE)


def failing(log: Log, error: Exception, times: int) -> Handler:
    """Make a handler that fails so many times and then works."""

    async def book(record: UUID) -> None:
        log.add(record.int)
        if log.entries.count(record.int) <= times:
            raise error

    return book


@pytest.mark.parametrize("error", [RuntimeError("a bug"), StorageUnavailable()])
async def test_a_crash_is_tried_again_and_does_not_stop_the_worker(
    error: Exception,
) -> None:
    log, broker = Log(), make_stub_broker()
    declare_actors(broker, log.handlers(book=failing(log, error, times=MAX_RETRIES)))

    with working(broker) as worker:
        await put(broker, (Task.BOOK, 1), (Task.DELIVER, 2))
        settle(broker, worker)

    assert log.entries.count(1) == 1 + MAX_RETRIES
    assert (Task.DELIVER, 2) in log.entries
    assert broker.dead_letters == []


async def test_what_fails_for_longer_is_left_to_the_relay() -> None:
    log, broker = Log(), make_stub_broker()
    book = failing(log, StorageUnavailable(), times=99)
    declare_actors(broker, log.handlers(book=book))

    with working(broker) as worker:
        await put(broker, (Task.BOOK, 1))
        settle(broker, worker)

    assert log.entries == [1] * (1 + MAX_RETRIES)
    assert len(broker.dead_letters) == 1


async def test_a_permanent_error_is_not_tried_again() -> None:
    log, broker = Log(), make_stub_broker()
    book = failing(log, IllegalTransition(), times=99)
    declare_actors(broker, log.handlers(book=book))

    with working(broker) as worker:
        await put(broker, (Task.BOOK, 1))
        settle(broker, worker)

    assert log.entries == [1]
    assert len(broker.dead_letters) == 1


@pytest.mark.parametrize("error", [NotFound(), StorageConflict()])
async def test_a_job_that_nobody_needs_any_more_is_harmless(error: MtaError) -> None:
    log, broker = Log(), make_stub_broker()
    declare_actors(broker, log.handlers(book=failing(log, error, times=99)))

    with working(broker) as worker:
        await put(broker, (Task.BOOK, 1))
        settle(broker, worker)

    assert log.entries == [1]
    assert broker.dead_letters == []


async def test_a_run_that_takes_too_long_is_cut_off() -> None:
    log, broker = Log(), make_stub_broker()

    async def book(record: UUID) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            log.add("cut off")

    declare_actors(broker, log.handlers(book=book), limits={Task.BOOK: 0.01})
    with working(broker) as worker:
        await put(broker, (Task.BOOK, 1))
        settle(broker, worker)

    assert log.entries == ["cut off"] * (1 + MAX_RETRIES)
    assert len(broker.dead_letters) == 1


async def test_only_the_latest_failures_are_kept() -> None:
    log, broker = Log(), make_stub_broker()
    book = failing(log, IllegalTransition(), times=99)
    declare_actors(broker, log.handlers(book=book))

    with working(broker) as worker:
        await put(broker, *((Task.BOOK, n) for n in range(MOST_DEAD + 5)))
        settle(broker, worker)

    assert len(log.entries) == MOST_DEAD + 5
    assert len(broker.dead_letters) == MOST_DEAD


class _Tell(Middleware):
    """Notes when the worker is asked to stop."""

    def __init__(self, log: Log, stopping: threading.Event) -> None:
        self._log = log
        self._stopping = stopping

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._log.add("stop")
        self._stopping.set()


async def test_a_job_that_runs_is_finished_before_the_worker_stops() -> None:
    log, stopping = Log(), threading.Event()

    async def opened() -> None:
        log.add("open")

    async def closed() -> None:
        log.add("close")

    async def book(record: UUID) -> None:
        log.add("begun")
        await asyncio.to_thread(stopping.wait, PATIENCE)
        log.add("done")

    resources = ResourceMiddleware(opened, closed)
    broker = make_stub_broker(resources, _Tell(log, stopping))
    declare_actors(broker, log.handlers(book=book))
    with working(broker):
        await put(broker, (Task.BOOK, 1))
        log.wait_for(2)

    assert log.entries == ["open", "begun", "stop", "done", "close"]


async def test_resources_live_on_the_loop_of_the_jobs() -> None:
    log = Log()
    loops: list[asyncio.AbstractEventLoop] = []

    async def note() -> None:
        loops.append(asyncio.get_running_loop())

    async def book(record: UUID) -> None:
        await note()

    broker = make_stub_broker(ResourceMiddleware(note, note))
    declare_actors(broker, log.handlers(book=book))
    with working(broker) as worker:
        await put(broker, (Task.BOOK, 1))
        settle(broker, worker)

    assert len(loops) == 3
    assert len(set(loops)) == 1
    assert loops[0] is not asyncio.get_running_loop()


async def test_a_worker_without_its_resources_does_not_start() -> None:
    log = Log()

    async def opened() -> None:
        raise StorageUnavailable

    async def closed() -> None:
        log.add("close")

    broker = make_stub_broker(ResourceMiddleware(opened, closed))
    declare_actors(broker, log.handlers())
    await put(broker, (Task.BOOK, 1))

    refused = pytest.raises(ResourceFailed, match="The database cannot be used")
    with refused, working(broker):
        raise AssertionError("unreachable")

    assert log.entries == []


def test_resources_need_the_loop_before_them() -> None:
    async def nothing() -> None: ...

    middleware = ResourceMiddleware(nothing, nothing)
    broker = StubBroker(middleware=[middleware])

    with pytest.raises(ResourceFailed, match="AsyncIO must come before"):
        middleware.before_worker_boot(broker, Worker(broker))
