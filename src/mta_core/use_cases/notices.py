"""The messages that a step of a booking brings about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import attrs

from mta_core.domain.bookings import GIVEN_BACK, REPLACED, Booking, BookingState, Lane
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.notifications import Kind, Notification, facts_of
from mta_core.ports.clock import Ids

LAST_CALL = timedelta(minutes=5)
"""The last reminder comes this long before the mail's link dies."""

BEFORE_APPOINTMENT = (timedelta(days=1), timedelta(hours=2))
"""Reminders of an appointment: who cannot come can still let somebody else have it."""

_S = BookingState
_KINDS: Mapping[BookingState, Kind] = {
    _S.PRECONFIRMED: Kind.OPEN_MAIL,
    _S.CONFIRMED: Kind.CONFIRMED,
    _S.LOST: Kind.LOST,
    _S.EXPIRED: Kind.EXPIRED,
    _S.FAILED: Kind.FAILED,
    _S.RELEASED: Kind.FAILED,
    _S.CANCELLED: Kind.CANCELLED,
}
_BY_REASON: Mapping[tuple[BookingState, str], Kind] = {
    (_S.RELEASED, GIVEN_BACK): Kind.GIVEN_BACK,
    (_S.CANCELLED, REPLACED): Kind.REPLACED,
}


def notices(
    before: Booking, after: Booking, catalogue: Catalogue, now: datetime, ids: Ids
) -> list[Notification]:
    """Write what the citizen is to read of a step, now and later."""
    kind = _kind(before, after)
    if kind is None:
        return []
    notice = Notification(
        id=ids.new(),
        user=after.user,
        kind=kind,
        created_at=now,
        due_at=now,
        subscription=after.subscription,
        booking=after.id,
        slots=(after.slot,),
        facts=_facts(after, catalogue),
    )
    return [
        notice,
        *(
            attrs.evolve(notice, id=ids.new(), kind=later, due_at=due)
            for later, due in _reminders(after, kind)
            if due > now
        ),
    ]


def _kind(before: Booking, after: Booking) -> Kind | None:
    if after.state is before.state:
        # The city kept a confirmed appointment that was to be given back.
        kept = after.state is _S.CONFIRMED and before.release and not after.release
        return Kind.NOT_CANCELLED if kept else None
    if after.release and after.state in {_S.PRECONFIRMED, _S.CONFIRMED}:
        return None  # it is given back at once: that is the news
    special = _BY_REASON.get((after.state, after.reason))
    return special or _KINDS.get(after.state)


def _reminders(booking: Booking, kind: Kind) -> Iterable[tuple[Kind, datetime]]:
    if kind is Kind.CONFIRMED:
        for before in BEFORE_APPOINTMENT:
            yield Kind.APPOINTMENT, booking.slot.start - before
    if kind is Kind.OPEN_MAIL and booking.open_by and booking.half_time:
        for due in sorted({booking.half_time, booking.open_by - LAST_CALL}):
            yield Kind.MAIL_REMINDER, due


def _facts(booking: Booking, catalogue: Catalogue) -> dict[str, str]:
    office = catalogue.offices.get(booking.slot.office)
    more = {
        "open_by": booking.open_by.isoformat() if booking.open_by else "",
        "sender": office.terms.email_from if office and office.terms else "",
        "number": booking.display_number,
        "reason": booking.reason,
        "swaps": "1" if booking.lane is Lane.SWAP else "",
    }
    given = {name: text for name, text in more.items() if text}
    return facts_of((booking.slot,), catalogue, **given)
