"""A whole life at the command line, from the first look to a cancelled appointment."""

from __future__ import annotations

from pathlib import Path

import pytest

from mta_core.ports.queue import Task
from tests.integration.cli.household import (
    CAR,
    DETAILS,
    Household,
    a_fresh_start,
)

pytestmark = pytest.mark.integration


def test_a_life(home: Household, tmp_path: Path) -> None:
    # Nothing is free, so somebody waits, and is told.
    home.mta("look", "umschreibung", "fahrzeug", "außerhalb", code=1)
    wish = home.json("subscribe", "umschreibung", "fahrzeug", "außerhalb")
    home.free(a_fresh_start())
    home.look(*Task)
    assert [note["kind"] for note in home.json("notifications")] == ["found"]
    assert home.json("bookings") == []
    assert home.json("bookings", "--why")[0]["why"] == "told"

    # They would rather have it booked, and keep their place.
    changed = home.json(*("change", "--mode", "book", "--mail-hours", "0-24", *DETAILS))
    assert changed["waitingSince"] == wish["waitingSince"]
    home.free(a_fresh_start())
    home.look(*Task)
    [booking] = home.json("bookings")
    assert (booking["state"], booking["subscription"]) == ("preconfirmed", wish["id"])

    # No mail yet; then it is there, and they open it.
    assert "Look in spam, too." in home.mta("bookings", "no-mail", code=1).out
    home.open_mail(booking["processId"])
    assert home.mta("bookings", "opened").out.startswith("Confirmed: ")
    assert home.json("subscriptions")[0]["state"] == "fulfilled"
    file = tmp_path / "mine.ics"
    home.mta("bookings", "calendar", "--output-file", file)
    assert b"STATUS:CONFIRMED" in file.read_bytes()

    # They cannot come after all: somebody else gets it.
    home.mta("bookings", "cancel", "--yes")
    assert home.statuses(booking["processId"]) == ["deleted"]
    story = home.mta("bookings", booking["id"]).out
    for event in (
        "MTA sees the slot free",
        "MTA asks the city to hold the slot: done",
        "MTA gives the city your details: done",
        "MTA asks the city for its mail: done",
        "MTA looks what the city says: done",
        "MTA gives the appointment back: done",
        "it ends: cancelled",
    ):
        assert event in story
    assert home.json("resume")["state"] == "active"
    home.mta("unsubscribe", "--yes")
    home.mta("erase", "--yes")
    assert "start with mta subscribe" in home.mta("bookings", code=2).err
    assert home.json("look", CAR)["free"]
