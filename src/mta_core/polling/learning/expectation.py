"""How many slots of one pair wait unseen: what asking now would show."""

from __future__ import annotations

from collections.abc import Callable
from math import exp

import attrs

_BACK = 7200.0
_ECHO_LATE = 30.0


@attrs.define
class Expectation:
    """A filter through time: slots come and go, and nobody looks until it is reset.

    Attributes:
        at: the moment it stands for.
        fresh: how many came one by one or as echoes, and are still there.
        aged: the same, each weighed by how little it gains from waiting longer. It is
            the stationary Whittle index: asking where it is highest, times those who
            wait, is the best use of a fixed number of questions.
        batch: how many came in batches. Their minute is known, so asking at once is
            best and nothing is weighed.
        echoed: the part of *fresh* that is echoes.
        raised: how many are there because a sibling has just got some.
        echoes: for each minute since 1970, how many slots were taken that may come
            back in it.
        until: up to when the present inflow holds: the end of a minute.
    """

    at: float = 0.0
    fresh: float = 0.0
    aged: float = 0.0
    batch: float = 0.0
    echoed: float = 0.0
    raised: float = 0.0
    echoes: dict[int, float] = attrs.field(factory=dict)
    until: float = 0.0
    _inflow: tuple[float, float] = (0.0, 0.0)

    def turn(
        self,
        now: float,
        m: float,
        rate: float,
        inflow: Callable[[int], tuple[float, float]],
    ) -> None:
        """Let the minutes pass until the one of *now*, each with what came in it.

        Args:
            m: the rate at which slots go.
            rate: the rate at which they come one by one.
            inflow: what comes in a given minute besides, per second: in batches, and
                as echoes.
        """
        if now - self.at > _BACK:  # what came in batches before is gone or seen late
            self._inflow = (0.0, 0.0)
            self.wait(now - _BACK, m, rate)
            self.until = self.at
        while self.until <= now:
            self.wait(self.until, m, rate)
            self._inflow = inflow(int(self.until // 60))
            self.until = 60.0 * (self.until // 60 + 1)

    def wait(self, to: float, m: float, rate: float) -> None:
        """Let time pass within a minute."""
        x = m * (to - self.at)
        if x <= 0:
            return
        batch, echo = self._inflow
        left = exp(-x)
        inflow = (rate + echo) / m
        self.aged = left * (self.aged + x * self.fresh) + inflow * (1 - left * (1 + x))
        self.fresh = left * self.fresh + inflow * (1 - left)
        if batch or self.batch:
            self.batch = left * self.batch + batch / m * (1 - left)
        if echo or self.echoed:
            self.echoed = left * self.echoed + echo / m * (1 - left)
        if self.raised:
            self.raised *= left
        self.at = to

    @property
    def echoing(self) -> float:
        """How many echoes come in the present minute, per second."""
        return self._inflow[1]

    def reset(self, now: float) -> None:
        """Somebody looked: nothing waits unseen."""
        self.at = now
        self.fresh = self.aged = self.batch = self.echoed = self.raised = 0.0
        self.until = now  # what comes in this minute may have changed

    def echo(self, taken: int, tau: float, now: float, hold: float) -> None:
        """Note that slots were taken since *tau* seconds ago, and may come back.

        A reservation that is not continued lapses after *hold* seconds, with the
        city's next job (contract 8).
        """
        begins, ends = now - tau + hold, now + hold + _ECHO_LATE
        first, last = int(begins // 60), int(ends // 60)
        for minute in range(first, last + 1):
            self.echoes[minute] = self.echoes.get(minute, 0.0) + taken / (
                last - first + 1
            )
        if min(self.echoes) < now // 60:
            self.echoes = {m: n for m, n in self.echoes.items() if m >= now // 60}
