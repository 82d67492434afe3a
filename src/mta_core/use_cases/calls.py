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
from mta_core.domain.bookings import Booking
from mta_core.domain.calls import Call, CallRecord, CityAppointment, Held, Pending
from mta_core.domain.catalogue import Catalogue, Terms
from mta_core.domain.errors import (
    Answer,
    IllegalTransition,
    Refused,
    SiteError,
    SiteSilent,
    StorageConflict,
)
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.queue import Job, JobQueue
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.ports.site import Details, SiteGateway
from mta_core.use_cases.aftermath import aftermath
from mta_core.use_cases.politeness import turn

LEASE = timedelta(seconds=15)
"""Longer than any call to the city may take; after it nobody waits for the answer."""


@attrs.frozen
class Sent:
    """A recorded call with all that it needs."""

    booking: Booking
    pending: Pending
    details: Details | None
    waited: float


@attrs.frozen
class Calls:
    """Takes the due steps of bookings, one call at a time."""

    store: UnitOfWork
    site: SiteGateway
    limiter: Limiter
    queue: JobQueue
    clock: Clock
    ids: Ids

    async def advance(self, booking_id: UUID) -> bool:
        """Take the next step of a booking, if one is due.

        Returns:
            Whether a step was taken, so that another may be due.

        Raises:
            NotFound: there is no such booking.
            StorageUnavailable: before the call nothing happened; after it, the call
                counts as unknown.
        """
        async with self.store.snapshot() as tx:
            booking = await tx.bookings.get(booking_id)
        now = self.clock.now()
        if booking.lease_over(now):
            return await self._write_off(booking_id)
        call = booking.next_call(now)
        if call is None:
            return False
        budget = Budget.OTHER if call is Call.LOOK else Budget.BOOKING
        try:
            async with turn(self.limiter, self.clock, budget) as waited:
                sent = await self._begin(booking_id, call, waited)
                if sent is None:
                    return True
                result = await self._send(sent)
        except (IllegalTransition, StorageConflict):
            return False  # another worker was faster, or nothing is due any more
        await self._finish(sent, result)
        return True

    async def _begin(self, booking_id: UUID, call: Call, waited: float) -> Sent | None:
        """Record the call. Nobody else can take the same step after this.

        Returns:
            None if the citizen does not want it any more, which is recorded instead.
        """
        async with self.store.begin() as tx:
            booking = await tx.bookings.get(booking_id)
            now = self.clock.now()
            begun = booking.begin(call, now, LEASE)
            details = await _details(tx, booking) if call is Call.UPDATE else None
            reason = await _why_not(tx, begun, details, now)
            if reason:
                begun, catalogue = booking.give_up(now, reason), await _catalogue(tx)
                jobs = await self._keep(tx, booking, begun, catalogue)
            else:
                begun, jobs = await tx.bookings.save(begun), []
            await tx.commit()
        await self.queue.put(*jobs)
        pending = begun.pending
        return Sent(begun, pending, details, waited) if pending else None

    async def _send(self, sent: Sent) -> CityAppointment | SiteError:
        try:
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
                return await self.site.reserve(sent.booking.slot)

    async def _finish(self, sent: Sent, result: CityAppointment | SiteError) -> None:
        """Record the answer, and whatever follows from it, all or nothing.

        The citizen may have said something meanwhile: the answer meets the booking as
        it is now. An answer that comes after its lease changes nothing any more.
        """
        catalogue = await self._catalogue()
        async with self.store.begin() as tx:
            booking, now = await tx.bookings.get(sent.booking.id), self.clock.now()
            await tx.bookings.record(_record(self.ids.new(), sent, result, now))
            jobs = []
            if booking.pending == sent.pending:
                after = answered(booking, result, now, _terms(catalogue, booking))
                jobs = await self._keep(tx, booking, after, catalogue)
            await tx.commit()
        await self.queue.put(*jobs)

    async def _write_off(self, booking_id: UUID) -> bool:
        """Nobody will ever hear the answer of this call: it is unknown."""
        catalogue = await self._catalogue()
        async with self.store.begin() as tx:
            booking, now = await tx.bookings.get(booking_id), self.clock.now()
            if booking.pending is None or not booking.lease_over(now):
                return False  # another worker was faster
            lost = Sent(booking, booking.pending, None, 0.0)
            silence = SiteSilent("the answer was lost")
            await tx.bookings.record(_record(self.ids.new(), lost, silence, now))
            after = answered(booking, silence, now, _terms(catalogue, booking))
            jobs = await self._keep(tx, booking, after, catalogue)
            await tx.commit()
        await self.queue.put(*jobs)
        return True

    async def _catalogue(self) -> Catalogue:
        async with self.store.snapshot() as tx:
            return await _catalogue(tx)

    async def _keep(
        self, tx: Transaction, before: Booking, after: Booking, catalogue: Catalogue
    ) -> list[Job]:
        await tx.bookings.save(after)
        return await aftermath(tx, before, after, catalogue, self.clock, self.ids)


async def _catalogue(tx: Transaction) -> Catalogue:
    kept = await tx.sights.catalogue()
    return kept[0] if kept else Catalogue.of((), (), ())


def _terms(catalogue: Catalogue, booking: Booking) -> Terms:
    """Return the office's terms; the city's usual ones if it is listed no more."""
    office = catalogue.offices.get(booking.slot.office)
    return (office.terms if office else None) or Terms()


async def _why_not(
    tx: Transaction, begun: Booking, details: Details | None, now: datetime
) -> str:
    """Say why a call shall not be made after all; empty if it shall."""
    match begun.pending:
        case Pending(call=Call.UPDATE) if details is None:
            return "the contact details were taken back"
        case Pending(call=Call.RESERVE):
            subscription = await tx.subscriptions.get(begun.subscription)
            if not subscription.active:
                return f"the subscription is {subscription.state.value}"
            if now not in subscription.mail_hours:
                return "it is too late to open the city's mail"
            if not subscription.wishes.accept(begun.slot, now):
                return "it is too late for this slot"
    return ""


async def _details(tx: Transaction, booking: Booking) -> Details | None:
    """Return what the city is to be told; None if the citizen took it back."""
    contact = (await tx.users.get(booking.user)).contact
    subscription = await tx.subscriptions.get(booking.subscription)
    return Details(contact, subscription.answers) if contact else None


def _record(
    record_id: UUID, sent: Sent, result: CityAppointment | SiteError, now: datetime
) -> CallRecord:
    answer = result.answer if isinstance(result, SiteError) else Answer.DONE
    return CallRecord(
        id=record_id,
        booking=sent.booking.id,
        call=sent.pending.call,
        sent_at=sent.pending.sent_at,
        answered_at=now,
        answer=answer,
        code=result.code if isinstance(result, Refused) else "",
        waited=sent.waited,
    )
