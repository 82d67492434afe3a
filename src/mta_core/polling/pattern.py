"""How we ask, held against the budgets: the pattern of our own requests (R2.4, R7.3).

It judges by when requests took their places, which is a moment before they left.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import attrs

from mta_core.polling.budgets import SPAN, Budget, Stamp

HOUR = timedelta(hours=1)
_SPAN = timedelta(seconds=SPAN)


@attrs.frozen
class Pattern:
    """How one budget was used, as far as it is remembered.

    Attributes:
        last_minute: requests in the last 60 s.
        most: the most in any 60 s; never more than the budget's limit.
        last_hour: requests in the last hour.
        share: what they are of all that the budget allows in an hour, 0 to 1.
        gap: seconds from one request of that hour to the next, on average; None if
            there are no two.
        regularity: how much gaps differ: their standard deviation as a share of their
            mean. 0 is a clockwork, 1 is chance, more is bursts.
    """

    budget: Budget
    last_minute: int
    most: int
    last_hour: int
    share: float
    gap: float | None
    regularity: float | None

    @property
    def kept(self) -> bool:
        """Whether the budget was kept at every moment that is remembered."""
        return self.most <= self.budget.limit


def patterns(stamps: Iterable[Stamp], now: datetime) -> tuple[Pattern, ...]:
    """Analyse the places that were taken: one pattern for each budget."""
    taken = list(stamps)
    return tuple(
        pattern(budget, [s.granted_at for s in taken if s.budget is budget], now)
        for budget in Budget
    )


def pattern(budget: Budget, moments: Iterable[datetime], now: datetime) -> Pattern:
    """Analyse when requests of one budget were made, in whatever order."""
    sent = sorted(moments)
    lately = [moment for moment in sent if now - HOUR < moment <= now]
    gaps = [(after - before).total_seconds() for before, after in pairwise(lately)]
    mean = statistics.fmean(gaps) if gaps else None
    return Pattern(
        budget=budget,
        last_minute=sum(moment > now - _SPAN for moment in lately),
        most=most_in_a_minute(sent),
        last_hour=len(lately),
        share=len(lately) / (budget.limit * (HOUR / _SPAN)),
        gap=mean,
        regularity=statistics.pstdev(gaps) / mean if mean else None,
    )


def most_in_a_minute(sent: Sequence[datetime]) -> int:
    """Return the most of these moments, in order, that lie within any 60 s."""
    most = first = 0
    for last, moment in enumerate(sent):
        while moment - sent[first] >= _SPAN:
            first += 1
        most = max(most, last - first + 1)
    return most
