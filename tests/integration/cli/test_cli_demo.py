"""`mta demo`: the story, played in this process and a little faster than usual."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from mta_core.domain.errors import StorageUnavailable
from mta_entrypoints.cli.demo import command
from mta_entrypoints.cli.demo.timeline import Timeline
from mta_practice import compact_catalogue
from tests.integration.cli.household import Household, hurry

pytestmark = pytest.mark.integration

STORY = [
    "practice_open",
    "up",
    "catalogue",
    "subscribed",
    "asked",
    "released",
    "seen",
    "told",
    "reserve",
    "update",
    "preconfirm",
    "preconfirmed",
    "mail",
    "opened",
    "confirmed",
    "told_confirmed",
]


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    monkeypatch.setattr(command, "JOBS_EVERY", 0.2)


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Send the signal of Ctrl-C as soon as the demo has said something."""

    def at(words: str) -> None:
        say = Timeline.say

        def said(timeline: Timeline, text: str) -> None:
            say(timeline, text)
            if words in text:
                os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr(Timeline, "say", said)

    return at


def test_programs_read_the_story_and_nothing_is_left_of_it(
    home: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    said = home.mta("demo", "--once", "--json", "--seed", 3)

    told = json.loads(said.out)
    assert said.err == ""
    assert told["outcome"] == "confirmed"
    what = [event["what"] for event in told["events"]]
    assert set(what) == set(STORY)
    assert [each for each in what if each != "told"] == [
        each for each in STORY if each != "told"
    ]
    moments = [event["ms"] for event in told["events"]]
    assert moments == sorted(moments)
    assert told["latency_ms"].keys() == {
        "release_to_seen",
        "seen_to_message",
        "seen_to_reserve",
        "seen_to_preconfirmed",
        "opened_to_confirmed",
        "waited_for_budget",
    }
    assert all(value >= 0 for value in told["latency_ms"].values())
    assert list(scratch.iterdir()) == []


def test_people_read_it_and_may_play_on(
    home: Household, interrupt: Callable[[str], None]
) -> None:
    interrupt("Everything stays up")

    said = home.mta("demo")

    assert "Amira subscribes, book mode: " in said.out
    assert "MTA looks: the city confirms it" in said.out
    assert "mta bookings --as amira" in said.out
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("words", "code"), [([], 0), (["--once"], 1)])
def test_it_ends_in_the_middle_when_it_is_told_to(
    home: Household, interrupt: Callable[[str], None], words: list[str], code: int
) -> None:
    interrupt("MTA has asked: nothing is free")

    said = home.mta("demo", *words, code=code)

    assert "confirms" not in said.out
    assert said.err == ""


def test_a_city_in_which_all_is_checked_makes_no_story(
    home: Household, tmp_path: Path
) -> None:
    recorded = json.loads(json.dumps(dict(compact_catalogue())))
    for office in recorded["offices"]:
        office["scope"]["captchaActivatedRequired"] = True
    file = tmp_path / "checked.json"
    file.write_text(json.dumps(recorded))

    said = home.mta("demo", "--once", "--catalogue", file, code=2)

    assert "No office of this catalogue can be booked without more data" in said.err
    assert "Traceback" not in said.err


def test_a_story_that_does_not_go_on_is_given_up(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mta_entrypoints.cli.demo.story.PATIENCE", 0.01)
    told = home.json("demo", "--once", code=1)
    assert told["outcome"] == "incomplete"
    assert told["events"][-1]["what"] == "gave_up"


def test_a_mail_that_nobody_opened_is_no_good_end(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody_clicks(*_: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr("mta_entrypoints.cli.demo.story._click", nobody_clicks)
    told = home.json("demo", "--once", code=1)
    assert told["outcome"] == "incomplete"
    assert "opened" in [event["what"] for event in told["events"]]


def test_what_stops_mta_stops_the_story(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*_: object, **__: object) -> None:
        raise StorageUnavailable("The disk is full.")

    monkeypatch.setattr(command, "run", run)
    said = home.mta("demo", "--once", code=4)
    assert said.err == "mta: The disk is full.\n"
