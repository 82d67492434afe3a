"""Every example runs, and shows what it says that it shows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.library.scripts import ROOT, run_script, running_script
from tests.integration.library.town import OFFICE, Town, in_a_week

pytestmark = pytest.mark.integration

EXAMPLES = ROOT / "examples"
WATCH_OPENINGS = EXAMPLES / "watch_openings.py"
OWN_CITY = EXAMPLES / "own_city.py"
OWN_NOTIFIER = EXAMPLES / "own_notifier.py"
WITH_THE_DOUBLES = EXAMPLES / "test_with_the_doubles.py"


def test_every_example_is_tested_here_and_says_how_it_is_run() -> None:
    tested = {WATCH_OPENINGS, OWN_CITY, OWN_NOTIFIER, WITH_THE_DOUBLES}
    assert set(EXAMPLES.glob("*.py")) == tested
    for example in tested:
        assert f" examples/{example.name}" in example.read_text(encoding="utf-8")


# A city


def test_openings_are_printed_as_they_are_seen(town: Town, tmp_path: Path) -> None:
    late, nine = in_a_week(20), in_a_week(9)
    town.free(late, nine)
    with running_script(tmp_path, WATCH_OPENINGS, town.practice.api_url) as script:
        found = script.read_until("at office")
        assert script.interrupt() == 0
    assert found == f"{nine:%a %d %b %Y, %H:%M} at office {OFFICE}"
    sight, *rest = script.lines
    assert sight.endswith("sees everything")
    assert rest == [found]
    assert town.seen()[:2] == ["offices-and-services", "available-calendar"]


def test_a_city_that_cannot_be_seen_is_not_called_empty(
    town: Town, tmp_path: Path
) -> None:
    town.close()
    with running_script(tmp_path, WATCH_OPENINGS, town.practice.api_url) as script:
        assert "blind at every office: outage" in script.read_until("]")
        assert script.interrupt() == 0
    assert len(script.lines) == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["https://city.example.org/api"], "InvalidValue: No contact is configured"),
        (["--service", "one"], "InvalidValue: 'one' does not name services"),
    ],
)
def test_what_cannot_be_watched_is_said_in_a_sentence(
    words: list[str], complaint: str, tmp_path: Path
) -> None:
    done = run_script(tmp_path, WATCH_OPENINGS, *words)
    assert (done.returncode, done.stdout.count("\n")) == (1, 1)
    assert done.stdout.startswith(complaint)


def test_an_unknown_service_is_said_in_a_sentence(town: Town, tmp_path: Path) -> None:
    done = run_script(tmp_path, WATCH_OPENINGS, town.practice.api_url, "--service", "7")
    assert done.returncode == 1
    assert done.stdout == "NotFound: The city lists no service 7.\n"


# A city of one's own


def test_a_file_can_be_watched(tmp_path: Path) -> None:
    nine = in_a_week(9)
    later = nine + timedelta(hours=2)
    slots = tmp_path / "slots.txt"
    slots.write_text(f"{later:%Y-%m-%dT%H:%M} 2\n{nine:%Y-%m-%dT%H:%M} 1\n")
    with running_script(tmp_path, OWN_CITY, slots) as script:
        script.read_until("Library on the hill")
        assert script.interrupt() == 0
    assert script.lines == [
        "sees everything",
        f"{nine:%d %b %Y, %H:%M}: Main library",
        f"{later:%d %b %Y, %H:%M}: Library on the hill",
    ]


def test_a_file_that_is_missing_is_not_an_empty_one(tmp_path: Path) -> None:
    with running_script(tmp_path, OWN_CITY, "slots.txt") as script:
        blind = script.read_until("slots.txt")
        assert script.interrupt() == 0
    assert blind.startswith("blind at 1, 2: outage (slots.txt: ")


# A channel of one's own


def test_a_message_becomes_one_line_of_the_diary(tmp_path: Path) -> None:
    diary = tmp_path / "diary.txt"
    done = run_script(tmp_path, OWN_NOTIFIER, diary)
    assert (done.returncode, done.stdout) == (0, "delivered after 1 try.\n")
    (line,) = diary.read_text().splitlines()
    assert line.endswith("Free now: Wohnsitz anmelden")


def test_a_diary_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    done = run_script(tmp_path, OWN_NOTIFIER, tmp_path / "nowhere" / "diary.txt")
    assert done.returncode == 0
    assert done.stdout.startswith("retrying after 1 try. The diary is locked: ")


# Tests of one's own


def test_the_example_of_tests_passes(tmp_path: Path) -> None:
    done = run_script(
        tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", WITH_THE_DOUBLES
    )
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


# What they need

LOADED = """
import runpy, sys
before = set(sys.modules)
runpy.run_path(sys.argv[1], run_name="example")
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""


@pytest.mark.parametrize(
    ("example", "needed"),
    [
        (OWN_CITY, set()),
        (OWN_NOTIFIER, set()),
        (WATCH_OPENINGS, {"httpx", "cattrs"}),
    ],
)
def test_an_example_needs_what_it_says(
    example: Path, needed: set[str], tmp_path: Path
) -> None:
    done = run_script(tmp_path, "-c", LOADED, example)
    loaded = set(done.stdout.split())
    assert {"mta_core", "attr"} <= loaded, done.stdout
    of_app = {"dependency_injector", "typed_settings", "structlog", "sqlalchemy"}
    assert loaded & ({"httpx", "cattrs"} | of_app) == needed
