"""The hand on the processes: starts, asks after and kills them by order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from tests.e2e.kill.orders import Order

_ROOT = Path(__file__).parents[3]


@attrs.frozen
class Keeper:
    """Speaks with the process that forks the others."""

    _process: subprocess.Popen[str]

    def start(self, order: Order) -> int:
        """Start a process; return its id."""
        return int(self._ask(start=order.plain()))

    def status(self, pid: int) -> int | None:
        """Return how it ended (once), negative for a signal; None while it lives."""
        status = self._ask(status=pid)
        return None if status is None else int(status)

    def kill(self, pid: int) -> None:
        """Kill it, unless it has ended."""
        self._ask(kill=pid)

    def _ask(self, **order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def keeper() -> Iterator[Keeper]:
    """Hold the process that forks the others; all of them end with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.kill.victims"],
        cwd=_ROOT,
        # Those who are killed are not measured, and nobody else here is.
        env={k: v for k, v in os.environ.items() if not k.startswith(("MTA_", "COV"))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Keeper(process)
    finally:
        process.communicate()  # closes its input, and waits
