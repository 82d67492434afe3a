"""`mta shift`: a person passes the check on the page, and offers turns."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import httpx
import pytest

from mta_core.testing import ListQueue
from mta_entrypoints.cli import shift as command
from mta_entrypoints.container import opened
from mta_entrypoints.settings import load
from mta_entrypoints.watcher.container import WatcherContainer
from mta_practice import Practice, running
from mta_practice.settings import HumanRules
from tests.integration.cli.household import A_CITY, RESIDENCE, Household, a_fresh_start
from tests.unit.practice.person import solved

pytestmark = pytest.mark.integration

CHECKED_OFFICE = 10489
QUICK = HumanRules(allow_listed=("127.0.0.1",), token_life=7)
"""A check that costs little, and a shift of two seconds."""


@pytest.fixture(scope="module")
def city() -> Iterator[Practice]:
    """A practice city whose checks are over soon."""
    with running(attrs.evolve(A_CITY, human=QUICK)) as city:
        yield city


@pytest.fixture(autouse=True)
def _no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(command, "LINGER", 0.05)


@attrs.define
class Reader:
    """Somebody before the page. *does*: what they do there, with its address."""

    does: Callable[[str], object]
    url: str = ""
    seen: list[Any] = attrs.field(factory=list)
    _thread: threading.Thread | None = None

    def open(self, url: str) -> bool:
        """Stand in for the browser."""
        self.url = url
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return True

    def done(self) -> list[Any]:
        """Wait until they are, and return what they saw."""
        assert self._thread is not None, "the page was never opened"
        self._thread.join(20)
        return self.seen

    def _read(self) -> None:
        self.seen.append(self.does(self.url))


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A person with a browser, who passes the check."""
    reader = Reader(ticks_the_box)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", reader.open)
    return reader


def ticks_the_box(url: str) -> Any:
    """Do what the widget and the page do after a click."""
    with httpx.Client(base_url=url) as browser:
        challenge = browser.get("challenge").json()
        answer = browser.post("verify", json={"payload": solved(challenge)})
        return answer.json()


async def _watch_once() -> None:
    """Ask the city one question, as `mta up` would."""
    watcher = WatcherContainer(settings=load(), queue=ListQueue())
    async with opened(watcher):
        assert await watcher.watch()()


def _waits(home: Household) -> None:
    home.mta("subscribe", RESIDENCE, "--office", CHECKED_OFFICE)


@pytest.mark.slow
def test_a_shift_is_watched_from_the_click_to_its_end(
    home: Household, reader: Reader
) -> None:
    _waits(home)
    home.free(a_fresh_start(), service=RESIDENCE, office=CHECKED_OFFICE)

    def does(url: str) -> Any:
        state = ticks_the_box(url)
        asyncio.run(_watch_once())
        return state

    reader.does = does
    said = home.mta("shift")

    (state,) = reader.done()
    assert state["state"] == "open"
    assert state["watching"] == ["Wohnsitzanmeldung: Bürgerbüro Ruppertstraße"]
    assert f"Tick the box on this page: {reader.url}" in said.out
    assert said.out.splitlines()[-1] == "The shift is over. Asked once."
    assert "`mta up` is not running here" in said.err
    (note,) = home.json("notifications")
    assert note["kind"] == "found"
    (shift,) = home.json("shift", "status", code=1)["shifts"]
    assert (shift["open"], shift["asked"]) == (False, 1)


def test_without_a_click_nothing_happens(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PATIENCE", 0.0)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    _waits(home)

    assert "Nobody ticked the box" in home.mta("shift", code=1).out
    assert home.json("shift", code=1) == {"shift": None}
    assert opened == []


def test_a_browser_is_opened_only_where_there_is_a_screen_and_it_is_wanted(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PATIENCE", 0.0)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    _waits(home)
    home.mta("shift", "--no-browser", code=1)
    assert opened == []
    home.mta("shift", code=1)
    assert len(opened) == 1


def test_who_waits_for_nothing_there_is_not_asked_to_click(home: Household) -> None:
    home.mta("subscribe", RESIDENCE)
    home.mta("unsubscribe", "--yes")
    said = home.mta("shift", code=2)
    assert "nothing to watch for you in a shift" in said.err


def test_the_state_of_shifts_is_told(home: Household) -> None:
    _waits(home)
    said = home.mta("shift", "status", code=1)
    assert said.lines == [
        "You have opened no shift yet.",
        "What a shift shows is for its owner alone.",
    ]
    assert home.json("shift", "status", code=1) == {
        "open": False,
        "sharedBy": None,
        "shifts": [],
    }


def test_an_open_shift_is_told(home: Household) -> None:
    _waits(home)

    async def opens(container: Any) -> None:
        async with container.store().snapshot() as tx:
            (wish,) = await tx.subscriptions.active()
        shift = container.open_shift()
        await shift(wish.user, solved(await shift.challenge()))

    home.within(opens)
    said = home.mta("shift", "status")
    assert "open until" in said.lines[1]
    home.within(opens)
    first, second = home.json("shift", "status")["shifts"]
    assert (first["open"], second["open"]) == (True, False)
    assert "another one was opened" in home.mta("shift", "status").out


# Turns


def test_turns_are_offered_shown_and_taken_back(home: Household) -> None:
    _waits(home)
    none = home.mta("shift", "rota")
    assert none.lines[0].startswith("You have offered no turns")
    said = home.mta("shift", "offer", "--hours", "7-8")
    assert said.lines[0] == "You watch Mon, Tue, Wed, Thu, Fri 07:00-08:00."
    second = home.json("shift", "offer", "--hours", "6:30-9", "--days", "sa-so")
    assert (second["hours"], second["weekdays"]) == ("06:30-09:00", [5, 6])
    head, *rows, how = home.mta("shift", "rota").lines
    assert head.split() == ["id", "days", "hours", "last", "invited"]
    assert [row.split()[1:] for row in rows] == [
        ["Mon,", "Tue,", "Wed,", "Thu,", "Fri", "07:00-08:00"],
        ["Sat,", "Sun", "06:30-09:00"],
    ]
    assert how.startswith("Shifts are not shared here")
    assert "Give its id" in home.mta("shift", "withdraw", code=2).err
    gone = home.json("shift", "withdraw", second["id"])
    assert gone["id"] == second["id"]
    assert home.mta("shift", "withdraw").lines[0].startswith("Taken back: Mon,")
    assert "offered no turns" in home.mta("shift", "withdraw", code=2).err
    assert home.json("shift", "rota") == {"turns": [], "sharedBy": None}


def test_the_permission_to_share_is_shown(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_SHARED_SHIFTS", "Letter of 2026-11-02 by N.N.")
    _waits(home)
    assert home.json("shift", "rota")["sharedBy"] == "Letter of 2026-11-02 by N.N."
    said = home.mta("shift", "status", code=1)
    assert said.lines[-1].endswith("permission: Letter of 2026-11-02 by N.N.")
    [found] = [
        each
        for each in home.json("doctor", "--offline")["checks"]
        if each["check"] == "watch shifts"
    ]
    assert (found["grade"], "Letter of 2026" in found["means"]) == ("ok", True)
    assert "one after the other" in home.mta("shift", "offer", "--hours", "7-8").out


@pytest.mark.parametrize("text", ["yes", "the city permitted it orally"])
def test_a_permission_is_more_than_a_word(
    home: Household, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("MTA_SHARED_SHIFTS", text)
    assert "what it says, its date and who gave it" in home.mta("shift", code=2).err
