"""Runs a script as its reader would, and reads what it prints while it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0


def surroundings() -> dict[str, str]:
    """Return the environment of a script: no setting of whoever runs the tests."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("MTA_")}
    return {**ours, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


@attrs.define
class Script:
    """A script at work. Reading waits for a line, and ends with the script."""

    process: subprocess.Popen[str]
    lines: list[str] = attrs.field(factory=list)

    def read_until(self, words: str) -> str:
        """Read up to the line that holds these words, and return it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if words in line:
                return self.lines[-1]
        raise AssertionError(f"{words!r} was never printed:\n" + "\n".join(self.lines))

    def interrupt(self) -> int:
        """Press Ctrl-C, read the rest and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.lines += rest.splitlines()
        return self.process.returncode


@contextmanager
def running_script(folder: Path, *words: str | Path) -> Iterator[Script]:
    """Run a script in a folder; if it has not ended with the block, it is ended."""
    with subprocess.Popen(
        [sys.executable, *words],
        env=surroundings(),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        try:
            yield Script(process)
        finally:
            if process.poll() is None:
                process.terminate()


def run_script(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a script to its end."""
    return subprocess.run(
        [sys.executable, *words],
        env=surroundings(),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PATIENCE,
    )
