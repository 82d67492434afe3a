"""One run: one means in one city, from the first morning on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from bench.citizens.assumptions import Assumptions
from bench.citizens.habits import Habits
from bench.citizens.means import BY_NAME, PLANNERS
from bench.citizens.people import Drawing
from bench.citizens.timeline import Timeline
from bench.citizens.town import Town
from bench.citizens.world import Tally, World
from mta_core.domain.catalogue import OfficeId
from mta_core.domain.subscriptions import Mode
from mta_practice import compact_catalogue, load_catalogue
from mta_practice.clock import munich_instant
from mta_practice.programme.draws import Draws

BEGIN = date(2026, 11, 2)
"""A Monday; no change of the clocks within four weeks, and no holiday."""

DAY = 86_400.0
KINDS = ("unchecked", "checked")

Fared: TypeAlias = tuple[float, float | None]
"""Days from a citizen's arrival to the end, and to their appointment; None: none."""


@attrs.frozen
class Job:
    """What to run. *catalogue*: a recorded one; None is the practice city's own."""

    means: str
    seed: int
    planner: str
    catalogue: Path | None
    assume: Assumptions
    variant: str = "base"


@attrs.frozen
class Result:
    """What came of it.

    Attributes:
        people: how each citizen fared, by kind: "checked" are those whom only offices
            behind the human check would suit.
        seconds: what the run took of a processor.
    """

    means: str
    seed: int
    planner: str
    variant: str
    days: int
    tally: Tally
    people: Mapping[str, Sequence[Fared]]
    seconds: float

    def line(self) -> str:
        """Write it as one line of JSON."""
        return json.dumps(attrs.asdict(self))

    @classmethod
    def read(cls, line: str) -> Result:
        """Read such a line."""
        fields: dict[str, Any] = json.loads(line)
        people = {k: [(r, d) for r, d in p] for k, p in fields["people"].items()}
        tally = Tally(**fields["tally"])
        return cls(**{**fields, "tally": tally, "people": people})


def world_of(job: Job, mode: Mode) -> World:
    """Build the city and its citizens: the same for every means of a seed."""
    begin = float(munich_instant(BEGIN))
    offered = load_catalogue(job.catalogue) if job.catalogue else compact_catalogue()
    town = Town(offered, job.seed, begin - DAY, job.assume.life_scale)
    medians = {OfficeId(n): c.median for n, c in town.living.counters.items()}
    drawing = Drawing(town.catalogue, medians, Draws(job.seed), job.assume, mode)
    habits = Habits(Draws(job.seed), job.assume)
    people = drawing.citizens(begin)
    return World(town, Timeline(begin), people, habits, job.assume)


def run(job: Job) -> Result:
    """Let one means serve everybody for all days."""
    started = time.process_time()
    means = BY_NAME[job.means]
    world = world_of(job, means.mode)
    means.start(world, PLANNERS[job.planner])
    world.timeline.run(world.timeline.now + job.assume.days * DAY)
    return Result(
        means=job.means,
        seed=job.seed,
        planner=job.planner if means.planned else "",
        variant=job.variant,
        days=job.assume.days,
        tally=world.tally,
        people=_fared(world),
        seconds=time.process_time() - started,
    )


def run_all(jobs: Sequence[Job], processes: int) -> Iterable[Result]:
    """Run jobs side by side; yield each result as it comes."""
    if processes == 1:
        yield from map(run, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        for done in as_completed([pool.submit(run, job) for job in jobs]):
            yield done.result()


def _fared(world: World) -> dict[str, list[Fared]]:
    people: dict[str, list[Fared]] = {kind: [] for kind in KINDS}
    for citizen in world.people:
        got, end = citizen.confirmed_at, world.timeline.now
        days = None if got is None else round((got - citizen.arrives) / DAY, 4)
        kind = "checked" if citizen.checked else "unchecked"
        people[kind].append((round((end - citizen.arrives) / DAY, 4), days))
    return people
