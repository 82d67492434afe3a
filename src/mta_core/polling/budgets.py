"""The politeness budgets as numbers (design: a good citizen), and how they are kept.

A place in a budget is taken before a request leaves. It counts until 60 s after the
request was answered. What is never heard of again is taken to have left at the last
moment, and to have been answered at its timeout.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import attrs

SPAN = 60.0
"""Seconds: the budgets hold in *any* span of this length."""

SEND_WITHIN = 3.0
"""Seconds within which a request leaves once it has its place, or never by that place.

With the longest timeout (12 s) a call about a booking then ends within its lease.
"""


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
class Stamp:
    """A place as the log has it.

    Attributes:
        granted_at: when it was taken.
        settled_at: when its request was answered or had failed; None while that is not
            known.
        counts_until: it takes a place in its budget until then.
    """

    budget: Budget
    granted_at: datetime
    settled_at: datetime | None
    counts_until: datetime
