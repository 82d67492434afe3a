"""`mta doctor` when all is well, and on packages, settings and the folder."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
import pytest

from mta_entrypoints.doctor.findings import Grade
from mta_entrypoints.doctor.machine import MEGABYTE, judged
from mta_entrypoints.doctor.packages import Requirement, packages
from tests.integration.cli.consulting import KEY, ROUND, checks, grades, opened
from tests.integration.cli.household import Household
from tests.integration.cli.terminal import UNWRITABLE, needs_unwritable

pytestmark = pytest.mark.integration


@pytest.fixture
def stranger(
    home: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Household:
    """A household without a data folder."""
    data = tmp_path / "fresh" / "data"
    monkeypatch.setenv("MTA_DATA_DIR", str(data))
    return attrs.evolve(home, data=data)


# When all is well


def test_every_check_says_that_all_is_well(home: Household) -> None:
    found = checks(home)
    assert list(found) == ROUND
    assert grades(found) == {"ok"}


def test_people_read_the_same_as_a_table(home: Household) -> None:
    said = home.mta("doctor")
    assert " ".join(said.lines[0].split()) == "check what it means what to do"
    assert [line.split("  ")[0] for line in said.lines[1:]] == ROUND
    assert said.err == ""


def test_it_explains_its_exit_codes(home: Household) -> None:
    said = home.mta("doctor", "--help").out
    assert said.startswith("Usage: mta doctor")
    assert "1: something is wrong; 2: the settings cannot be used" in said
    assert "--offline" in said


def test_the_city_is_asked_once_and_in_the_budget(home: Household) -> None:
    before = len(home.ask("ledger"))
    with opened(home) as connection:
        connection.execute("DELETE FROM limiter_stamps")

    checks(home)

    [asked] = home.ask("ledger")[before:]
    assert asked["route"].strip("/").endswith("offices-and-services")
    with opened(home) as connection:
        [(budget, settled)] = connection.execute(
            "SELECT budget, settled_at IS NOT NULL FROM limiter_stamps"
        )
    assert (budget, settled) == ("other", 1)


def test_offline_nobody_is_asked(home: Household) -> None:
    before = len(home.ask("ledger"))
    found = checks(home, "--offline")
    assert list(found) == [each for each in ROUND if each not in ("city", "clock")]
    assert len(home.ask("ledger")) == before


def test_what_a_first_command_makes_is_made_here_too(stranger: Household) -> None:
    found = checks(stranger)
    assert grades(found) == {"ok"}
    assert "it will be made" in found["data folder"]["means"]
    assert "was not there yet" in found["database"]["means"]
    assert "MTA_DATA_DIR names another folder" in found["database"]["advice"]
    assert (stranger.data / "mta.sqlite").is_file()
    assert "is sound" in checks(stranger)["database"]["means"]


def test_offline_nothing_is_made(stranger: Household) -> None:
    found = checks(stranger, "--offline")
    assert grades(found) == {"ok"}
    assert not stranger.data.parent.exists()


# Python, packages and settings


def test_without_being_installed_nobody_knows_what_is_needed() -> None:
    found = packages("no-such-distribution")
    assert found.grade is Grade.WARNING
    assert "runs from its source" in found.means


def test_a_package_that_is_missing_or_too_old_is_named() -> None:
    found = packages("hypothesis", extra="django")
    assert found.grade is Grade.WRONG
    assert "django is not installed" in found.means
    new = Requirement("dramatiq", ((">=", "2.2.1"), ("<", "3")))
    assert new.complaint("2.2.1") == new.complaint("2.10.0rc1") == ""
    assert new.complaint("2.2.0") == "dramatiq 2.2.0 is installed, not >=2.2.1"
    assert new.complaint("3.0+local1") == "dramatiq 3.0+local1 is installed, not <3"


def test_who_needs_nothing_lacks_nothing() -> None:
    assert packages("attrs", extra="none").grade is Grade.OK


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MTA_CITY_URL", "city.example.org", "is not a web address"),
        ("MTA_CITY_URL", "https://city.example.org/api", "MTA_CONTACT is empty"),
        ("MTA_CONTACT", "Jörg", "plain ASCII"),
        ("MTA_MASTER_KEY", "c2hvcnQ=", "does not hold a master key"),
        ("MTA_LOG_LEVEL", "loud", "must be one of"),
    ],
)
def test_settings_that_cannot_be_used_end_the_round(
    home: Household, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    found = checks(home, code=2)
    assert list(found) == ROUND[:4]
    assert found["settings"]["grade"] == "wrong"
    assert said in found["settings"]["means"]
    assert "mta init" in found["settings"]["advice"]
    assert "c2hvcnQ=" not in str(found)


def test_a_typing_error_in_a_name_is_noticed(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_CONTCAT", "hush@example.org")
    monkeypatch.setenv("MTA_LOG_LEVEL_FILE", os.devnull)
    (home.data.parent / ".env").write_text("MTA_DATADIR=/nowhere\n")
    found = checks(home, "--offline")
    assert found["settings"]["grade"] == "warning"
    assert "MTA_CONTCAT, MTA_DATADIR." in found["settings"]["means"]
    assert "hush" not in str(found)


def test_an_open_line_to_a_real_city_is_warned_of(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_CONTACT", "ops@example.org")
    for scheme, grade in (("http", "warning"), ("https", "ok")):
        monkeypatch.setenv("MTA_CITY_URL", f"{scheme}://city.example.org/api")
        settings = checks(home, "--offline")["settings"]
        assert settings["grade"] == grade
        assert "ops@example.org" in settings["means"]


def test_a_file_of_settings_that_others_can_read_is_warned_of(home: Household) -> None:
    file = home.data.parent / ".env"
    file.write_text(f"MTA_MASTER_KEY={KEY}\n")
    for mode, grade in ((0o640, "warning"), (0o600, "ok")):
        file.chmod(mode)
        found = checks(home, "--offline")
        assert found[".env"]["grade"] == grade
        assert KEY not in str(found)


# The folder


@pytest.mark.parametrize("below", ["", "/data/deeper"])
def test_a_file_in_place_of_the_folder_is_wrong(
    home: Household, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    file = home.data.parent / "file"
    file.touch()
    monkeypatch.setenv("MTA_DATA_DIR", f"{file}{below}")
    found = checks(home, code=1)
    assert found["data folder"]["grade"] == "wrong"
    assert f"{file} is not a folder" in found["data folder"]["means"]
    assert found["city"]["grade"] == "warning"
    assert "Not asked" in found["city"]["means"]


@needs_unwritable
def test_a_folder_that_cannot_be_written_is_wrong(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (UNWRITABLE, UNWRITABLE / "mta"):
        monkeypatch.setenv("MTA_DATA_DIR", str(folder))
        found = checks(home, code=1)
        assert f"{UNWRITABLE} cannot be written" in found["data folder"]["means"]


@pytest.mark.parametrize(
    ("megabytes", "grade"),
    [
        (0, Grade.WRONG),
        (19, Grade.WRONG),
        (20, Grade.WARNING),
        (199, Grade.WARNING),
        (200, Grade.OK),
    ],
)
def test_free_space_is_judged(megabytes: int, grade: Grade) -> None:
    found = judged(megabytes * MEGABYTE, Path("/data"))
    assert found.grade is grade
    assert found.means.startswith(f"{megabytes} MB are free in /data.")
