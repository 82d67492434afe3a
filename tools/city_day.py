"""Draw docs/city-day.svg: `.venv/bin/python tools/city_day.py [SEED]`.

A day of the practice city as it lives by itself, in stepped time: the free slots of
each office, minute by minute. The same seed draws the same picture.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import datetime
from html import escape
from itertools import groupby
from pathlib import Path

import attrs

from mta_practice import City, PracticeSettings
from mta_practice.clock import MUNICH
from mta_practice.programme import Living
from mta_practice.programme.news import What
from mta_practice.stock import Origin

OUT = Path(__file__).parent.parent / "docs" / "city-day.svg"
BEGIN = datetime(2026, 11, 23, tzinfo=MUNICH)
MINUTES = 24 * 60
LEFT, TOP, WIDE, ROW, GAP = 250, 74, 720, 38, 10
WIDTH = LEFT + WIDE + 70


@attrs.frozen
class Row:
    """The free slots of an office in each minute, and how wanted it is."""

    name: str
    median: float
    free: list[int]


def main(arguments: Sequence[str]) -> None:
    """Let a city live for a day and draw it."""
    seed = int(arguments[0]) if arguments else 1
    begin = time.perf_counter()
    living, rows = live(seed)
    took = time.perf_counter() - begin
    OUT.write_text(draw(rows, seed), encoding="utf-8")
    slots = living.news.slots
    told = ", ".join(f"{slots[what]} {what.value}" for what in What)
    print(f"{OUT.name}: seed {seed}, slots: {told}; drawn from {took:.2f} s of work")


def live(seed: int) -> tuple[Living, list[Row]]:
    """Give what happened and the free slots by office, the most wanted first."""
    start = BEGIN.timestamp()
    settings = PracticeSettings(seed=seed, stepped=True, start=start, programme=True)
    city = City(settings)
    city.catch_up()
    living = city.living
    if living is None:  # only if a programme were no programme
        raise SystemExit("this city does not live")
    counters = sorted(living.counters.values(), key=lambda counter: counter.median)
    rows = [
        Row(f"{item.office.name} ({item.id})", item.median, []) for item in counters
    ]
    for _ in range(MINUTES):
        free = _free(city)
        for counter, row in zip(counters, rows, strict=True):
            row.free.append(free.get(counter.id, 0))
        city.advance(60)
    return living, rows


def _free(city: City) -> dict[int, int]:
    free: dict[int, int] = {}
    for office_id, slot in city.stock.slots():
        if slot.origin is Origin.PROGRAMME:
            free[office_id] = free.get(office_id, 0) + slot.free
    return free


def draw(rows: Sequence[Row], seed: int) -> str:
    """Return the picture as SVG text."""
    height = TOP + (ROW + GAP) * len(rows) + 44
    bottom = height - 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        "<title>A day of the practice city: free slots by office</title>",
        "<style>text{fill:#1f2933}.t{fill:#52606d}.l{stroke:#e4e7eb}"
        ".a{fill:#1f6feb;fill-opacity:.25;stroke:#1f6feb}.h{font-weight:600}"
        "rect{fill:#fff}</style>",
        f'<rect width="{WIDTH}" height="{height}"/>',
        f'<text x="14" y="28" class="h" font-size="15">A Monday of the practice city '
        f"(seed {seed}): free slots by office, the most wanted first</text>",
        '<text x="14" y="48" class="t">Each curve has its own scale: its highest value '
        "stands at its right. Beside the name: median seconds until a slot is taken."
        "</text>",
    ]
    for hour in range(0, 25, 2):
        x = LEFT + WIDE * hour / 24
        parts.append(f'<path class="l" d="M{x:.0f} {TOP - 8}V{bottom}"/>')
        parts.append(
            f'<text class="t" x="{x:.0f}" y="{bottom + 18}" text-anchor="middle">'
            f"{hour}:00</text>"
        )
    for number, row in enumerate(rows):
        parts += _curve(row, TOP + (ROW + GAP) * number)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _curve(row: Row, y: int) -> list[str]:
    most = max(max(row.free), 1)
    base = y + ROW
    path, minute = [f"M{LEFT} {base}"], 0
    for value, same in groupby(row.free):
        minute += len(list(same))
        level = base - ROW * value / most
        path.append(f"V{level:.1f}H{LEFT + WIDE * minute / MINUTES:.1f}")
    return [
        f'<text x="14" y="{base - 16}">{escape(_short(row.name))}</text>',
        f'<text class="t" x="14" y="{base - 1}">{row.median:.0f} s</text>',
        f'<path class="a" d="{"".join(path)}V{base}Z"/>',
        f'<text class="t" x="{LEFT + WIDE + 8}" y="{y + 10}">{max(row.free)}</text>',
    ]


def _short(name: str) -> str:
    return name if len(name) <= 33 else name[:21] + "… " + name.rpartition(" ")[2]


if __name__ == "__main__":
    main(sys.argv[1:])
