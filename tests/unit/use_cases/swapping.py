"""A citizen with a confirmed appointment who would like an earlier one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs

from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import CityStatus
from mta_core.domain.subscriptions import Mode, Subscription
from mta_core.testing.builders import a_slot
from tests.unit.use_cases.world import HOUR, World

A_DAY = timedelta(days=1)
LATE = a_slot(20)
EARLY = a_slot(10)


@attrs.define(eq=False)
class Swap:
    """One citizen, their wish, the appointment they have and the one they may get."""

    world: World
    wish: Subscription
    main: Booking
    _swap: Booking | None = None

    @classmethod
    async def beginning(
        cls, world: World, gain: timedelta = A_DAY, **changes: Any
    ) -> Swap:
        """Let a citizen have the later appointment, and look for an earlier one."""
        wish = await world.wish(mode=Mode.BOOK, earlier_by=gain, **changes)
        main = await world.confirmed(wish, slot=LATE)
        assert main.state is BookingState.CONFIRMED
        return cls(world, wish, main)

    @property
    def swap(self) -> Booking:
        """The earlier booking, as it was last read."""
        assert self._swap is not None
        return self._swap

    async def see(self, *slots: Slot) -> None:
        """Let the watcher see slots."""
        self.world.site.release(*slots)
        await self.world.look()

    async def seen(self) -> Swap:
        """Let MTA see the earlier slot, which it books for the swap."""
        await self.see(EARLY)
        await self.read()
        assert self._swap is not None
        return self

    async def mailed(self) -> Swap:
        """Go on until the city's mail for the earlier one waits to be opened."""
        await self.seen()
        await self.world.work_off()
        await self.read()
        assert self.swap.state is BookingState.PRECONFIRMED
        return self

    async def confirmed(self) -> Swap:
        """Go on until MTA knows that the earlier one is confirmed, and no further."""
        await self.mailed()
        self.world.open_mail(self.swap)
        await self.world.follow_up.opened(self.swap.id, self.wish.user)
        await self.read()
        assert self.swap.state is BookingState.CONFIRMED
        return self

    async def read(self) -> None:
        """Read everything anew."""
        self.wish = await self.world.subscription(self.wish)
        bookings = await self.world.bookings(self.wish)
        self.main = next(b for b in bookings if b.id == self.main.id)
        self._swap = next((b for b in bookings if b.slot == EARLY), None)

    async def rest(self, span: timedelta = HOUR) -> None:
        """Let workers take every step that becomes due."""
        until = self.world.clock.now() + span
        while self.world.clock.now() < until:
            await self.world.relay()
            await self.world.work_off()
            await self.world.clock.advance(31)
        await self.read()

    def at_the_city(self) -> dict[Slot, CityStatus]:
        """What the city holds."""
        now, every = self.world.clock.now(), self.world.site.processes.values()
        held = (each for each in every if each.live and not each.overdue(now))
        return {each.slot: each.status for each in held}
