"""What is known of when slots appear, in people's words and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest

from mta_core.domain.catalogue import OfficeId
from mta_core.domain.history import Appearance, History, Picture
from mta_core.domain.watched import WatchedHour
from mta_core.testing import (
    ORLEANSPLATZ,
    PASING,
    RUPPERTSTRASSE,
    a_catalogue,
    a_service_set,
)
from mta_entrypoints.cli import output
from mta_entrypoints.cli.history_words import View, known_line, usual_line
from tests.unit.domain.past import at, laid_out, seen, watched

CITY = a_catalogue()
BOTH = frozenset({PASING, ORLEANSPLATZ})
NOBODY = "MTA has not watched this"
WEEKDAYS = [day for day in range(28) if day % 7 < 5]
USUAL = [at(day, 7, 5 * n) for day in WEEKDAYS for n in range(1, 4)]
OTHERS = [at(day, 9 + day % 7) for day in range(0, 28, 3)]


def planted(*, first: int, last: int = 0, days: Iterable[int]) -> Picture:
    moments = [
        at(day, hour, 5 * n)
        for day in days
        for hour in range(first, last or first + 1)
        for n in range(4)
    ]
    return laid_out(moments, range(42))


def a_view(
    appeared: Iterable[Appearance] = (),
    hours: Iterable[WatchedHour] = (),
    only: frozenset[OfficeId] | None = None,
) -> View:
    history = History.of(list(appeared), hours, at(0, 0), at(28, 12))
    return View(history, a_service_set(), CITY, only)


def the_lines(view: View, capsys: pytest.CaptureFixture[str]) -> list[str]:
    view.show()
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


# One line


def test_the_usual_time_is_said_with_what_speaks_for_it() -> None:
    picture = laid_out([*USUAL, *OTHERS], range(28))
    assert (
        usual_line(picture)
        == known_line(picture)
        == ("usually seen: weekdays 7:00–8:00 (60 of 70 openings, on 20 of 20 days)")
    )


@pytest.mark.parametrize(
    ("picture", "when"),
    [
        (planted(first=23, days=range(42)), "every day 23:00–24:00 (168 of 168"),
        (planted(first=9, last=11, days=range(42)), "every day 9:00–11:00 (336"),
        (planted(first=0, days=[d for d in range(42) if d % 7 > 4]), "weekends 0:00–1"),
        (planted(first=7, days=range(2, 42, 7)), "Wednesdays 7:00–8:00 (24 of 24"),
    ],
)
def test_the_weekdays_are_named(picture: Picture, when: str) -> None:
    assert usual_line(picture).startswith(f"usually seen: {when}")


def test_too_little_is_called_so() -> None:
    picture = laid_out([at(0, 7), at(1, 8)], range(3))
    assert usual_line(picture) == ""
    assert known_line(picture) == "too little is known yet: 2 openings in 3 days"
    assert known_line(laid_out([at(0, 7)], range(1))) == (
        "too little is known yet: 1 opening in 1 day"
    )


def test_that_no_time_stands_out_is_said() -> None:
    moments = [at(day, hour) for day in range(10) for hour in range(0, 24, 3)]
    picture = laid_out(moments, range(28))
    assert usual_line(picture) == ""
    assert known_line(picture) == (
        "no time of the week stands out: 80 openings in 28 days"
    )


def test_not_watched_is_neither() -> None:
    assert known_line(Picture()) == NOBODY


def test_where_there_is_no_dash_a_hyphen_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(output, "can_write", lambda _: False)
    assert "7:00-8:00" in usual_line(laid_out(USUAL, range(28)))


# All of it, for people


def test_people_read_picture_and_facts(capsys: pytest.CaptureFixture[str]) -> None:
    once = seen(at(0, 0), again=False, gone=False, lasts=0)
    appeared = [*once, *seen(*USUAL), *seen(*OTHERS, office=ORLEANSPLATZ)]
    view = a_view(appeared, watched(28, offices=BOTH))
    title, hours, monday, *_, facts, undated, usually, _, _, _, _ = the_lines(
        view, capsys
    )
    assert view.code == 0
    assert title == (
        "Wohnsitz anmelden, when slots appeared at all offices: Mon 03 Aug 2026 to "
        "Mon 31 Aug 2026, in Munich's time"
    )
    assert hours.split() == [str(hour) for hour in range(24)]
    assert monday[24:27] == " ██"
    assert facts == (
        "71 openings in 28 days of watching; half of those that went were gone within "
        "4 minutes; 99 % were seen more than once."
    )
    assert undated == (
        "1 of them was there when MTA asked again after more than 30 minutes: since "
        "when is not known, so the picture leaves it out."
    )
    assert usually.startswith("usually seen: weekdays 7:00–8:00 (60 of 70 openings")


def test_each_office_has_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    spread = [at(day, hour) for day in range(10) for hour in range(0, 24, 3)]
    appeared = [*seen(*USUAL), *seen(*spread[1:], office=ORLEANSPLATZ)]
    hours = watched(28, offices=BOTH | {OfficeId(7)})
    assert _table(a_view(appeared, hours), capsys) == [
        ["office", "openings", "watched", "usually seen"],
        ["7 (7)", "0", "28 days", "too little is known yet"],
        [f"Bürgerbüro Ruppertstraße ({RUPPERTSTRASSE})", "never"],
        [
            f"Bürgerbüro Pasing ({PASING})",
            *("60", "28 days"),
            "weekdays 7:00–8:00 (60 of 60 openings, on 20 of 20 days)",
        ],
        [
            f"Bürgerbüro Orleansplatz ({ORLEANSPLATZ})",
            *("79", "28 days", "no time stands out"),
        ],
    ]


def test_one_office_needs_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    view = a_view(seen(*USUAL), watched(28), frozenset({PASING}))
    lines = the_lines(view, capsys)
    assert "when slots appeared at Bürgerbüro Pasing: " in lines[0]
    assert lines[-1].startswith("usually seen: ")


def test_watched_and_nothing_seen(capsys: pytest.CaptureFixture[str]) -> None:
    view = a_view([], watched(2))
    assert view.code == 1
    assert "0 openings in 2 days of watching." in the_lines(view, capsys)


def test_not_watched_is_not_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    view = a_view()
    assert view.code == 3
    assert the_lines(view, capsys)[1:] == [
        f"{NOBODY}, so it knows nothing of it. It watches what somebody waits for "
        "(`mta subscribe`) while `mta up` runs."
    ]


def test_openings_of_a_time_before_answers_were_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    view = a_view(seen(at(0, 7), at(1, 7)))
    assert view.code == 0
    lines = the_lines(view, capsys)
    assert "██" not in "".join(lines[1:9])
    assert any(line.startswith("2 of them were there") for line in lines)


# For programs


def test_programs_read_everything() -> None:
    hours = watched(28, range(7, 24), BOTH)
    described = a_view([*seen(*USUAL), *seen(*OTHERS)], hours).described()
    assert json.loads(output.to_json(described))["from"] == "2026-08-02T22:00:00+00:00"
    assert (described["services"], described["timeZone"]) == (
        str(a_service_set()),
        "Europe/Berlin",
    )
    together = described["all"]
    assert together["openings"] == 70
    assert (together["undated"], together["gone"]) == (0, 70)
    assert (together["watchedDays"], together["medianSeconds"]) == (28, 240.0)
    assert (together["firstAnswer"], together["lastAnswer"]) == (
        at(0, 7),
        at(27, 23, 59),
    )
    assert together["seenAgain"] == 1.0
    assert together["usually"] == {
        "weekdays": (0, 1, 2, 3, 4),
        "fromHour": 7,
        "toHour": 8,
        "openings": 60,
        "known": 70,
        "days": 20,
        "watchedDays": 20,
    }
    assert together["text"].startswith("usually seen: weekdays")
    monday = together["week"][0]
    assert monday["weekday"] == "Mon"
    assert monday["openings"][6:9] == [None, 12, 0]
    assert monday["watchedMinutes"][6:9] == [0.0, pytest.approx(240, 0.02), 240.0]


def test_programs_read_what_is_not_known_as_null() -> None:
    offices = {
        each["id"]: each for each in a_view([], watched(1)).described()["offices"]
    }
    assert list(offices) == sorted([PASING, ORLEANSPLATZ, RUPPERTSTRASSE])
    assert offices[PASING]["openings"] == 0
    unknown = offices[ORLEANSPLATZ]
    assert (unknown["openings"], unknown["text"]) == (None, NOBODY)
    assert (unknown["firstAnswer"], unknown["usually"]) == (None, None)
    assert (unknown["medianSeconds"], unknown["seenAgain"]) == (None, None)
    assert all(cell is None for row in unknown["week"] for cell in row["openings"])


def test_a_span_is_written_as_people_say_it() -> None:
    assert output.lasted(timedelta(seconds=1)) == "1 second"
    assert output.lasted(timedelta(seconds=119)) == "119 seconds"
    assert output.lasted(timedelta(minutes=2)) == "2 minutes"
    assert output.lasted(timedelta(hours=2)) == "2 hours"


def _table(view: View, capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """Read the table of offices, cell by cell."""
    lines = the_lines(view, capsys)
    first = next(n for n, line in enumerate(lines) if line.startswith("office"))
    return [
        [cell.strip() for cell in line.split("  ") if cell] for line in lines[first:]
    ]
