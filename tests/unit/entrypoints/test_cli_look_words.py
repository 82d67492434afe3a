"""What the city answered to `mta look`, in people's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import Observation, Slot, day_of
from mta_core.testing import (
    NOON,
    ORLEANSPLATZ,
    PASING,
    RUPPERTSTRASSE,
    a_calendar,
    a_catalogue,
    a_probe,
    a_slot,
)
from mta_core.use_cases.look import Looked
from mta_entrypoints.cli.look_words import BLIND, NOTHING_FREE, View

CITY = a_catalogue()
TODAY = day_of(NOON)
PROBE = a_probe()


def a_view(*slots: Slot, checked: bool = False, **changes: Any) -> View:
    """Build what is to be said of an answer in which these slots are free."""
    seen = Observation.of(PROBE, a_calendar(*slots), NOON)
    guarded = frozenset({RUPPERTSTRASSE}) if checked else frozenset()
    looked = Looked(attrs.evolve(seen, **changes), guarded, 1.23456)
    return View(looked, PROBE.services, CITY)


def the_lines(view: View, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Show it, and read what people see."""
    view.show()
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_free_times_stand_by_day_and_office(capsys: pytest.CaptureFixture[str]) -> None:
    view = a_view(
        a_slot(2, 15), a_slot(2), a_slot(2, 30, office=ORLEANSPLATZ), a_slot(3)
    )
    assert the_lines(view, capsys) == [
        "Wohnsitz anmelden:",
        "day              office                            free at",
        "Thu 03 Sep 2026  Bürgerbüro Pasing (54261)         09:00, 09:15",
        "                 Bürgerbüro Orleansplatz (102522)  09:30",
        "Fri 04 Sep 2026  Bürgerbüro Pasing (54261)         09:00",
        "4 times free from Tue 01 Sep 2026 to Thu 03 Sep 2026 at 2 offices, as of "
        "12:00:00. Later days were not looked at.",
    ]
    assert view.code == 0


def test_nothing_free_is_said_of_what_was_looked_at() -> None:
    view = a_view()
    [line] = view.lines()
    assert line == (
        "Nothing is free from Tue 01 Sep 2026 to Mon 30 Nov 2026 at 2 offices, as of "
        "12:00:00."
    )
    assert view.code == NOTHING_FREE


def test_and_of_nothing_else() -> None:
    [line] = a_view(through=TODAY).lines()
    assert line.endswith("as of 12:00:00. Later days were not looked at.")


def test_hints_are_not_taken_for_slots() -> None:
    later = TODAY + timedelta(days=3)
    view = a_view(a_slot(1), hints={later: frozenset({PASING})})
    assert list(view.lines())[-1] == (
        "The city calls Fri 04 Sep 2026 bookable, too, not verified: Bürgerbüro Pasing."
    )
    assert view.described()["hints"] == [{"day": later, "offices": [PASING]}]


def test_offices_behind_a_check_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    view = a_view(checked=True)
    assert the_lines(view, capsys)[-1] == (
        "Not asked: Bürgerbüro Ruppertstraße. The city wants a human check there, which "
        "only you can pass: look on the city's own page."
    )
    assert view.described()["notAsked"] == [
        {
            "id": RUPPERTSTRASSE,
            "name": "Bürgerbüro Ruppertstraße",
            "reason": "human check needed",
        }
    ]


def test_who_asked_nobody_is_blind(capsys: pytest.CaptureFixture[str]) -> None:
    view = View(Looked(None, frozenset({RUPPERTSTRASSE})), PROBE.services, CITY)
    lines = the_lines(view, capsys)
    assert len(lines) == 2
    assert "Nothing is free" not in " ".join(lines)
    assert view.code == BLIND
    described = view.described()
    assert described["free"] is None
    assert described["blind"]["reason"] == "human check needed"


def test_programs_read_what_was_seen() -> None:
    described = a_view(a_slot(1, 15), a_slot(1)).described()
    assert [each["start"] for each in described["free"]] == [
        a_slot(1).start,
        a_slot(1, 15).start,
    ]
    assert described["asOf"] == NOON
    assert (described["from"], described["through"]) == (TODAY, a_slot(1).day)
    assert [office["id"] for office in described["asked"]] == [PASING, ORLEANSPLATZ]
    assert described["waitedSeconds"] == 1.235
    assert described["blind"] is None
