"""A queue that is a list."""

from __future__ import annotations

import attrs

from mta_core.ports.queue import Job, JobQueue, Task

_RANK = {Task.BOOK: 0, Task.FOLLOW_UP: 1, Task.DELIVER: 2}


@attrs.define(eq=False)
class ListQueue(JobQueue):
    """Keeps jobs until a test takes them, bookings before messages.

    Attributes:
        waiting: what was put and not taken yet, in the order of putting.
        losing: set it to lose whatever is put, as a queue may.
    """

    waiting: list[Job] = attrs.field(factory=list, init=False)
    losing: bool = attrs.field(default=False, init=False)

    async def put(self, *jobs: Job) -> None:
        """Keep jobs, or lose them."""
        if not self.losing:
            self.waiting += jobs

    def take(self) -> Job | None:
        """Take the job that a worker would do next."""
        if not self.waiting:
            return None
        job = min(self.waiting, key=lambda job: _RANK[job.task])
        self.waiting.remove(job)
        return job

    def drain(self) -> list[Job]:
        """Take all jobs, in the order in which a single worker would."""
        jobs = sorted(self.waiting, key=lambda job: _RANK[job.task])
        self.waiting.clear()
        return jobs
