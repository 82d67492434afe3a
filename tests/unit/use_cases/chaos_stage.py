"""A world in which many are at work at once, and nobody waits for anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.accounts import User
from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking
from mta_core.domain.calls import CityAppointment
from mta_core.domain.errors import DomainError, StorageUnavailable
from mta_core.domain.shifts import Token
from mta_core.domain.subscriptions import Subscription
from mta_core.testing._city import Process
from mta_core.testing.clock import FakeClock
from mta_core.testing.site import ScriptedSite
from tests.unit.use_cases.world import Crash, World

# What a crashed or cut off process may raise; nothing else may come out of MTA.
_EXPECTED = (Crash, StorageUnavailable)


@attrs.define(eq=False)
class Stage:
    """One world, and everybody in it.

    Attributes:
        owners: for which booking the city made an appointment, answered or not.
        gave_back: the bookings that their citizens have given back, or tried to.
    """

    world: World = attrs.field(factory=lambda: World(clock=FakeClock()))
    users: list[User] = attrs.field(factory=list)
    wishes: list[Subscription] = attrs.field(factory=list)
    owners: dict[int, UUID] = attrs.field(factory=dict)
    gave_back: set[UUID] = attrs.field(factory=set)
    running: list[asyncio.Task[Any]] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        world = self.world
        world.site = WitnessedSite(world.site.city, world.clock, stage=self)
        world.site.latency = 0.5
        world.wire()

    async def wait(self, seconds: float) -> None:
        """Time passes, and whoever is at work goes on."""
        clock, until = self.world.clock, self.world.clock.monotonic() + seconds
        await clock.advance(0)
        while (left := until - clock.monotonic()) > 1e-6:  # what a clock can tell
            # In small steps: whoever was woken goes as far as they can meanwhile.
            await clock.advance(min(left, 1.0) if self.running else left)
            self._see_who_is_done()

    def _see_who_is_done(self) -> None:
        done = [task for task in self.running if task.done()]
        self.running = [task for task in self.running if not task.done()]
        for task in done:
            error = task.exception()
            if error is not None and not isinstance(error, _EXPECTED):
                raise error

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Let nothing go wrong with the database: this is not about that."""
        store = self.world.store
        fate, store.dies_in = store.dies_in, None
        failures = store.recover()
        yield
        store.dies_in = fate
        for failure in failures:
            store.fail(failure)

    def say(self, word: Coroutine[Any, Any, Any]) -> None:
        """Let a citizen say something that may not be possible (any more)."""

        async def said() -> None:
            with suppress(DomainError):
                await word

        self.begin(said())

    def begin(self, deed: Coroutine[Any, Any, Any], name: str = "") -> None:
        """Let somebody be at work beside all others. *name*: the record's id."""
        self.running.append(asyncio.create_task(deed, name=name))

    def wish(self, number: int) -> Subscription:
        return self.wishes[number % len(self.wishes)]

    async def bookings(self) -> list[Booking]:
        """Read all bookings, oldest first."""
        async with self.world.store.snapshot() as tx:
            found = [b for user in self.users for b in await tx.bookings.of(user.id)]
        return sorted(found, key=lambda b: (b.requested_at, b.id))

    def live(self) -> list[Process]:
        """What the city holds now."""
        now = self.world.clock.now()
        every = self.world.site.processes.values()
        return [each for each in every if each.live and not each.overdue(now)]


@attrs.define(eq=False)
class WitnessedSite(ScriptedSite):
    """Remembers for which booking an appointment was made, answered or not."""

    stage: Stage = attrs.field(kw_only=True)

    async def reserve(self, slot: Slot, token: Token | None = None) -> CityAppointment:
        """Hold a slot, and note for whom."""
        before = set(self.processes)
        try:
            return await super().reserve(slot, token)
        finally:
            for made in self.processes.keys() - before:
                if self.processes[made].slot == slot:
                    # Whoever made it comes here first, before who was too late.
                    self.stage.owners.setdefault(made, _present_job())


def _present_job() -> UUID:
    task = asyncio.current_task()
    assert task is not None
    return UUID(task.get_name())
