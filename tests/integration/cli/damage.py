"""Database files that a failing disk has spoilt."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def damaged(file: Path, table: str) -> None:
    """Spoil the first page of one table."""
    with closing(sqlite3.connect(file)) as connection:
        find = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        [(page,)] = connection.execute(find, (table,))
        [(size,)] = connection.execute("PRAGMA page_size")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\x5a" * size)
