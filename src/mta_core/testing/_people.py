"""Citizens and their wishes in the in-memory database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.accounts import Home, User
from mta_core.domain.calls import CallRecord
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import StorageConflict
from mta_core.domain.subscriptions import Subscription, longest_waiting
from mta_core.ports.repository import Subscriptions, Users
from mta_core.testing._tables import Tables, find, plain, put


@attrs.frozen
class InMemoryUsers(Users):
    """Citizens in memory. One home has one citizen."""

    _tables: Tables

    async def get(self, user_id: UUID) -> User:
        """Raises `NotFound`."""
        return find(self._tables.users, user_id)

    async def at(self, home: Home) -> User | None:
        """Find the citizen who is reached there."""
        users = self._tables.users.values()
        return next((user for user in users if user.home == home), None)

    async def save(self, user: User) -> User:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        neighbour = await self.at(user.home)
        if neighbour is not None and neighbour.id != user.id:
            raise StorageConflict("Somebody else is reached there.")
        return put(self._tables.users, user)

    async def erase(self, user_id: UUID) -> None:
        """Delete the citizen and every record of them, in all tables."""
        tables = self._tables
        tables.users.pop(user_id, None)
        _drop(tables.calls, (call.id for call in _calls_of(tables, user_id)))
        _drop(tables.told, (pair for pair in tables.told if pair[0] == user_id))
        for table in (
            *(tables.bookings, tables.notifications, tables.subscriptions),
            *(tables.shifts, tables.turns),
        ):
            records: dict[UUID, Any] = dict(table)
            _drop(table, (record.id for record in _of(records.values(), user_id)))
        tables.invitations -= set(_of(tables.invitations, user_id))
        tables.revision += 1

    async def everything(self, user_id: UUID) -> Mapping[str, Any]:
        """Return every row about a citizen. Raises `NotFound`."""
        tables = self._tables
        told = [
            {"user": user, "opening": opening, "notification": notification}
            for (user, opening), notification in tables.told.items()
            if user == user_id
        ]
        rows: dict[str, object] = {
            "users": [find(tables.users, user_id)],
            "subscriptions": _of(tables.subscriptions.values(), user_id),
            "bookings": _of(tables.bookings.values(), user_id),
            "calls": _calls_of(tables, user_id),
            "notifications": _of(tables.notifications.values(), user_id),
            "told": told,
            "shifts": _of(tables.shifts.values(), user_id),
            "turns": _of(tables.turns.values(), user_id),
            "invitations": _of(tables.invitations, user_id),
        }
        return {table: plain(found) for table, found in rows.items()}


def _of(records: Iterable[Any], user_id: UUID) -> list[Any]:
    return [record for record in records if record.user == user_id]


def _calls_of(tables: Tables, user_id: UUID) -> list[CallRecord]:
    bookings = {booking.id for booking in _of(tables.bookings.values(), user_id)}
    return [call for call in tables.calls.values() if call.booking in bookings]


def _drop(table: dict[Any, Any], keys: Iterable[Any]) -> None:
    for key in list(keys):
        del table[key]


@attrs.frozen
class InMemorySubscriptions(Subscriptions):
    """Wishes in memory."""

    _tables: Tables

    async def get(self, subscription_id: UUID) -> Subscription:
        """Raises `NotFound`."""
        return find(self._tables.subscriptions, subscription_id)

    async def of(self, user_id: UUID) -> Sequence[Subscription]:
        """All of one citizen, oldest first, ended ones too."""
        found = _of(self._tables.subscriptions.values(), user_id)
        return sorted(found, key=lambda subscription: subscription.id)

    async def active(self) -> Sequence[Subscription]:
        """All active ones, longest waiting first."""
        every = self._tables.subscriptions.values()
        return longest_waiting(wish for wish in every if wish.active)

    async def waiting_for(self, services: ServiceSet) -> Sequence[Subscription]:
        """The active ones for a service set, longest waiting first."""
        return [wish for wish in await self.active() if wish.services == services]

    async def due(self, before: datetime, limit: int) -> Sequence[Subscription]:
        """Those whose life needs a look, most overdue first."""
        every = self._tables.subscriptions.values()
        due = [(w.care_at, w.id, w) for w in every if w.care_at and w.care_at < before]
        return [wish for *_, wish in sorted(due, key=lambda found: found[:2])[:limit]]

    async def wanted(self) -> Sequence[ServiceSet]:
        """Every service set that an active one waits for, once each."""
        return list(dict.fromkeys(wish.services for wish in await self.active()))

    async def revision(self) -> int:
        """A number that grows whenever any subscription changes."""
        return self._tables.revision

    async def save(self, subscription: Subscription) -> Subscription:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        saved = put(self._tables.subscriptions, subscription)
        self._tables.revision += 1
        return saved
