"""A city, workers and citizens that do anything in any order."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import attrs

from mta_core.domain.bookings import REPLACED, BookingState
from mta_core.domain.errors import (
    SiteError,
    StorageUnavailable,
)
from mta_core.domain.subscriptions import LEAST_GAIN, Hours, Mode, Wishes
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    a_service_set,
    a_slot,
)
from mta_core.testing.site import SiteCall
from mta_core.use_cases.calls import LOST_ANSWER
from mta_core.use_cases.change import ENDED, PAUSED, Changes
from mta_core.use_cases.misgivings import AN_ORPHAN, UNSUITABLE
from mta_core.use_cases.relay import PATIENCE
from tests.unit.use_cases.chaos_stage import Stage
from tests.unit.use_cases.world import SECOND, Crash

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
_WORTH_TELLING = {REPLACED, UNSUITABLE, AN_ORPHAN, LOST_ANSWER, PAUSED, ENDED}
A_MOMENT = 0.3
"""Seconds: less than a call takes, so that something else may happen meanwhile."""


@attrs.define(eq=False)
class Chaos(Stage):
    """The deeds that a test may order."""

    # Citizens

    async def arrive(self, mode: Mode, hours: int, wishes: int, swaps: bool) -> None:
        """A citizen comes to wait."""
        with self.undisturbed():
            self.users.append(await self.world.citizen())
        gain = LEAST_GAIN if swaps and mode is Mode.BOOK else None
        await self.want(-1, mode, hours, wishes, gain)

    async def want(
        self, who: int, mode: Mode, hours: int, wishes: int, gain: timedelta | None
    ) -> None:
        """A citizen waits for the residence."""
        with self.undisturbed():
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
        with self.undisturbed():
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
                    self.say(self.world.follow_up.opened(booking.id, booking.user))
        await self.wait(A_MOMENT)

    async def give_back(self, number: int) -> None:
        """Somebody gives back what they have, or what is under way for them."""
        live = [booking for booking in await self.bookings() if not booking.ended]
        if live:
            booking = live[-1 - number % len(live)]
            self.gave_back.add(booking.id)
            self.say(self.world.release(booking.id, booking.user))
            await self.wait(A_MOMENT)

    async def regret(self, moment: float) -> None:
        """Somebody opens the mail, and does not want it any more a moment later."""
        for booking in (await self.bookings())[::-1]:
            if booking.state is S.PRECONFIRMED and booking.held:
                with suppress(SiteError):
                    self.world.site.confirm(booking.held.process_id)
                self.say(self.world.follow_up.opened(booking.id, booking.user))
                await self.wait(moment)
                self.gave_back.add(booking.id)
                self.say(self.world.release(booking.id, booking.user))
                return await self.wait(A_MOMENT)

    async def manage(self, word: str, number: int) -> None:
        """Somebody pauses, resumes or ends their wish."""
        wish = self.wish(number)
        self.say(getattr(self.world.manage, word)(wish.id, wish.user))
        await self.wait(A_MOMENT)

    async def change(self, number: int, wishes: int, mode: Mode | None) -> None:
        """Somebody wants something else."""
        wish, city = self.wish(number), self.world.site.city
        wanted = Changes(wishes=WISHES[wishes], mode=mode)
        self.say(self.world.manage(wish.id, wish.user, city, wanted))
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
        self.begin(self.world.watch())
        await self.wait(2 * A_MOMENT)

    async def relay(self) -> None:
        """Find what the queue has lost."""
        self.begin(self.world.relay())
        await self.wait(0)

    async def work(self, workers: int, seconds: float) -> None:
        """Begin all that is queued, and go on after some time, done or not."""
        for job in self.world.queue.drain() * workers:
            self.begin(self.world.work(job.task, job.id), str(job.id))
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
            if not self.running and not self.world.queue.waiting:
                break

    async def drop(self) -> None:
        """The queue loses everything."""
        self.world.queue.drain()

    async def kill(self) -> None:
        """All processes die wherever they are, and start anew."""
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.running.clear()
        self.world.wire()

    async def come_to_rest(self, span: timedelta) -> None:
        """Nothing goes wrong any more, and nobody watches: workers finish."""
        world = self.world
        world.site.heal()
        world.store.dies_in = None
        world.store.recover()
        until = world.clock.now() + span
        while world.clock.now() < until or self.running or world.queue.waiting:
            await self.relay()
            await self.work(1, (PATIENCE + SECOND).total_seconds())

    def story(self) -> set[str]:
        """Say what came of the bookings, in a word for each."""
        bookings = asyncio.run(self.bookings())
        reasons = {b.reason for b in bookings if b.reason in _WORTH_TELLING}
        return {booking.state.value for booking in bookings} | reasons
