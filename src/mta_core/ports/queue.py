"""Work for later, by ids only: the queue may lose or repeat it."""

from __future__ import annotations

from enum import Enum
from typing import Protocol
from uuid import UUID

import attrs


class Task(Enum):
    """What can be asked for; every one of them may run twice without harm."""

    BOOK = "book"
    FOLLOW_UP = "follow_up"
    DELIVER = "deliver"


@attrs.frozen
class Job:
    """One piece of work: a task for one record."""

    task: Task
    id: UUID


class JobQueue(Protocol):
    """Carries jobs to workers, bookings before messages."""

    async def put(self, *jobs: Job) -> None:
        """Hand over jobs, in this order. Losing one is harmless: the relay finds it."""
        ...
