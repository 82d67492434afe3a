"""All that is stored about a citizen, for them to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select

from mta_adapters.sql.documents import plain
from mta_adapters.sql.mapping import notification_of, subscription_of
from mta_adapters.sql.mapping_bookings import booking_of, call_of
from mta_adapters.sql.rows import (
    BookingCallRow,
    BookingRow,
    InboxRow,
    InvitationRow,
    LiveClaimRow,
    NotificationRow,
    ShiftRow,
    SubscriptionRow,
    ToldRow,
    TurnRow,
)
from mta_adapters.sql.shifts import invitation_of, shift_of, turn_of
from mta_adapters.sql.work import Work, values_of
from mta_core.domain.accounts import User
from mta_core.ports.cipher import Cipher

Row = TypeVar(
    "Row",
    BookingRow,
    InboxRow,
    InvitationRow,
    LiveClaimRow,
    NotificationRow,
    ShiftRow,
    SubscriptionRow,
    ToldRow,
    TurnRow,
)


async def export(user: User, work: Work, cipher: Cipher) -> dict[str, Any]:
    """Return every record of a citizen as plain JSON values, by table."""

    async def rows(kind: type[Row], read: Callable[[Row], object]) -> list[object]:
        mine = select(kind).where(kind.user_id == user.id)
        return [read(row) for row in await work.all(mine)]

    bookings = select(BookingRow.id).where(BookingRow.user_id == user.id)
    calls = select(BookingCallRow).where(BookingCallRow.booking_id.in_(bookings))
    found = {
        "users": [user],
        "subscriptions": await rows(
            SubscriptionRow, lambda row: subscription_of(row, cipher)
        ),
        "bookings": await rows(BookingRow, lambda row: booking_of(row, cipher)),
        "booking_calls": [call_of(row) for row in await work.all(calls)],
        "live_claims": await rows(LiveClaimRow, values_of),
        "notifications": await rows(
            NotificationRow, lambda row: notification_of(row, cipher)
        ),
        "told": await rows(ToldRow, values_of),
        "inbox": await rows(InboxRow, values_of),
        "shifts": await rows(ShiftRow, lambda row: shift_of(row, cipher)),
        "turns": await rows(TurnRow, turn_of),
        "invitations": await rows(InvitationRow, invitation_of),
    }
    return {table: plain(records) for table, records in found.items()}
