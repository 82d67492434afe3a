"""How fast the city lets itself be asked: additive increase, multiplicative decrease.

The rate halves when the city suffers, and there is silence; it comes back by half a
request a minute while all is well. Answers that have become slow are a softer sign.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from mta_core.polling.plain import moment, number

FULL = 10.0
"""Requests in a minute: what the budget allows (R3.2)."""

LEAST = 1.0
STEP = 0.5
"""What a clean minute brings."""

MINUTE = timedelta(minutes=1)
SLOWER = 0.8
"""What is left of the rate when answers take more than twice as long as they did."""

QUICK = 0.5
"""Seconds: an answer within them is no burden to anybody, whatever came before."""

_LATEST = 0.2  # the weight of the last answer: about five of them count
_BASELINE = 3600.0  # seconds
_FEW = 10  # answers that are no baseline yet


@attrs.frozen
class Aimd:
    """The rate, and what it follows from.

    Attributes:
        rate: requests in a minute.
        since: when the present clean minute began.
        silent_until: nothing is asked before.
        latency: seconds that an answer takes now; None before the first one.
        baseline: seconds that it took over the last hour.
        heard: how many answers that was measured with, at least.
        heard_at: when the last of them came.
    """

    rate: float = FULL
    since: datetime | None = None
    silent_until: datetime | None = None
    latency: float | None = None
    baseline: float | None = None
    heard: int = 0
    heard_at: datetime | None = None

    @property
    def slow(self) -> bool:
        """Whether answers take far longer than they did."""
        if self.latency is None or self.baseline is None or self.heard < _FEW:
            return False
        return self.latency > max(2 * self.baseline, QUICK)

    def suffered(self, now: datetime, silence: timedelta) -> Aimd:
        """The city refused for want of capacity, or said nothing: go easy on it."""
        return attrs.evolve(
            self,
            rate=max(LEAST, self.rate / 2),
            since=now,
            silent_until=max(now + silence, self.silent_until or now),
        )

    def answered(self, now: datetime, took: timedelta | None = None) -> Aimd:
        """All went well: each such minute brings the rate up, unless answers are slow.

        Args:
            took: how long the answer took, if that is known.
        """
        timed = self if took is None else self._timed(now, took.total_seconds())
        if timed.since is not None and now - timed.since < MINUTE:
            return timed
        rate = timed.rate * SLOWER if timed.slow else timed.rate + STEP
        rate = min(max(rate, LEAST), FULL)
        return attrs.evolve(timed, rate=rate, since=now, silent_until=None)

    def _timed(self, now: datetime, took: float) -> Aimd:
        if self.latency is None or self.baseline is None or self.heard_at is None:
            return attrs.evolve(
                self, latency=took, baseline=took, heard=1, heard_at=now
            )
        passed = max((now - self.heard_at).total_seconds(), 0.0)
        # An average as long as there is no hour of answers; then the old ones fade.
        weight = max(1 - math.exp(-passed / _BASELINE), 1 / (self.heard + 1))
        return attrs.evolve(
            self,
            latency=self.latency + _LATEST * (took - self.latency),
            baseline=self.baseline + weight * (took - self.baseline),
            heard=self.heard + 1,
            heard_at=now,
        )

    @classmethod
    def read(cls, document: Mapping[str, Any], now: datetime, latest: datetime) -> Aimd:
        """Read what another process kept; a clean minute begins anew.

        Args:
            latest: a silence ends by then, whatever was kept.

        Raises:
            KeyError, TypeError, ValueError: it was not kept by this class.
        """
        return cls(
            rate=min(max(float(document["rate"]), LEAST), FULL),
            since=now,
            silent_until=moment(document["silent_until"], latest),
            latency=number(document["latency"]),
            baseline=number(document["baseline"]),
            heard=int(document["heard"]),
            heard_at=moment(document["heard_at"], now),
        )
