"""All seeds of a policy in a world together."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable

import attrs

from bench.polling.campaign import Result
from bench.polling.policies import NAMES

Figure = Callable[[Result], float]


@attrs.frozen
class Summary:
    """All seeds of one policy in one world."""

    results: tuple[Result, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The parts that were scored apart."""
        return tuple(self.results[0].score.parts)

    def mean(self, figure: Figure) -> float:
        """Return the mean over the seeds."""
        return statistics.mean(map(figure, self.results))

    def part(self, name: str) -> float:
        """Return the mean catch of a part."""
        return self.mean(lambda result: result.score.parts[name])

    def note(self, name: str) -> float:
        """Return the mean of a note."""
        return self.mean(lambda result: result.notes[name])

    def micros(self, name: str) -> float:
        """Return the mean of a time."""
        return self.mean(lambda result: result.micros[name])

    def spread(self) -> float:
        """Return the standard deviation of the weighted catch; 0 for one seed."""
        shares = [result.score.weighted for result in self.results]
        return statistics.stdev(shares) if len(shares) > 1 else 0.0

    def ratios(self, other: Summary) -> list[float]:
        """Return the ratio of weighted catches for each seed that both have played."""
        theirs = {r.job.seed: r.score.weighted for r in other.results}
        return [
            r.score.weighted / theirs[r.job.seed]
            for r in self.results
            if theirs.get(r.job.seed)
        ]


Summaries = dict[str, Summary]
"""By policy, in the order in which they are shown."""


def by_world(results: Iterable[Result]) -> dict[tuple[str, int], Summaries]:
    """Sort results by world and days; of each job the last result counts."""
    latest = {result.job: result for result in results}
    worlds: dict[tuple[str, int], dict[str, list[Result]]] = {}
    for job in sorted(latest, key=lambda job: (NAMES.index(job.policy), job.seed)):
        world = worlds.setdefault((job.world, job.days), {})
        world.setdefault(job.policy, []).append(latest[job])
    return {
        key: {policy: Summary(tuple(found)) for policy, found in world.items()}
        for key, world in sorted(worlds.items())
    }
