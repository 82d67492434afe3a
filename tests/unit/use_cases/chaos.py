"""A city, workers and citizens that do anything in any order, and what must hold."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.accounts import User
from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import CityAppointment, CityStatus
from mta_core.domain.errors import (
    IllegalTransition,
    SiteError,
    StorageConflict,
    StorageUnavailable,
)
from mta_core.domain.notifications import Kind, Notification
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_core.ports.limiter import SPAN, Budget
from mta_core.testing._city import Process
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_slot
from mta_core.testing.clock import FakeClock
from mta_core.testing.site import ScriptedSite, SiteCall
from mta_core.use_cases.allot import MAX_ORPHANS
from mta_core.use_cases.relay import PATIENCE
from tests.unit.use_cases.world import SECOND, Crash, World

S = BookingState
SLOTS = tuple(
    a_slot(day, minutes, office=office)
    for day, minutes, office in [
        (1, 0, PASING),
        (1, 0, ORLEANSPLATZ),
        (1, 30, PASING),
        (1, 60, ORLEANSPLATZ),
        (2, 0, PASING),
        (2, 30, ORLEANSPLATZ),
    ]
)
_BUDGETS: dict[SiteCall, Budget] = {
    "calendar": Budget.CALENDAR,
    "reserve": Budget.BOOKING,
    "update": Budget.BOOKING,
    "preconfirm": Budget.BOOKING,
    "cancel": Budget.BOOKING,
    "appointment": Budget.OTHER,
    "catalogue": Budget.OTHER,
}
# What a crashed or cut off process may raise; nothing else may come out of MTA.
_EXPECTED = (Crash, StorageUnavailable)


@attrs.define(eq=False)
class Chaos:
    """One world, everybody in it, and the deeds that a test may order."""

    world: World = attrs.field(factory=lambda: World(clock=FakeClock()))
    users: list[User] = attrs.field(factory=list)
    owners: dict[int, UUID] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        world = self.world
        world.site = WitnessedSite(world.site.city, world.clock, chaos=self)
        world.site.latency = 0.5
        world.wire()

    # Deeds

    async def arrive(self, mode: Mode, hours_waiting: int, picky: bool) -> None:
        """A citizen comes to wait."""
        offices = frozenset({ORLEANSPLATZ}) if picky else None
        store = self.world.store
        fate, store.dies_in = store.dies_in, None  # this is not about arriving
        user = await self.world.citizen()
        self.users.append(user)
        await self.world.wish(
            user,
            waits=timedelta(hours=hours_waiting),
            mode=mode,
            wishes=Wishes(offices=offices),
            mail_hours=Hours(),
        )
        store.dies_in = fate

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

    async def die(self, commit: int, lasting: bool, crash: bool) -> None:
        """A process dies, or loses the database, at one of the next commits."""
        store = self.world.store
        store.dies_in, store.lasting = commit, lasting
        store.death = Crash() if crash else StorageUnavailable()

    async def watch(self) -> None:
        """Ask the city."""
        await self._survive(self.world.watch())

    async def work(self) -> None:
        """Do all that is queued, all at once."""
        await self._survive(*self._jobs())

    async def work_twice(self) -> None:
        """Do all that is queued, everything by two workers."""
        await self._survive(*self._jobs(workers=2))

    async def work_while_giving_up(self) -> None:
        """Do all that is queued, while a citizen changes their mind."""
        await self._survive(*self._jobs(), self._give_up_in_a_moment())

    async def _give_up_in_a_moment(self) -> None:
        await asyncio.sleep(0)
        await self.world.clock.sleep(0.25)
        with suppress(StorageConflict):
            await self.give_up()

    async def beat(self) -> None:
        """All goes its usual way for a moment."""
        await self.watch()
        await self.relay()
        await self.work()
        await self.wait(6)

    async def relay(self) -> None:
        """Find what the queue has lost."""
        await self._survive(self.world.relay())

    async def drop(self) -> None:
        """The queue loses everything."""
        self.world.queue.drain()

    async def restart(self) -> None:
        """All processes start anew."""
        self.world.wire()

    async def wait(self, seconds: int) -> None:
        """Time passes."""
        await self.world.clock.advance(seconds)

    async def open_mails(self, say_so: bool) -> None:
        """Whoever has a mail opens it, and says so or not."""
        for booking in await self.bookings():
            if booking.state is S.PRECONFIRMED and booking.held:
                with suppress(SiteError):
                    self.world.site.confirm(booking.held.process_id)
                if say_so:
                    with suppress(IllegalTransition):
                        await self._survive(
                            self.world.follow_up.opened(booking.id, booking.user)
                        )

    async def give_up(self) -> None:
        """The one who booked first does not want it any more."""
        for booking in await self.bookings():
            if not booking.ended:
                leaving = booking.give_up(self.world.clock.now(), "not needed")
                await self._survive(self.world.change(leaving))
                return

    async def come_to_rest(self, span: timedelta) -> None:
        """Nothing goes wrong any more, and nobody watches: workers finish."""
        world = self.world
        world.site.heal()
        world.store.dies_in = None
        until = world.clock.now() + span
        while world.clock.now() < until:
            await self.relay()
            while world.queue.waiting:
                await self.work()
            await world.clock.advance((PATIENCE + SECOND).total_seconds())
            await self.check()

    async def _survive(self, *deeds: Awaitable[Any]) -> None:
        """Let deeds happen side by side, in time that passes for all of them alike."""
        doing = asyncio.gather(*deeds, return_exceptions=True)
        steps = itertools.chain([0.0], itertools.repeat(0.25, 20), itertools.repeat(5))
        while not doing.done():
            await self.world.clock.advance(next(steps))
        for outcome in await doing:
            if isinstance(outcome, BaseException) and not isinstance(
                outcome, _EXPECTED
            ):
                raise outcome

    def _jobs(self, workers: int = 1) -> list[asyncio.Task[None]]:
        """Start all that is queued, each as a task that bears the record's id."""
        return [
            asyncio.create_task(self.world.work(job.task, job.id), name=str(job.id))
            for job in self.world.queue.drain() * workers
        ]

    # What is

    async def bookings(self) -> list[Booking]:
        """Read all bookings, oldest first."""
        async with self.world.store.snapshot() as tx:
            found = [b for user in self.users for b in await tx.bookings.of(user.id)]
        return sorted(found, key=lambda b: (b.requested_at, b.id))

    async def notifications(self) -> list[Notification]:
        """Read all messages."""
        return [note for user in self.users for note in await self.world.owed(user.id)]

    def live(self) -> list[Process]:
        """What the city holds now."""
        now = self.world.clock.now()
        every = self.world.site.processes.values()
        return [each for each in every if each.live and not each.overdue(now)]

    # What must hold

    async def check(self) -> None:
        """Hold the world against all that must be true at any moment."""
        bookings = await self.bookings()
        self._check_one_live_booking(bookings)
        self._check_what_the_city_holds({b.id: b for b in bookings})
        self._check_mails()
        self._check_budgets()
        await self._check_told()

    @staticmethod
    def _check_one_live_booking(bookings: list[Booking]) -> None:
        live = Counter(
            (booking.user, service)
            for booking in bookings
            if not booking.ended
            for service in booking.slot.services.ids
        )
        assert all(count == 1 for count in live.values()), live

    def _check_what_the_city_holds(self, bookings: dict[UUID, Booking]) -> None:
        """Everything is known to MTA, or lapses by itself; and never too much."""
        now = self.world.clock.now()
        holders: Counter[UUID] = Counter()
        for process in self.live():
            booking = bookings[self.owners[process.id]]
            holders[booking.user] += 1
            keys_known = booking.held is not None and booking.held.process_id == (
                process.id
            )
            unanswered = booking.pending is not None
            lapses = booking.orphan_until is not None and booking.orphan_until > now
            assert keys_known or unanswered or lapses, (process, booking)
            if process.status is CityStatus.CONFIRMED:
                known = {S.PRECONFIRMED, S.CONFIRMED, S.PAST}
                assert booking.state in known, (process, booking)
        assert all(count <= MAX_ORPHANS + 1 for count in holders.values()), holders

    def _check_mails(self) -> None:
        mails = Counter(self.world.site.mailed)
        assert all(count == 1 for count in mails.values()), mails

    def _check_budgets(self) -> None:
        for budget in Budget:
            sent = [c.at for c in self.world.site.calls if _BUDGETS[c.call] is budget]
            for first, too_early in zip(sent, sent[budget.limit :], strict=False):
                assert (too_early - first).total_seconds() >= SPAN, budget

    async def _check_told(self) -> None:
        """Nobody hears twice of one opening."""
        async with self.world.store.snapshot() as tx:
            for user in self.users:
                told: Counter[UUID] = Counter()
                for note in await tx.notifications.of(user.id, 10_000):
                    if note.kind is Kind.FOUND:
                        openings = await tx.openings.told_by(note.id)
                        assert {o.slot for o in openings} == set(note.slots)
                        told.update(opening.id for opening in openings)
                assert all(count == 1 for count in told.values()), told
        shown = Counter(each.notification.id for each in self.world.notifier.delivered)
        assert all(count == 1 for count in shown.values())

    async def check_rest(self) -> None:
        """Whatever was begun has ended, or waits for its time."""
        await self.check()
        now = self.world.clock.now()
        for booking in await self.bookings():
            assert booking.ended == (booking.due_at is None), booking
            assert booking.due_at is None or booking.due_at > now, booking
            assert booking.ended or booking.state is S.CONFIRMED, booking
        for note in await self.notifications():
            assert note.ended == (note.due_at is None), note
            assert note.due_at is None or note.due_at > now, note
        for process in self.live():
            assert process.status is CityStatus.CONFIRMED, process
        assert not self.world.queue.waiting


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
