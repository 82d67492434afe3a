"""The tables, as typed rows. `mapping` turns them into the domain's objects and back.

What belongs to a citizen hangs on their row by a foreign key that deletes: erasing the
citizen's row erases the rest, and nothing can be added for somebody erased. Columns
named ``…_sealed`` hold what the cipher made. Lists and wishes are JSON columns: they
are only ever read and written together with their row.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mta_adapters.sql.types import UtcDateTime


class Base(DeclarativeBase):
    """All tables of MTA."""

    # Names by rule, so that a migration can find a constraint again.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Versioned(Base):
    """A row with an id that may only be replaced by the next version of itself."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    version: Mapped[int] = mapped_column(sort_order=-1)


def _citizen(*, primary_key: bool = False, index: bool = False) -> Mapped[UUID]:
    """Make the column that ties a row to its citizen."""
    return mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=primary_key,
        index=index,
    )


class UserRow(Versioned):
    """A citizen. *home_digest*: keyed, to find them by their home."""

    __tablename__ = "users"

    channel: Mapped[str]
    home_digest: Mapped[str] = mapped_column(unique=True)
    address_sealed: Mapped[str]
    consent_wording: Mapped[str]
    consent_at: Mapped[datetime]
    created_at: Mapped[datetime]
    language: Mapped[str]
    name_sealed: Mapped[str | None]
    email_sealed: Mapped[str | None]
    telephone_sealed: Mapped[str | None]
    channels_sealed: Mapped[str | None]


