"""How fast the watcher may go: evenly, and slower as soon as the city suffers.

The budgets themselves are the limiter's (ports). This is the courtesy beyond them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from mta_core.domain.errors import RateLimited, Refused, SiteError

EVEN = timedelta(seconds=6)
"""One calendar request each 6 s: 10 in a minute, evenly (design: budgets)."""

LONGEST = timedelta(minutes=2)
_DOUBLINGS = 10  # more than it takes from EVEN to LONGEST
COUNTER_LIFE = timedelta(seconds=60)
"""The city's own counter dies this long after the last accepted request (2.5)."""

COUNTER_MARGIN = timedelta(seconds=1)
KEPT_FOR_BOOKINGS = 10
"""How many requests of the city's counter the watcher leaves to bookings."""


@attrs.frozen
class Counter:
    """The city's request counter as of its last answer (contract 2.5).

    Attributes:
        remaining: accepted requests that are left without a pause.
        at: when the answer came.
    """

    remaining: int
    at: datetime

    def pause_until(self) -> datetime | None:
        """Return when watching may go on, if the counter asks for a pause."""
        if self.remaining > KEPT_FOR_BOOKINGS:
            return None
        return self.at + COUNTER_LIFE + COUNTER_MARGIN


@attrs.frozen
class Pace:
    """When the next calendar request may leave. *failures*: in a row."""

    next_at: datetime
    failures: int = 0

    def after(
        self, now: datetime, error: SiteError | None, counter: Counter | None
    ) -> Pace:
        """Return the pace after a request that was sent *now*.

        A refusal is an answer like any other; every other error slows down.
        """
        pause = (counter.pause_until() if counter else None) or now
        if error is None or isinstance(error, Refused):
            return Pace(max(now + EVEN, pause))
        failures = self.failures + 1
        wait = min(EVEN * 2 ** min(failures, _DOUBLINGS), LONGEST)
        if isinstance(error, RateLimited):
            wait = max(wait, COUNTER_LIFE + COUNTER_MARGIN)
            pause = max(pause, error.until or now)
        return Pace(max(now + wait, pause), failures)
