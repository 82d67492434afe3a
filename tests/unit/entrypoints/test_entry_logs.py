"""Logging: one JSON line an event, and nothing personal in any of them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from mta_entrypoints import logs

SECRET = "amira@example.org"


Capture = pytest.CaptureFixture[str]


def lines(shown: str) -> list[dict[str, Any]]:
    """Read each line as a JSON object."""
    return [json.loads(line) for line in shown.splitlines()]


def fail(contact: str) -> None:
    """Fail with something personal at hand."""
    raise RuntimeError(f"a bug, {len(contact)} letters long")


def ours() -> None:
    """Log an error the way MTA does."""
    structlog.get_logger().exception("job_failed")


def theirs() -> None:
    """Log an error the way libraries do."""
    logging.getLogger("dramatiq.worker").exception("Failed to process message")


def test_an_event_is_one_line_of_json(capsys: Capture) -> None:
    logs.set_up("info")

    structlog.get_logger().info("probe_asked", probe="1@2", free=3)

    [line] = lines(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "probe_asked",
        "free": 3,
        "level": "info",
        "probe": "1@2",
    }


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("Info", ["info", "warning", "error"]),
        ("WARNING", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_only_what_matters_enough_is_logged(
    capsys: Capture, level: str, seen: list[str]
) -> None:
    logs.set_up(level)
    log = structlog.get_logger()

    for name in ("debug", "info", "warning", "error"):
        getattr(log, name)(name)

    assert [line["level"] for line in lines(capsys.readouterr().err)] == seen


def test_libraries_speak_up_only_when_something_is_wrong(capsys: Capture) -> None:
    logs.set_up("debug")
    library = logging.getLogger("httpx")

    library.info("HTTP Request: GET https://city.example.org/?authKey=%s", "abc")
    library.warning("closing %s", "early")

    [line] = lines(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("closing early", "warning")


def test_a_quiet_level_silences_libraries_too(capsys: Capture) -> None:
    logs.set_up("error")
    logging.getLogger("httpx").warning("closing")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("log", [ours, theirs])
def test_a_traceback_shows_no_values(capsys: Capture, log: Callable[[], None]) -> None:
    logs.set_up("info")
    try:
        fail(SECRET)
    except RuntimeError:
        log()

    shown = capsys.readouterr().err
    [line] = lines(shown)
    [error] = line["exception"]
    assert (error["exc_type"], error["exc_value"]) == (
        "RuntimeError",
        f"a bug, {len(SECRET)} letters long",
    )
    assert error["frames"][-1]["name"] == "fail"
    assert SECRET not in shown


@pytest.mark.parametrize("log", [ours, theirs])
def test_a_person_reads_text_without_values(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, log: Callable[[], None]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    logs.set_up("info")
    try:
        fail(SECRET)
    except RuntimeError:
        log()

    shown = capsys.readouterr().err
    assert "Traceback (most recent call last)" in shown
    assert "RuntimeError: a bug" in shown
    assert not shown.startswith("{")
    assert SECRET not in shown


def test_setting_up_again_writes_nothing_twice(capsys: Capture) -> None:
    logs.set_up("info")
    logs.set_up("info")
    logging.getLogger("httpx").warning("once")
    assert len(lines(capsys.readouterr().err)) == 1
