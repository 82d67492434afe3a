"""The heat map: legible on any terminal, and never a blank for what was not watched."""

from __future__ import annotations

import io
import sys

import attrs
import pytest

from mta_core.domain.history import Cell, Picture
from mta_entrypoints.cli import output
from mta_entrypoints.cli.history_map import Map, rate
from tests.unit.domain.past import ALWAYS, at, laid_out

HOUR = 60.0
WEEK = range(7)
PICTURE = laid_out(
    [
        *(at(0, 7, minute) for minute in range(0, 40, 5)),
        *(at(1, 7, minute) for minute in range(6)),
        *(at(2, 8, minute) for minute in range(4)),
        at(4, 23),
    ],
    WEEK,
    hours=range(6, 24),
)


def the_lines(picture: Picture = PICTURE) -> list[str]:
    return [str(line) for line in Map.of(picture).lines()]


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_week_is_drawn_by_weekday_and_hour() -> None:
    unseen = "  ·" * 6
    assert [line.rstrip() for line in the_lines()] == [
        "     0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23",
        f"Mon{unseen}    ██",
        f"Tue{unseen}    ▓▓",
        f"Wed{unseen}       ▒▒",
        f"Thu{unseen}",
        f"Fri{unseen}{' ' * 51} ░░",
        f"Sat{unseen}",
        f"Sun{unseen}",
        "openings an hour, up to:  ░░ 2  ▒▒ 4  ▓▓ 6  ██ 8",
        "blank: watched, nothing seen   · not watched",
    ]


def test_it_fits_into_eighty_columns() -> None:
    assert max(map(len, the_lines())) <= 80


@pytest.mark.parametrize(("columns", "width"), [(60, 2), (51, 2), (50, 1), (20, 1)])
def test_on_a_narrow_terminal_the_hours_move_together(
    monkeypatch: pytest.MonkeyPatch, columns: int, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    head, monday, *_ = the_lines()
    assert len(monday) == 3 + 24 * width
    for hour in (0, 6, 12, 21):
        assert head[: 3 + (hour + 1) * width].endswith(str(hour))
    assert monday[3 + 8 * width - 1] == "█"


def test_without_block_characters_others_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", latin)
    output.drawing(Map.of(PICTURE).lines())
    latin.seek(0)
    drawn = latin.read().splitlines()
    assert drawn[1].rstrip() == f"Mon{'  .' * 6}    ##"
    assert drawn[-2] == "openings an hour, up to:  -- 2  ++ 4  ** 6  ## 8"


def test_where_nothing_was_seen_no_rate_is_explained() -> None:
    *_, last_day, legend = the_lines(laid_out([], WEEK))
    assert last_day.rstrip() == "Sun"
    assert legend.startswith("blank: watched")


def test_an_hour_is_not_called_empty_before_it_was_watched_for_a_while() -> None:
    empty = laid_out([], [0])
    [day] = empty.days
    for minutes, shown in ((0.0, "·"), (14.9, "·"), (15.0, " ")):
        watched = tuple(minutes if hour == 7 else HOUR for hour in ALWAYS)
        picture = attrs.evolve(empty, days=(attrs.evolve(day, watched=watched),))
        monday = the_lines(picture)[1]
        assert monday[3 + 8 * 3 - 1] == shown


def test_little_watching_makes_no_high_rate() -> None:
    assert rate(Cell(2, 1.0)) == rate(Cell(2, HOUR / 2)) == 4
    assert rate(Cell(2, 2 * HOUR)) == 1
    assert rate(Cell()) == 0


def test_the_lowest_rate_is_still_seen() -> None:
    many = laid_out([*(at(0, 7, n / 100) for n in range(5000)), at(1, 9)], WEEK)
    lines = the_lines(many)
    assert "░" in lines[2]
    assert lines[-2] == "openings an hour, up to:  ░░ 1250  ▒▒ 2500  ▓▓ 3750  ██ 5000"


def test_low_rates_are_told_apart() -> None:
    *_, legend, _ = the_lines(laid_out([at(0, 7)], range(0, 210, 7)))
    assert legend == "openings an hour, up to:  ░░ 0.0083  ▒▒ 0.017  ▓▓ 0.025  ██ 0.033"


def test_without_colours_it_is_the_same_picture(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    output.drawing(Map.of(PICTURE).lines())
    assert "\x1b[32m" in capsys.readouterr().out
    monkeypatch.setenv("TERM", "dumb")
    output.drawing(Map.of(PICTURE).lines())
    assert capsys.readouterr().out.splitlines() == the_lines()
