"""Virtual time: what is to happen, in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime

import attrs

Action = Callable[[], None]


@attrs.define
class Timeline:
    """Actions by their moment, in epoch seconds; at the same moment first come first.

    Attributes:
        now: the present.
    """

    now: float
    _actions: list[tuple[float, int, Action]] = attrs.field(factory=list, init=False)
    _count: int = attrs.field(default=0, init=False)

    @property
    def moment(self) -> datetime:
        """The present as the core reads it."""
        return datetime.fromtimestamp(self.now, UTC)

    def at(self, when: float, do: Action) -> None:
        """Do something at a moment, or now if that has passed."""
        self._count += 1
        heapq.heappush(self._actions, (max(when, self.now), self._count, do))

    def run(self, until: float) -> None:
        """Let time pass, actions and all, up to a moment."""
        while self._actions and self._actions[0][0] <= until:
            self.now, _, do = heapq.heappop(self._actions)
            do()
        self.now = until
