"""`make bench-polling`: play policies side by side and print the tables.

Worlds and policies are named with commas between; a trace is a world, too. What
--results has kept, line by line, --redraw makes tables and a picture of again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.polling.campaign import Job, Result, run_all
from bench.polling.plot import plot
from bench.polling.policies import NAMES
from bench.polling.scenarios import SCENARIOS
from bench.polling.table import table

_SIDE_BY_SIDE = list(NAMES[:5])
_QUICK = {
    "worlds": ["main60", "real60", "checked60-6"],
    "policies": _SIDE_BY_SIDE,
    "seeds": [1, 2],
    "days": 14,
}
_FULL = {
    "worlds": list(SCENARIOS),
    "policies": _SIDE_BY_SIDE,
    "seeds": [1, 2, 3, 4, 5],
    "days": 28,
}


def main() -> None:
    """Read what to play, play it, print it."""
    chosen = _arguments()
    if chosen.redraw:
        lines = chosen.redraw.read_text().splitlines()
        results = [Result.read(line) for line in lines]
    else:
        results = list(_play(chosen))
    print(table(results))
    if chosen.plot:
        chosen.plot.write_text(plot(results))


def _play(chosen: argparse.Namespace) -> Iterator[Result]:
    jobs = [
        Job(world, policy, seed, chosen.days)
        for world in chosen.worlds
        for seed in chosen.seeds
        for policy in chosen.policies
    ]
    for number, result in enumerate(run_all(jobs, chosen.processes), start=1):
        job, caught = result.job, result.score.weighted
        print(
            f"{number}/{len(jobs)} {job.world} {job.policy}, seed {job.seed}: "
            f"{caught:.3f} ({result.seconds:.0f} s)",
            file=sys.stderr,
            flush=True,
        )
        if chosen.results:
            with chosen.results.open("a") as file:
                file.write(result.line() + "\n")
        yield result


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.polling",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"worlds: {', '.join(SCENARIOS)}\npolicies: {', '.join(NAMES)}",
    )
    parser.add_argument("--full", action="store_true", help="all worlds; hours")
    parser.add_argument("--worlds", type=_words)
    parser.add_argument("--trace", type=Path, help="play this trace, a CSV, instead")
    parser.add_argument("--policies", type=_words)
    parser.add_argument("--seeds", type=_numbers, help="1,2 or 1-5")
    parser.add_argument("--days", type=int)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--results", type=Path, help="add lines of JSON to this file")
    parser.add_argument("--redraw", type=Path, help="play nothing, read such a file")
    parser.add_argument("--plot", type=Path, help="write this SVG")
    chosen = parser.parse_args()
    for name, value in (_FULL if chosen.full else _QUICK).items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, value)
    if chosen.trace:
        chosen.worlds = [str(chosen.trace)]
    return chosen


def _words(text: str) -> list[str]:
    return text.split(",")


def _numbers(text: str) -> list[int]:
    first, dash, last = text.partition("-")
    if dash:
        return list(range(int(first), int(last) + 1))
    return [int(number) for number in text.split(",")]


if __name__ == "__main__":
    main()
