"""`mta export` and `mta erase`: a citizen's data are theirs."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.integration.cli.household import (
    CAR,
    DETAILS,
    EMAIL,
    NAME,
    Household,
    a_start,
)
from tests.integration.cli.terminal import Terminal, at_a_terminal
from tests.unit.entrypoints.keyboard import CTRL_D, Keyboard

pytestmark = pytest.mark.integration

PRIVATE = 0o600


def press_ctrl_c(terminal: Terminal) -> None:
    """Press it until it is heard: one just before Python waits for a line is lost."""
    while terminal.process.poll() is None:
        terminal.interrupts()
        with suppress(subprocess.TimeoutExpired):
            terminal.process.wait(5)


def stored(home: Household) -> bytes:
    """Return all that lies in the data folder."""
    return b"".join(path.read_bytes() for path in home.data.iterdir())


# Export


def test_everything_is_handed_out_on_the_terminal(home: Household) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS)
    everything = json.loads(home.mta("export").out)
    for value in (NAME, EMAIL, str(CAR)):
        assert value in json.dumps(everything, ensure_ascii=False)
    assert NAME.encode() not in stored(home)


def test_a_file_of_it_is_for_its_owner_alone(home: Household, tmp_path: Path) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS)
    file = tmp_path / "mine.json"

    said = home.mta("export", "--output-file", file)

    assert said.out == ""
    assert file.stat().st_mode & 0o777 == PRIVATE
    assert json.loads(file.read_text()) == json.loads(home.mta("export").out)


def test_a_file_that_is_there_is_not_overwritten(
    home: Household, tmp_path: Path
) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS)
    file = tmp_path / "mine.json"
    file.write_text("something else")

    said = home.mta("export", "--output-file", file, code=2)

    assert str(file) in said.err
    assert file.read_text() == "something else"


def test_a_folder_that_is_not_there_is_named(home: Household, tmp_path: Path) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS)
    said = home.mta("export", "--output-file", tmp_path / "no" / "mine.json", code=2)
    assert str(tmp_path / "no") in said.err


# Erase


def test_nothing_is_deleted_without_a_yes(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    said = home.mta("erase", code=2)
    assert said.err == (
        "mta: Nothing was deleted. To delete without being asked: --yes.\n"
    )
    assert home.json("subscriptions")


@pytest.mark.parametrize("answer", ["y", "Yes", " j ", "ja"])
def test_a_person_is_asked(home: Household, keyboard: Keyboard, answer: str) -> None:
    home.mta("subscribe", "--service", CAR)
    keyboard.types(answer)
    assert home.mta("erase").out == "Everything about you is deleted.\n"
    home.mta("subscriptions", code=2)


@pytest.mark.parametrize("answer", ["", "n", "no", "yesterday"])
def test_a_person_may_think_again(
    home: Household, keyboard: Keyboard, answer: str
) -> None:
    home.mta("subscribe", "--service", CAR)
    keyboard.types(answer)
    home.mta("erase", code=2)
    assert home.json("subscriptions")


def test_who_closes_the_terminal_has_not_said_yes(
    home: Household, keyboard: Keyboard
) -> None:
    home.mta("subscribe", "--service", CAR)
    keyboard.types(CTRL_D)
    home.mta("erase", code=2)


def test_ctrl_c_is_no_yes(home: Household, tmp_path: Path) -> None:
    home.mta("subscribe", "--service", CAR)
    surroundings = {
        "MTA_CITY_URL": home.city.api_url,
        "MTA_DATA_DIR": str(home.data),
    }
    with at_a_terminal(tmp_path, "erase", **surroundings) as terminal:
        terminal.sees("[y/N]")
        press_ctrl_c(terminal)
        left = terminal.ends(code=1)
    assert "Traceback" not in left
    assert "deleted" not in left
    assert home.json("subscriptions")


def test_what_is_held_is_given_back(home: Household) -> None:
    booking = home.preconfirmed(a_start(12))

    said = home.mta("erase", "--yes")

    assert said.lines == [
        "Everything about you is deleted.",
        "1 slot(s) held for you were given back.",
    ]
    assert home.statuses(booking["processId"]) == ["deleted"]
    home.mta("bookings", code=2)


def test_a_confirmed_appointment_stays(home: Household) -> None:
    booking = home.preconfirmed(a_start(13))
    home.open_mail(booking["processId"])
    home.mta("bookings", "opened")

    said = home.mta("erase", "--yes")

    assert said.lines == [
        "Everything about you is deleted.",
        "1 confirmed appointment(s) stay with the city; its mail tells how to cancel.",
    ]
    assert home.statuses(booking["processId"]) == ["confirmed"]


def test_the_others_of_the_household_stay(home: Household) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS, "--as", "amira")
    home.mta("subscribe", "--service", CAR, "--as", "bela")
    home.mta("erase", "--yes", "--as", "amira")
    assert home.json("subscriptions", "--as", "bela")
    home.mta("subscriptions", "--as", "amira", code=2)
