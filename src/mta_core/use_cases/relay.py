"""Relay: find in the database what the queue has lost, or what has become due."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.notifications import Notification
from mta_core.ports.clock import Clock
from mta_core.ports.queue import Job, JobQueue, Task
from mta_core.ports.repository import UnitOfWork

GRACE = timedelta(seconds=1)
"""Whoever makes something due also queues it: the relay leaves it alone so long."""

PATIENCE = timedelta(seconds=30)
"""A job that was queued is not queued again for this long."""

BATCH = 200
_AFTER_MAIL = frozenset({BookingState.PRECONFIRMED, BookingState.CONFIRMED})


@attrs.define
class Relay:
    """Queue everything that is overdue, bookings first."""

    store: UnitOfWork
    queue: JobQueue
    clock: Clock
    _queued: dict[tuple[UUID, datetime | None], datetime] = attrs.field(factory=dict)

    async def __call__(self) -> int:
        """Return how many jobs were queued."""
        now = self.clock.now()
        fresh = {key: at for key, at in self._queued.items() if now - at < PATIENCE}
        limit = BATCH + len(fresh)  # what is queued already must not hide the rest
        async with self.store.snapshot() as tx:
            bookings = await tx.bookings.due(now - GRACE, limit)
            notifications = await tx.notifications.due(now - GRACE, limit)
        overdue: tuple[Booking | Notification, ...] = (*bookings, *notifications)
        lost = {
            (record.id, record.due_at): Job(_task(record), record.id)
            for record in overdue
            if (record.id, record.due_at) not in fresh
        }
        self._queued = fresh | dict.fromkeys(lost, now)
        await self.queue.put(*lost.values())
        return len(lost)


def _task(record: Booking | Notification) -> Task:
    if isinstance(record, Notification):
        return Task.DELIVER
    return Task.FOLLOW_UP if record.state in _AFTER_MAIL else Task.BOOK
