"""Bookings and their calls: rows to domain objects and back."""

from __future__ import annotations

from mta_adapters.sql.documents import plain, slots_of
from mta_adapters.sql.rows import BookingCallRow, BookingRow
from mta_adapters.sql.sealing import Seal
from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.calls import Call, CallRecord, Held, Pending
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.errors import Answer
from mta_core.ports.cipher import Cipher


def booking_row(booking: Booking, cipher: Cipher) -> BookingRow:
    """Write the next version of a booking, with the city's key sealed."""
    held, pending = booking.held, booking.pending
    return BookingRow(
        id=booking.id,
        version=booking.version + 1,
        user_id=booking.user,
        subscription_id=booking.subscription,
        services=str(booking.slot.services),
        office=booking.slot.office,
        start=booking.slot.start,
        seen_at=booking.seen_at,
        requested_at=booking.requested_at,
        alternatives=plain(booking.alternatives),
        tried=plain(booking.tried),
        lane=booking.lane.value,
        replaces=booking.replaces,
        state=booking.state.value,
        pending_call=pending.call.value if pending else None,
        sent_at=pending.sent_at if pending else None,
        lease_until=pending.lease_until if pending else None,
        doubt=booking.doubt,
        release=booking.release,
        denied=booking.denied,
        mailed=booking.mailed,
        checked=booking.checked,
        due_at=booking.due_at,
        process_id=held.process_id if held else None,
        auth_key_sealed=_sealed_key(booking, cipher),
        reserved_at=booking.reserved_at,
        preconfirm_by=booking.preconfirm_by,
        open_by=booking.open_by,
        display_number=booking.display_number,
        orphan_until=booking.orphan_until,
        looks=booking.looks,
        reason=booking.reason,
        ended_at=booking.ended_at,
    )


def booking_of(row: BookingRow, cipher: Cipher) -> Booking:
    """Read a booking."""
    return Booking(
        id=row.id,
        user=row.user_id,
        subscription=row.subscription_id,
        slot=Slot(row.start, OfficeId(row.office), ServiceSet.parse(row.services)),
        seen_at=row.seen_at,
        requested_at=row.requested_at,
        alternatives=slots_of(row.alternatives),
        tried=slots_of(row.tried),
        lane=Lane(row.lane),
        replaces=row.replaces,
        state=BookingState(row.state),
        pending=_pending_of(row),
        doubt=row.doubt,
        release=row.release,
        denied=row.denied,
        mailed=row.mailed,
        checked=row.checked,
        due_at=row.due_at,
        held=_held_of(row, cipher),
        reserved_at=row.reserved_at,
        preconfirm_by=row.preconfirm_by,
        open_by=row.open_by,
        display_number=row.display_number,
        orphan_until=row.orphan_until,
        looks=row.looks,
        reason=row.reason,
        ended_at=row.ended_at,
        version=row.version,
    )


def call_row(call: CallRecord) -> BookingCallRow:
    """Write what became of a call."""
    return BookingCallRow(
        id=call.id,
        booking_id=call.booking,
        call=call.call.value,
        sent_at=call.sent_at,
        answered_at=call.answered_at,
        answer=call.answer.value,
        code=call.code,
        waited=call.waited,
    )


def call_of(row: BookingCallRow) -> CallRecord:
    """Read what became of a call."""
    return CallRecord(
        id=row.id,
        booking=row.booking_id,
        call=Call(row.call),
        sent_at=row.sent_at,
        answered_at=row.answered_at,
        answer=Answer(row.answer),
        code=row.code,
        waited=row.waited,
    )


def _sealed_key(booking: Booking, cipher: Cipher) -> str | None:
    if booking.held is None:
        return None
    seal = Seal(cipher, booking.user, booking.id)
    return seal.close("auth_key", booking.held.auth_key)


def _held_of(row: BookingRow, cipher: Cipher) -> Held | None:
    if row.process_id is None:
        return None
    seal = Seal(cipher, row.user_id, row.id)
    return Held(row.process_id, seal.open("auth_key", row.auth_key_sealed))


def _pending_of(row: BookingRow) -> Pending | None:
    if row.pending_call is None or row.sent_at is None or row.lease_until is None:
        return None
    return Pending(Call(row.pending_call), row.sent_at, row.lease_until)
