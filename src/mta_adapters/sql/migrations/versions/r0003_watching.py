"""What watching has taught, kept over restarts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables of the watcher's memory."""
    _learnt()


def downgrade() -> None:
    """Take them away again: what was learnt is learnt anew."""
    op.drop_table("learnt")


def _learnt() -> None:
    op.create_table(
        "learnt",
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city", "name", name="pk_learnt"),
    )
