"""Whole processes: each test has its own practice city, data folder and `mta`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import attrs
import httpx
import pytest

PATIENCE = 100.0
_T = TypeVar("_T")


def until(find: Callable[[], _T | None], patience: float = PATIENCE) -> _T:
    """Look again and again until something is found; fail when patience ends."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came within {patience} s")


@attrs.define
class House:
    """Runs `mta` commands on one data folder against one practice city."""

    folder: Path
    port: int
    settings: dict[str, str] = attrs.field(factory=dict)
    _processes: list[subprocess.Popen[str]] = attrs.field(factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What every command of this house is told."""
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("MTA_")},
            "MTA_CITY_URL": f"{self.city}/buergeransicht/api/citizen",
            "MTA_DATA_DIR": str(self.folder / "data"),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    @property
    def city(self) -> str:
        """The practice city's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """Start a command that goes on; its output is in ``<word>.log``."""
        log = (self.folder / f"{words[0]}.log").open("a")
        process = subprocess.Popen(
            [sys.executable, "-m", "mta_entrypoints.cli", *words],
            env={**self.environment, **more},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        log.close()
        self._processes.append(process)
        return process

    def log(self, word: str) -> str:
        """What a started command has printed so far."""
        path = self.folder / f"{word}.log"
        return path.read_text() if path.exists() else ""

    def practice(self, *words: str) -> subprocess.Popen[str]:
        """Start the practice city and wait until it answers."""
        process = self.start("practice", "--port", str(self.port), *words)

        def answers() -> bool:
            try:
                return httpx.get(f"{self.city}/practice/health").is_success
            except httpx.TransportError:
                return False

        until(answers)
        return process

    def up(self) -> subprocess.Popen[str]:
        """Start `mta up` and wait until it says that it watches."""
        before = self.log("up").count("watches")
        process = self.start("up")
        until(lambda: self.log("up").count("watches") > before)
        return process

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "mta_entrypoints.cli", *words],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def json(self, *words: str, code: int = 0) -> Any:
        """Run a command with --json; return what it printed, read."""
        return json.loads(self.run(*words, "--json", code=code))

    def ask(self, path: str, **query: str) -> Any:
        """Read one of the practice city's control routes."""
        answer = httpx.get(f"{self.city}{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    def free(self, office: int, service: int, *starts: int) -> None:
        """Have the practice city free slots."""
        answer = httpx.post(
            f"{self.city}/practice/openings",
            json={"officeId": office, "serviceId": service, "starts": list(starts)},
        )
        assert answer.is_success, answer.text

    def close(self) -> None:
        """End what was started, by its own process, and wait for it."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(timeout=30)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house of its own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    house = House(tmp_path, port)
    yield house
    house.close()
