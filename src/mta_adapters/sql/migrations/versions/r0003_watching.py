"""What watching has taught, kept over restarts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add the tables of the watcher's memory, and those of watch shifts."""
    _learnt()
    _conditions()
    _watched()
    _shifts()
    _limiter()


def downgrade() -> None:
    """Take them away again: what was learnt is learnt anew."""
    op.drop_table("learnt")
    op.drop_table("watched")
    _no_conditions()
    _no_shifts()
    with op.batch_alter_table("limiter_state") as table:
        for column in ("zero_at", "paused_until"):
            table.drop_column(column)


def _learnt() -> None:
    op.create_table(
        "learnt",
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city", "name", name="pk_learnt"),
    )


def _conditions() -> None:
    op.create_table(
        "conditions",
        *(sa.Column(n, sa.String(), nullable=False) for n in ("city", "name", "about")),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        *(sa.Column(n, _MOMENT) for n in ("ended_at", "told_at", "over_told_at")),
        sa.PrimaryKeyConstraint("city", "name", "about", "since", name="pk_conditions"),
    )
    op.create_index(
        "ix_conditions_standing",
        "conditions",
        ["city"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_conditions_ended", "conditions", ["city", "ended_at"])


def _no_conditions() -> None:
    """An older release has no notices about them, either."""
    op.drop_table("conditions")
    notes = sa.table("notifications", sa.column("kind"))
    told = notes.c.kind.in_(("condition", "condition over"))
    op.execute(sa.delete(notes).where(told))


def _watched() -> None:
    op.create_table(
        "watched",
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("hour", _MOMENT, nullable=False),
        sa.Column("offices", sa.String(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "city", "services", "hour", "offices", name="pk_watched"
        ),
    )
    op.create_index("ix_watched_old", "watched", ["city", "hour"])


def _shifts() -> None:
    op.create_table(
        "shifts",
        *_of_a_citizen(),
        sa.Column("egress", sa.String(), nullable=False),
        sa.Column("token_sealed", sa.String()),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("heard_at", _MOMENT),
        sa.Column("trouble", sa.String(), nullable=False),
        *_keys("shifts", "id"),
    )
    op.create_index("ix_shifts_of", "shifts", ["user_id", "opened_at"])
    op.create_index("ix_shifts_opened_at", "shifts", ["opened_at"])
    op.create_index(
        "ix_shifts_live",
        "shifts",
        ["expires_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    _rota()
    op.add_column(
        "bookings",
        sa.Column("checked", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("bookings") as table:
        table.alter_column("checked", server_default=None)


def _rota() -> None:
    op.create_table(
        "turns",
        *_of_a_citizen(),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("offered_at", _MOMENT, nullable=False),
        sa.Column("served_at", _MOMENT),
        *_keys("turns", "id"),
    )
    op.create_index("ix_turns_user_id", "turns", ["user_id"])
    op.create_table(
        "invitations",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hour", _MOMENT, nullable=False),
        sa.Column("lead", sa.Integer(), autoincrement=False, nullable=False),
        *_keys("invitations", "user_id", "hour", "lead"),
    )
    op.create_index("ix_invitations_hour", "invitations", ["hour"])


def _of_a_citizen() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
    ]


def _keys(table: str, *names: str) -> list[sa.Constraint]:
    owner = sa.ForeignKeyConstraint(
        ["user_id"],
        ["users.id"],
        name=f"fk_{table}_user_id_users",
        ondelete="CASCADE",
    )
    return [owner, sa.PrimaryKeyConstraint(*names, name=f"pk_{table}")]


def _no_shifts() -> None:
    """An older release knows neither shifts nor invitations to them."""
    with op.batch_alter_table("bookings") as table:
        table.drop_column("checked")
    for name in ("invitations", "turns", "shifts"):
        op.drop_table(name)
    notes = sa.table("notifications", sa.column("kind"))
    op.execute(sa.delete(notes).where(notes.c.kind == "invitation"))


def _limiter() -> None:
    for column in ("zero_at", "paused_until"):
        op.add_column("limiter_state", sa.Column(column, _MOMENT))
