"""The worker: what each task does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from mta_core.ports.queue import Task
from mta_entrypoints.worker.container import WorkerContainer


def handlers(
    container: WorkerContainer,
) -> Mapping[Task, Callable[[UUID], Awaitable[None]]]:
    """Return what runs for each task.

    The use cases are built when the first job comes, on the loop that runs them.
    """

    async def book(booking_id: UUID) -> None:
        await container.book()(booking_id)

    async def follow_up(booking_id: UUID) -> None:
        await container.follow_up()(booking_id)

    async def deliver(notification_id: UUID) -> None:
        await container.deliver()(notification_id)

    return {Task.BOOK: book, Task.FOLLOW_UP: follow_up, Task.DELIVER: deliver}
