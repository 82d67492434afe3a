"""`mta channels`: where else messages go, and whether they arrive."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mta_core.ports.queue import Task
from tests.integration.cli.hook import Hook, listening
from tests.integration.cli.household import CAR, Household, a_start
from tests.unit.entrypoints.keyboard import CTRL_D, Keyboard

pytestmark = pytest.mark.integration

ELSEWHERE = "ntfys://ntfy.example.org/a-secret-topic"


@pytest.fixture(autouse=True)
def _plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's proxies, netrc and caches out."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook that takes everything."""
    with listening() as hook:
        yield hook


@pytest.fixture
def known(home: Household) -> Household:
    """A household in which somebody waits."""
    home.mta("subscribe", CAR)
    return home


def names(home: Household) -> list[tuple[int, str]]:
    """List the channels as they are named."""
    return [(each["number"], each["name"]) for each in home.json("channels")]


def test_everybody_has_an_inbox(known: Household) -> None:
    assert names(known) == [(0, "inbox")]
    assert known.mta("channels").lines[1].strip() == (
        "inbox    `mta notifications`, and where `mta up` runs"
    )


def test_others_are_added_and_named_without_their_secrets(
    known: Household, hook: Hook
) -> None:
    said = known.mta("channels", "add", hook.url)
    assert said.out == "webhook is added. Try it: mta channels test.\n"
    assert "your messages go there, too" in said.err
    added = known.json("channels", "add", ELSEWHERE)

    assert (added["number"], added["name"]) == (2, "ntfy")
    assert names(known) == [(0, "inbox"), (1, "webhook"), (2, "ntfy")]
    shown = known.mta("channels").out + str(known.json("channels"))
    for secret in ("secret", "example.org", "127.0.0.1"):
        assert secret not in shown
    stored = b"".join(path.read_bytes() for path in known.data.iterdir())
    assert b"a-secret-topic" not in stored


def test_an_address_can_be_typed_unseen_by_the_shell(
    known: Household, keyboard: Keyboard
) -> None:
    keyboard.types("nonsense", ELSEWHERE)
    said = known.mta("channels", "add")
    assert "MTA sends by: " in said.err
    assert said.out.startswith("ntfy is added")


def test_who_goes_away_has_added_nothing(known: Household, keyboard: Keyboard) -> None:
    keyboard.types(CTRL_D)
    known.mta("channels", "add", code=1)
    assert names(known) == [(0, "inbox")]


def test_one_is_removed_by_number_or_name(known: Household, hook: Hook) -> None:
    for url in (hook.url, ELSEWHERE, f"{ELSEWHERE}-two"):
        known.mta("channels", "add", url)
    said = known.mta("channels", "remove", "ntfy", code=2)
    assert said.err == "mta: Which ntfy? Give its number: 2, 3.\n"
    assert known.mta("channels", "remove", 2).out == (
        "ntfy is removed: no more messages go there.\n"
    )
    assert known.json("channels", "remove", "Webhook")["name"] == "webhook"
    assert names(known) == [(0, "inbox"), (1, "ntfy")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add"], "Which address? Give an Apprise URL"),
        (["add", "nonsense"], "MTA sends by: "),
        (["add", "https://hook.example.org"], "Begin with jsons://"),
        (["add", "dbus://"], "reaches nobody else"),
        (["remove"], "CHANNEL"),
        (["remove", "ntfy"], "You have no channel 'ntfy'"),
        (["remove", "7"], "You have no channel '7'"),
        (["remove", "0"], "The inbox stays"),
        (["remove", "inbox"], "The inbox stays"),
    ],
)
def test_bad_input_is_explained(known: Household, words: list[str], said: str) -> None:
    told = known.mta("channels", *words, code=2)
    assert said in told.err
    assert told.out == ""
    assert names(known) == [(0, "inbox")]


def test_nobody_is_told_twice_in_one_place(known: Household) -> None:
    known.mta("channels", "add", ELSEWHERE)
    said = known.mta("channels", "add", ELSEWHERE, code=2)
    assert said.err == "mta: Your messages go there already.\n"


def test_the_channels_of_another_are_their_own(known: Household) -> None:
    known.mta("subscribe", CAR, "--as", "bela")
    known.mta("channels", "add", ELSEWHERE)
    said = known.mta("channels", "remove", 1, "--as", "bela", code=2)
    assert "You have no channel '1'" in said.err
    assert len(names(known)) == 2


@pytest.mark.parametrize("words", [[], ["add", ELSEWHERE], ["remove", "1"], ["test"]])
def test_a_stranger_is_told_where_to_begin(home: Household, words: list[str]) -> None:
    said = home.mta("channels", *words, code=2)
    assert "start with mta subscribe" in said.err


def test_a_test_message_goes_everywhere(known: Household, hook: Hook) -> None:
    known.mta("channels", "add", hook.url)

    said = known.mta("channels", "test")

    assert [line.split() for line in said.lines[1:]] == [
        ["inbox", "taken"],
        ["webhook", "taken"],
    ]
    [letter] = hook.letters
    assert letter["title"] == "MTA reaches you here"
    assert known.mta("notifications").out == "There are no messages.\n"


def test_a_channel_that_fails_is_said_with_what_to_do(
    known: Household, hook: Hook
) -> None:
    known.mta("channels", "add", hook.url)
    hook.status = 404

    inbox, webhook = known.json("channels", "test", code=1)

    assert (inbox["taken"], inbox["outcome"]) == (True, "taken")
    assert webhook["taken"] is False
    assert "refused the message (404). Check the address" in webhook["outcome"]
    assert "secret" not in known.mta("channels", "test", code=1).out


def test_messages_go_there_from_now_on(known: Household, hook: Hook) -> None:
    known.mta("channels", "add", hook.url)
    known.free(a_start())
    known.look(Task.DELIVER)

    [found] = known.json("notifications")
    assert [(each["name"], each["outcome"]) for each in found["channels"]] == [
        ("inbox", "taken"),
        ("webhook", "taken"),
    ]
    [letter] = hook.letters
    assert letter["title"] == found["title"]


def test_without_the_package_that_is_said(
    known: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    known.mta("channels", "add", ELSEWHERE)
    known.free(a_start())
    monkeypatch.setitem(sys.modules, "mta_adapters.apprise", None)

    said = known.mta("channels", "add", f"{ELSEWHERE}-two", code=2)
    assert "needs the package apprise, which is not installed" in said.err
    assert names(known) == [(0, "inbox"), (1, "apprise")]

    known.look(Task.DELIVER)
    [found] = known.json("notifications")
    assert found["state"] == "delivered"
    assert [each["outcome"] for each in found["channels"]] == [
        "taken",
        "The package apprise is not installed where MTA runs.",
    ]
