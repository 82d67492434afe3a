"""Plays policies in worlds, two at a time, and keeps the figures as lines of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

import attrs
import numpy as np

from bench.polling.per_user import per_user
from bench.polling.play import play
from bench.polling.policies import PER_USER, PLANNERS, produced, real, rule
from bench.polling.produced import Timed, Words
from bench.polling.real import RealPlay
from bench.polling.scenarios import Scenario, scenario
from bench.polling.scores import Ledger, Score
from bench.polling.worlds import World


@attrs.frozen(order=True)
class Job:
    """One policy in one world."""

    world: str
    policy: str
    seed: int
    days: int


@attrs.frozen
class Result:
    """What came of a job.

    Attributes:
        micros: CPU time of `next` and `learn`: mean and 99th percentile of each.
        notes: what else is worth knowing, by name.
        seconds: how long it took to play.
    """

    job: Job
    score: Score
    micros: dict[str, float]
    notes: dict[str, float]
    seconds: float

    def line(self) -> str:
        """Write it as one line."""
        return json.dumps(attrs.asdict(self))

    @classmethod
    def read(cls, line: str) -> Result:
        """Read such a line again."""
        fields: dict[str, Any] = json.loads(line)
        score = fields.pop("score")
        score["by_day"] = tuple(score["by_day"])
        return cls(Job(**fields.pop("job")), Score(**score), **fields)


@attrs.frozen(eq=False)
class _Played:
    ledger: Ledger
    stalest: float
    timed: Timed | None = None
    notes: dict[str, float] = attrs.field(factory=dict)


def run(job: Job) -> Result:
    """Play one job to its end."""
    begun = time.perf_counter()
    place = scenario(job.world)
    world = place.world(job.seed, job.days)
    played = (_really if place.real else _ideally)(job.policy, place, world)
    score = Score.of(played.ledger, played.stalest, place.parts(world, played.ledger))
    micros = _micros(played.timed) if played.timed else {}
    return Result(job, score, micros, played.notes, time.perf_counter() - begun)


def run_all(jobs: Iterable[Job], processes: int) -> Iterator[Result]:
    """Play all jobs, yielding each as it ends."""
    with ProcessPoolExecutor(processes) as pool:
        for future in as_completed([pool.submit(run, job) for job in jobs]):
            yield future.result()


def _ideally(policy: str, place: Scenario, world: World) -> _Played:
    """Play where one poll sees all, once each 6 s: the study's way."""
    if policy == PER_USER:
        return _Played(*per_user(world, place.never(world)))
    groups, gate = place.groups(world), place.gate(world)
    timed: Timed | None = None
    if policy in PLANNERS:
        timed, chosen = produced(policy, world, groups, gate)
    else:
        chosen = rule(policy, place, world, groups)
    sight = play(world, chosen, gate)
    return _Played(Ledger.of(world, sight.delay), max(sight.stalest), timed)


def _really(policy: str, place: Scenario, world: World) -> _Played:
    """Play in the city as it is, with the product's budgets."""
    words = Words(world, place.groups(world))
    timed, books = real(policy, world, words)
    played = RealPlay(world, words, timed, books)
    played.run()
    figures, many = played.figures, len(played.figures.requests)
    notes = {
        "requests a minute": many / (world.seconds / 60),
        "follow-ups": figures.follow_ups / many,
        "refused": float(figures.refused),
    }
    return _Played(books.ledger(), figures.stalest, timed, notes)


def _micros(timed: Timed) -> dict[str, float]:
    times = {"next": timed.next_ns, "learn": timed.learn_ns}
    return {
        f"{name}_{what}": round(value / 1000, 1)
        for name, spent in times.items()
        for what, value in (
            ("mean", float(np.mean(spent))),
            ("p99", float(np.quantile(spent, 0.99))),
        )
    }
