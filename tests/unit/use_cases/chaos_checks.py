"""What must hold at any moment, whatever has happened, and once all has come to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.bookings import REPLACED, Booking, BookingState, Lane
from mta_core.domain.calls import Call, CityStatus
from mta_core.domain.notifications import Kind, Notification
from mta_core.domain.subscriptions import LEAST_GAIN
from mta_core.ports.limiter import SPAN, Budget
from mta_core.testing._tables import Tables
from mta_core.testing.site import SiteCall
from tests.unit.use_cases.chaos import Chaos

S = BookingState
CONFIRMED = CityStatus.CONFIRMED
_BUDGETS: dict[SiteCall, Budget] = {
    "calendar": Budget.CALENDAR,
    "reserve": Budget.BOOKING,
    "update": Budget.BOOKING,
    "preconfirm": Budget.BOOKING,
    "cancel": Budget.BOOKING,
    "appointment": Budget.OTHER,
    "catalogue": Budget.OTHER,
}


@attrs.define(eq=False)
class Judge:
    """Holds the world against all that must be true.

    Attributes:
        had: the bookings whose appointments stood at some time.
    """

    chaos: Chaos
    had: set[UUID] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.chaos.world.store.witness = self.witness

    def witness(self, tables: Tables) -> None:
        """What must hold with every commit."""
        bookings, now = tables.bookings.values(), self.chaos.world.clock.now()
        _check_lanes(tables.bookings)
        _check_orphans(bookings, now)
        _check_wishes(tables)
        self.had |= {booking.id for booking in bookings if _stands(booking)}

    async def check(self) -> None:
        """What must hold at any moment."""
        bookings = await self.chaos.bookings()
        now = self.chaos.world.clock.now()
        self._check_what_the_city_holds({b.id: b for b in bookings}, now)
        self._check_mails()
        self._check_budgets()
        await self._check_told()

    async def check_rest(self) -> None:
        """Whatever was begun has ended, or waits for its time."""
        await self.check()
        now = self.chaos.world.clock.now()
        bookings = await self.chaos.bookings()
        for booking in bookings:
            assert booking.ended == (booking.due_at is None), booking
            assert booking.due_at is None or booking.due_at > now, booking
            assert booking.ended or booking.state is S.CONFIRMED, booking
            assert booking.ended or not booking.release, booking
        for note in await self._notifications():
            assert note.ended == (note.due_at is None), note
            assert note.due_at is None or note.due_at > now, note
        self._check_appointments({b.id: b for b in bookings})
        assert not self.chaos.world.queue.waiting

    # At any moment

    def _check_what_the_city_holds(
        self, bookings: Mapping[UUID, Booking], now: datetime
    ) -> None:
        """Everything is known to MTA, or lapses by itself; and never too much."""
        known: Counter[UUID] = Counter()
        unknown: Counter[UUID] = Counter()
        for process in self.chaos.live():
            booking = bookings[self.chaos.owners[process.id]]
            if booking.held is not None and booking.held.process_id == process.id:
                known[booking.subscription] += 1
            else:
                unknown[booking.user] += 1
                unanswered = booking.pending is not None
                lapses = booking.orphan_until is not None and booking.orphan_until > now
                assert unanswered or lapses, (process, booking)
            if process.status is CONFIRMED:
                states = {S.PRECONFIRMED, S.CONFIRMED, S.PAST}
                assert booking.state in states, (process, booking)
        assert all(count <= 2 for count in known.values()), known
        assert all(count <= 1 for count in unknown.values()), unknown

    def _check_mails(self) -> None:
        mails = Counter(self.chaos.world.site.mailed)
        assert all(count == 1 for count in mails.values()), mails

    def _check_budgets(self) -> None:
        calls = self.chaos.world.site.calls
        for budget in Budget:
            sent = [line.at for line in calls if _BUDGETS[line.call] is budget]
            for first, too_early in zip(sent, sent[budget.limit :], strict=False):
                assert (too_early - first).total_seconds() >= SPAN, budget

    async def _check_told(self) -> None:
        """Nobody hears twice of one opening."""
        world = self.chaos.world
        async with world.store.snapshot() as tx:
            for user in self.chaos.users:
                told: Counter[UUID] = Counter()
                for note in await tx.notifications.of(user.id, 10_000):
                    if note.kind is Kind.FOUND:
                        openings = await tx.openings.told_by(note.id)
                        assert {o.slot for o in openings} == set(note.slots)
                        told.update(opening.id for opening in openings)
                assert all(count == 1 for count in told.values()), told
        shown = Counter(each.notification.id for each in world.notifier.delivered)
        assert all(count == 1 for count in shown.values())

    # At rest

    def _check_appointments(self, bookings: Mapping[UUID, Booking]) -> None:
        """One appointment for each wish: none is left over, and none was lost."""
        left: Counter[UUID] = Counter()
        for process in self.chaos.live():
            assert process.status is CONFIRMED, process
            booking = bookings[self.chaos.owners[process.id]]
            assert booking.state is S.CONFIRMED, (process, booking)
            left[booking.subscription] += 1
        assert all(count == 1 for count in left.values()), left
        for booking in bookings.values():
            assert booking.ended or booking.lane is Lane.MAIN, booking
            if booking.id in self.had and booking.state is not S.CONFIRMED:
                assert booking.id in self.chaos.gave_back or self._replaced(
                    booking, bookings.values()
                ), booking

    def _replaced(self, later: Booking, bookings: Iterable[Booking]) -> bool:
        """Whether another appointment came in its place, and stood."""
        return any(
            other.subscription == later.subscription
            and other.slot.start <= later.slot.start - LEAST_GAIN
            and other.id in self.had
            for other in bookings
        )

    async def _notifications(self) -> list[Notification]:
        users = self.chaos.users
        return [note for u in users for note in await self.chaos.world.owed(u.id)]


def _stands(booking: Booking) -> bool:
    return booking.state is S.CONFIRMED and not booking.release


def _check_lanes(bookings: Mapping[UUID, Booking]) -> None:
    """One live booking for each citizen, service and lane; a swap is a gain."""
    live = [booking for booking in bookings.values() if not booking.ended]
    claims = Counter(
        (booking.user, service, booking.lane)
        for booking in live
        for service in booking.slot.services.ids
    )
    assert all(count == 1 for count in claims.values()), claims
    for booking in live:
        assert (booking.lane is Lane.SWAP) == (booking.replaces is not None), booking
        if booking.replaces is not None:
            _check_swap(booking, bookings[booking.replaces])


def _check_swap(earlier: Booking, later: Booking) -> None:
    """The later one is the citizen's main one, and is kept until the other stands."""
    assert (later.state, later.lane) == (S.CONFIRMED, Lane.MAIN), later
    assert later.subscription == earlier.subscription
    assert earlier.slot.start <= later.slot.start - LEAST_GAIN, earlier
    replaced = later.release and later.reason == REPLACED and later.pending is None
    assert not replaced or _stands(earlier), (later, earlier)


def _check_orphans(bookings: Iterable[Booking], now: datetime) -> None:
    """At most one reservation of a citizen is out whose fate is not known."""
    out: Counter[UUID] = Counter()
    for booking in bookings:
        orphaned = booking.orphan_until is not None and booking.orphan_until > now
        pending = booking.pending
        reserving = pending is not None and pending.call is Call.RESERVE
        out[booking.user] += orphaned or reserving
    assert all(count <= 1 for count in out.values()), out


def _check_wishes(tables: Tables) -> None:
    """A wish that is waited for knows the appointment that stands."""
    starts: dict[UUID, datetime] = {}
    for booking in tables.bookings.values():
        if _stands(booking):
            known = starts.get(booking.subscription, booking.slot.start)
            starts[booking.subscription] = min(known, booking.slot.start)
    for wish in tables.subscriptions.values():
        if wish.waits:
            assert wish.standing == starts.get(wish.id), (wish, starts)
            assert wish.standing is None or wish.earlier_by, wish
