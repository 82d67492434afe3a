"""What an answer of the city, or its absence, makes of a booking."""

from __future__ import annotations

from datetime import datetime

from mta_core.domain.bookings import FIRST_RETRY, LONGEST_RETRY, Booking
from mta_core.domain.calls import Call, CityAppointment, Pending
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import (
    Answer,
    CheckNeeded,
    RateLimited,
    SiteError,
    SlotGone,
    UnknownAppointment,
)


def answered(
    booking: Booking, result: CityAppointment | SiteError, now: datetime, terms: Terms
) -> Booking:
    """Return the booking after the call that is out was answered, or was not."""
    if isinstance(result, CityAppointment):
        return _done(booking, result, now, terms)
    reason = str(result)
    reserving = booking.pending is not None and booking.pending.call is Call.RESERVE
    if reserving and isinstance(result, SlotGone):
        return booking.slot_gone(now, reason)
    if reserving and booking.checked and isinstance(result, CheckNeeded):
        return booking.unproven(now)
    if not reserving and isinstance(result, UnknownAppointment):
        return booking.gone(now, reason)
    match result.answer:
        case Answer.REFUSED:
            return booking.refused(now, reason)
        case Answer.NOT_EXECUTED:
            retry_at = _retry_at(booking, result, now)
            return booking.not_executed(now, retry_at, reason)
        case _:
            return booking.unknown(now, terms, reason)


def _done(
    booking: Booking, appointment: CityAppointment, now: datetime, terms: Terms
) -> Booking:
    match booking.pending:
        case Pending(call=Call.RESERVE):
            return booking.reserved(appointment, now, terms)
        case Pending(call=Call.UPDATE):
            return booking.detailed(now)
        case Pending(call=Call.CANCEL):
            return booking.given_back(now)
        case _:
            return booking.seen(appointment, now)


def _retry_at(booking: Booking, error: SiteError, now: datetime) -> datetime:
    """Wait as long as it has already taken, within bounds: it doubles by itself."""
    if isinstance(error, RateLimited):
        return max(error.until or now + LONGEST_RETRY, now + FIRST_RETRY)
    waited = now - (booking.reserved_at or booking.requested_at)
    return now + min(max(waited, FIRST_RETRY), LONGEST_RETRY)
