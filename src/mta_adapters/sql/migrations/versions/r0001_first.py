"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration stands by itself: it does not follow the rows as they change.
_MOMENT = sa.DateTime(timezone=True)
_DUE = sa.text("due_at IS NOT NULL")
_OPEN = sa.text("gone_at IS NULL")
_TABLES = (
    "users",
    "subscriptions",
    "appointments",
    "notifications",
    "told",
    "inbox",
    "bookings",
    "booking_calls",
    "live_claims",
    "blindness",
    "catalogue",
    "revisions",
    "limiter_stamps",
    "limiter_state",
)


def upgrade() -> None:
    """Make all tables."""
    _citizens()
    _openings()
    _messages()
    _bookings()
    _city()
    _limiter()


def downgrade() -> None:
    """Drop all tables, children first."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _citizens() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("home_digest", sa.String(), nullable=False),
        sa.Column("address_sealed", sa.String(), nullable=False),
        sa.Column("consent_wording", sa.String(), nullable=False),
        sa.Column("consent_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name_sealed", sa.String(), nullable=True),
        sa.Column("email_sealed", sa.String(), nullable=True),
        sa.Column("telephone_sealed", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("home_digest", name="uq_users_home_digest"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("waiting_since", _MOMENT, nullable=False),
        sa.Column("mail_hours", sa.JSON(), nullable=False),
        sa.Column("answers_sealed", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name="fk_subscriptions_user_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
    )
    op.create_index(
        "ix_subscriptions_user_id",
        "subscriptions",
        ["user_id"],
    )
    op.create_index(
        "ix_subscriptions_waiting",
        "subscriptions",
        ["state", "services", "waiting_since"],
    )
    op.create_table(
        "revisions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_revisions"),
    )


def _openings() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("office", sa.Integer(), nullable=False),
        sa.Column("start", _MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_seen", _MOMENT, nullable=False),
        sa.Column("last_seen", _MOMENT, nullable=False),
        sa.Column("absent_since", _MOMENT, nullable=True),
        sa.Column("absences", sa.Integer(), nullable=False),
        sa.Column("gone_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_index(
        "ix_appointments_open",
        "appointments",
        ["services", "day"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _messages() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("delivered_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name="fk_notifications_user_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    op.create_index(
        "ix_notifications_due",
        "notifications",
        ["due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_index(
        "ix_notifications_of",
        "notifications",
        ["user_id", "created_at"],
    )
    op.create_table(
        "told",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_told_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "opening_id", name="pk_told"),
    )
    op.create_index(
        "ix_told_notification_id",
        "told",
        ["notification_id"],
    )
    op.create_index(
        "ix_told_opening_id",
        "told",
        ["opening_id"],
    )
    op.create_table(
        "inbox",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_inbox_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notification_id", name="pk_inbox"),
    )
    op.create_index(
        "ix_inbox_of",
        "inbox",
        ["user_id", "at"],
    )


def _bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("office", sa.Integer(), nullable=False),
        sa.Column("start", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pending_call", sa.String(), nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("release", sa.Boolean(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("auth_key_sealed", sa.String(), nullable=True),
        sa.Column("reserved_at", _MOMENT, nullable=True),
        sa.Column("preconfirm_by", _MOMENT, nullable=True),
        sa.Column("open_by", _MOMENT, nullable=True),
        sa.Column("display_number", sa.String(), nullable=False),
        sa.Column("orphan_until", _MOMENT, nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name="fk_bookings_user_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
    )
    op.create_index(
        "ix_bookings_due",
        "bookings",
        ["due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_index(
        "ix_bookings_of",
        "bookings",
        ["user_id", "requested_at"],
    )
    op.create_index(
        "ix_bookings_subscription_id",
        "bookings",
        ["subscription_id"],
    )
    op.create_table(
        "booking_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("call", sa.String(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("waited", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["bookings.id"],
            name="fk_booking_calls_booking_id_bookings",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking_calls"),
    )
    op.create_index(
        "ix_booking_calls_booking_id",
        "booking_calls",
        ["booking_id"],
    )
    op.create_table(
        "live_claims",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["bookings.id"],
            name="fk_live_claims_booking_id_bookings",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name="fk_live_claims_user_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "service", "lane", name="pk_live_claims"),
    )
    op.create_index(
        "ix_live_claims_booking_id",
        "live_claims",
        ["booking_id"],
    )


def _city() -> None:
    op.create_table(
        "blindness",
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("probe", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("city", "probe", name="pk_blindness"),
    )
    op.create_table(
        "catalogue",
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city", name="pk_catalogue"),
    )


def _limiter() -> None:
    op.create_table(
        "limiter_stamps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget", sa.String(), nullable=False),
        sa.Column("granted_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("counts_until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_limiter_stamps"),
    )
    op.create_index(
        "ix_limiter_stamps_counting",
        "limiter_stamps",
        ["budget", "counts_until"],
    )
    op.create_table(
        "limiter_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closed_until", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_limiter_state"),
    )
