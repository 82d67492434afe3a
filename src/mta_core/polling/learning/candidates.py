"""What might be asked next, with the numbers behind it: for people who ask why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

import attrs

from mta_core.domain.availability import DateWindow, Probe
from mta_core.domain.catalogue import OfficeId, ServiceSet


class Reason(Enum):
    """Why a question is a candidate."""

    NEVER_ASKED = "never asked"
    OVERDUE = "overdue"
    WORTH = "worth"
    FOLLOW_UP = "follow-up"
    FAILED = "failed just now: the others go first"
    RESTS = "refused: it rests"


@attrs.frozen
class Part:
    """What one office adds to the worth of a question.

    Attributes:
        waiting: how many citizens would come there.
        rate: slots that come one by one, in an hour.
        life: how long a slot lasts, in seconds.
        expected: how many slots wait unseen now, by the numbers above.
        batch: how many of them came at a release minute.
        worth: what asking now is worth for this office.
        release: the next release minute in the coming day, if one is known.
        chance: how likely something is released in it.
    """

    office: OfficeId
    waiting: int
    rate: float
    life: float
    expected: float
    batch: float
    worth: float
    release: datetime | None
    chance: float


@attrs.frozen
class Candidate:
    """A question that might be next.

    Attributes:
        worth: expected new slots, each times those who wait for it.
        asked_at: when it was last answered; None if it never was.
        overdue_at: when it is asked whatever it is worth.
        day: the hinted day that a follow-up asks for.
    """

    probe: Probe
    reason: Reason
    worth: float
    asked_at: datetime | None
    overdue_at: datetime | None
    parts: tuple[Part, ...]
    day: date | None = None

    def document(self) -> dict[str, Any]:
        """Write it down as plain JSON."""
        window = self.probe.window
        return {
            "services": str(self.probe.services),
            "offices": sorted(self.probe.offices),
            "first": window.first.isoformat(),
            "last": window.last.isoformat(),
            "reason": self.reason.value,
            "worth": self.worth,
            "asked_at": _text(self.asked_at),
            "overdue_at": _text(self.overdue_at),
            "day": None if self.day is None else self.day.isoformat(),
            "parts": [
                {**attrs.asdict(part), "release": _text(part.release)}
                for part in self.parts
            ],
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Candidate:
        """Read what was written down."""
        window = DateWindow(
            date.fromisoformat(document["first"]), date.fromisoformat(document["last"])
        )
        day = document["day"]
        return cls(
            Probe(
                ServiceSet.parse(document["services"]),
                frozenset(map(OfficeId, document["offices"])),
                window,
            ),
            Reason(document["reason"]),
            document["worth"],
            _moment(document["asked_at"]),
            _moment(document["overdue_at"]),
            tuple(
                Part(**{**part, "release": _moment(part["release"])})
                for part in document["parts"]
            ),
            None if day is None else date.fromisoformat(day),
        )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
