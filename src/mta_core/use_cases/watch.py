"""Watch: ask the city one question and act on what it answers.

The whole way of the data in one place::

    planner → budget → city → what was observed → openings
            → who takes, who is told → one transaction → queue
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.availability import DateWindow, Observation, Probe, compare
from mta_core.domain.blindness import Blindness, reason_of
from mta_core.domain.bookings import Booking
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import SiteError
from mta_core.domain.notifications import Kind, Notification, facts_of
from mta_core.polling.planner import Outcome, Planner
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.queue import Job, JobQueue, Task
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.ports.site import SiteGateway
from mta_core.use_cases.allot import Take, Tell, allot
from mta_core.use_cases.politeness import turn
from mta_core.use_cases.waiting import Waiting


@attrs.frozen
class Watch:
    """Take one step of watching."""

    waiting: Waiting
    planner: Planner
    limiter: Limiter
    site: SiteGateway
    store: UnitOfWork
    queue: JobQueue
    clock: Clock
    ids: Ids

    async def __call__(self) -> Outcome | None:
        """Ask the next question, record and act; None if nobody waits.

        An error of the city is an outcome, not an exception: the probe is blind.

        Raises:
            StorageUnavailable: nothing was recorded; the next step observes it again.
        """
        probe = self.planner.next(await self.waiting(), self.clock.now())
        if probe is None or self.waiting.catalogue is None:
            return None
        try:
            async with turn(self.limiter, self.clock, Budget.CALENDAR):
                calendar = await self.site.calendar(probe)
        except SiteError as error:
            outcome = Outcome(probe, self.clock.now(), error=error)
            await self._note_blind(probe, error)
        else:
            seen = Observation.of(probe, calendar, self.clock.now())
            outcome = Outcome(probe, seen.at, observation=seen)
            jobs = await self._record(seen, self.waiting.catalogue)
            await self.queue.put(*jobs)
        self.planner.learn(outcome)
        return outcome

    async def _note_blind(self, probe: Probe, error: SiteError) -> None:
        blindness = Blindness(probe.key, reason_of(error), self.clock.now(), str(error))
        async with self.store.begin() as tx:
            await tx.sights.mark_blind(blindness)
            await tx.commit()

    async def _record(self, seen: Observation, catalogue: Catalogue) -> list[Job]:
        """Write what was observed and what follows from it, all or nothing."""
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
            takes, tells = await allot(
                tx, probe.services, sightings.free, catalogue, seen.at
            )
            jobs = [await self._take(tx, take, seen.at) for take in takes]
            for take in takes:
                news = Tell(take.subscription, (take.opening,))
                jobs.append(await self._tell(tx, news, Kind.BOOKING, catalogue))
            jobs += [await self._tell(tx, t, Kind.FOUND, catalogue) for t in tells]
            await tx.commit()
        return jobs  # bookings first: a slot is gone sooner than a message is late

    async def _take(self, tx: Transaction, take: Take, seen_at: datetime) -> Job:
        now = self.clock.now()
        booking = Booking(
            id=self.ids.new(),
            user=take.subscription.user,
            subscription=take.subscription.id,
            slot=take.opening.slot,
            alternatives=tuple(opening.slot for opening in take.alternatives),
            seen_at=seen_at,
            requested_at=now,
            due_at=now,
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
            facts=facts_of(slots, catalogue),
        )
        await tx.notifications.save(notification)
        told = await tx.openings.told(opening.id for opening in tell.openings)
        new = [o.id for o in tell.openings if (notification.user, o.id) not in told]
        await tx.openings.tell(notification.user, new, notification.id)
        return Job(Task.DELIVER, notification.id)

    def _fresh_ids(self) -> Iterator[UUID]:
        while True:
            yield self.ids.new()
