"""Record: write down what was observed, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import attrs

from mta_core.domain.availability import DateWindow, Observation, compare
from mta_core.domain.bookings import Booking, Lane
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.notifications import Kind, Notification, facts_of
from mta_core.polling.shift_plan import OnShift
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.queue import Job, JobQueue, Task
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.allot import Allotment, Take, Tell, allot


@attrs.frozen
class Record:
    """Turn one observation into openings, bookings and messages, all or nothing."""

    store: UnitOfWork
    queue: JobQueue
    clock: Clock
    ids: Ids

    async def __call__(
        self, seen: Observation, catalogue: Catalogue, on: OnShift | None = None
    ) -> None:
        """Write it, and queue what is to be done, bookings first.

        A slot is gone sooner than a message is late.

        Args:
            on: the watch shift in which it was seen: it serves nobody else.

        Raises:
            StorageUnavailable: nothing was recorded; the next answer shows it again.
        """
        probe = seen.probe
        async with self.store.begin() as tx:
            known = await tx.openings.open_at(
                probe.services,
                probe.offices,
                DateWindow(probe.window.first, seen.through),
            )
            sightings = compare(known, seen, self._fresh_ids())
            await tx.openings.save(sightings.changed)
            await tx.sights.mark_seeing(probe.key)
            await tx.watched.note(probe.services, probe.offices, seen.at)
            allotted = await allot(
                tx, probe.services, sightings.free, catalogue, seen.at, on
            )
            jobs = await self._write(tx, allotted, seen, catalogue)
            await tx.commit()
        await self.queue.put(*jobs)

    async def _write(
        self,
        tx: Transaction,
        allotted: Allotment,
        seen: Observation,
        catalogue: Catalogue,
    ) -> list[Job]:
        jobs = [await self._take(tx, take, seen) for take in allotted.takes]
        taken = (Tell(take.subscription, (take.opening,)) for take in allotted.takes)
        news = [(Kind.BOOKING, tell) for tell in taken]
        news += [(Kind.FOUND, tell) for tell in allotted.tells]
        jobs += [await self._tell(tx, tell, kind, catalogue) for kind, tell in news]
        return jobs

    async def _take(self, tx: Transaction, take: Take, seen: Observation) -> Job:
        now = self.clock.now()
        booking = Booking(
            id=self.ids.new(),
            user=take.subscription.user,
            subscription=take.subscription.id,
            slot=take.opening.slot,
            alternatives=tuple(opening.slot for opening in take.alternatives),
            seen_at=seen.at,
            requested_at=now,
            due_at=now,
            lane=Lane.SWAP if take.replaces else Lane.MAIN,
            replaces=take.replaces,
            checked=take.checked,
        )
        await tx.bookings.save(booking)
        return Job(Task.BOOK, booking.id)

    async def _tell(
        self, tx: Transaction, tell: Tell, kind: Kind, catalogue: Catalogue
    ) -> Job:
        now = self.clock.now()
        slots = tuple(opening.slot for opening in tell.openings)
        notification = Notification(
            id=self.ids.new(),
            user=tell.subscription.user,
            kind=kind,
            created_at=now,
            due_at=now,
            subscription=tell.subscription.id,
            slots=slots,
            facts=facts_of(slots, catalogue, **_others(tell)),
        )
        await tx.notifications.save(notification)
        told = await tx.openings.told(opening.id for opening in tell.openings)
        new = [o.id for o in tell.openings if (notification.user, o.id) not in told]
        await tx.openings.tell(notification.user, new, notification.id)
        return Job(Task.DELIVER, notification.id)

    def _fresh_ids(self) -> Iterator[UUID]:
        while True:
            yield self.ids.new()


def _others(tell: Tell) -> dict[str, str]:
    return {"others": str(tell.others)} if tell.others else {}
