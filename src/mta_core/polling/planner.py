"""Which question comes next: what a planner is asked, and what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import attrs

from mta_core.domain.availability import Observation, Probe
from mta_core.domain.errors import SiteError
from mta_core.polling.probes import Demand

FOLLOW_UPS_PER_MINUTE = 4
"""Follow-up questions take at most this many of the 10 requests in a minute."""

REST = timedelta(minutes=10)
"""A question that the city refused is not asked again for this long."""


@attrs.frozen
class Outcome:
    """What came of one question: an observation, or the error that stood in its way.

    Attributes:
        took: how long the answer, or its failure, took, if that is known.
    """

    probe: Probe
    at: datetime
    observation: Observation | None = None
    error: SiteError | None = None
    took: timedelta | None = None


class Planner(Protocol):
    """Decides which question to ask next.

    A planner is deterministic: the same demands, outcomes and moments give the same
    questions. Pace and budgets are not its business.
    """

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        """Choose the next question, or None if there is nothing to ask now."""
        ...

    def learn(self, outcome: Outcome) -> None:
        """Take in what came of a question, right after it was asked."""
        ...
