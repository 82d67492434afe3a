"""From results to figures: shares by kind of service, over seeds."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence

import attrs

from bench.citizens.means import BY_NAME, MEANS
from bench.citizens.run import KINDS, Fared, Result

WITHIN = (7, 14)
_MINUTES = 1440


@attrs.frozen
class Row:
    """All results of one means in one variant, one per seed."""

    results: tuple[Result, ...]

    @property
    def name(self) -> str:
        """Say which means this is, and with which planner."""
        first = self.results[0]
        what = BY_NAME[first.means].what
        return f"{what} ({first.planner})" if first.planner else what

    def share(self, kind: str, days: int) -> list[float]:
        """Return the share confirmed within so many days, by seed."""
        return [share_within(result.people[kind], days) for result in self.results]

    def median(self, kind: str) -> list[float]:
        """Return the median of days to the appointment, of those who have one."""
        return [
            statistics.median([days for _, days in result.people[kind] if days] or [0])
            for result in self.results
        ]

    def per_minute(self) -> list[float]:
        """Return requests that reach the city each minute, those refused included."""
        return [
            (result.tally.asked + result.tally.refused) / result.days / _MINUTES
            for result in self.results
        ]

    def ratio(self, part: str, whole: str) -> list[float]:
        """Return one count as a share of another, by seed; 0 where there is none."""
        return [
            getattr(result.tally, part) / (getattr(result.tally, whole) or 1)
            for result in self.results
        ]

    def refused(self) -> list[float]:
        """Return the share of requests that the city's counter refused."""
        return [
            result.tally.refused / ((result.tally.asked + result.tally.refused) or 1)
            for result in self.results
        ]


def share_within(people: Sequence[Fared], days: int) -> float:
    """Return the share confirmed within so many days, of all who had so many."""
    had = [got for room, got in people if room >= days]
    return sum(got is not None and got <= days for got in had) / max(1, len(had))


def rows(results: Iterable[Result]) -> list[Row]:
    """Group results by means, planner and variant, in the order of `MEANS`."""
    order = [means.name for means in MEANS]
    groups: dict[tuple[str, int, str], list[Result]] = {}
    for result in sorted(results, key=lambda result: result.seed):
        key = (result.variant, order.index(result.means), result.planner)
        groups.setdefault(key, []).append(result)
    return [Row(tuple(groups[key])) for key in sorted(groups)]


def table(of: Sequence[Row]) -> str:
    """Write all figures; with several seeds the mean and the standard deviation."""
    heads = ["means"]
    for kind in KINDS:
        heads += [f"{kind}: {days} d" for days in WITHIN] + ["median days"]
    heads += ["requests/min", "refused", "told, but gone", "lost at reserve"]
    lines = [_line(heads), _line(["---"] * len(heads))]
    for row in of:
        cells = [row.name]
        for kind in KINDS:
            cells += [_mean(row.share(kind, days), _percent) for days in WITHIN]
            cells.append(_mean(row.median(kind), _days))
        cells += [
            _mean(row.per_minute(), _number),
            _mean(row.refused(), _percent),
            _mean(row.ratio("in_vain", "acted"), _percent),
            _mean(row.ratio("lost", "tries"), _percent),
        ]
        lines.append(_line(cells))
    return "\n".join(lines)


def compared(of: Sequence[Row]) -> str:
    """Write the shares within 14 days, one variant beside the other."""
    variants = list(dict.fromkeys(row.results[0].variant for row in of))
    names = list(dict.fromkeys(row.name for row in of))
    cells = {(row.name, row.results[0].variant): row for row in of}
    lines = [_line(["14 days: unchecked / checked", *variants])]
    lines.append(_line(["---"] * (len(variants) + 1)))
    for name in names:
        found = [cells.get((name, variant)) for variant in variants]
        lines.append(_line([name, *(_both(row) if row else "" for row in found)]))
    return "\n".join(lines)


def _both(row: Row) -> str:
    last = WITHIN[-1]
    return " / ".join(_mean(row.share(kind, last), _percent) for kind in KINDS)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _mean(values: Sequence[float], written: Callable[[float], str]) -> str:
    mean = written(statistics.fmean(values))
    if len(values) == 1:
        return mean
    return f"{mean} ± {written(statistics.stdev(values))}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _days(value: float) -> str:
    return f"{value:.1f}"


def _number(value: float) -> str:
    return f"{value:.2f}"
