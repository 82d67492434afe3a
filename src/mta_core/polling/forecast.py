"""What will be asked next, and why: the watcher's plans, for people to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from mta_core.polling.learning.candidates import Candidate
from mta_core.polling.pace import PaceView, Why
from mta_core.polling.plain import plain


@attrs.frozen
class Forecast:
    """The plans of the watcher as of one moment.

    Attributes:
        questions: how many there are; the foremost are *candidates*, the next one first.
        tick: the second of the minute at which the city frees slots; None if unknown.
    """

    at: datetime
    pace: PaceView
    questions: int
    candidates: tuple[Candidate, ...]
    tick: float | None = None

    def document(self) -> dict[str, Any]:
        """Write it down as plain JSON."""
        return {
            "at": self.at.isoformat(),
            "pace": plain(self.pace),
            "questions": self.questions,
            "candidates": [candidate.document() for candidate in self.candidates],
            "tick": self.tick,
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Forecast:
        """Read what was written down."""
        pace = dict(document["pace"])
        pace["next_at"] = datetime.fromisoformat(pace["next_at"])
        pace["reason"] = Why[pace["reason"]]
        silent = pace["silent_until"]
        pace["silent_until"] = (
            None if silent is None else datetime.fromisoformat(silent)
        )
        return cls(
            datetime.fromisoformat(document["at"]),
            PaceView(**pace),
            document["questions"],
            tuple(map(Candidate.read, document["candidates"])),
            document["tick"],
        )
