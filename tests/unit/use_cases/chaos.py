"""A city, workers and citizens that do anything in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.accounts import User
from mta_core.domain.availability import Slot
from mta_core.domain.bookings import REPLACED, Booking, BookingState
from mta_core.domain.calls import CityAppointment
from mta_core.domain.errors import (
    DomainError,
    SiteError,
    StorageUnavailable,
)
from mta_core.domain.subscriptions import LEAST_GAIN, Hours, Mode, Subscription, Wishes
from mta_core.testing._city import Process
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    a_service_set,
    a_slot,
)
from mta_core.testing.clock import FakeClock
from mta_core.testing.site import ScriptedSite, SiteCall
from mta_core.use_cases.calls import LOST_ANSWER
from mta_core.use_cases.change import ENDED, PAUSED, Changes
from mta_core.use_cases.misgivings import AN_ORPHAN, UNSUITABLE
from mta_core.use_cases.relay import PATIENCE
from tests.unit.use_cases.world import SECOND, Crash, World

S = BookingState
PASSPORTS = a_service_set(PASSPORT)
BOTH = a_service_set(RESIDENCE, PASSPORT)
SLOTS = (
    a_slot(1, 0),
    a_slot(1, 0, office=ORLEANSPLATZ),
    a_slot(1, 30),
    a_slot(2, 30, office=ORLEANSPLATZ),
    a_slot(3, 0),
    a_slot(5, 0),
    a_slot(5, 0, office=ORLEANSPLATZ),
    a_slot(1, 0, services=PASSPORTS),
    a_slot(4, 0, services=PASSPORTS),
    a_slot(2, 0, services=BOTH),
)
LATE = (5, 6, 8)
"""Slots so late that an earlier one is a gain."""

WISHES = (
    Wishes(),
    Wishes(offices=frozenset({ORLEANSPLATZ})),
    Wishes(offices=frozenset({PASING})),
    Wishes(excluded=frozenset({SLOTS[0].day})),
)
A_MOMENT = 0.3
"""Seconds: less than a call takes, so that something else may happen meanwhile."""

_WORTH_TELLING = {REPLACED, UNSUITABLE, AN_ORPHAN, LOST_ANSWER, PAUSED, ENDED}
# What a crashed or cut off process may raise; nothing else may come out of MTA.
_EXPECTED = (Crash, StorageUnavailable)


@attrs.define(eq=False)
class Chaos:
    """One world, everybody in it, and the deeds that a test may order.

    Attributes:
        owners: for which booking the city made an appointment, answered or not.
        gave_back: the bookings that their citizens have given back, or tried to.
    """

    world: World = attrs.field(factory=lambda: World(clock=FakeClock()))
    users: list[User] = attrs.field(factory=list)
    wishes: list[Subscription] = attrs.field(factory=list)
    owners: dict[int, UUID] = attrs.field(factory=dict)
    gave_back: set[UUID] = attrs.field(factory=set)
    _running: list[asyncio.Task[Any]] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        world = self.world
        world.site = WitnessedSite(world.site.city, world.clock, chaos=self)
        world.site.latency = 0.5
        world.wire()

    # Citizens

    async def arrive(self, mode: Mode, hours: int, wishes: int, swaps: bool) -> None:
        """A citizen comes to wait."""
        with self._undisturbed():
            self.users.append(await self.world.citizen())
        gain = LEAST_GAIN if swaps and mode is Mode.BOOK else None
        await self.want(-1, mode, hours, wishes, gain)

    async def want(
        self, who: int, mode: Mode, hours: int, wishes: int, gain: timedelta | None
    ) -> None:
        """A citizen waits for the residence."""
        with self._undisturbed():
            wish = await self.world.wish(
                self.users[who],
                waits=timedelta(hours=hours),
                mode=mode,
                wishes=WISHES[wishes],
                mail_hours=Hours(),
                earlier_by=gain,
            )
        self.wishes.append(wish)

    async def want_more(self, who: int, both: bool) -> None:
        """A citizen waits for something else, too."""
        user = self.users[who % len(self.users)]
        services = BOTH if both else PASSPORTS
        if any(w.user == user.id and w.services == services for w in self.wishes):
            return
        with self._undisturbed():
            wish = await self.world.booker_of(
                user, services=services, mail_hours=Hours(), earlier_by=LEAST_GAIN
            )
        self.wishes.append(wish)

    async def settle_down(self, hours: int) -> None:
        """A citizen comes, and has a late appointment before anything goes wrong."""
        site, free = self.world.site, set(self.world.site.free)
        site.take(*free)
        await self.arrive(Mode.BOOK, hours, 0, swaps=True)
        await self.release(*LATE)
        for _ in range(2):
            await self.carry_on()
        site.release(*free)

    async def open_mails(self, say_so: bool) -> None:
        """Whoever has a mail opens it, and says so or not."""
        for booking in await self.bookings():
            if booking.state is S.PRECONFIRMED and booking.held:
                with suppress(SiteError):
                    self.world.site.confirm(booking.held.process_id)
                if say_so:
                    self._say(self.world.follow_up.opened(booking.id, booking.user))
        await self.wait(A_MOMENT)

    async def give_back(self, number: int) -> None:
        """Somebody gives back what they have, or what is under way for them."""
        live = [booking for booking in await self.bookings() if not booking.ended]
        if live:
            booking = live[-1 - number % len(live)]
            self.gave_back.add(booking.id)
            self._say(self.world.release(booking.id, booking.user))
            await self.wait(A_MOMENT)

    async def manage(self, word: str, number: int) -> None:
        """Somebody pauses, resumes or ends their wish."""
        wish = self._wish(number)
        self._say(getattr(self.world.manage, word)(wish.id, wish.user))
        await self.wait(A_MOMENT)

    async def change(self, number: int, wishes: int, mode: Mode | None) -> None:
        """Somebody wants something else."""
        wish, city = self._wish(number), self.world.site.city
        wanted = Changes(wishes=WISHES[wishes], mode=mode)
        self._say(self.world.manage(wish.id, wish.user, city, wanted))
        await self.wait(A_MOMENT)

    # The city

    async def release(self, *numbers: int) -> None:
        """Slots become free."""
        held = {p.slot for p in self.world.site.processes.values() if p.live}
        self.world.site.release(*({SLOTS[number] for number in numbers} - held))

    async def take(self, number: int) -> None:
        """Somebody else is faster."""
        self.world.site.take(SLOTS[number])

    async def fail(self, call: SiteCall, error: BaseException, after: bool) -> None:
        """The next call of a kind goes wrong."""
        self.world.site.fail(call, error, "after" if after else "before")

    # MTA

    async def die(self, commit: int, lasting: bool, crash: bool) -> None:
        """A process dies, or loses the database, at one of the next commits."""
        store = self.world.store
        store.dies_in, store.lasting = commit, lasting
        store.death = Crash() if crash else StorageUnavailable()

    async def fill_disk(self, commits: int) -> None:
        """The database cannot be written for a while."""
        self.world.store.fail(StorageUnavailable("full"), times=commits)

    async def watch(self) -> None:
        """Ask the city."""
        self._begin(self.world.watch())
        await self.wait(2 * A_MOMENT)

    async def relay(self) -> None:
        """Find what the queue has lost."""
        self._begin(self.world.relay())
        await self.wait(0)

    async def work(self, workers: int, seconds: float) -> None:
        """Begin all that is queued, and go on after some time, done or not."""
        for job in self.world.queue.drain() * workers:
            self._begin(self.world.work(job.task, job.id), str(job.id))
        await self.wait(seconds)

    async def beat(self) -> None:
        """All goes its usual way for a moment."""
        await self.watch()
        await self.relay()
        await self.work(1, 6)

    async def carry_on(self) -> None:
        """All goes its usual way for a while: what is booked is confirmed."""
        await self.beat()
        await self._let_them_work()
        await self.open_mails(say_so=True)
        await self._let_them_work()

    async def _let_them_work(self) -> None:
        """The budget is five calls a minute: things take their time."""
        for _ in range(20):
            await self.work(1, 10)
            await self.relay()
            if not self._running and not self.world.queue.waiting:
                break

    async def drop(self) -> None:
        """The queue loses everything."""
        self.world.queue.drain()

    async def kill(self) -> None:
        """All processes die wherever they are, and start anew."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running.clear()
        self.world.wire()

    async def wait(self, seconds: float) -> None:
        """Time passes, and whoever is at work goes on."""
        clock, until = self.world.clock, self.world.clock.monotonic() + seconds
        await clock.advance(0)
        while (left := until - clock.monotonic()) > 1e-6:  # what a clock can tell
            # In small steps: whoever was woken goes as far as they can meanwhile.
            await clock.advance(min(left, 1.0) if self._running else left)
            self._see_who_is_done()

    def _see_who_is_done(self) -> None:
        done = [task for task in self._running if task.done()]
        self._running = [task for task in self._running if not task.done()]
        for task in done:
            error = task.exception()
            if error is not None and not isinstance(error, _EXPECTED):
                raise error

    async def come_to_rest(self, span: timedelta) -> None:
        """Nothing goes wrong any more, and nobody watches: workers finish."""
        world = self.world
        world.site.heal()
        world.store.dies_in = None
        world.store.recover()
        until = world.clock.now() + span
        while world.clock.now() < until or self._running or world.queue.waiting:
            await self.relay()
            await self.work(1, (PATIENCE + SECOND).total_seconds())

    # Inside

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """Let nothing go wrong with the database: this is not about that."""
        store = self.world.store
        fate, store.dies_in = store.dies_in, None
        failures = store.recover()
        yield
        store.dies_in = fate
        for failure in failures:
            store.fail(failure)

    def _say(self, word: Coroutine[Any, Any, Any]) -> None:
        """Let a citizen say something that may not be possible (any more)."""

        async def said() -> None:
            with suppress(DomainError):
                await word

        self._begin(said())

    def _begin(self, deed: Coroutine[Any, Any, Any], name: str = "") -> None:
        """Let somebody be at work beside all others. *name*: the record's id."""
        self._running.append(asyncio.create_task(deed, name=name))

    def _wish(self, number: int) -> Subscription:
        return self.wishes[number % len(self.wishes)]

    def story(self) -> set[str]:
        """Say what came of the bookings, in a word for each."""
        bookings = asyncio.run(self.bookings())
        reasons = {b.reason for b in bookings if b.reason in _WORTH_TELLING}
        return {booking.state.value for booking in bookings} | reasons

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

    chaos: Chaos = attrs.field(kw_only=True)

    async def reserve(self, slot: Slot) -> CityAppointment:
        """Hold a slot, and note for whom."""
        before = set(self.processes)
        try:
            return await super().reserve(slot)
        finally:
            for made in self.processes.keys() - before:
                if self.processes[made].slot == slot:
                    # Whoever made it comes here first, before who was too late.
                    self.chaos.owners.setdefault(made, _present_job())


def _present_job() -> UUID:
    task = asyncio.current_task()
    assert task is not None
    return UUID(task.get_name())
