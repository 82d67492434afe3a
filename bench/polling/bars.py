"""The bars that the product's planner must hold."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import attrs

from bench.polling.policies import ORACLE, PER_USER
from bench.polling.summary import Summaries, Summary

ROUND_ROBIN, OURS = "rr", "learning"


@attrs.frozen
class Bar:
    """Ours must catch at least so many times what another policy does."""

    other: str
    least: float

    def judge(self, ratios: Sequence[float]) -> str:
        """Say what was measured, with its spread over the seeds, and if it will do."""
        mean = statistics.mean(ratios)
        return (
            f"{OURS} ÷ {self.other}: {mean:.2f} ({min(ratios):.2f} to "
            f"{max(ratios):.2f}); bar {self.least:.2f}: {_word(mean >= self.least)}"
        )


_SHARING = (Bar(ROUND_ROBIN, 2.0), Bar(PER_USER, 20.0))
BARS = {
    "main60": (*_SHARING, Bar(ORACLE, 0.93)),
    "main300": (*_SHARING, Bar(ORACLE, 0.78)),
    "real60": (Bar(ROUND_ROBIN, 1.8), Bar(PER_USER, 20.0), Bar(ORACLE, 0.85)),
}
"""Subscriber-weighted, mean of seeds. The first two are design 9; the real city's are
proposed from what was measured there."""

DECISION = 1000.0
"""Microseconds that a decision may take."""


def verdicts(world: str, summaries: Summaries) -> list[str]:
    """Hold a world's figures against its bars, as far as they were measured."""
    ours = summaries.get(OURS)
    if ours is None:
        return []
    lines = [
        bar.judge(ours.ratios(summaries[bar.other]))
        for bar in BARS.get(world, ())
        if bar.other in summaries
    ]
    return [*lines, _decision(ours)]


def _decision(ours: Summary) -> str:
    slowest = ours.micros("next_p99")
    times = (
        f"{name} {ours.micros(f'{name}_mean'):.0f} µs, p99 {ours.micros(f'{name}_p99'):.0f}"
        for name in ("next", "learn")
    )
    word = _word(slowest < DECISION)
    return f"{OURS}, CPU time: {'; '.join(times)}; bar next < {DECISION:.0f}: {word}"


def _word(good: bool) -> str:
    return "pass" if good else "FAIL"
