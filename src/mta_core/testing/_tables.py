"""What the in-memory database holds, and how records get in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, Protocol, TypeVar
from uuid import UUID

import attrs

from mta_core.domain.accounts import User
from mta_core.domain.availability import Opening
from mta_core.domain.blindness import Blindness
from mta_core.domain.bookings import Booking
from mta_core.domain.calls import CallRecord
from mta_core.domain.catalogue import Catalogue, ServiceSet
from mta_core.domain.conditions import Condition, ConditionName
from mta_core.domain.errors import NotFound, StorageConflict
from mta_core.domain.notifications import Notification
from mta_core.domain.rota import Invitation, Turn
from mta_core.domain.shifts import Shift
from mta_core.domain.subscriptions import Hours, Subscription
from mta_core.domain.watched import WatchedHour


class Versioned(Protocol):
    """A record that refuses to be overwritten by an older one."""

    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


Record = TypeVar("Record", User, Subscription, Booking, Notification, Shift, Turn)


@attrs.define
class Tables:
    """All tables. *told* maps (citizen, opening) to the notification that told."""

    users: dict[UUID, User] = attrs.field(factory=dict)
    subscriptions: dict[UUID, Subscription] = attrs.field(factory=dict)
    openings: dict[UUID, Opening] = attrs.field(factory=dict)
    told: dict[tuple[UUID, UUID], UUID] = attrs.field(factory=dict)
    bookings: dict[UUID, Booking] = attrs.field(factory=dict)
    calls: dict[UUID, CallRecord] = attrs.field(factory=dict)
    notifications: dict[UUID, Notification] = attrs.field(factory=dict)
    catalogue: tuple[Catalogue, datetime] | None = None
    blind: dict[str, Blindness] = attrs.field(factory=dict)
    watched: dict[ServiceSet, tuple[WatchedHour, ...]] = attrs.field(factory=dict)
    learnt: dict[str, tuple[dict[str, Any], datetime]] = attrs.field(factory=dict)
    conditions: dict[tuple[ConditionName, str, datetime], Condition] = attrs.field(
        factory=dict
    )
    shifts: dict[UUID, Shift] = attrs.field(factory=dict)
    turns: dict[UUID, Turn] = attrs.field(factory=dict)
    invitations: set[Invitation] = attrs.field(factory=set)
    revision: int = 0

    def copy(self) -> Tables:
        """Return tables that can change without these: the records are frozen."""
        return Tables(
            users=dict(self.users),
            subscriptions=dict(self.subscriptions),
            openings=dict(self.openings),
            told=dict(self.told),
            bookings=dict(self.bookings),
            calls=dict(self.calls),
            notifications=dict(self.notifications),
            catalogue=self.catalogue,
            blind=dict(self.blind),
            watched=dict(self.watched),
            learnt=dict(self.learnt),
            conditions=dict(self.conditions),
            shifts=dict(self.shifts),
            turns=dict(self.turns),
            invitations=set(self.invitations),
            revision=self.revision,
        )


def find(table: Mapping[UUID, Record], record_id: UUID) -> Record:
    """Look a record up. Raises `NotFound`."""
    try:
        return table[record_id]
    except KeyError:
        raise NotFound from None


def put(table: dict[UUID, Record], record: Record) -> Record:
    """Insert or update, and return the record with its new version.

    Raises:
        StorageConflict: somebody else saved or erased it since it was read.
    """
    stored = table.get(record.id)
    if record.version != (stored.version if stored else 0):
        raise StorageConflict
    table[record.id] = attrs.evolve(record, version=record.version + 1)
    return table[record.id]


def plain(value: object) -> Any:
    """Turn a record into JSON values."""
    match value:
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case frozenset():
            return sorted(plain(item) for item in value)
        case tuple() | list():
            return [plain(item) for item in value]
        case _:
            return _plain_value(value)


def _plain_value(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case UUID() | ServiceSet() | Hours():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case object(__attrs_attrs__=fields):
            return {each.name: plain(getattr(value, each.name)) for each in fields}
        case _:
            return value
