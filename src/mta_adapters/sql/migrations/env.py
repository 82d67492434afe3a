"""What Alembic runs: the scripts, on the connection that `migrate` gave."""

from __future__ import annotations

from alembic import context

from mta_adapters.sql.rows import Base


def run() -> None:
    """Run the scripts in the transaction that the connection is in."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        # SQLite changes a table by building it anew.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# The name that Alembic gives it; importing this module does nothing.
if __name__ == "env_py":
    run()
