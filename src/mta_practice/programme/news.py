"""What has happened in the living city: counted in full, the latest by name."""

from __future__ import annotations

from collections import Counter as Tally
from collections import deque
from enum import StrEnum
from typing import Final

import attrs

_KEPT: Final = 500


class What(StrEnum):
    """The kinds of things that happen."""

    RELEASED = "released"
    TAKEN = "taken"
    RESERVATION_LAPSED = "reservation lapsed"
    ACTIVATION_LAPSED = "activation lapsed"
    CANCELLED = "cancelled"
    RETURNED = "returned"


@attrs.frozen
class Item:
    """One thing that happened *at* (epoch seconds) to grid slots of an office."""

    at: float
    what: What
    office_id: int
    starts: tuple[int, ...]


class News:
    """All that happened; *slots* counts grid slots by kind."""

    def __init__(self) -> None:
        self.slots: Tally[What] = Tally()
        self.latest: deque[Item] = deque(maxlen=_KEPT)

    def note(self, item: Item) -> None:
        """Keep *item* and count its slots."""
        self.slots[item.what] += len(item.starts)
        self.latest.append(item)
