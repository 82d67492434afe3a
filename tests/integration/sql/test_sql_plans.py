"""The questions that are asked all the time find their answers by an index."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql import SqlStore
from mta_adapters.sql.store import SqlTransaction
from mta_core.testing.builders import (
    PASING,
    a_home,
    a_service_set,
    a_slot,
    a_window,
    an_id,
)
from mta_core.testing.clock import NOON

pytestmark = pytest.mark.integration

Question = Callable[[SqlTransaction], Awaitable[object]]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (lambda tx: tx.users.at(a_home()), "sqlite_autoindex_users"),
        (lambda tx: tx.subscriptions.of(an_id()), "ix_subscriptions_user_id"),
        (lambda tx: tx.subscriptions.active(), "ix_subscriptions_waiting"),
        (
            lambda tx: tx.subscriptions.waiting_for(a_service_set()),
            "ix_subscriptions_waiting (state=? AND services=?)",
        ),
        (
            lambda tx: tx.subscriptions.due(NOON, 9),
            "ix_subscriptions_care (care_at<?)",
        ),
        (
            lambda tx: tx.subscriptions.wanted(),
            "COVERING INDEX ix_subscriptions_waiting (state=?)",
        ),
        (
            lambda tx: tx.openings.open_at(a_service_set(), [PASING], a_window()),
            "ix_appointments_open (services=? AND day>? AND day<?)",
        ),
        (lambda tx: tx.openings.told([an_id()]), "ix_told_opening_id"),
        (lambda tx: tx.openings.told_by(an_id()), "ix_told_notification_id"),
        (
            lambda tx: tx.openings.seen_since(a_service_set(), NOON, 9),
            "ix_appointments_seen (services=? AND first_seen>?)",
        ),
        (
            lambda tx: tx.openings.appeared(a_service_set(), NOON),
            "INDEX ix_appointments_seen (services=? AND first_seen>?)",
        ),
        (
            lambda tx: tx.watched.hours(a_service_set(), NOON),
            "sqlite_autoindex_watched_1 (city=? AND services=? AND hour>?)",
        ),
        (lambda tx: tx.bookings.of(an_id()), "ix_bookings_of"),
        (lambda tx: tx.bookings.due(NOON, 9), "ix_bookings_due"),
        (lambda tx: tx.bookings.aimed_at(a_service_set()), "INDEX ix_bookings_due"),
        (
            lambda tx: tx.bookings.claimed([an_id()], a_service_set()),
            "sqlite_autoindex_live_claims_1 (user_id=? AND service=? AND lane=?)",
        ),
        (
            lambda tx: tx.bookings.replacing(an_id()),
            "ix_bookings_replacing (replaces=?)",
        ),
        (
            lambda tx: tx.bookings.rivals(a_slot(), an_id()),
            "ix_bookings_at (start=? AND office=?)",
        ),
        (lambda tx: tx.bookings.calls(an_id()), "ix_booking_calls_booking_id"),
        (lambda tx: tx.notifications.of(an_id(), 9), "ix_notifications_of"),
        (lambda tx: tx.notifications.due(NOON, 9), "ix_notifications_due"),
    ],
)
async def test_an_index_is_used(
    store: SqlStore, engine: AsyncEngine, question: Question, index: str
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        asked.append((sql, values))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    async with store.snapshot() as tx:
        await question(tx)
    ((sql, values),) = [one for one in asked if one[0].startswith("SELECT")]
    async with engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        steps = [str(row.detail) for row in plan]
    assert index in steps[0]
    assert not any(step.startswith("SCAN") for step in steps)
