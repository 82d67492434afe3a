"""A living city over real sockets, in accelerated time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from mta_practice import PracticeSettings, running
from tests.unit.practice.support import MINUTE, START

pytestmark = pytest.mark.integration

#: Within so many seconds of the machine's the city must have lived on.
PATIENCE = 20.0


def test_lives_while_nobody_asks_and_shares_its_clock(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    settings = PracticeSettings(
        programme=True, speed=7200, start=START, clock_file=file
    )
    with running(settings) as city, httpx.Client(base_url=city.url) as http:
        shared = json.loads(file.read_text())
        told = http.get("/practice/clock").json()
        assert {name: told[name] for name in shared} == shared
        assert (shared["start"], shared["speed"]) == (START, 7200)
        before = _slots(http)
        end = time.monotonic() + PATIENCE
        while _now(shared) < START + 90 * MINUTE or not _grown(before, _slots(http)):
            assert time.monotonic() < end
            assert http.get("/practice/health").json()["status"] == "ok"


def _grown(before: dict[str, int], after: dict[str, int]) -> bool:
    return all(after[name] > before[name] for name in ("released", "taken"))


def _now(shared: dict[str, float]) -> float:
    """Tell the city's time as anybody can who knows the file."""
    return shared["start"] + (time.time() - shared["origin"]) * shared["speed"]


def _slots(http: httpx.Client) -> dict[str, int]:
    told: dict[str, Any] = http.get("/practice/programme").json()
    assert told["on"] is True
    slots = told["slots"]
    return {name: slots.get(name, 0) for name in ("released", "taken")}
