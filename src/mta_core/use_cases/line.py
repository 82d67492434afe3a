"""Booking calls stand in line for their places: the earliest deadline goes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.bookings import Booking
from mta_core.domain.calls import Call
from mta_core.domain.errors import StorageConflict, StorageUnavailable
from mta_core.polling.budgets import SPAN
from mta_core.polling.deadlines import CALL, Due, admits, due, holds
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.repository import UnitOfWork
from mta_core.ports.site import SiteGateway
from mta_core.use_cases.politeness import Asker, Place, turn

ASK_AGAIN = 2.0
"""Seconds until a reservation that was not admitted tries again."""

_NEXT_CALLS = timedelta(minutes=2)  # what is held has its next call within that
_MANY = 200
_ALIKE = 0.05  # seconds: who wakes up almost together wakes up together


@attrs.define(eq=False)
class _Waiting(Asker):
    """One call in line."""

    line: Line
    key: tuple[UUID, Call]
    due: Due
    admitted: Callable[[], Awaitable[bool]] | None
    rests_until: float = 0.0
    moved: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def front(self) -> datetime:
        """Wait until nobody is more urgent. A reservation is of use only at once."""
        clock, self.rests_until = self.line.clock, 0.0
        while True:
            while self.line.first() is not self:
                self.moved.clear()
                await self.moved.wait()
            if self.admitted is None or await self.admitted():
                return self.due.by or clock.now()
            await self.rest(ASK_AGAIN)

    async def rest(self, seconds: float) -> None:
        """Wait, while others may be luckier."""
        clock = self.line.clock
        self.rests_until = clock.monotonic() + seconds
        self.line.move_up()
        await clock.sleep(seconds)
        self.rests_until = 0.0


@attrs.define(eq=False)
class Line:
    """The booking calls of this process that wait for a place in the budget."""

    store: UnitOfWork
    site: SiteGateway
    limiter: Limiter
    clock: Clock
    _waiting: dict[tuple[UUID, Call], _Waiting] = attrs.field(factory=dict, init=False)

    @asynccontextmanager
    async def turn(self, booking: Booking, call: Call) -> AsyncIterator[Place]:
        """Wait for a place, and hold it while the call is out.

        Raises:
            StorageConflict: the very same call waits already.
            StorageUnavailable: nothing may be sent.
        """
        if call is Call.LOOK:
            async with turn(self.limiter, self.clock, Budget.OTHER) as place:
                yield place
        else:
            due_by = await self._due(booking, call)
            with self._joined((booking.id, call), due_by) as asker:
                budget = Budget.BOOKING
                async with turn(self.limiter, self.clock, budget, asker) as place:
                    self._leave(asker)
                    yield place
        await self._spare_the_counter()

    def first(self) -> _Waiting | None:
        """Return the most urgent one of those who do not rest."""
        now, running = self.clock.now(), self.clock.monotonic()
        awake = [
            waiting
            for waiting in self._waiting.values()
            if waiting.rests_until <= running + _ALIKE
        ]
        return min(awake, key=lambda one: one.due.rank(now), default=None)

    def move_up(self) -> None:
        """Let whoever is first now know it."""
        if first := self.first():
            first.moved.set()

    @contextmanager
    def _joined(self, key: tuple[UUID, Call], due_by: Due) -> Iterator[_Waiting]:
        if key in self._waiting:
            raise StorageConflict
        admitted = self._admitted if due_by.by is None else None
        self._waiting[key] = waiting = _Waiting(self, key, due_by, admitted)
        try:
            yield waiting
        finally:
            self._leave(waiting)

    def _leave(self, waiting: _Waiting) -> None:
        if self._waiting.get(waiting.key) is waiting:
            del self._waiting[waiting.key]
            self.move_up()

    async def _due(self, booking: Booking, call: Call) -> Due:
        if call is not Call.RESERVE:
            return due(booking, call, booking.requested_at)
        async with self.store.snapshot() as tx:
            wish = await tx.subscriptions.get(booking.subscription)
        return due(booking, call, wish.waiting_since)

    async def _admitted(self) -> bool:
        """Whether one more reservation leaves time for what is held already."""
        now = self.clock.now()
        counter = self.site.counter()
        if counter is not None and counter.spent(now):
            return False
        async with self.store.snapshot() as tx:
            bookings = await tx.bookings.due(now + _NEXT_CALLS, _MANY)
        if not (held := list(holds(bookings, now))):
            return True
        recent = await self.limiter.recent(now - timedelta(seconds=SPAN) - 2 * CALL)
        calls = [stamp for stamp in recent if stamp.budget is Budget.BOOKING]
        return admits([stamp.counts_until for stamp in calls], held, now)

    async def _spare_the_counter(self) -> None:
        """Begin a pause when the city's counter is low: what can wait, waits."""
        counter = self.site.counter()
        if counter is not None and counter.pause_until():
            with suppress(StorageUnavailable):
                await self.limiter.pause()
