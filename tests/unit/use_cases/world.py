"""A small Munich in virtual time: every use case, wired to the doubles of the core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.accounts import User
from mta_core.domain.availability import Opening, Slot
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import CallRecord
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.errors import MtaError
from mta_core.domain.notifications import Kind, Notification
from mta_core.domain.subscriptions import Mode, Subscription
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.round_robin import RoundRobin
from mta_core.ports.queue import Task
from mta_core.testing._tables import Tables
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    a_booking,
    a_catalogue,
    a_contact,
    a_probe,
    a_slot,
    a_subscription,
    a_user,
    some_terms,
)
from mta_core.testing.clock import NOON, FakeClock, SequentialIds
from mta_core.testing.limiter import FakeLimiter
from mta_core.testing.notifier import RecordingNotifier
from mta_core.testing.queue import ListQueue
from mta_core.testing.repository import InMemoryStore, InMemoryTransaction
from mta_core.testing.site import ScriptedSite
from mta_core.use_cases.book import Book
from mta_core.use_cases.calls import Calls
from mta_core.use_cases.change import Change
from mta_core.use_cases.deliver import Deliver
from mta_core.use_cases.explain import Explain
from mta_core.use_cases.follow_up import FollowUp
from mta_core.use_cases.look import Look
from mta_core.use_cases.record import Record
from mta_core.use_cases.relay import Relay
from mta_core.use_cases.release import Release
from mta_core.use_cases.tend import Tend
from mta_core.use_cases.waiting import Waiting
from mta_core.use_cases.watch import Watch

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BOTH_OFFICES = frozenset({PASING, ORLEANSPLATZ})
AFTER_MAIL = frozenset({BookingState.PRECONFIRMED, BookingState.CONFIRMED})


class Crash(BaseException):
    """The process dies here: nothing catches this."""


@attrs.define(eq=False)
class MortalStore(InMemoryStore):
    """A database whose user dies at a commit.

    Attributes:
        dies_in: how many commits still go well; None is for ever.
        lasting: whether the fatal commit itself is kept.
        death: what is raised.
        witness: is shown all tables with every commit.
    """

    dies_in: int | None = None
    lasting: bool = False
    death: BaseException = attrs.field(factory=Crash)
    witness: Callable[[Tables], None] | None = None

    def begin(self) -> AbstractAsyncContextManager[InMemoryTransaction]:
        """Open a transaction, and let others run meanwhile, as databases do."""
        return _after_others(super().begin())

    def snapshot(self) -> AbstractAsyncContextManager[InMemoryTransaction]:
        """Open a snapshot, and let others run meanwhile."""
        return _after_others(super().snapshot())

    def keep(self, tables: Tables) -> None:
        """Keep what was committed, and die if it is time."""
        dying, self.dies_in = self.dies_in == 0, self._one_less()
        if not dying or self.lasting:
            super().keep(tables)
            if self.witness is not None:
                self.witness(tables)
        if dying:
            raise self.death

    def recover(self) -> list[MtaError]:
        """Let commits go well again, and return what was still to fail."""
        left, self._failures = self._failures, []
        return left

    def _one_less(self) -> int | None:
        return self.dies_in - 1 if self.dies_in else None


@asynccontextmanager
async def _after_others(
    opening: AbstractAsyncContextManager[InMemoryTransaction],
) -> AsyncIterator[InMemoryTransaction]:
    await asyncio.sleep(0)
    async with opening as tx:
        await asyncio.sleep(0)
        yield tx


@attrs.define(eq=False)
class World:
    """Everything at hand. *clock* turns by itself unless a test brings another."""

    clock: FakeClock = attrs.field(factory=lambda: FakeClock(auto=True))
    ids: SequentialIds = attrs.field(factory=lambda: SequentialIds(seed=7))
    store: MortalStore = attrs.field(factory=MortalStore)
    queue: ListQueue = attrs.field(factory=ListQueue)
    notifier: RecordingNotifier = attrs.field(factory=RecordingNotifier)
    planner: Planner = attrs.field(factory=RoundRobin)
    limiter: FakeLimiter = attrs.field(init=False)
    site: ScriptedSite = attrs.field(init=False)
    waiting: Waiting = attrs.field(init=False)
    record: Record = attrs.field(init=False)
    watch: Watch = attrs.field(init=False)
    calls: Calls = attrs.field(init=False)
    book: Book = attrs.field(init=False)
    follow_up: FollowUp = attrs.field(init=False)
    deliver: Deliver = attrs.field(init=False)
    relay: Relay = attrs.field(init=False)
    release: Release = attrs.field(init=False)
    manage: Change = attrs.field(init=False)
    tend: Tend = attrs.field(init=False)
    look_up: Look = attrs.field(init=False)
    explain: Explain = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.limiter = FakeLimiter(self.clock)
        self.site = ScriptedSite(a_catalogue(), self.clock)
        self.wire()

    def wire(self) -> None:
        """Build the use cases, as the start of a process does."""
        self.waiting = Waiting(self.store, self.clock)
        self.record = Record(self.store, self.queue, self.clock, self.ids)
        self.watch = Watch(
            self.waiting,
            self.planner,
            self.limiter,
            self.site,
            self.store,
            self.record,
            self.clock,
        )
        self.calls = Calls(
            self.store, self.site, self.limiter, self.queue, self.clock, self.ids
        )
        self.book = Book(self.calls)
        self.follow_up = FollowUp(self.store, self.calls, self.clock)
        self.deliver = Deliver(self.store, self.notifier, self.clock)
        self.relay = Relay(self.store, self.queue, self.clock)
        self.release = Release(self.store, self.calls, self.clock)
        self.manage = Change(self.store, self.queue, self.clock)
        self.tend = Tend(self.store, self.queue, self.clock, self.ids)
        self.look_up = Look(self.site, self.limiter, self.record, self.clock)
        self.explain = Explain(self.store, self.clock)

    # Given

    async def know_the_city(self) -> None:
        """Store the catalogue."""
        async with self.store.begin() as tx:
            await tx.sights.keep_catalogue(self.site.city, self.clock.now())
            await tx.commit()

    async def serve(self, office: OfficeId, **terms: Any) -> None:
        """Let an office have other terms."""
        changed = attrs.evolve(self.site.city.office(office), terms=some_terms(**terms))
        offices = {**self.site.city.offices, office: changed}
        self.site.city = attrs.evolve(self.site.city, offices=offices)
        await self.know_the_city()

    async def citizen(self, **changes: Any) -> User:
        """Store a citizen with contact data."""
        async with self.store.begin() as tx:
            user = await tx.users.save(a_user(**{"contact": a_contact(), **changes}))
            await tx.commit()
        return user

    async def wish(
        self, user: User | None = None, /, *, waits: timedelta = HOUR, **changes: Any
    ) -> Subscription:
        """Store a wish, of a fresh citizen unless one is named."""
        owner = user or await self.citizen()
        since = NOON - waits
        async with self.store.begin() as tx:
            wish = await tx.subscriptions.save(
                a_subscription(owner, waiting_since=since, **changes)
            )
            await tx.commit()
        return wish

    async def booker(self, *, waits: timedelta = HOUR, **changes: Any) -> Subscription:
        """Store a wish in book mode, of a fresh citizen with contact data."""
        return await self.wish(waits=waits, mode=Mode.BOOK, **changes)

    async def booker_of(self, user: User, **changes: Any) -> Subscription:
        """Store a wish in book mode of a citizen."""
        return await self.wish(user, mode=Mode.BOOK, **changes)

    async def requested(
        self, wish: Subscription | None = None, /, *others: Slot, **changes: Any
    ) -> Booking:
        """Store a booking that was just decided; its slots are free at the city."""
        wanted = wish or await self.booker()
        slot = changes.pop("slot", a_slot())
        self.site.release(slot, *others)
        async with self.store.begin() as tx:
            booking = await tx.bookings.save(
                a_booking(wanted, slot=slot, alternatives=others, **changes)
            )
            await tx.commit()
        return booking

    async def preconfirmed(
        self, wish: Subscription | None = None, **changes: Any
    ) -> Booking:
        """Book a slot, up to the city's mail."""
        booking = await self.requested(wish, **changes)
        await self.book(booking.id)
        return await self.booking(booking.id)

    async def confirmed(
        self, wish: Subscription | None = None, **changes: Any
    ) -> Booking:
        """Book a slot, and let the citizen open the mail."""
        booking = await self.preconfirmed(wish, **changes)
        self.open_mail(booking)
        return await self.follow_up.opened(booking.id, booking.user)

    async def change(self, booking: Booking) -> Booking:
        """Save a booking."""
        async with self.store.begin() as tx:
            booking = await tx.bookings.save(booking)
            await tx.commit()
        return booking

    # When

    def open_mail(self, booking: Booking) -> None:
        """Let the citizen open the link in the city's mail."""
        assert booking.held is not None
        self.site.confirm(booking.held.process_id)

    async def side_by_side(self, *deeds: Awaitable[Any]) -> list[Any]:
        """Let deeds happen at once, in time that passes for all of them alike."""
        doing = asyncio.gather(*deeds)
        while not doing.done():
            await self.clock.advance(1)
        return await doing

    async def wait_until(self, moment: datetime) -> None:
        """Let time pass."""
        await self.clock.advance((moment - self.clock.now()).total_seconds())

    async def look(self) -> Outcome:
        """Take one step of watching that asks something."""
        outcome = await self.watch()
        assert outcome is not None
        return outcome

    async def step(self, booking_id: UUID) -> Booking:
        """Wait until the next step of a booking is due, and let a worker take it."""
        booking = await self.booking(booking_id)
        assert booking.due_at is not None
        if booking.due_at > self.clock.now():
            await self.wait_until(booking.due_at)
        task = Task.FOLLOW_UP if booking.state in AFTER_MAIL else Task.BOOK
        await self.work(task, booking_id)
        return await self.booking(booking_id)

    async def carry_on(self, booking_id: UUID, span: timedelta = HOUR) -> Booking:
        """Let workers take every step of a booking that becomes due in a span."""
        until = self.clock.now() + span
        booking = await self.booking(booking_id)
        for _ in range(1000):
            if booking.due_at is None or booking.due_at > until:
                return booking
            booking = await self.step(booking_id)
        raise AssertionError(f"This booking never comes to rest: {booking}")

    async def work(self, task: Task, record_id: UUID) -> None:
        """Do one job, as a worker does."""
        match task:
            case Task.BOOK:
                await self.book(record_id)
            case Task.FOLLOW_UP:
                await self.follow_up(record_id)
            case Task.DELIVER:
                await self.deliver(record_id)

    async def work_off(self) -> None:
        """Do every job in the queue, and what these bring about."""
        while job := self.queue.take():
            await self.work(job.task, job.id)

    # Then

    async def booking(self, booking_id: UUID) -> Booking:
        """Read a booking."""
        async with self.store.snapshot() as tx:
            return await tx.bookings.get(booking_id)

    async def bookings(self, wish: Subscription) -> Sequence[Booking]:
        """Read the bookings of a subscription, oldest first."""
        async with self.store.snapshot() as tx:
            return await tx.bookings.of_subscription(wish.id)

    async def call_records(self, booking: Booking) -> Sequence[CallRecord]:
        """Read the calls of a booking, oldest first."""
        async with self.store.snapshot() as tx:
            return await tx.bookings.calls(booking.id)

    async def subscription(self, wish: Subscription) -> Subscription:
        """Read a subscription again."""
        async with self.store.snapshot() as tx:
            return await tx.subscriptions.get(wish.id)

    async def owed(self, user_id: UUID) -> list[Notification]:
        """Read the messages of a citizen, oldest first."""
        async with self.store.snapshot() as tx:
            return list(reversed(await tx.notifications.of(user_id, 1000)))

    async def kinds(self, user_id: UUID) -> list[Kind]:
        """Name the messages of a citizen, oldest first."""
        return [notification.kind for notification in await self.owed(user_id)]

    async def notified(self, user_id: UUID) -> list[Kind]:
        """Name what a citizen has read, in order."""
        async with self.store.snapshot() as tx:
            home = (await tx.users.get(user_id)).home
        return self.notifier.shown_to(home)

    async def open_slots(self) -> Sequence[Opening]:
        """Read the openings that are not gone."""
        async with self.store.snapshot() as tx:
            question = a_probe()
            return await tx.openings.open_at(
                question.services, question.offices, question.window
            )
