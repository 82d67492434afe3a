"""Calls to the city about a booking, and what the city says of an appointment."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

import attrs

from mta_core.domain.errors import Answer


class Call(Enum):
    """A call to the city about a booking."""

    RESERVE = "reserve"
    UPDATE = "update"
    PRECONFIRM = "preconfirm"
    CANCEL = "cancel"
    LOOK = "look"


class CityStatus(Enum):
    """How the city sees an appointment (contract 1.3); others do not concern MTA."""

    RESERVED = "reserved"
    PRECONFIRMED = "preconfirmed"
    CONFIRMED = "confirmed"
    DELETED = "deleted"
    BLOCKED = "blocked"
    OTHER = "other"


@attrs.frozen
class Held:
    """The keys to an appointment. Whoever has them can read, change and cancel it."""

    process_id: int
    auth_key: str = attrs.field(repr=False)


@attrs.frozen
class CityAppointment:
    """The city's own record of an appointment, as far as MTA reads it."""

    held: Held
    status: CityStatus
    display_number: str = ""


@attrs.frozen
class Pending:
    """A call that was recorded and has no answer yet."""

    call: Call
    sent_at: datetime
    lease_until: datetime


NOT_UNDERSTOOD = "not understood"
"""The code of a call whose answer had a shape that MTA does not know."""


@attrs.frozen
class CallRecord:
    """A call to the city and what became of it, kept for as long as the booking.

    Attributes:
        code: the city's error code, if it named one, or `NOT_UNDERSTOOD`.
        waited: seconds spent waiting for a place in the budget before it was sent.
    """

    id: UUID
    booking: UUID
    call: Call
    sent_at: datetime
    answered_at: datetime
    answer: Answer
    code: str = ""
    waited: float = 0.0
