"""The demo's timeline, for people and for programs."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from mta_entrypoints.cli.demo.timeline import Timeline

START = datetime(2026, 9, 1, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)

Capture = pytest.CaptureFixture[str]


def told(timeline: Timeline) -> Timeline:
    """Tell a story of which the middle is heard of last."""
    timeline.note("start", "it starts", START)
    timeline.note("end", "it ends", START + 2 * SECOND)
    timeline.note("middle", "in between", START + SECOND / 2)
    return timeline


def test_the_report_is_in_the_order_of_time() -> None:
    timeline = told(Timeline(quiet=True))
    timeline.measure("start_to_end", START, START + timedelta(microseconds=1_234_560))
    timeline.outcome = "confirmed"

    assert timeline.report() == {
        "events": [
            {
                "at": "2026-09-01T10:00:00+00:00",
                "ms": 0.0,
                "what": "start",
                "text": "it starts",
            },
            {
                "at": "2026-09-01T10:00:00.500000+00:00",
                "ms": 500.0,
                "what": "middle",
                "text": "in between",
            },
            {
                "at": "2026-09-01T10:00:02+00:00",
                "ms": 2000.0,
                "what": "end",
                "text": "it ends",
            },
        ],
        "latency_ms": {"start_to_end": 1234.6},
        "outcome": "confirmed",
    }


def test_an_untold_story_is_incomplete() -> None:
    assert Timeline(quiet=True).report() == {
        "events": [],
        "latency_ms": {},
        "outcome": "incomplete",
    }


def test_an_event_without_a_moment_is_of_now() -> None:
    before = datetime.now(UTC)
    at = Timeline(quiet=True).note("now", "just now")
    assert before <= at <= datetime.now(UTC)


def test_a_quiet_timeline_says_nothing(capsys: Capture) -> None:
    timeline = told(Timeline(quiet=True))
    timeline.say("a word")
    timeline.waiting("for nothing")
    timeline.arrived()
    assert capsys.readouterr() == ("", "")


def test_people_read_the_seconds_since_the_start(capsys: Capture) -> None:
    timeline = told(Timeline())
    timeline.say("[bold] words")
    timeline.waiting("for more")

    assert capsys.readouterr().out.splitlines() == [
        "    0.000 s  it starts",
        "    2.000 s  it ends",
        "    0.500 s  in between",
        "[bold] words",
        "        …    for more",
    ]


def test_a_terminal_shows_what_is_waited_for_until_it_is_there() -> None:
    screen = io.StringIO()
    timeline = Timeline(console=Console(file=screen, force_terminal=True, width=80))

    timeline.waiting("for a slot")
    timeline.waiting("for a mail")
    timeline.note("mail", "the mail is there", START)

    shown = screen.getvalue()
    assert shown.index("for a slot") < shown.index("for a mail")
    assert shown.index("for a mail") < shown.index("the mail is there")
    timeline.arrived()  # nothing is waited for any more
    assert screen.getvalue() == shown
