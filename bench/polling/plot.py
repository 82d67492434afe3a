"""The figures as a picture: one SVG, written by hand, for light and dark pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from bench.polling.campaign import Result
from bench.polling.policies import NAMES
from bench.polling.scenarios import title
from bench.polling.summary import Summaries, Summary, by_world

_WIDTH, _LEFT, _RIGHT, _ROW, _GAP = 760, 130, 60, 20, 44
_CURVE = 180
_STYLE = """
  svg { font: 13px system-ui, sans-serif; color-scheme: light dark }
  .page { fill: #ffffff } text, .ink { fill: #24292f } .faint { fill: #57606a }
  .grid { stroke: #d0d7de; stroke-width: 1 } .whisker { stroke: #24292f }
  .head { font-weight: 600 } .curve { fill: none; stroke-width: 2 }
  .c0 { color: #8c959f } .c1 { color: #bf8700 } .c2 { color: #cf222e } .c3 { color: #0969da }
  .c4 { color: #1a7f37 } .c5 { color: #8250df } .c6 { color: #bc4c00 }
  rect.bar { fill: currentColor } .curve { stroke: currentColor }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } text, .ink { fill: #e6edf3 } .faint { fill: #8d96a0 }
    .grid { stroke: #30363d } .whisker { stroke: #e6edf3 }
    .c0 { color: #6e7681 } .c1 { color: #d29922 } .c2 { color: #f85149 } .c3 { color: #58a6ff }
    .c4 { color: #3fb950 } .c5 { color: #bc8cff } .c6 { color: #f0883e }
  }
"""


def plot(results: Iterable[Result]) -> str:
    """Draw the weighted catch: bars with the span of the seeds, and day by day."""
    parts: list[str] = []
    y = 16.0
    for (world, days), summaries in by_world(results).items():
        parts.append(_text(16, y + 12, f"{title(world)}, {days} days", "head"))
        y += 24
        parts += _bars(summaries, y)
        y += _ROW * len(summaries) + 16
        parts += _curves(summaries, y)
        y += _CURVE + _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y:.0f}" '
        f'role="img" aria-label="Weighted catch of each policy">'
        f"<style>{_STYLE}</style>"
        f'<rect class="page" width="{_WIDTH}" height="{y:.0f}"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _bars(summaries: Summaries, top: float) -> Iterator[str]:
    """Draw a bar for each policy, and a whisker from its worst seed to its best."""
    bottom = top + _ROW * len(summaries)
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        yield _line(x, top, x, bottom, "grid")
    for place, (policy, summary) in enumerate(summaries.items()):
        y = top + _ROW * place + 3
        shares = [result.score.weighted for result in summary.results]
        mean, middle = summary.mean(lambda r: r.score.weighted), y + 7
        yield _text(_LEFT - 8, y + 12, policy, "ink", anchor="end")
        yield (
            f'<rect class="bar {_colour(policy)}" x="{_LEFT}" y="{y:.0f}" '
            f'width="{_x(mean) - _LEFT:.1f}" height="14"/>'
        )
        yield _line(_x(min(shares)), middle, _x(max(shares)), middle, "whisker")
        yield _text(_x(max(shares)) + 8, y + 12, f"{mean:.3f}", "faint")


def _curves(summaries: Summaries, top: float) -> Iterator[str]:
    """Draw how the catch of each policy goes from day to day."""
    bottom = top + _CURVE
    for tenth in range(0, 11, 2):
        y = bottom - _CURVE * tenth / 10
        yield _line(_LEFT, y, _WIDTH - _RIGHT, y, "grid")
        yield _text(_LEFT - 8, y + 4, f"{tenth / 10:.1f}", "faint", anchor="end")
    for policy, summary in summaries.items():
        shares = _by_day(summary)
        step = (_WIDTH - _RIGHT - _LEFT) / max(1, len(shares) - 1)
        points = " ".join(
            f"{_LEFT + step * day:.1f},{bottom - _CURVE * share:.1f}"
            for day, share in enumerate(shares)
        )
        yield f'<polyline class="curve {_colour(policy)}" points="{points}"/>'
    yield _text(
        _LEFT, bottom + 16, "weighted catch from the first day to the last", "faint"
    )


def _by_day(summary: Summary) -> list[float]:
    days = zip(*(result.score.by_day for result in summary.results), strict=False)
    return [sum(day) / len(day) for day in days]


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _colour(policy: str) -> str:
    return f"c{NAMES.index(policy)}"


def _text(x: float, y: float, words: str, kind: str, *, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'


def _line(x: float, y: float, to_x: float, to_y: float, kind: str) -> str:
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line class="{kind}" {ends}/>'