class SubscriptionRow(Versioned):
    """What a citizen waits for. *services*: the service set's text, for finding it.

    *care_at* is computed from the rest: when its life needs a look.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index("ix_subscriptions_waiting", "state", "services", "waiting_since"),
        Index(
            "ix_subscriptions_care",
            "care_at",
            sqlite_where=text("care_at IS NOT NULL"),
            postgresql_where=text("care_at IS NOT NULL"),
        ),
    )

    user_id: Mapped[UUID] = _citizen(index=True)
    services: Mapped[str]
    wishes: Mapped[dict[str, Any]]
    mode: Mapped[str]
    waiting_since: Mapped[datetime]
    mail_hours: Mapped[dict[str, Any]]
    answers_sealed: Mapped[str | None]
    state: Mapped[str]
    earlier_by: Mapped[float | None]
    standing: Mapped[datetime | None]
    armed_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    vanished_at: Mapped[datetime | None]
    care_at: Mapped[datetime | None]


class OpeningRow(Base):
    """A slot seen free. *day*: its day in Munich, for finding it."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "ix_appointments_open",
            "services",
            "day",
            sqlite_where=text("gone_at IS NULL"),
            postgresql_where=text("gone_at IS NULL"),
        ),
        Index("ix_appointments_seen", "services", "first_seen"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    services: Mapped[str]
    office: Mapped[int]
    start: Mapped[datetime]
    day: Mapped[date]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    absent_since: Mapped[datetime | None]
    absences: Mapped[int]
    gone_at: Mapped[datetime | None]


class ToldRow(Base):
    """Which citizen was told of which opening, and by which notification."""

    __tablename__ = "told"

    user_id: Mapped[UUID] = _citizen(primary_key=True)
    opening_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    notification_id: Mapped[UUID] = mapped_column(index=True)


class NotificationRow(Versioned):
    """One message owed to one citizen."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_of", "user_id", "created_at"),
        Index(
            "ix_notifications_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    user_id: Mapped[UUID] = _citizen()
    kind: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    subscription_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    slots: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    reason: Mapped[str]
    outcomes_sealed: Mapped[str | None]


class BookingRow(Versioned):
    """One attempt to get one slot."""

    __tablename__ = "bookings"
    __table_args__ = (
        Index("ix_bookings_of", "user_id", "requested_at"),
        Index("ix_bookings_at", "start", "office"),
        Index(
            "ix_bookings_replacing",
            "replaces",
            sqlite_where=text("replaces IS NOT NULL"),
            postgresql_where=text("replaces IS NOT NULL"),
        ),
        Index(
            "ix_bookings_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    user_id: Mapped[UUID] = _citizen()
    subscription_id: Mapped[UUID] = mapped_column(index=True)
    services: Mapped[str]
    office: Mapped[int]
    start: Mapped[datetime]
    seen_at: Mapped[datetime]
    requested_at: Mapped[datetime]
    alternatives: Mapped[list[Any]]
    tried: Mapped[list[Any]]
    lane: Mapped[str]
    replaces: Mapped[UUID | None]
    state: Mapped[str]
    pending_call: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    doubt: Mapped[bool]
    release: Mapped[bool]
    denied: Mapped[bool]
    mailed: Mapped[bool]
    checked: Mapped[bool]
    due_at: Mapped[datetime | None]
    process_id: Mapped[int | None]
    auth_key_sealed: Mapped[str | None]
    reserved_at: Mapped[datetime | None]
    preconfirm_by: Mapped[datetime | None]
    open_by: Mapped[datetime | None]
    display_number: Mapped[str]
    orphan_until: Mapped[datetime | None]
    looks: Mapped[int]
    reason: Mapped[str]
    ended_at: Mapped[datetime | None]


class BookingCallRow(Base):
    """A call to the city for a booking, and what became of it."""

    __tablename__ = "booking_calls"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(
        ForeignKey("bookings.id", ondelete="CASCADE"), index=True
    )
    call: Mapped[str]
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime]
    answer: Mapped[str]
    code: Mapped[str]
    waited: Mapped[float]


class LiveClaimRow(Base):
    """A service that a citizen's live booking stands for: one each (design 4)."""

    __tablename__ = "live_claims"

    user_id: Mapped[UUID] = _citizen(primary_key=True)
    service: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lane: Mapped[str] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(
        ForeignKey("bookings.id", ondelete="CASCADE"), index=True
    )


class InboxRow(Base):
    """A message that was delivered to the citizen's own inbox."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_of", "user_id", "at"),)

    notification_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = _citizen()
    title: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]


class BlindnessRow(Base):
    """A probe that cannot see, at one city."""

    __tablename__ = "blindness"

    city: Mapped[str] = mapped_column(primary_key=True)
    probe: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    since: Mapped[datetime]
    detail: Mapped[str]


class CatalogueRow(Base):
    """The last catalogue read from one city."""

    __tablename__ = "catalogue"

    city: Mapped[str] = mapped_column(primary_key=True)
    read_at: Mapped[datetime]
    document: Mapped[dict[str, Any]]


class WatchedRow(Base):
    """An hour with answers of one city. *minutes*: a bit for each that had any."""

    __tablename__ = "watched"
    __table_args__ = (Index("ix_watched_old", "city", "hour"),)

    city: Mapped[str] = mapped_column(primary_key=True)
    services: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    offices: Mapped[str] = mapped_column(primary_key=True)
    minutes: Mapped[int] = mapped_column(BigInteger)


class LearntRow(Base):
    """Something that watching one city has taught."""

    __tablename__ = "learnt"

    city: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    document: Mapped[dict[str, Any]]


class ShiftRow(Versioned):
    """One watch shift."""

    __tablename__ = "shifts"
    __table_args__ = (
        Index("ix_shifts_of", "user_id", "opened_at"),
        Index(
            "ix_shifts_live",
            "expires_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID] = _citizen()
    egress: Mapped[str]
    token_sealed: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]
    asked: Mapped[int]
    heard_at: Mapped[datetime | None]
    trouble: Mapped[str]


class TurnRow(Versioned):
    """An offer to watch at some hours."""

    __tablename__ = "turns"

    user_id: Mapped[UUID] = _citizen(index=True)
    hours: Mapped[dict[str, Any]]
    weekdays: Mapped[list[Any]]
    offered_at: Mapped[datetime]
    served_at: Mapped[datetime | None]


class InvitationRow(Base):
    """Who was invited to which stated hour. *lead*: seconds before it."""

    __tablename__ = "invitations"

    user_id: Mapped[UUID] = _citizen(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    lead: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ConditionRow(Base):
    """Something that is not as it should be, at one city."""

    __tablename__ = "conditions"
    __table_args__ = (
        Index(
            "ix_conditions_standing",
            "city",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_conditions_ended", "city", "ended_at"),
    )

    city: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    detail: Mapped[str]
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    over_told_at: Mapped[datetime | None]


class RevisionRow(Base):
    """A number that grows whenever something changes."""

    __tablename__ = "revisions"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class LimiterStampRow(Base):
    """A place in a budget. It counts until *counts_until*."""

    __tablename__ = "limiter_stamps"
    __table_args__ = (Index("ix_limiter_stamps_counting", "budget", "counts_until"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    budget: Mapped[str]
    granted_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    counts_until: Mapped[datetime]


class LimiterStateRow(Base):
    """The one row of the limiter, whose time began at *zero_at*. *seen_at*: the last."""

    __tablename__ = "limiter_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_until: Mapped[datetime]
    seen_at: Mapped[datetime]
    zero_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
