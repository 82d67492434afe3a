"""A week as a heat map, legible with and without colours and block characters."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import attrs
from rich.text import Text

from mta_core.domain.history import HOURS, Cell, Picture
from mta_entrypoints.cli import output

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHADES, _PLAIN_SHADES = "·░▒▓█", ".-+*#"
_STYLES = ("dim", "green", "green", "green", "bold green")
_WIDEST = 3
_LEAST_SPAN = 30.0
_LEAST_WATCHED = 15.0
"""Minutes of watching after which "nothing" may be said of an hour of the week."""


@attrs.frozen
class Map:
    """A week as a heat map: a line a day, a cell an hour.

    Attributes:
        most: the highest rate, in openings an hour watched.
        shades: for "not watched", then from few to many; "nothing seen" is a blank.
        width: columns of a cell.
    """

    week: tuple[tuple[Cell, ...], ...]
    most: float
    shades: str
    width: int

    @classmethod
    def of(cls, picture: Picture) -> Map:
        """Draw it for the terminal that is there."""
        week = picture.week()
        most = max(rate(cell) for cells in week for cell in cells)
        shades = _SHADES if output.can_write(_SHADES) else _PLAIN_SHADES
        room = (output.width() - 3) // HOURS
        return cls(week, most, shades, max(1, min(room, _WIDEST)))

    def lines(self) -> Iterator[Text]:
        """Draw the hours, the days and what the shades mean."""
        step = 1 if self.width == _WIDEST else 3
        hours = "".join(
            f"{hour:>{self.width * (step if hour else 1)}}"
            for hour in range(0, HOURS, step)
        )
        yield Text("   " + hours, style="dim")
        for name, cells in zip(WEEKDAYS, self.week, strict=True):
            line = Text(name)
            for cell in cells:
                line.append(*self._drawn(cell))
            yield line
        yield from self._legend()

    def level(self, cell: Cell) -> int | None:
        """Return the shade of an hour: 0 is not watched, None is nothing seen."""
        if cell.openings:
            return max(ceil(rate(cell) / self.most * 4), 1)
        return None if cell.watched >= _LEAST_WATCHED else 0

    def _drawn(self, cell: Cell) -> tuple[str, str]:
        level = self.level(cell)
        if level is None:
            return " " * self.width, ""
        mark = self.shades[level] * (max(self.width - 1, 1) if level else 1)
        return f"{mark:>{self.width}}", _STYLES[level]

    def _legend(self) -> Iterator[Text]:
        if self.most:
            line = Text("openings an hour, up to:")
            for level in range(1, 5):
                line.append(f"  {self.shades[level] * 2}", _STYLES[level])
                line.append(f" {_number(self.most * level / 4)}")
            yield line
        yield Text.assemble(
            "blank: watched, nothing seen   ",
            (self.shades[0], _STYLES[0]),
            " not watched",
        )


def _number(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 10 else f"{rate:.2g}"


def rate(cell: Cell) -> float:
    """Return the openings an hour watched; a few minutes prove no high rate."""
    return cell.openings / max(cell.watched, _LEAST_SPAN) * 60
