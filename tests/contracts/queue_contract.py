"""The contract of the queue port: subclass `QueueContract`, give two fixtures.

``queue``  an empty `JobQueue`.
``drain``  an async callable without arguments: the jobs that were handed to workers,
           in the order in which a single worker, free only now, gets them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from mta_core.ports.queue import Job, JobQueue, Task
from mta_core.testing.builders import an_id

Drain = Callable[[], Awaitable[Sequence[Job]]]


class QueueContract:
    """Everything that is asked of a queue that is well."""

    async def test_what_is_put_arrives(self, queue: JobQueue, drain: Drain) -> None:
        jobs = {Job(task, an_id()) for task in Task}
        await queue.put(*jobs)
        assert set(await drain()) == jobs

    async def test_bookings_go_before_messages(
        self, queue: JobQueue, drain: Drain
    ) -> None:
        await queue.put(*(Job(Task.DELIVER, an_id()) for _ in range(3)))
        await queue.put(Job(Task.BOOK, an_id()), Job(Task.DELIVER, an_id()))
        await queue.put(Job(Task.BOOK, an_id()))
        tasks = [job.task for job in await drain()]
        assert tasks == [Task.BOOK] * 2 + [Task.DELIVER] * 4

    async def test_jobs_of_a_kind_keep_their_order(
        self, queue: JobQueue, drain: Drain
    ) -> None:
        for task in Task:
            jobs = [Job(task, an_id()) for _ in range(5)]
            await queue.put(*jobs[:3])
            await queue.put(*jobs[3:])
            assert list(await drain()) == jobs

    async def test_a_job_may_be_put_twice(self, queue: JobQueue, drain: Drain) -> None:
        job, other = Job(Task.BOOK, an_id()), Job(Task.FOLLOW_UP, an_id())
        await queue.put(job, other)
        await queue.put(job)
        arrived = await drain()
        assert set(arrived) == {job, other}
        assert 1 <= list(arrived).count(job) <= 2

    async def test_putting_nothing_is_harmless(
        self, queue: JobQueue, drain: Drain
    ) -> None:
        await queue.put()
        assert not await drain()
