"""`mta practice`: the practice city, served until a signal."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from mta_practice import compact_catalogue
from tests.integration.cli.household import Household

pytestmark = pytest.mark.integration

PATIENCE = 20.0


@pytest.fixture
def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody has."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def when_served(port: int, then: Callable[[str], None]) -> threading.Thread:
    """Do something as soon as a city answers there, then end this process's command."""

    def visit() -> None:
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < end:
                try:
                    if httpx.get(f"{url}/practice/health").is_success:
                        return then(url)
                except httpx.TransportError:
                    time.sleep(0.02)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=visit)
    thread.start()
    return thread


def test_it_serves_until_it_is_told_to_end(home: Household, free_port: int) -> None:
    seen: dict[str, object] = {}

    def look(url: str) -> None:
        seen.update(httpx.get(f"{url}/practice/health").json())

    visitor = when_served(free_port, look)
    said = home.mta("practice", "--port", free_port, "--stepped", "--seed", 7)
    visitor.join()

    assert said.out == (
        f"The practice city is open: http://127.0.0.1:{free_port}"
        "/buergeransicht/api/citizen (Ctrl-C closes it).\n"
    )
    assert (seen["status"], seen["stepped"], seen["offices"]) == ("ok", True, 12)


def test_it_offers_what_was_recorded(
    home: Household, free_port: int, tmp_path: Path
) -> None:
    recorded = dict(compact_catalogue())
    offices = recorded["offices"]
    assert isinstance(offices, list)
    recorded["offices"] = offices[:5]
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps(recorded))
    seen: list[object] = []

    def look(url: str) -> None:
        seen.append(httpx.get(f"{url}/practice/health").json()["offices"])

    visitor = when_served(free_port, look)
    home.mta("practice", "--port", free_port, "--catalogue", file)
    visitor.join()

    assert seen == [5]


def test_a_taken_port_is_explained(home: Household, taken_port: int) -> None:
    said = home.mta("practice", "--port", taken_port, code=2)
    assert f"mta: cannot serve on 127.0.0.1:{taken_port}" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html>", "is no JSON"),
        ("[]", "is no JSON object"),
        ("{}", "no list 'offices'"),
        ('{"offices": [1]}', "is no object"),
    ],
)
@pytest.mark.parametrize("command", ["practice", "demo"])
def test_a_broken_catalogue_is_explained(
    home: Household, tmp_path: Path, command: str, text: str, said: str
) -> None:
    file = tmp_path / "recorded.json"
    file.write_text(text)
    told = home.mta(command, "--catalogue", file, code=2)
    assert said in told.err
    assert "Traceback" not in told.err


def test_a_catalogue_that_is_not_there_is_named(home: Household) -> None:
    told = home.mta("practice", "--catalogue", "/nowhere/city.json", code=2)
    assert "cannot read the catalogue /nowhere/city.json" in told.err
