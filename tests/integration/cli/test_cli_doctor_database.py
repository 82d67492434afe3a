"""`mta doctor` on the database and the master key."""

from __future__ import annotations

import attrs
import pytest

from mta_entrypoints.doctor import database
from mta_entrypoints.doctor.container import build
from mta_entrypoints.doctor.findings import Grade
from mta_entrypoints.settings import load
from tests.integration.cli.consulting import KEY, checks, opened
from tests.integration.cli.damage import damaged
from tests.integration.cli.household import CAR, DETAILS, Household

pytestmark = pytest.mark.integration


# The database


def test_a_damaged_page_is_found(home: Household) -> None:
    damaged(home.data / "mta.sqlite", "bookings")
    found = checks(home, code=1)
    assert "The database file is damaged" in found["database"]["means"]
    assert found["city"]["grade"] == "warning"
    assert "mta up" not in found


def test_damage_that_only_a_closer_look_shows_is_found(home: Household) -> None:
    file = home.data / "mta.sqlite"
    content = file.read_bytes()
    page = content.index(b"Wohnsitzanmeldung") // 4096 * 4096
    with file.open("r+b") as stream:  # where a long record goes on: nowhere
        stream.seek(page)
        stream.write(b"\x5a" * 4)
    found = checks(home, code=1)
    assert "mta.sqlite is damaged: " in found["database"]["means"]
    assert "restore" in found["database"]["advice"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear diary, " * 500, "is no database"),
        (b"SQLite format 3\0" + b"\x5a" * 8176, "restore it from a backup"),
    ],
)
def test_a_file_that_is_no_database_is_wrong_and_left_alone(
    home: Household, content: bytes, said: str
) -> None:
    file = home.data / "mta.sqlite"
    file.write_bytes(content)
    found = checks(home, code=1)
    assert said in found["database"]["means"]
    assert str(file) in found["database"]["advice"]
    assert file.read_bytes() == content


def test_a_database_of_somebody_else_is_wrong(home: Household) -> None:
    file = home.data / "mta.sqlite"
    file.unlink()
    with opened(home) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    before = file.read_bytes()
    found = checks(home, code=1)
    assert "none of MTA's" in found["database"]["means"]
    assert file.read_bytes() == before


def test_an_empty_file_is_as_good_as_none(home: Household) -> None:
    (home.data / "mta.sqlite").write_bytes(b"")
    assert "was not there yet" in checks(home)["database"]["means"]


def versions(home: Household) -> list[tuple[str]]:
    with opened(home) as connection:
        return connection.execute("SELECT * FROM alembic_version").fetchall()


def test_a_newer_database_is_wrong_and_left_alone(home: Household) -> None:
    with opened(home) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    found = checks(home, code=1)
    assert "newer release" in found["database"]["means"]
    assert found["city"]["grade"] == "warning"
    assert versions(home) == [("9999",)]


def test_an_older_database_is_not_migrated(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    with opened(home) as connection:
        connection.execute("DELETE FROM alembic_version")  # before the first step
    found = checks(home)
    assert found["database"]["grade"] == "warning"
    assert "older release" in found["database"]["means"]
    assert "Make a backup" in found["database"]["advice"]
    assert "nobody watches for 1" in found["mta up"]["means"]
    assert "Not asked" in found["city"]["means"]
    assert versions(home) == []


def test_a_lock_that_is_held_too_long_is_wrong(home: Household) -> None:
    file = attrs.evolve(build(load()).file(), patience=0.01)
    with opened(home) as connection:
        connection.execute("BEGIN IMMEDIATE")
        found, schema = database.examine(file)
    assert found.grade is Grade.WRONG
    assert "another program has been writing to it for too long" in found.means
    assert schema is None
    assert database.examine(file)[0].grade is Grade.OK


def test_what_breaks_while_the_doctor_looks_is_told(home: Household) -> None:
    with opened(home) as connection:
        connection.execute("DROP TABLE limiter_stamps")
    found = checks(home, code=1)
    assert "no such table: limiter_stamps" in found["database"]["means"]


# The key


def test_a_key_opens_what_it_sealed(home: Household) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS)
    assert "opens what was sealed" in checks(home)["master key"]["means"]


def test_a_key_may_come_from_the_environment(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_MASTER_KEY", KEY)
    found = checks(home)
    assert found["master key"]["means"] == "MTA_MASTER_KEY holds a master key."
    assert KEY not in str(found)


def test_another_key_is_wrong(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS)
    monkeypatch.setenv("MTA_MASTER_KEY", KEY)
    found = checks(home, code=1)
    assert "Sealed data needs the master key" in found["master key"]["means"]
    assert "put back the file master.key" in found["master key"]["advice"]


def test_a_key_that_others_can_read_is_wrong(home: Household) -> None:
    (home.data / "master.key").chmod(0o644)
    found = checks(home, code=1)
    assert "chmod 600" in found["master key"]["means"]
    assert found["city"]["grade"] == "warning"


def test_a_key_that_is_lost_is_wrong_once_it_is_needed(home: Household) -> None:
    key = home.data / "master.key"
    kept = key.read_bytes()
    key.unlink()
    assert checks(home, "--offline")["master key"]["grade"] == "ok"

    key.write_bytes(kept)
    key.chmod(0o600)
    home.mta("subscribe", "--service", CAR)
    key.unlink()
    found = checks(home, code=1)
    assert f"{key} is missing" in found["master key"]["means"]
    assert not key.exists()

    (home.data / "mta.sqlite").write_bytes(b"Dear diary, " * 500)
    assert checks(home, code=1)["master key"]["grade"] == "wrong"
