"""What commands print, and how a record is named."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import attrs
import pytest

from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.testing import a_booking
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import pick

ONE = UUID("01990000-0000-7000-8000-0000aaaa1111")
TWO = UUID("01990000-0000-7000-8000-0000bbbb1111")

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 12, 7, 8, 5, tzinfo=UTC), "Mon 07 Dec 2026 09:05"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "Thu 02 Jul 2026 00:30"),
        (None, ""),
    ],
)
def test_people_read_the_time_of_munich(moment: datetime | None, shown: str) -> None:
    assert output.when(moment) == shown


def test_an_id_is_named_by_the_part_that_differs() -> None:
    assert output.short(ONE) == "aaaa1111"
    assert output.short(TWO) == "bbbb1111"


def test_programs_read_json(capsys: Capture) -> None:
    value = {
        "at": datetime(2026, 12, 7, 8, tzinfo=UTC),
        "id": ONE,
        "path": Path("/tmp"),
        "name": "Bürgerbüro",
        "none": None,
    }

    output.as_json(value)

    shown = capsys.readouterr().out
    assert json.loads(shown) == {
        "at": "2026-12-07T08:00:00+00:00",
        "id": str(ONE),
        "path": "/tmp",
        "name": "Bürgerbüro",
        "none": None,
    }
    assert "Bürgerbüro" in shown
    assert shown.endswith("}\n")


def test_a_table_shows_its_rows_under_their_names(capsys: Capture) -> None:
    output.table(("id", "name"), [("1", "one"), ("2", "two")], none="Nothing.")

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["id", "name"], ["1", "one"], ["2", "two"]]


def test_a_table_without_rows_is_a_sentence(capsys: Capture) -> None:
    output.table(("id", "name"), [], none="There is nothing.")
    assert capsys.readouterr().out == "There is nothing.\n"


@pytest.mark.parametrize("text", ["Reisepass [neu]", "KfZ [/b]"])
def test_a_table_shows_brackets_as_they_are(capsys: Capture, text: str) -> None:
    output.table(("name",), [(text,)], none="")
    assert text in capsys.readouterr().out


def test_a_sentence_is_shown_as_it_is(capsys: Capture) -> None:
    text = "[bold]An office[/bold] with a name of its own, " + "very " * 30 + "long"
    output.say(text)
    assert capsys.readouterr().out == f"{text}\n"


def test_what_stands_beside_the_result_is_apart_from_it(capsys: Capture) -> None:
    output.note("kept here")
    output.complain("[no] way")

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "kept here\nmta: [no] way\n"


def test_progress_is_for_terminals(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with output.progress("Asking …") as say:
        say("Waiting …")
    assert capsys.readouterr().err == ""

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with output.progress("Asking …") as say:
        say("Waiting for [5] s …")
    assert "Waiting for [5] s …" in capsys.readouterr().err


def test_facts_stand_under_their_names_and_empty_ones_do_not(capsys: Capture) -> None:
    output.facts([("where", "Pasing [neu]"), ("number", ""), ("since", "Tue")])

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["where", "Pasing", "[neu]"], ["since", "Tue"]]


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["a", "b", "c"], "a, b and 1 more"),
        (["a", "b", "c", "d"], "a, b and 2 more"),
    ],
)
def test_of_many_the_first_are_named(names: list[str], shown: str) -> None:
    assert output.some(names, 2) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 tries"), (1, "1 try"), (2, "2 tries")]
)
def test_things_are_counted_as_one_says_it(number: int, shown: str) -> None:
    assert output.plural(number, "try", "tries") == shown
    assert output.plural(number, "day") == f"{number} day{'' if number == 1 else 's'}"


def test_moments_have_seconds_where_they_matter() -> None:
    moment = datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC)
    assert output.clock(moment) == "00:30:05"
    assert output.moment(moment) == "Thu 02 Jul 00:30:05"
    assert output.day(moment.date()) == "Wed 01 Jul 2026"


def test_what_is_written_is_for_oneself(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    output.write_private(file, b"secret")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"secret", 0o600)
    with pytest.raises(InvalidValue, match="cannot be made: File exists"):
        output.write_private(file, b"another")


def test_a_record_is_found_by_its_id_or_the_end_of_it() -> None:
    bookings = [a_booking(id=ONE), a_booking(id=TWO)]

    for text in (str(TWO), TWO.hex.upper(), "bbbb1111", "b1111"):
        assert pick(bookings, text, "booking") == TWO


def test_an_end_that_fits_several_is_not_enough() -> None:
    bookings = [a_booking(id=ONE), a_booking(id=TWO)]
    with pytest.raises(InvalidValue, match=r"^1111 fits 2 of your bookings"):
        pick(bookings, "1111", "booking")


def test_an_id_of_nothing_is_named() -> None:
    with pytest.raises(NotFound, match="There is no booking 77"):
        pick([attrs.evolve(a_booking(), id=ONE)], "77", "booking")


def test_who_names_no_record_is_asked_for_one() -> None:
    bookings = [a_booking(id=ONE), a_booking(id=TWO)]
    with pytest.raises(InvalidValue) as caught:
        pick(bookings, "", "booking")
    assert str(caught.value) == (
        "Which of your 2 bookings? Give its id: aaaa1111, bbbb1111."
    )
    assert pick(bookings[:1], "", "booking") == ONE
    with pytest.raises(NotFound, match=r"^There is no booking\.$"):
        pick([], "", "booking")
