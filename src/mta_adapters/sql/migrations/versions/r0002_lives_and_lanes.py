"""Lives of subscriptions, lanes of bookings, further channels of citizens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CARE = sa.text("care_at IS NOT NULL")
_REPLACES = sa.text("replaces IS NOT NULL")
_KINDS = (
    *("given back", "replaced", "not cancelled", "appointment", "still needed"),
    *("paused", "over", "vanished", "back", "sample"),
)
_MAYBE = ("standing", "asked_at", "vanished_at", "care_at")


def upgrade() -> None:
    """Add what subscriptions, bookings, notifications and citizens have gained."""
    op.add_column("users", sa.Column("channels_sealed", sa.String()))
    op.add_column("notifications", sa.Column("outcomes_sealed", sa.String()))
    _subscriptions()
    _bookings()
    op.create_index("ix_appointments_seen", "appointments", ["services", "first_seen"])
    _forget_defaults()


def downgrade() -> None:
    """Take it all away again, and leave nothing that the older release cannot read."""
    _say_it_in_old_words()
    op.drop_index("ix_appointments_seen", "appointments")
    op.drop_index("ix_bookings_replacing", "bookings")
    op.drop_index("ix_bookings_at", "bookings")
    op.drop_index("ix_subscriptions_care", "subscriptions")
    with op.batch_alter_table("bookings") as table:
        for column in ("lane", "replaces", "denied", "mailed"):
            table.drop_column(column)
    with op.batch_alter_table("subscriptions") as table:
        for column in ("earlier_by", "armed_at", "renewed_at", *_MAYBE):
            table.drop_column(column)
    with op.batch_alter_table("notifications") as table:
        table.drop_column("outcomes_sealed")
    with op.batch_alter_table("users") as table:
        table.drop_column("channels_sealed")


def _say_it_in_old_words() -> None:
    # Of the states that are not looked for, the older release resumes this one.
    op.execute(
        "UPDATE subscriptions SET state = 'fulfilled' "
        "WHERE state = 'paused' OR (state = 'active' AND standing IS NOT NULL)"
    )
    notes = sa.table("notifications", sa.column("kind"))
    op.execute(sa.delete(notes).where(notes.c.kind.in_(_KINDS)))


def _subscriptions() -> None:
    op.add_column("subscriptions", sa.Column("earlier_by", sa.Double()))
    for name in ("armed_at", "renewed_at", *_MAYBE):
        op.add_column("subscriptions", sa.Column(name, _MOMENT))
    # As if they had been subscribed under this release; the care that is due at once
    # finds out by itself what is really due.
    op.execute(
        "UPDATE subscriptions SET armed_at = waiting_since, "
        "renewed_at = waiting_since, care_at = waiting_since "
        "WHERE state = 'active'"
    )
    op.execute(
        "UPDATE subscriptions SET armed_at = waiting_since, "
        "renewed_at = waiting_since WHERE state <> 'active'"
    )
    op.create_index(
        "ix_subscriptions_care",
        "subscriptions",
        ["care_at"],
        sqlite_where=_CARE,
        postgresql_where=_CARE,
    )


def _bookings() -> None:
    op.add_column(
        "bookings",
        sa.Column("lane", sa.String(), nullable=False, server_default="main"),
    )
    op.add_column("bookings", sa.Column("replaces", sa.Uuid()))
    for name in ("denied", "mailed"):
        op.add_column(
            "bookings",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    op.create_index("ix_bookings_at", "bookings", ["start", "office"])
    op.create_index(
        "ix_bookings_replacing",
        "bookings",
        ["replaces"],
        sqlite_where=_REPLACES,
        postgresql_where=_REPLACES,
    )


def _forget_defaults() -> None:
    """What old rows needed, new rows must say themselves."""
    with op.batch_alter_table("bookings") as table:
        for name in ("lane", "denied", "mailed"):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("armed_at", nullable=False)
        table.alter_column("renewed_at", nullable=False)
