"""What a database file looks like, whatever way it was made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def schema_of(path: Path) -> dict[str, dict[str, Any]]:
    """Describe every table: columns with defaults, keys, indices with conditions."""
    with closing(sqlite3.connect(path)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        return {
            table: {
                "columns": sorted(
                    row[1:6]
                    for row in connection.execute(f"PRAGMA table_xinfo({table})")
                ),
                "keys": sorted(
                    row[2:]
                    for row in connection.execute(f"PRAGMA foreign_key_list({table})")
                ),
                "unique": sorted(
                    (origin, unique, partial, _columns(connection, index))
                    for _, index, unique, origin, partial in connection.execute(
                        f"PRAGMA index_list({table})"
                    )
                ),
                "indices": sorted(
                    " ".join(sql.split())
                    for (sql,) in connection.execute(
                        "SELECT sql FROM sqlite_master WHERE type = 'index' "
                        "AND tbl_name = ? AND sql IS NOT NULL",
                        (table,),
                    )
                ),
            }
            for (table,) in named.fetchall()
        }


def _columns(connection: sqlite3.Connection, index: str) -> str:
    found = connection.execute(f"PRAGMA index_info({index})")
    return ", ".join(name for _, _, name in found)
