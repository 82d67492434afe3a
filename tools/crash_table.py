"""Kill `mta up` at every statement of a booking, and print what became of it.

`make crash`; `--limit 20` tries some of each story, another choice for each `--seed`.
With `--results FILE` a run that was ended goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.e2e.kill.campaign import ANSWERS, Campaign  # noqa: E402 - path first
from tests.e2e.kill.results import Result, table, violations  # noqa: E402 - likewise
from tests.e2e.kill.series import SERIES  # noqa: E402 - likewise


def main() -> int:
    """Play, and print the tables; 1 if anything was wrong."""
    results: list[Result] = []
    for result in _campaign().run():
        results.append(result)
        print(f"\r{len(results)} stories", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    kills = [result for result in results if result.series != ANSWERS]
    answers = [result for result in results if result.series == ANSWERS]
    if kills:
        print(table(kills, "story", lambda result: result.series), "\n")
        print(table(kills, "killed in", lambda result: result.moment.step), "\n")
    if answers:
        print(table(answers, "call: answer", _class), "\n")
    return _say_wrong(results)


def _campaign() -> Campaign:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [*(series.name for series in SERIES), ANSWERS]
    parser.add_argument("--series", action="append", choices=names, metavar="NAME")
    parser.add_argument("--limit", type=int, default=0, help="the most of each story")
    parser.add_argument("--seed", type=int, default=1, help="which, if not all")
    parser.add_argument("--jobs", type=int, default=2, help="processes that play")
    parser.add_argument("--results", type=Path, help="a file that keeps the results")
    given = parser.parse_args()
    return Campaign(
        tuple(given.series or ()), given.limit, given.seed, given.jobs, given.results
    )


def _class(result: Result) -> str:
    """Name the call and the class of its answer."""
    return f"{result.moment.step.partition(',')[0]}, {result.moment.what}"


def _say_wrong(results: Sequence[Result]) -> int:
    wrong = list(violations(results))
    print("\n".join(wrong) if wrong else "No violations.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
