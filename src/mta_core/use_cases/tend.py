"""Tend: look after the lives of subscriptions, so that nobody waits in vain."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.notifications import Kind, Notification
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.queue import Job, JobQueue, Task
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.read_catalogue import last_known

BATCH = 200


@attrs.frozen
class Tend:
    """Ask who has not been heard of for long, and end what is over."""

    store: UnitOfWork
    queue: JobQueue
    clock: Clock
    ids: Ids

    async def __call__(self) -> int:
        """Look after every subscription that is due; return how many were."""
        now = self.clock.now()
        async with self.store.snapshot() as tx:
            if not await tx.subscriptions.due(now, 1):
                return 0
        async with self.store.begin() as tx:
            due = await tx.subscriptions.due(now, BATCH)
            names = await last_known(tx)
            jobs = [await self._care(tx, wish, names, now) for wish in due]
            await tx.commit()
        await self.queue.put(*(job for job in jobs if job))
        return len(due)

    async def offered(
        self, catalogue: Catalogue, before: Catalogue | None = None
    ) -> None:
        """Tell whoever waits for something that the city has dropped, or brings back.

        Nobody loses their place: the city has been seen to list services again.

        Args:
            before: the catalogue until now, which has the names of what is gone.
        """
        now, jobs = self.clock.now(), []
        async with self.store.begin() as tx:
            for services in await tx.subscriptions.wanted():
                able = catalogue.able(services)
                for wish in await tx.subscriptions.waiting_for(services):
                    gone = not any(map(wish.wishes.accept_office, able))
                    if gone is (wish.vanished_at is not None):
                        continue
                    await tx.subscriptions.save(wish.vanish(now if gone else None))
                    kind = Kind.VANISHED if gone else Kind.BACK
                    names = before if gone and before else catalogue
                    jobs.append(await self._tell(tx, wish, kind, names))
            await tx.commit()
        await self.queue.put(*jobs)

    async def _care(
        self, tx: Transaction, wish: Subscription, names: Catalogue, now: datetime
    ) -> Job | None:
        if wish.ends_at is not None and wish.ends_at <= now:
            if wish.standing is not None:  # the appointment stands: all is well
                await tx.subscriptions.save(wish.fulfil())
                return None
            after, kind = wish.expire(), Kind.OVER
        elif now < wish.ask_at:
            await tx.subscriptions.save(wish)  # not due after all: note when it will be
            return None
        elif wish.asked_at is None:
            after, kind = wish.ask(now), Kind.STILL_NEEDED
        else:
            after, kind = wish.pause(), Kind.PAUSED
        await tx.subscriptions.save(after)
        return await self._tell(tx, wish, kind, names)

    async def _tell(
        self, tx: Transaction, wish: Subscription, kind: Kind, names: Catalogue
    ) -> Job:
        now = self.clock.now()
        note = Notification(
            id=self.ids.new(),
            user=wish.user,
            kind=kind,
            created_at=now,
            due_at=now,
            subscription=wish.id,
            facts={
                "service": names.name_of(wish.services),
                "since": wish.waiting_since.isoformat(),
                "id": _short(wish.id),
            },
        )
        await tx.notifications.save(note)
        return Job(Task.DELIVER, note.id)


def _short(record: UUID) -> str:
    """The end of an id, by which people name a record."""
    return record.hex[-8:]
