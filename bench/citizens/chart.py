"""The figure that matters, as a picture."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from html import escape

from bench.citizens.figures import WITHIN, Row
from bench.citizens.run import KINDS

LEFT, TOP, WIDE, ROW, GAP = 330, 84, 270, 26, 50
WIDTH = LEFT + 2 * WIDE + GAP + 30
_INKS = ("#1f6feb", "#a5c8f7")  # within 7 days, within 14


def draw(of: Sequence[Row], note: str) -> str:
    """Return the picture as SVG text: bars for both kinds of services."""
    height = TOP + ROW * len(of) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        "<title>Share of citizens with a confirmed appointment, by means</title>",
        "<style>text{fill:#1f2933}.t{fill:#52606d}.l{stroke:#e4e7eb}"
        ".h{font-weight:600}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        '<text x="14" y="28" class="h" font-size="15">Who has a confirmed appointment '
        f"within {WITHIN[0]} (dark) and {WITHIN[1]} days (light)</text>",
        f'<text x="14" y="48" class="t">{escape(note)}</text>',
    ]
    for panel, kind in enumerate(KINDS):
        parts += _panel(of, kind, LEFT + panel * (WIDE + GAP), height - 40)
    for number, row in enumerate(of):
        y = TOP + ROW * number + 14
        parts.append(f'<text x="14" y="{y}">{escape(row.name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(of: Sequence[Row], kind: str, x: int, bottom: int) -> list[str]:
    parts = [f'<text class="h" x="{x}" y="{TOP - 12}">{kind} services</text>']
    for percent in range(0, 101, 25):
        line = x + WIDE * percent / 100
        parts.append(f'<path class="l" d="M{line:.0f} {TOP - 6}V{bottom}"/>')
        parts.append(
            f'<text class="t" x="{line:.0f}" y="{bottom + 18}" text-anchor="middle">'
            f"{percent} %</text>"
        )
    for number, row in enumerate(of):
        parts += _bar(row, kind, x, TOP + ROW * number)
    return parts


def _bar(row: Row, kind: str, x: int, y: int) -> list[str]:
    """Draw the longer bar first: the shorter one lies on it."""
    shares = {days: statistics.fmean(row.share(kind, days)) for days in WITHIN}
    bars = [
        f'<rect x="{x}" y="{y}" width="{WIDE * shares[days]:.1f}" height="{ROW - 8}" '
        f'fill="{ink}"/>'
        for ink, days in reversed(list(zip(_INKS, WITHIN, strict=True)))
    ]
    last = shares[WITHIN[-1]]
    return [
        *bars,
        f'<text class="t" x="{x + WIDE * last + 5:.1f}" y="{y + 13}">'
        f"{100 * last:.0f}</text>",
    ]
