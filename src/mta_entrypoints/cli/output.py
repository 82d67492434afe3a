"""What commands print: tables and sentences for people, JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from mta_core.domain.availability import BERLIN
from mta_core.domain.errors import InvalidValue


class _Terminal(Console):
    """A console whose reader may go away."""

    def on_broken_pipe(self) -> None:
        """Leave it to the front door, which knows that nothing is wrong."""
        raise BrokenPipeError


def to_json(value: Any) -> str:
    """Write one JSON document."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n"


def as_json(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(to_json(value))


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], none: str = ""
) -> None:
    """Print a table, or a sentence if it has no rows."""
    listed = list(rows)
    console = _Terminal()
    if not listed:
        console.print(none, highlight=False)
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    first, *others = columns
    grid.add_column(first, overflow="fold", no_wrap=len(columns) > 1)
    for column in others:
        grid.add_column(column, overflow="fold")
    for row in listed:
        grid.add_row(*map(escape, row))  # the city's texts are no markup
    console.print(grid)


def facts(rows: Iterable[tuple[str, str]]) -> None:
    """Print what is known of one thing, each under its name; what is empty is not."""
    grid = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in rows:
        if text:
            grid.add_row(f"  {name}", escape(text))
    _Terminal().print(grid)


def say(text: str) -> None:
    """Print a sentence: on a terminal in lines that fit, otherwise in one."""
    _write(text, _Terminal())


def note(text: str) -> None:
    """Print something beside the result, to stderr."""
    _write(text, _Terminal(stderr=True))


def _write(text: str, console: Console) -> None:
    console.print(
        text, highlight=False, markup=False, soft_wrap=not console.is_terminal
    )


def complain(text: str) -> None:
    """Print what is wrong, to stderr."""
    note(f"mta: {text}")


@contextmanager
def progress(text: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal that something takes its time; yields what changes the text."""
    console = _Terminal(stderr=True)
    if not console.is_terminal:
        yield _unseen
        return
    with console.status(escape(text)) as status:
        yield lambda news: status.update(escape(news))


def clear() -> None:
    """Empty the terminal before something is shown anew; elsewhere nothing."""
    _Terminal().clear()


def drawing(lines: Iterable[Text]) -> None:
    """Print lines as they are: none is folded."""
    console = _Terminal()
    for line in lines:
        console.print(line, soft_wrap=True)


def width() -> int:
    """Return how many columns a line of the result may have."""
    return _Terminal().width


def can_write(text: str) -> bool:
    """Whether these characters exist where the result is printed."""
    try:
        text.encode(_Terminal().encoding)
    except UnicodeEncodeError:
        return False
    return True


def write_private(file: Path, content: bytes) -> None:
    """Write a new file that its owner alone can read.

    Raises:
        InvalidValue: it is there already, or cannot be made.
    """
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidValue(f"{file} cannot be made: {error.strerror}.") from None
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)


def when(moment: datetime | None) -> str:
    """Write a moment for people, in Munich's time."""
    return moment.astimezone(BERLIN).strftime("%a %d %b %Y %H:%M") if moment else ""


def clock(moment: datetime) -> str:
    """Write the time of a moment, to the second, in Munich."""
    return moment.astimezone(BERLIN).strftime("%H:%M:%S")


def moment(at: datetime) -> str:
    """Write day and time of a moment, to the second, in Munich."""
    return at.astimezone(BERLIN).strftime("%a %d %b %H:%M:%S")


def lasted(span: timedelta) -> str:
    """Write about how long something lasted."""
    seconds = max(round(span.total_seconds()), 0)
    if seconds < 2 * 60:
        return plural(seconds, "second")
    if seconds < 2 * 3600:
        return plural(round(seconds / 60), "minute")
    return plural(round(seconds / 3600), "hour")


def day(date: date) -> str:
    """Write a day for people."""
    return date.strftime("%a %d %b %Y")


def short(record_id: UUID) -> str:
    """Write the end of an id: the part that differs."""
    return record_id.hex[-8:]


def some(names: Sequence[str], most: int = 5) -> str:
    """List names in a line; of many, the first ones and how many more there are."""
    more = len(names) - most
    listed = ", ".join(names[:most])
    return f"{listed} and {more} more" if more > 0 else listed


def plural(number: int, one: str, many: str = "") -> str:
    """Count things: ``1 office``, ``2 offices``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _unseen(_: str) -> None:
    """Nobody watches."""


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
