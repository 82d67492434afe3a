"""Asking `mta doctor`, and spoiling what it looks at."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from tests.integration.cli.household import Household

KEY = base64.b64encode(b"k" * 32).decode()
"""A master key, but not the household's."""

ROUND = [
    *("Python", "packages", "settings", ".env", "data folder", "free space"),
    *("database", "master key", "mta up", "city", "clock", "catalogue"),
    *("blind spots", "messages"),
]

Checks = Mapping[str, Mapping[str, str]]


def checks(home: Household, *words: str, code: int = 0) -> Checks:
    """Let the doctor look, and give what it found, by check."""
    told: Any = home.json("doctor", *words, code=code)
    assert told["ok"] is (code == 0)
    return {each["check"]: each for each in told["checks"]}


def grades(found: Checks) -> set[str]:
    return {each["grade"] for each in found.values()}


@contextmanager
def opened(home: Household) -> Iterator[sqlite3.Connection]:
    """Open the household's database as any program might."""
    with closing(sqlite3.connect(home.data / "mta.sqlite")) as connection:
        yield connection
        connection.commit()
