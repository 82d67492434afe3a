"""The only way a call about a booking leaves the house.

Wait for the budget, record the call, send it, record the answer and what follows from
it. A crash anywhere leaves either no trace, or a recorded call whose lease runs out
and which is then looked into.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.answers import answered
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.calls import Call, CityAppointment, Held
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import (
    CheckNeeded,
    IllegalTransition,
    NotFound,
    SiteError,
    SiteSilent,
    SlotGone,
    StorageConflict,
    StorageUnavailable,
)
from mta_core.domain.shifts import OWNER_ONLY, Shift, ShiftRules
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.limiter import Limiter
from mta_core.ports.queue import Job, JobQueue
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.ports.site import Details, SiteGateway
from mta_core.use_cases.aftermath import aftermath
from mta_core.use_cases.line import Line
from mta_core.use_cases.misgivings import held_up, reserving, why_not
from mta_core.use_cases.politeness import Place
from mta_core.use_cases.read_catalogue import last_known
from mta_core.use_cases.recorded import Sent, details_for, terms_of
from mta_core.use_cases.shifts import end_shift, shift_for

LEASE = timedelta(seconds=15)
"""Longer than any call to the city may take; after it nobody waits for the answer."""

LOST_ANSWER = "the answer was lost"

SAVE_AGAIN = 1.0
"""Seconds until an answer that could not be recorded is recorded again."""

SAVE_TRIES = 240
"""An answer may hold keys that nobody else has: a disk may be full for minutes."""


@attrs.frozen
class Calls:
    """Takes the due steps of bookings, one call at a time."""

    store: UnitOfWork
    site: SiteGateway
    limiter: Limiter
    queue: JobQueue
    clock: Clock
    ids: Ids
    rules: ShiftRules = OWNER_ONLY
    _unsaved: set[UUID] = attrs.field(factory=set, init=False, eq=False, repr=False)
    _line: Line = attrs.field(init=False, eq=False, repr=False)

    @_line.default
    def _empty(self) -> Line:
        return Line(self.store, self.site, self.limiter, self.clock)

    async def advance(self, booking_id: UUID) -> bool:
        """Take the next step of a booking, if one is due.

        Returns:
            Whether a step was taken, so that another may be due.

        Raises:
            NotFound: there is no such booking.
            StorageUnavailable: before the call nothing happened; after it, the call
                counts as unknown.
        """
        now = self.clock.now()
        async with self.store.snapshot() as tx:
            booking = await tx.bookings.get(booking_id)
            call = booking.next_call(now)
            not_yet = call is Call.RESERVE and await reserving(tx, booking)
        if booking.lease_over(now):
            heard = booking_id in self._unsaved  # only the disk does not take it
            return False if heard else await self._write_off(booking_id)
        if call is None or not_yet:
            return False
        try:
            async with self._line.turn(booking, call) as place:
                sent = await self._begin(booking_id, call, place.waited)
                if sent is None:
                    return True
                result = await self._send(sent, place)
        except (IllegalTransition, StorageConflict):
            return False  # another worker was faster, or nothing is due any more
        await self._save(sent, result)
        return True

    async def past(self, booking_id: UUID) -> bool:
        """End a confirmed booking once its appointment has begun."""
        now = self.clock.now()
        async with self.store.begin() as tx:
            booking = await tx.bookings.get(booking_id)
            waits = booking.pending is not None or now < booking.slot.start
            if booking.state is not BookingState.CONFIRMED or waits:
                return False
            await self._keep(tx, booking, booking.past(now), await last_known(tx))
            await tx.commit()
        return True

    async def give_up(self, booking_id: UUID, user_id: UUID, reason: str) -> Booking:
        """Note that a citizen does not want their booking; the next step gives it back.

        Raises:
            NotFound: this citizen has no such booking.
            IllegalTransition: it has ended already.
        """
        async with self.store.begin() as tx:
            before = await tx.bookings.get(booking_id)
            if before.user != user_id:
                raise NotFound(f"There is no booking {booking_id}.")
            if before.ended:
                raise IllegalTransition(
                    f"This booking has ended already: it is {before.state.value}."
                )
            after = before.give_up(self.clock.now(), reason)
            jobs = await self._keep(tx, before, after, await last_known(tx))
            await tx.commit()
        await self.queue.put(*jobs)
        return after

    async def _begin(self, booking_id: UUID, call: Call, waited: float) -> Sent | None:
        """Record the call. Nobody else can take the same step after this.

        Returns:
            None if the citizen does not want it any more, which is recorded instead.
        """
        async with self.store.begin() as tx:
            booking = await tx.bookings.get(booking_id)
            now = self.clock.now()
            begun = booking.begin(call, now, LEASE)
            update = call is Call.UPDATE
            details = await details_for(tx, booking) if update else None
            shift = await self._shift(tx, begun, call, now)
            reason = await why_not(tx, begun, details, shift, now)
            if reason:
                begun = booking.give_up(now, reason)
                jobs = await self._keep(tx, booking, begun, await last_known(tx))
            else:
                begun, jobs = await tx.bookings.save(begun), []
            await tx.commit()
        await self.queue.put(*jobs)
        pending = begun.pending
        return Sent(begun, pending, details, waited, shift) if pending else None

    async def _shift(
        self, tx: Transaction, booking: Booking, call: Call, now: datetime
    ) -> Shift | None:
        """Find whose human check a call may show, where it takes one."""
        if not booking.checked or call is not Call.RESERVE:
            return None
        return await shift_for(tx, booking.user, self.rules, now)

    async def _send(self, sent: Sent, place: Place) -> CityAppointment | SiteError:
        try:
            place.check()  # recording the call may have taken long
            return await self._call(sent)
        except SiteError as error:
            return error

    async def _call(self, sent: Sent) -> CityAppointment:
        match sent.pending.call, sent.booking.held, sent.details:
            case Call.UPDATE, Held() as held, Details() as details:
                return await self.site.update(held, details)
            case Call.PRECONFIRM, Held() as held, _:
                return await self.site.preconfirm(held)
            case Call.CANCEL, Held() as held, _:
                return await self.site.cancel(held)
            case Call.LOOK, Held() as held, _:
                return await self.site.appointment(held)
            case _:
                return await self.site.reserve(sent.booking.slot, sent.token)

    async def _save(self, sent: Sent, result: CityAppointment | SiteError) -> None:
        """Record the answer, again and again while the database cannot be used.

        Raises:
            StorageUnavailable: it could not be recorded for minutes, or never will be.
        """
        self._unsaved.add(sent.booking.id)
        tries = 1
        try:
            while True:
                try:
                    return await self._finish(sent, result)
                except StorageUnavailable as error:
                    if not error.transient or tries == SAVE_TRIES:
                        raise
                tries += 1
                await self.clock.sleep(SAVE_AGAIN)
        finally:
            self._unsaved.discard(sent.booking.id)

    async def _finish(self, sent: Sent, result: CityAppointment | SiteError) -> None:
        """Record the answer, and whatever follows from it, all or nothing.

        The citizen may have said something meanwhile: the answer meets the booking as
        it is now. An answer that comes after its lease changes nothing any more.
        """
        catalogue, jobs = await self._catalogue(), []
        async with self.store.begin() as tx:
            booking, now = await tx.bookings.get(sent.booking.id), self.clock.now()
            await tx.bookings.record(sent.record(self.ids.new(), result, now))
            if sent.shift is not None and isinstance(result, CheckNeeded):
                await end_shift(tx, sent.shift, now, result.code)
            if booking.pending == sent.pending:
                jobs = await self._hear(tx, booking, result, catalogue)
            await tx.commit()
        await self.queue.put(*jobs)

    async def _write_off(self, booking_id: UUID) -> bool:
        """Nobody will ever hear the answer of this call: it is unknown."""
        catalogue = await self._catalogue()
        async with self.store.begin() as tx:
            booking, now = await tx.bookings.get(booking_id), self.clock.now()
            if booking.pending is None or not booking.lease_over(now):
                return False  # another worker was faster
            lost, silence = Sent(booking, booking.pending), SiteSilent(LOST_ANSWER)
            await tx.bookings.record(lost.record(self.ids.new(), silence, now))
            jobs = await self._hear(tx, booking, silence, catalogue)
            await tx.commit()
        await self.queue.put(*jobs)
        return True

    async def _hear(
        self,
        tx: Transaction,
        booking: Booking,
        result: CityAppointment | SiteError,
        catalogue: Catalogue,
    ) -> list[Job]:
        """Let a booking take the step that an answer, or its absence, means."""
        now = self.clock.now()
        if isinstance(result, SlotGone):
            aimed_at = await tx.bookings.aimed_at(booking.slot.services)
            booking = booking.without(aimed_at)
        after = answered(booking, result, now, terms_of(catalogue, booking))
        jobs = await self._keep(tx, booking, after, catalogue)
        return [*jobs, *await held_up(tx, after, now)]

    async def _catalogue(self) -> Catalogue:
        """Read what the city offers, before others are kept from writing."""
        async with self.store.snapshot() as tx:
            return await last_known(tx)

    async def _keep(
        self, tx: Transaction, before: Booking, after: Booking, catalogue: Catalogue
    ) -> list[Job]:
        saved = await tx.bookings.save(after)
        return await aftermath(tx, before, saved, catalogue, self.clock, self.ids)
