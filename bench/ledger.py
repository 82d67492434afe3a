"""An hour of `mta up` in a practice city, judged by the city's ledger.

``python -m bench.ledger``: real processes, real HTTP, a city that lives (``--programme``)
and whose time, like MTA's, runs 60 times as fast: an hour takes a minute. Citizens wait,
some of them in book mode, and slots for them come and go. The city counts as the real one does (contract 2.5), to 60 and
then to 30. What the ledger says is held against the budgets.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import httpx

from bench import paces
from mta_core.polling.budgets import Budget
from mta_core.polling.pattern import pattern

SPEED = 60.0
SIZES = (60, 30)
PATIENCE = 60.0
SILENCE = timedelta(seconds=60)
"""A gap this long lets the city's counter die."""

TELL = ("1063423", "1063424")
BOOK, OFFICE = "1064314", 10308013
RELEASE_EVERY = 240.0  # seconds of the city's time
DAY = 86_400
BOOKING = ("reserve", "update", "preconfirm", "cancel")


@attrs.frozen
class Request:
    """A request of MTA's, as the city wrote it down."""

    at: datetime
    budget: Budget
    status: int


@attrs.define
class House:
    """A practice city and an `mta up` that asks it, each a process of its own."""

    folder: Path
    port: int

    @property
    def city(self) -> str:
        """Where the city is."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Run one of them until the block ends."""
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *words],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)

    def mta(self, *words: str) -> None:
        """Run a command to its end."""
        subprocess.run(
            [sys.executable, "-m", "mta_entrypoints.cli", *words],
            env=self._environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )

    def practice(self, size: int) -> tuple[str, ...]:
        """Say how a city is started whose counter counts so far."""
        return (
            *("mta_practice", "--port", str(self.port), "--programme"),
            *("--speed", str(SPEED), "--clock", str(self.folder / "clock.json")),
            *("--request-limit", str(size)),
        )

    def read(self, path: str) -> Any:
        """Read one of the city's control routes."""
        return httpx.get(f"{self.city}/practice/{path}").raise_for_status().json()

    def free(self, number: int) -> None:
        """Have the city free a slot that somebody wants to book."""
        start = (int(time.time()) // DAY + 4) * DAY + (7 + number % 8) * 3600
        body = {"officeId": OFFICE, "serviceId": int(BOOK), "starts": [start]}
        httpx.post(f"{self.city}/practice/openings", json=body).raise_for_status()

    def requests(self) -> list[Request]:
        """Return what the city has heard of MTA, in order."""
        return sorted(
            (
                Request(
                    datetime.fromisoformat(seen["at"]),
                    _budget_of(seen["route"]),
                    seen["status"],
                )
                for seen in self.read("ledger")
                if seen["userAgent"].startswith("MunichTerminAutomator/")
            ),
            key=lambda request: request.at,
        )

    def answers(self) -> bool:
        """Whether the city is open."""
        try:
            self.read("health")
        except httpx.TransportError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        bare = {k: v for k, v in os.environ.items() if not k.startswith("MTA_")}
        clock = self.folder / "clock.json"
        shared = {"MTA_CLOCK_FILE": str(clock)} if clock.exists() else {}
        return {
            **bare,
            **shared,
            "MTA_CITY_URL": f"{self.city}/buergeransicht/api/citizen",
            "MTA_DATA_DIR": str(self.folder / "data"),
        }


def _budget_of(route: str) -> Budget:
    if "available-calendar" in route:
        return Budget.CALENDAR
    return Budget.BOOKING if any(word in route for word in BOOKING) else Budget.OTHER


def _until(found: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not found():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing came within {PATIENCE:.0f} s")
        time.sleep(0.1)


def measure(size: int, hours: float) -> list[Request]:
    """Let MTA ask a city whose counter counts so far, for hours of the city's time."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            house = House(folder, probe.getsockname()[1])
        stack.enter_context(house.running(*house.practice(size)))
        _until(house.answers)
        for number, service in enumerate(TELL):
            house.mta("subscribe", "--as", f"citizen{number}", "--service", service)
        for number in range(2):
            house.mta(
                *("subscribe", "--as", f"booker{number}", "--service", BOOK),
                *("--mode", "book", "--mail-hours", "0-24"),
                *("--name", "Bench Beispiel", "--email", f"b{number}@example.org"),
            )
        asked = len(house.requests())
        stack.enter_context(house.running("mta_entrypoints.cli", "up"))
        _until(lambda: len(house.requests()) > asked)
        end = time.monotonic() + hours * 3600 / SPEED
        number = 0
        while time.monotonic() < end:
            house.free(number)
            number += 1
            time.sleep(RELEASE_EVERY / SPEED)
        return house.requests()[asked:]


def table(size: int, requests: list[Request]) -> str:
    """Write what the ledger says."""
    statuses = Counter(request.status for request in requests)
    told = ", ".join(
        f"{count} × {status}" for status, count in sorted(statuses.items())
    )
    gaps = [after.at - before.at for before, after in pairwise(requests)]
    pauses = [gap.total_seconds() for gap in gaps if gap >= SILENCE]
    minutes = (requests[-1].at - requests[0].at) / timedelta(minutes=1)
    lines = [
        f"Counter at {size}: {len(requests)} requests in {minutes:.0f} min; answers: "
        f"{told}; 429s: {statuses[429]}; pauses: {len(pauses)} of "
        f"{min(pauses, default=0):.0f}-{max(pauses, default=0):.0f} s",
        "",
        "| budget | requests | most in any 60 s | limit | mean gap s | regularity |",
        "|---|---|---|---|---|---|",
    ]
    for budget in Budget:
        sent = [request.at for request in requests if request.budget is budget]
        found = pattern(budget, sent, requests[-1].at)
        gap = "" if found.gap is None else f"{found.gap:.1f}"
        regular = "" if found.regularity is None else f"{found.regularity:.2f}"
        lines.append(
            f"| {budget.value} | {len(sent)} | {found.most} | {budget.limit} "
            f"| {gap} | {regular} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Read how much to do, do it, print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0, help="of the city's time")
    chosen = parser.parse_args()
    for size in SIZES:
        hours = chosen.hours if size == SIZES[0] else chosen.hours / 4
        print(table(size, measure(size, hours)), end="\n\n", flush=True)
    paces.main()


if __name__ == "__main__":
    main()
