"""A keyboard for commands that run in this process: one end of a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import pytest

CTRL_D = "\x04"


@attrs.frozen
class Keyboard:
    """Types ahead: a command reads the lines as it asks for them."""

    _line: int

    def types(self, *lines: str) -> None:
        """Type lines; Ctrl-D has no end of line."""
        for line in lines:
            os.write(self._line, (line if line == CTRL_D else f"{line}\n").encode())


@contextmanager
def plugged_in(patch: pytest.MonkeyPatch) -> Iterator[Keyboard]:
    """Put a terminal in place of standard input."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8") as terminal, patch.context() as plugged:
        plugged.setattr(sys, "stdin", terminal)
        try:
            yield Keyboard(ours)
        finally:
            os.close(ours)
