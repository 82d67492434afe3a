"""`mta` at a terminal: a child process, and a person who types."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest

from mta_entrypoints.cli.main import run

PATIENCE = 30.0
UNWRITABLE = Path("/sys/kernel")
"""A folder in which not even root can make a file."""

needs_unwritable = pytest.mark.skipif(
    not UNWRITABLE.is_dir(), reason=f"there is no {UNWRITABLE} here (Linux has it)"
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@attrs.frozen
class Said:
    """What a command printed."""

    out: str
    err: str


def mta(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> Said:
    """Run a command in this process, without a terminal, to its end."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run([str(word) for word in words])
    said = Said(*capsys.readouterr())
    assert ended.value.code == code, said.out + said.err
    assert "Traceback" not in said.err
    return said


@attrs.define
class Terminal:
    """A command at a terminal. *shown*: all that stands there, without colours."""

    process: subprocess.Popen[bytes]
    _line: int
    shown: str = ""

    def sees(self, text: str) -> None:
        """Wait until a text stands there, and forget what stands before it."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            left = end - time.monotonic()
            assert left > 0, f"{text!r} never came after {self.shown!r}"
            ready, _, _ = select.select([self._line], [], [], left)
            assert not ready or self._read(), f"{text!r} is not in {self.shown!r}"
        self.shown = self.shown.partition(text)[2]

    def types(self, text: str) -> None:
        """Type a line."""
        os.write(self._line, f"{text}\n".encode())

    def answers(self, question: str, text: str) -> None:
        """Wait for a question, and answer it."""
        self.sees(question)
        self.types(text)

    def goes_away(self) -> None:
        """Press Ctrl-D."""
        os.write(self._line, b"\x04")

    def interrupts(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def ends(self, code: int) -> str:
        """Wait for its end; give what was shown since the last text waited for."""
        while self._read():
            pass
        assert self.process.wait(PATIENCE) == code, self.shown
        return self.shown

    def _read(self) -> bool:
        try:
            new = os.read(self._line, 4096)
        except OSError:  # the other side is closed
            return False
        text = _COLOURS.sub("", new.decode(errors="replace"))
        self.shown += text.replace("\r\n", "\n")
        return bool(new)


@contextmanager
def at_a_terminal(folder: Path, *words: str, **more: str) -> Iterator[Terminal]:
    """Start `mta` in a folder, with no settings but *more*."""
    ours, theirs = pty.openpty()
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MTA_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "mta_entrypoints.cli", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**plain, "TERM": "xterm", "COLUMNS": "300", **more},
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
