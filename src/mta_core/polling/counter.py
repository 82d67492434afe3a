"""The city's own counter, and when to make the pause that it takes (contract 2.5).

The city counts all accepted requests of an address, on all routes together. Each of
them renews the counter's life of 60 s; at N (60 by default) it refuses, until 60 s have
passed since the last one that it took. So somewhere within the next few requests there
must be a pause, and where it costs least is a question to the planner: a release minute
is no time to be silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

COUNTER_LIFE = timedelta(seconds=60)
"""The city's own counter dies this long after the last accepted request (2.5)."""

COUNTER_MARGIN = timedelta(seconds=1)
PAUSE = COUNTER_LIFE + COUNTER_MARGIN
"""So long nothing is asked, and the city counts from zero again."""

KEPT_FOR_BOOKINGS = 10
"""How many requests of the city's counter the watcher leaves to bookings."""

SPENT = 2
"""With so few left even a reservation waits: the next one might be refused."""

_MINUTE = 60.0
_CHOSEN = 0.5
"""A pause that may choose its place costs half or less (bench/paces.py)."""


@attrs.frozen
class Counter:
    """The city's request counter as of its last answer (contract 2.5).

    Attributes:
        remaining: accepted requests that are left without a pause.
        at: when the answer came.
    """

    remaining: int
    at: datetime

    def dies_at(self) -> datetime:
        """Return when it is dead for sure, unless something is asked meanwhile."""
        return self.at + PAUSE

    def spare(self, now: datetime) -> int | None:
        """Return how many requests are left beside those kept for bookings.

        None if the counter is dead by now: then nobody knows, and nobody need to.
        """
        return None if now >= self.dies_at() else self.remaining - KEPT_FOR_BOOKINGS

    def spent(self, now: datetime) -> bool:
        """Whether a request that can wait would risk to be refused."""
        return self.remaining <= SPENT and now < self.dies_at()

    def pause_until(self) -> datetime | None:
        """Return when watching may go on, if only what bookings need is left."""
        return self.dies_at() if self.remaining <= KEPT_FOR_BOOKINGS else None


@attrs.frozen
class Outlook:
    """What asking is expected to be worth, from now on.

    Attributes:
        minutes: the worth of asking in the present minute, the next one, and so on.
        passed: seconds of the present minute that are over.
    """

    minutes: Sequence[float]
    passed: float = 0.0

    def pause_now(self, spare: int, full: int, gap: float) -> bool:
        """Whether the pause costs least if it begins now.

        A pause costs what asking would be worth meanwhile. One that begins early costs
        more than that: the next ones come earlier, too, so in the end there are more of
        them. Without an outlook all cost the same, and it is made when it must be.

        Args:
            spare: how many requests may still leave before it.
            full: how many there will be between it and the next one.
            gap: seconds between two requests.
        """
        pause = PAUSE.total_seconds()
        usual = sum(self.minutes) / max(len(self.minutes), 1) * pause / _MINUTE
        per_request = _CHOSEN * usual / (max(full, 0) + pause / gap)
        now, *later = (
            self._cost(self.passed + sent * gap, pause, usual) - sent * per_request
            for sent in range(max(spare, 0) + 1)
        )
        return all(now < cost for cost in later)

    def _cost(self, start: float, pause: float, usual: float) -> float:
        """Return what a pause costs that begins then; what *usual* if nobody knows."""
        if start + pause > len(self.minutes) * _MINUTE:
            return usual
        whole, passed = divmod(start, _MINUTE)
        cost, left = 0.0, pause
        for worth in self.minutes[int(whole) :]:
            part = min(_MINUTE - passed, left)
            cost, left, passed = cost + worth * part / _MINUTE, left - part, 0.0
        return cost
