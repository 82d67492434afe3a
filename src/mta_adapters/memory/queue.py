"""A queue for processes that have no workers of their own."""

from __future__ import annotations

from mta_core.ports.queue import Job, JobQueue


class NoQueue(JobQueue):
    """Leaves all work to the relay of `mta up`, which finds it in the database."""

    async def put(self, *jobs: Job) -> None:
        """Hand over nothing: what is due stands in the database already."""
