"""`make bench-citizens`: let 1,000 citizens try by each means, print the table.

Without --catalogue the practice city's own catalogue serves; with a recorded answer of
the city's `/offices-and-services/` the figures are those of the real offices.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

from bench.citizens import assumptions, chart
from bench.citizens.assumptions import Assumptions
from bench.citizens.figures import compared, rows, table
from bench.citizens.means import BY_NAME, PLANNERS
from bench.citizens.run import Job, Result, run_all

USUAL = "alone,peer-900,peer-300,peer-120,tell,book,book-shifts,book-spread,bound"
VARIED = "alone,peer-300,tell,book"
VARIANTS: Final[Mapping[str, Mapping[str, float]]] = {
    "as assumed": {},
    "reaction ÷ 3": {"reaction": 1 / 3},
    "reaction × 3": {"reaction": 3.0},
    "lives ÷ 3": {"life_scale": 1 / 3},
    "lives × 3": {"life_scale": 3.0},
}


def main() -> None:
    """Read what to run, run it, print it."""
    chosen = _arguments()
    if chosen.assumptions:
        print(assumptions.table(_assumptions(chosen)))
        return
    results = list(_kept(chosen.read) if chosen.read else _run(chosen))
    found = rows(results)
    print(compared(found) if chosen.sensitivity else table(found))
    if chosen.svg:
        seeds = len({result.seed for result in results})
        note = (
            f"{chosen.citizens} citizens, {seeds} seed(s). Peer bots pass the human "
            "check by program, which MTA never does."
        )
        chosen.svg.write_text(chart.draw(found, note), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.citizens", description=__doc__
    )
    add = parser.add_argument
    add("--catalogue", type=Path, help="a recorded catalogue, as JSON")
    add("--means", help=f"of {', '.join(BY_NAME)}; without it {USUAL}")
    add("--seeds", help="such as 1,2; without it 1, with --full 1 to 5")
    add("--planner", choices=PLANNERS, default="learning", help="what MTA asks by")
    add("--citizens", type=int, default=1_000)
    add("--days", type=int, default=28)
    add("--full", action="store_true", help="all means, five seeds: an hour or so")
    add("--sensitivity", action="store_true", help="vary reactions and lives of slots")
    add("--processes", type=int, default=2)
    add("--results", type=Path, help="append each result as a line of JSON")
    add("--read", type=Path, help="run nothing, read such lines instead")
    add("--svg", type=Path, help="draw the shares")
    add("--assumptions", action="store_true", help="print them with their sources")
    return parser.parse_args()


def _assumptions(chosen: argparse.Namespace) -> Assumptions:
    days: int = chosen.days
    usual = Assumptions()
    arrive = min(usual.arrival_days, max(1, days // 2))
    return attrs.evolve(usual, citizens=chosen.citizens, days=days, arrival_days=arrive)


def _jobs(chosen: argparse.Namespace) -> Iterator[Job]:
    usual = VARIED if chosen.sensitivity else USUAL
    names = chosen.means or (",".join(BY_NAME) if chosen.full else usual)
    seeds = chosen.seeds or ("1,2,3,4,5" if chosen.full else "1")
    variants = VARIANTS if chosen.sensitivity else {"base": {}}
    for seed in map(int, seeds.split(",")):
        for variant, factors in variants.items():
            assume = varied(_assumptions(chosen), factors)
            for name in names.split(","):
                yield Job(name, seed, chosen.planner, chosen.catalogue, assume, variant)


def varied(assume: Assumptions, factors: Mapping[str, float]) -> Assumptions:
    """Multiply some of the numbers."""
    changes = {name: getattr(assume, name) * by for name, by in factors.items()}
    return attrs.evolve(assume, **changes)


def _run(chosen: argparse.Namespace) -> Iterable[Result]:
    jobs = list(_jobs(chosen))
    for number, result in enumerate(run_all(jobs, chosen.processes), 1):
        print(
            f"{number}/{len(jobs)} {result.variant}, seed {result.seed}: "
            f"{result.means} ({result.seconds:.0f} s)",
            file=sys.stderr,
            flush=True,
        )
        if chosen.results:
            with chosen.results.open("a", encoding="utf-8") as file:
                file.write(result.line() + "\n")
        yield result


def _kept(path: Path) -> Iterator[Result]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Result.read(line)


if __name__ == "__main__":
    main()
