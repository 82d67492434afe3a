"""Many stories, in several processes, and a file that knows which are done."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from tests.e2e.kill.answers import cases
from tests.e2e.kill.moments import Moment
from tests.e2e.kill.plans import Plan
from tests.e2e.kill.results import Result, read_all
from tests.e2e.kill.series import SERIES, Series, sample
from tests.e2e.kill.stage import Stage, stage
from tests.e2e.kill.story import play

ANSWERS = "answers"
"""The series of everything that the city may answer."""

HEARD, UNHEARD = "noted", "killed before it was noted"
_PART = 8


@attrs.frozen
class Part:
    """Some stories of one series, for one process."""

    series: str
    moments: tuple[Moment, ...]


@attrs.frozen
class Campaign:
    """What is to be tried.

    Attributes:
        names: of the series; empty is all.
        limit: the most stories of each series; 0 is all.
        seed: which, if not all.
        jobs: how many processes play.
        results: where the results are kept; what stands there is not played again.
    """

    names: tuple[str, ...] = ()
    limit: int = 0
    seed: int = 1
    jobs: int = 1
    results: Path | None = None

    def run(self) -> Iterator[Result]:
        """Play what is to be played; give every result, earlier ones first."""
        earlier = read_all(self.results) if self.results else []
        yield from earlier
        done = {(result.series, result.moment) for result in earlier}
        # Each process starts anew: a fork would take this one's threads for its own.
        with multiprocessing.get_context("spawn").Pool(self.jobs) as pool:
            for results in pool.imap_unordered(_play, self._parts(done)):
                self._keep(results)
                yield from results

    def _parts(self, done: set[tuple[str, Moment]]) -> Iterator[Part]:
        for name, moments in [*_kills(self._series()), (ANSWERS, _answers())]:
            if self.names and name not in self.names:
                continue
            chosen = sample(moments, self.limit or len(moments), self.seed)
            left = [moment for moment in chosen if (name, moment) not in done]
            for first in range(0, len(left), _PART):
                yield Part(name, tuple(left[first : first + _PART]))

    def _series(self) -> Sequence[Series]:
        wanted = set(self.names or [series.name for series in SERIES])
        wanted |= {each.unlike for each in SERIES if each.name in wanted}
        return [series for series in SERIES if series.name in wanted]

    def _keep(self, results: Iterable[Result]) -> None:
        if self.results:
            with self.results.open("a") as file:
                file.writelines(f"{result.line()}\n" for result in results)


def _kills(chosen: Sequence[Series]) -> Iterator[tuple[str, Sequence[Moment]]]:
    """Play each series once, to hear which moments there are."""
    tried: dict[str, Sequence[Moment]] = {}
    for series in chosen:
        with series.stage() as at:
            heard = asyncio.run(play(at, series.plan, "heard"))
        tried[series.name] = series.moments(heard, tried)
        yield series.name, tried[series.name]


def _answers() -> Sequence[Moment]:
    return [Moment(str(case), what) for case in cases() for what in (HEARD, UNHEARD)]


def _play(part: Part) -> list[Result]:
    """Play a part, in a process of its own."""
    if part.series == ANSWERS:
        with stage() as at:
            return [_answer(at, moment, n) for n, moment in enumerate(part.moments)]
    series = next(each for each in SERIES if each.name == part.series)
    with series.stage() as at:
        return [_kill(at, series, moment, n) for n, moment in enumerate(part.moments)]


def _kill(at: Stage, series: Series, moment: Moment, number: int) -> Result:
    outcome = asyncio.run(play(at, series.plan_for(moment), str(number)))
    died = [each for each in outcome.died if each == moment]
    result = Result.of(series.name, moment, outcome)
    return attrs.evolve(result, died=len(died))


def _answer(at: Stage, moment: Moment, number: int) -> Result:
    case = next(each for each in cases() if str(each) == moment.step)
    plan: Plan = case.plan if moment.what == HEARD else case.killed()
    outcome = asyncio.run(play(at, plan, str(number)))
    misread = [text] if (text := case.misread(outcome)) else []
    return Result.of(ANSWERS, moment, outcome, *misread)
