"""A watcher in virtual time, on the doubles of the core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from itertools import pairwise
from typing import Any

import attrs

from mta_core.domain.bookings import Booking
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.signs import Signs
from mta_core.testing import (
    FakeClock,
    FakeLimiter,
    InMemoryStore,
    ListQueue,
    ScriptedSite,
    SequentialIds,
    a_booking,
    a_catalogue,
    a_subscription,
    a_user,
)
from mta_core.use_cases.foretell import Foretell
from mta_core.use_cases.invite import Invite
from mta_core.use_cases.pacing import Pacing
from mta_core.use_cases.read_catalogue import ReadCatalogue
from mta_core.use_cases.record import Record
from mta_core.use_cases.relay import Relay
from mta_core.use_cases.remember import Remember
from mta_core.use_cases.shifts import LiveShifts
from mta_core.use_cases.suspect import Suspect
from mta_core.use_cases.tend import Tend
from mta_core.use_cases.waiting import Waiting
from mta_core.use_cases.watch import Watch
from mta_entrypoints.watcher.main import Watcher
from mta_entrypoints.watcher.suspicions import Suspicions

Logs = list[Any]


@attrs.define(eq=False)
class WatchPost:
    """The watcher, and all that it meets. Time passes when a test says so."""

    clock: FakeClock = attrs.field(factory=FakeClock)
    store: InMemoryStore = attrs.field(factory=InMemoryStore)
    queue: ListQueue = attrs.field(factory=ListQueue)
    limiter: FakeLimiter = attrs.field(init=False)
    site: ScriptedSite = attrs.field(init=False)
    watcher: Watcher = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        store, clock = self.store, self.clock
        ids, planner, signs = SequentialIds(clock), LearningPlanner(), Signs()
        self.limiter = FakeLimiter(clock)
        self.site = ScriptedSite(a_catalogue(), clock)
        self.watcher = Watcher(
            watch=Watch(
                waiting=Waiting(store, clock),
                planner=planner,
                limiter=self.limiter,
                site=self.site,
                store=store,
                record=Record(store, self.queue, clock, ids),
                clock=clock,
            ),
            tend=Tend(store, self.queue, clock, ids),
            relay=Relay(store, self.queue, clock),
            read_catalogue=ReadCatalogue(store, self.site, self.limiter, clock),
            suspicions=Suspicions(Suspect(signs, store, self.queue, clock, ids)),
            pacing=Pacing(self.limiter, self.site.counter, clock),
            clock=clock,
            foretell=Foretell(store, planner, clock),
            remember=Remember(store, [planner, signs], clock),
            invite=Invite(store, clock, ids, LiveShifts(store, clock)),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """Run all loops from now on; if they have not ended, they are cancelled."""
        task = asyncio.create_task(self.watcher.run())
        try:
            await self.clock.advance(0)
            yield task
        finally:
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def knows_the_city(self) -> None:
        """Store the catalogue."""
        async with self.store.begin() as tx:
            await tx.sights.keep_catalogue(self.site.city, self.clock.now())
            await tx.commit()

    async def wish(self, **changes: Any) -> Subscription:
        """Store a citizen who waits from now on."""
        async with self.store.begin() as tx:
            user = await tx.users.save(a_user())
            wish = await tx.subscriptions.save(a_subscription(user, **changes))
            await tx.commit()
        return wish

    async def booking(self, **changes: Any) -> Booking:
        """Store a citizen whose booking is due."""
        wish = await self.wish()
        async with self.store.begin() as tx:
            booking = await tx.bookings.save(a_booking(wish, **changes))
            await tx.commit()
        return booking

    def questions(self) -> list[datetime]:
        """When the city was asked for slots."""
        return [line.at for line in self.site.asked("calendar")]

    def catalogues(self) -> list[datetime]:
        """When the city was asked for what it offers."""
        return [line.at for line in self.site.asked("catalogue")]


def gaps(moments: Iterable[datetime]) -> list[float]:
    """Return the seconds between one moment and the next."""
    return [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]


def events(logged: Logs, *names: str) -> list[str]:
    """Name what was logged, in order, of these names only."""
    return [line["event"] for line in logged if line["event"] in names]
