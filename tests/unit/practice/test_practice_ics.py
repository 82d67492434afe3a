from __future__ import annotations

from typing import Any

from icalendar import Calendar

from mta_practice import ics


def _event(title: str, at: str) -> str:
    return ics.event(uid="1@x", start=0, end=300, stamp=1.5, title=title, at=at)


def test_text_is_read_back_by_another_program() -> None:
    title = "Wohnsitz; Anmeldung, für 2\nPersonen \\ " + "ä" * 80
    found: Any = Calendar.from_ical(_event(title, "Ruppertstraße 19, München")).walk(
        "VEVENT"
    )[0]
    assert str(found["SUMMARY"]) == title
    assert str(found["LOCATION"]) == "Ruppertstraße 19, München"
    assert (found["DTEND"].dt - found["DTSTART"].dt).seconds == 300


def test_no_line_is_longer_than_75_octets() -> None:
    lines = _event("ß" * 300, "x").split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
