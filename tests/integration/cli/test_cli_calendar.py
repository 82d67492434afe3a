"""`mta bookings calendar`: an appointment for one's own calendar."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.integration.cli.household import CAR, Household, a_fresh_start

pytestmark = pytest.mark.integration

PRIVATE = 0o600


def event_of(text: str) -> tuple[str, str, datetime]:
    """Read name, place and time from a calendar file."""
    events: list[Any] = Calendar.from_ical(text).walk("VEVENT")
    [event] = events
    return str(event["SUMMARY"]), str(event["LOCATION"]), event["DTSTART"].dt


def test_an_appointment_is_printed(home: Household) -> None:
    booking = home.preconfirmed()
    home.open_mail(booking["processId"])
    home.mta("bookings", "opened")

    name, place, start = event_of(home.mta("bookings", "calendar").out)

    assert name == "Umschreibung Fahrzeug – von außerhalb nach München"
    assert place.startswith("KfZ Zulassungsstelle, ")
    assert start == datetime.fromisoformat(booking["start"])
    document = home.json("bookings", "calendar", booking["id"])
    assert document["id"] == booking["id"]
    assert event_of(document["calendar"]) == (name, place, start)


def test_it_can_be_written_to_a_file_of_ones_own(
    home: Household, tmp_path: Path
) -> None:
    booking = home.preconfirmed()
    file = tmp_path / "mine.ics"
    words = ("bookings", "calendar", booking["id"], "--output-file", file)

    said = home.mta(*words)

    assert said.out == f"{file} is written: open it with your calendar.\n"
    assert file.stat().st_mode & 0o777 == PRIVATE
    assert event_of(file.read_text())[2] == datetime.fromisoformat(booking["start"])
    assert "cannot be made: File exists" in home.mta(*words, code=2).err


def test_programs_may_have_both(home: Household, tmp_path: Path) -> None:
    booking = home.preconfirmed()
    file = tmp_path / "mine.ics"
    words = ("bookings", "calendar", booking["id"], "--output-file", file)
    assert home.json(*words)["id"] == booking["id"]
    assert file.exists()


def test_there_may_be_nothing_to_write(home: Household) -> None:
    home.books()
    said = home.mta("bookings", "calendar", code=2)
    assert said.err == "mta: You have no confirmed appointment.\n"
    home.free(a_fresh_start())
    home.look()
    [booking] = home.json("bookings")
    said = home.mta("bookings", "calendar", booking["id"], code=2)
    assert "has no appointment to note" in said.err


def test_the_appointment_of_another_is_not_written(home: Household) -> None:
    booking = home.preconfirmed()
    home.mta("subscribe", CAR, "--as", "bela")
    said = home.mta("bookings", "calendar", booking["id"], "--as", "bela", code=2)
    assert "There is no booking" in said.err


def test_without_the_package_that_is_said(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = home.preconfirmed()
    monkeypatch.setitem(sys.modules, "mta_adapters.ics", None)
    said = home.mta("bookings", "calendar", booking["id"], code=2)
    assert "needs the package icalendar, which is not installed here" in said.err
