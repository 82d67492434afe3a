"""What a process of MTA is to do, as one process tells it another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs

from tests.e2e.kill.moments import READY, Moment
from tests.e2e.kill.times import Times


@attrs.frozen
class Order:
    """What one process is to do.

    Attributes:
        command: one of `COMMANDS`.
        folder: where it leaves the list of its moments, and what it prints.
        name: what these files are called.
        kill_at: the moment at which it is to die.
        since: the first moment that counts; `READY` once it works.
        nobody: a port on which nobody listens.
        refused: routes whose next call goes there.
        blindly_again: it is broken: it sends again what got no answer.
        rival: somebody else reserves just before this process does.
    """

    command: str
    words: list[str]
    settings: dict[str, str]
    times: Times
    folder: Path
    name: str
    kill_at: Moment | None = None
    since: str = READY
    nobody: int = 0
    refused: list[str] = attrs.field(factory=list)
    rival: bool = False
    blindly_again: bool = False

    @property
    def log(self) -> Path:
        """The list of its moments."""
        return self.folder / f"{self.name}.moments"

    @property
    def said(self) -> Path:
        """What it printed."""
        return self.folder / f"{self.name}.out"

    def output(self) -> str:
        """Read what it has printed so far."""
        return self.said.read_text() if self.said.exists() else ""

    def plain(self) -> dict[str, Any]:
        """Return what `read` reads."""
        kill_at = attrs.astuple(self.kill_at) if self.kill_at else None
        plain = attrs.asdict(self, recurse=False)
        more = {"folder": str(self.folder), "times": self.times.plain()}
        return {**plain, **more, "kill_at": kill_at}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Order:
        """Read what another process wrote."""
        kill_at = plain["kill_at"]
        more = {
            "folder": Path(plain["folder"]),
            "times": Times.read(plain["times"]),
            "kill_at": Moment(*kill_at) if kill_at else None,
        }
        return cls(**{**plain, **more})
