"""A call as it is recorded: what it needs before it is sent, and what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.bookings import Booking
from mta_core.domain.calls import (
    NOT_UNDERSTOOD,
    CallRecord,
    CityAppointment,
    Pending,
)
from mta_core.domain.catalogue import Catalogue, Terms
from mta_core.domain.errors import Answer, Refused, SiteChanged, SiteError
from mta_core.domain.questions import answers_to
from mta_core.domain.shifts import Shift, Token
from mta_core.ports.repository import Transaction
from mta_core.ports.site import Details
from mta_core.use_cases.read_catalogue import last_known


@attrs.frozen
class Sent:
    """A recorded call with all that it needs."""

    booking: Booking
    pending: Pending
    details: Details | None = None
    waited: float = 0.0
    shift: Shift | None = None

    @property
    def token(self) -> Token | None:
        """What the city wants to see at a checked office."""
        return self.shift.token if self.shift else None

    def record(
        self, record_id: UUID, result: CityAppointment | SiteError, now: datetime
    ) -> CallRecord:
        """Note what came of it."""
        answer = result.answer if isinstance(result, SiteError) else Answer.DONE
        return CallRecord(
            id=record_id,
            booking=self.booking.id,
            call=self.pending.call,
            sent_at=self.pending.sent_at,
            answered_at=now,
            answer=answer,
            code=_code(result),
            waited=self.waited,
        )


def _code(result: CityAppointment | SiteError) -> str:
    if isinstance(result, SiteChanged):
        return NOT_UNDERSTOOD
    return result.code if isinstance(result, Refused) else ""


def terms_of(catalogue: Catalogue, booking: Booking) -> Terms:
    """Return the office's terms; the city's usual ones if it is listed no more."""
    office = catalogue.offices.get(booking.slot.office)
    return (office.terms if office else None) or Terms()


async def details_for(tx: Transaction, booking: Booking) -> Details | None:
    """Return what the city is to be told; None if the citizen took it back.

    Only what this office asks leaves MTA.
    """
    contact = (await tx.users.get(booking.user)).contact
    subscription = await tx.subscriptions.get(booking.subscription)
    if contact is None:
        return None
    terms = terms_of(await last_known(tx), booking)
    if not terms.telephone.activated:
        contact = attrs.evolve(contact, telephone="")
    return Details(contact, answers_to(terms, subscription.answers))
