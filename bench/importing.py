"""What `import mta_core` costs, beside a bare `import attrs` in the same run.

Each import has a process of its own, and Python times it (``-X importtime``). The three
take turns, so that a busy machine is equally busy for all of them.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys

import attrs

FLOOR = "import attrs"
STATEMENTS = {
    FLOOR: "",
    "import mta_core": "< 60",
    "from mta_core import *": "< 60",
}
"""What is measured, and its bar. The last one loads every name of the front door."""

# Such a line ends with a module; one that begins at the margin is not within another.
_LINE = re.compile(r"import time: +\d+ \| +(?P<total>\d+) \| (?P<name>\S+)")


@attrs.frozen
class Figures:
    """Milliseconds per statement, one for each round."""

    spent: dict[str, list[float]] = attrs.field(factory=dict)

    def table(self) -> str:
        """Write what was measured, with ratios to attrs."""
        floor = statistics.median(self.spent[FLOOR])
        lines = [
            f"| {name} | {len(values)} | {statistics.median(values):.1f} "
            f"| {max(values):.1f} | {statistics.median(values) / floor:.2f} "
            f"| {STATEMENTS[name]} |"
            for name, values in self.spent.items()
        ]
        head = "| what | rounds | p50 ms | max ms | p50 ÷ attrs | bar |\n"
        return head + "|---|---|---|---|---|---|\n" + "\n".join(lines)


def measure(rounds: int) -> Figures:
    """Import each of them in *rounds* fresh processes, after one that is not counted."""
    figures = Figures({statement: [] for statement in STATEMENTS})
    for number in range(rounds + 1):
        for statement, spent in figures.spent.items():
            milliseconds = _time(statement)
            if number:  # the first one may have had to compile
                spent.append(milliseconds)
    return figures


def _time(statement: str) -> float:
    """Return the milliseconds that one statement's imports take, all told."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import sys\n{statement}"],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [match for line in done.stderr.splitlines() if (match := _LINE.match(line))]
    names = [match["name"] for match in lines]
    # Whatever the interpreter imports by itself ends with site.
    own = lines[names.index("site") + 1 :]
    return sum(int(match["total"]) for match in own) / 1000
