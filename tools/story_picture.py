"""Draw docs/story.svg from a real run: `.venv/bin/python tools/story_picture.py`.

Three lanes (the city, MTA, the citizen), time downwards, every moment measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "docs" / "story.svg"
LANES = {"the city": 150, "MTA": 430, "Amira": 710}
WIDTH, TOP, ROW = 860, 96, 38
SHOWN = {
    "subscribed": ("Amira", "MTA", "“book me the first that suits”"),
    "asked": ("MTA", "the city", "one question each 6 s: nothing free"),
    "released": ("the city", "the city", "three slots become free"),
    "seen": ("the city", "MTA", "the next answer shows them"),
    "told": ("MTA", "Amira", "“found, I am booking it for you”"),
    "reserve": ("MTA", "the city", "reserve"),
    "update": ("MTA", "the city", "name and mail address"),
    "preconfirm": ("MTA", "the city", "preconfirm"),
    "mail": ("the city", "Amira", "the city’s confirmation mail"),
    "opened": ("Amira", "the city", "opens its link, herself"),
    "confirmed": ("the city", "MTA", "a look: confirmed"),
    "told_confirmed": ("MTA", "Amira", "“confirmed: when, where, number”"),
}


def main() -> None:
    """Play the story once and draw it."""
    command = [sys.executable, "-m", "mta_entrypoints.cli", "demo", "--once", "--json"]
    played = subprocess.run(command, capture_output=True, text=True, check=True)
    story = json.loads(played.stdout)
    OUT.write_text(draw(story), encoding="utf-8")
    print(f"{OUT.name}: {story['outcome']}, {story['latency_ms']}")


def draw(story: dict[str, Any]) -> str:
    """Return the picture as SVG text."""
    events = [event for event in story["events"] if event["what"] in SHOWN]
    height = TOP + ROW * len(events) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="14">',
        "<title>The story of one booking, with measured times</title>",
        "<style>text{fill:#1f2933}.t{fill:#52606d;font-variant-numeric:tabular-nums}"
        ".l{stroke:#cbd2d9}.a{stroke:#1f6feb;fill:none}.h{font-weight:600}"
        "rect{fill:#fff}</style>",
        '<defs><marker id="m" markerWidth="8" markerHeight="8" refX="7" refY="4" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#1f6feb"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}"/>',
    ]
    for name, x in LANES.items():
        parts.append(
            f'<text x="{x}" y="44" text-anchor="middle" class="h">{name}</text>'
        )
        parts.append(f'<path class="l" d="M{x} 58V{height - 48}"/>')
    start = next(e["ms"] for e in events if e["what"] == "released")
    for number, event in enumerate(events):
        parts += _row(TOP + ROW * number, event["what"], event["ms"] - start)
    parts.append(_figures(story["latency_ms"], height))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _row(y: int, what: str, milliseconds: float) -> list[str]:
    source, target, text = SHOWN[what]
    a, b = LANES[source], LANES[target]
    middle = (a + b) / 2 if a != b else a
    mark = (
        f'<path class="a" marker-end="url(#m)" d="M{a} {y}H{b + (-6 if b > a else 6)}"/>'
        if a != b
        else f'<circle cx="{a}" cy="{y}" r="5" fill="#1f6feb"/>'
    )
    anchor = 'text-anchor="middle"' if a != b else 'dx="12"'
    return [
        f'<text class="t" x="12" y="{y + 5}">{milliseconds / 1000:+.3f} s</text>',
        mark,
        f'<text x="{middle}" y="{y - 7}" {anchor}>{escape(text)}</text>',
    ]


def _figures(latency: dict[str, float], height: int) -> str:
    text = (
        f"seen → told {latency['seen_to_message']:.0f} ms · "
        f"seen → reserve sent {latency['seen_to_reserve']:.0f} ms · "
        f"seen → preconfirmed {latency['seen_to_preconfirmed']:.0f} ms"
    )
    return (
        f'<text x="{WIDTH / 2}" y="{height - 18}" text-anchor="middle" class="t">'
        f"{escape(text)}</text>"
    )


if __name__ == "__main__":
    main()
