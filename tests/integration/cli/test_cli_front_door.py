"""`mta` itself: help, words it does not know, readers that go away."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys

import pytest

from mta_entrypoints.settings import own_version
from tests.integration.cli.household import CAR, Household

pytestmark = pytest.mark.integration

COMMANDS = {
    "up": "until Ctrl-C",
    "practice": "--stepped",
    "demo": "--once",
    "services": "the start of an id",
    "look": "within MTA's budget",
    "history": "how much is known",
    "subscribe": "--mail-hours",
    "subscriptions": "where MTA is blind",
    "change": "--earlier",
    "pause": "You keep your place",
    "resume": "still need it",
    "unsubscribe": "--yes",
    "bookings": "no-mail",
    "notifications": "--limit",
    "channels": "remove",
    "export": "--output-file",
    "erase": "cannot be undone",
}


def test_without_words_it_shows_what_it_can_do(home: Household) -> None:
    said = home.mta()
    for command in COMMANDS:
        assert f" {command} " in said.out
    assert said.err == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(home: Household, command: str) -> None:
    said = home.mta(command, "--help")
    assert said.out.startswith(f"Usage: mta {command}")
    assert COMMANDS[command] in said.out


def test_what_erase_does_to_appointments_is_said_before(home: Household) -> None:
    said = home.mta("erase", "--help")
    assert "cannot be undone" in said.out
    assert "confirmed appointments" in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bookings", "opened"], "the end of it"),
        (["bookings", "no-mail"], "the end of it"),
        (["bookings", "release"], "the end of it"),
        (["bookings", "cancel"], "--yes"),
        (["bookings", "calendar"], "--output-file"),
        (["channels", "add"], "ntfys://ntfy.example.org/topic"),
        (["channels", "remove"], "number or name"),
        (["channels", "test"], "--json"),
    ],
)
def test_a_command_below_another_explains_itself(
    home: Household, words: list[str], said: str
) -> None:
    told = home.mta(*words, "--help")
    assert f"Usage: mta {' '.join(words)}" in told.out
    assert said in told.out


def test_it_tells_its_version(home: Household) -> None:
    assert home.mta("--version").out == f"{own_version()}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["watch"], "watch"),
        (["services", "--loud"], "--loud"),
        (["export", "--output-file"], "--output-file"),
        (["demo", "--seed", "x"], "--seed"),
        (["practice", "--port", "x"], "--port"),
    ],
)
def test_words_that_it_does_not_know_are_wrong_input(
    home: Household, words: list[str], said: str
) -> None:
    told = home.mta(*words, code=2)
    assert said in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


def test_it_can_be_run_as_a_module(
    home: Household, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mta", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("mta_entrypoints.cli", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{own_version()}\n"


def to_nobody(*words: str) -> tuple[int, str]:
    """Run a command whose reader has gone away; give its exit code and complaints."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "mta_entrypoints.cli", *words],
        env={k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"},
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    os.close(write)
    return done.returncode, done.stderr


def test_a_reader_that_goes_away_is_no_error(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    assert to_nobody("subscriptions", "--json") == (0, "")


@pytest.mark.usefixtures("home")
def test_nor_is_it_for_a_table() -> None:
    assert to_nobody("services") == (0, "")
