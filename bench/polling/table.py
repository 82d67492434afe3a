"""The figures as text: a section for each world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.polling.bars import ROUND_ROBIN, verdicts
from bench.polling.campaign import Result
from bench.polling.policies import ORACLE, PER_USER
from bench.polling.scenarios import scenario, title
from bench.polling.summary import Summaries, Summary, by_world

STUDY = {
    "main60": "per-user 0.029, rr 0.336, pop 0.584, learners 0.698 and 0.719 (with echo), "
    "oracle 0.753",
    "main300": "per-user 0.005, rr 0.102, pop 0.301, learners 0.449 and 0.465, "
    "oracle 0.573",
}
"""What the polling study's own simulator gave: 28 days, mean of seeds 1 to 5."""

_HEAD = (
    *("policy", "weighted", "unweighted", "median s", "p95 s", "p10 key"),
    *("stalest min", "÷ rr", "÷ per-user", "÷ oracle"),
)


def table(results: Iterable[Result]) -> str:
    """Write it all."""
    return "\n\n".join(
        _section(world, days, summaries)
        for (world, days), summaries in by_world(results).items()
    )


def _section(world: str, days: int, summaries: Summaries) -> str:
    first = next(iter(summaries.values()))
    seeds = ", ".join(str(result.job.seed) for result in first.results)
    slots = first.mean(lambda result: result.score.slots)
    lines = [
        f"{title(world)}: {scenario(world).what}",
        f"{days} days, seeds {seeds}, {slots:.0f} slots",
        "",
        _rows(_HEAD, [_row(name, it, summaries) for name, it in summaries.items()]),
        *_parts(summaries),
        "",
        *_notes(summaries),
        *verdicts(world, summaries),
    ]
    if world in STUDY:
        lines.append(f"The study (28 days, seeds 1 to 5): {STUDY[world]}")
    return "\n".join(lines)


def _row(name: str, summary: Summary, summaries: Summaries) -> tuple[str, ...]:
    stalest = max(result.score.stalest for result in summary.results)
    return (
        name,
        f"{summary.mean(lambda r: r.score.weighted):.3f} ± {summary.spread():.3f}",
        f"{summary.mean(lambda r: r.score.unweighted):.3f}",
        f"{summary.mean(lambda r: r.score.median):.1f}",
        f"{summary.mean(lambda r: r.score.p95):.0f}",
        f"{summary.mean(lambda r: r.score.p10):.2f}",
        f"{stalest / 60:.0f}",
        *(
            _ratio(summary, summaries.get(other))
            for other in (ROUND_ROBIN, PER_USER, ORACLE)
        ),
    )


def _ratio(summary: Summary, other: Summary | None) -> str:
    ratios = summary.ratios(other) if other else []
    return f"{sum(ratios) / len(ratios):.2f}" if ratios else ""


def _parts(summaries: Summaries) -> list[str]:
    names = next(iter(summaries.values())).names
    if not names:
        return []
    rows = [
        (policy, *(f"{summary.part(name):.3f}" for name in names))
        for policy, summary in summaries.items()
    ]
    return ["", _rows(("weighted", *names), rows)]


def _notes(summaries: Summaries) -> list[str]:
    return [
        f"{policy}: " + ", ".join(f"{name} {summary.note(name):.3g}" for name in names)
        for policy, summary in summaries.items()
        if (names := tuple(summary.results[0].notes))
    ]


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
