"""What came of many stories, as lines in a file and as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from tests.e2e.kill.moments import Moment
from tests.e2e.kill.plans import Outcome


@attrs.frozen
class Result:
    """What came of one story.

    Attributes:
        series: to which series it belongs.
        moment: when a process was to die, or what the city was to answer.
        died: how many processes did die.
        planned: whether any was to die.
        orphans: reservations without keys that it may have left.
        anew: how often another opening had to come.
        violations: what must not be.
    """

    series: str
    moment: Moment
    died: int
    orphans: int
    anew: int
    violations: tuple[str, ...]
    seconds: float
    planned: bool = True

    @classmethod
    def of(cls, series: str, moment: Moment, outcome: Outcome, *more: str) -> Result:
        """Sum an outcome up. *more*: further violations."""
        return cls(
            series,
            moment,
            len(outcome.died),
            outcome.orphans,
            outcome.anew,
            (*outcome.violations, *more),
            round(outcome.seconds, 2),
            bool(outcome.plan.kills),
        )

    def line(self) -> str:
        """Write it as one line."""
        return json.dumps(attrs.asdict(self))

    @classmethod
    def read(cls, line: str) -> Result:
        """Read such a line."""
        known = json.loads(line)
        known["violations"] = tuple(known["violations"])
        return cls(**{**known, "moment": Moment(**known["moment"])})


def read_all(path: Path) -> list[Result]:
    """Read the results of an earlier run; none if there was none."""
    return [Result.read(line) for line in _lines(path)]


def _lines(path: Path) -> Sequence[str]:
    return path.read_text().splitlines() if path.exists() else ()


_HEAD = (
    "| {what} | stories | kills | not reached | reservations without keys "
    "| new opening needed | violations |\n|---|--:|--:|--:|--:|--:|--:|"
)


def table(results: Iterable[Result], what: str, key: Callable[[Result], str]) -> str:
    """Count results in a table, one line for each key, and a sum."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    everything = [result for group in groups.values() for result in group]
    rows = [_row(name, group) for name, group in groups.items()]
    return "\n".join([_HEAD.format(what=what), *rows, _row("**all**", everything)])


def _row(name: str, group: Sequence[Result]) -> str:
    counts = (
        len(group),
        sum(result.died for result in group),
        sum(result.planned and not result.died for result in group),
        sum(result.orphans > 0 for result in group),
        sum(result.anew > 0 for result in group),
        sum(bool(result.violations) for result in group),
    )
    return f"| {name} | {' | '.join(map(str, counts))} |"


def violations(results: Iterable[Result]) -> Iterator[str]:
    """Say what went wrong where."""
    for result in results:
        for violation in result.violations:
            yield f"- {result.series}, {result.moment}: {violation}"
