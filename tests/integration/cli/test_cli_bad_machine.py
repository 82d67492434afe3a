"""Databases and folders that cannot be used: what commands and `mta up` say.

The same for a file in place of the folder, a file that is no database and keys stands
in `test_cli_trouble`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from mta_adapters.sql import make_engine
from mta_entrypoints.up.lock import exclusive
from tests.integration.cli.household import Household
from tests.integration.cli.terminal import UNWRITABLE, needs_unwritable

pytestmark = pytest.mark.integration

COMMANDS = pytest.mark.parametrize("command", ["services", "up"])


def refuses(home: Household, command: str, said: str) -> None:
    """The command ends at once with 4 and one sentence."""
    told = home.mta(command, code=4)
    assert told.err.startswith("mta: ")
    assert told.err.count("\n") == 1
    assert said in told.err
    assert told.out == ""


@COMMANDS
def test_a_damaged_database_is_named(home: Household, command: str) -> None:
    file = home.data / "mta.sqlite"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))
    refuses(home, command, "The database file is damaged: restore it from a backup.")


@COMMANDS
def test_a_database_of_a_newer_release_is_left_alone(
    home: Household, command: str
) -> None:
    with closing(sqlite3.connect(home.data / "mta.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    refuses(home, command, "written by a newer release of MTA (schema 9999)")


@pytest.fixture
def hogged(home: Household, monkeypatch: pytest.MonkeyPatch) -> Iterator[Household]:
    """A household whose database another program keeps to itself."""
    assert make_engine.__kwdefaults__ is not None
    monkeypatch.setitem(make_engine.__kwdefaults__, "busy_seconds", 0.05)
    other = sqlite3.connect(home.data / "mta.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield home
    other.close()


@COMMANDS
def test_a_database_that_is_locked_for_too_long_is_named(
    hogged: Household, command: str
) -> None:
    refuses(hogged, command, "another program has been writing to it for too long")


@COMMANDS
@pytest.mark.parametrize(
    ("below", "said"),
    [
        ("file", "is not a folder"),
        ("file/data", "cannot be made: Not a directory"),
        ("file/deeper/data", "cannot be made: Not a directory"),
    ],
)
def test_a_folder_that_cannot_be_made_is_named(
    home: Household,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    below: str,
    said: str,
) -> None:
    (home.data.parent / "file").touch()
    folder = home.data.parent / below
    monkeypatch.setenv("MTA_DATA_DIR", str(folder))
    refuses(home, command, f"MTA_DATA_DIR={folder} {said}")


@COMMANDS
@needs_unwritable
def test_a_folder_that_cannot_be_written_is_named(
    home: Household, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("MTA_DATA_DIR", str(UNWRITABLE))
    refuses(home, command, str(UNWRITABLE))
    monkeypatch.setenv("MTA_DATA_DIR", str(UNWRITABLE / "mta"))
    refuses(home, command, f"MTA_DATA_DIR={UNWRITABLE / 'mta'} cannot be made")


def test_a_second_one_on_the_same_folder_is_refused(home: Household) -> None:
    with exclusive(home.data):
        refuses(home, "up", f"works on {home.data}.")
        # Commands share the folder with it.
        home.mta("services")
