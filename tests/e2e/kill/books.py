"""The city's books and MTA's, as they were read at about the same moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.availability import Slot
from mta_core.domain.bookings import Booking
from mta_core.domain.calls import CallRecord
from mta_core.domain.notifications import Notification
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.limiter import Budget

ON_ITS_WAY = timedelta(seconds=15)
"""So long after it was sent a call may reach the city; its lease is as long."""

LIVE = ("reserved", "preconfirmed", "confirmed")

Appointment = Mapping[str, Any]
"""What the city's control route tells of an appointment."""


@attrs.frozen
class Theirs:
    """The city's books, without what it holds for people who do not use MTA.

    Attributes:
        live: the appointments that were live before MTA's books were read.
        still: the numbers of those that are live after that, too.
        status: how every appointment stands, ended ones too, by its number.
    """

    live: Sequence[Appointment]
    still: Collection[int]
    status: Mapping[int, str]
    mails: Sequence[Mapping[str, Any]]
    ledger: Sequence[Mapping[str, Any]]


@attrs.frozen
class Ours:
    """MTA's books.

    Attributes:
        told: of which slots a message is noted to tell.
        inbox: the numbers of the messages that were handed over.
        free_at: when each budget has a place again; in the past if it has one.
    """

    subscriptions: Sequence[Subscription]
    bookings: Sequence[Booking]
    calls: Sequence[CallRecord]
    notifications: Sequence[Notification]
    told: Mapping[UUID, Collection[Slot]]
    inbox: Collection[UUID]
    free_at: Mapping[Budget, datetime]

    @property
    def forgotten(self) -> bool:
        """Whether everybody was erased, and with them the keys to what they held."""
        return not self.subscriptions

    def orphans(self, at: datetime) -> Sequence[Booking]:
        """Those that may hold a reservation of which nobody has the keys."""
        return [b for b in self.bookings if b.orphan_until and b.orphan_until > at]

    def owner(self, appointment: Appointment) -> Booking | None:
        """Find the booking that an appointment was made for."""
        for booking in self.bookings:
            if booking.held and booking.held.process_id == appointment["processId"]:
                return booking
        made_at = datetime.fromisoformat(appointment["reservedAt"])
        for booking in self.bookings:
            same = booking.slot.start.timestamp() == appointment["timestamp"]
            if booking.held is None and same and _may_have_made(booking, made_at):
                return booking
        return None


@attrs.frozen
class Books:
    """Both, read at about *at*."""

    at: datetime
    theirs: Theirs
    ours: Ours


def _may_have_made(booking: Booking, made_at: datetime) -> bool:
    """Whether a reservation is what came of a call whose answer is not known."""
    if booking.pending:
        return booking.pending.sent_at <= made_at
    if booking.orphan_until is None or booking.ended_at is None:
        return False
    return booking.requested_at <= made_at <= booking.ended_at + ON_ITS_WAY


def shown(appointment: Appointment) -> str:
    """Name an appointment of the city."""
    status, process = appointment["status"], appointment["processId"]
    return f"{status} appointment {process} of {appointment['reservedAt']}"


def named(booking: Booking) -> str:
    """Name a booking of MTA."""
    return f"booking {str(booking.id)[-6:]} ({booking.state.value})"
