"""The politeness budgets towards the city (design: a good citizen)."""

from __future__ import annotations

from enum import Enum
from typing import Protocol
from uuid import UUID

import attrs

SPAN = 60.0
"""Seconds: the budgets hold in *any* span of this length."""


class Budget(Enum):
    """The three kinds of requests, counted apart; the most of each in any 60 s."""

    CALENDAR = "calendar"
    BOOKING = "booking"
    OTHER = "other"

    @property
    def limit(self) -> int:
        """The most requests in any 60 s (R3.2)."""
        return 10 if self is Budget.CALENDAR else 5


@attrs.frozen
class Grant:
    """A place in a budget. It counts from its grant to 60 s after its answer."""

    id: UUID
    budget: Budget


@attrs.frozen
class Wait:
    """The budget is used up (or closed): ask again after this many seconds."""

    seconds: float


class Limiter(Protocol):
    """A sliding log that a restart cannot forget.

    A place that is never settled counts as if its answer had come at the timeout. If
    the state is lost or the clock jumps, the limiter is closed for 60 s plus the
    timeout. If it cannot be reached it is closed: it raises, and nothing is sent.
    """

    async def ask(self, budget: Budget) -> Grant | Wait:
        """Take a place, or learn how long to wait. Never blocks.

        Raises:
            StorageUnavailable: the log cannot be read or written.
        """
        ...

    async def settle(self, grant: Grant) -> None:
        """Note that the request was answered or has failed: its 60 s begin."""
        ...
