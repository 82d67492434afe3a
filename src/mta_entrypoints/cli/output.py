"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mta_core.domain.availability import BERLIN


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


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], none: str) -> None:
    """Print a table, or a sentence if it has no rows."""
    listed = list(rows)
    console = _Terminal()
    if not listed:
        console.print(none, highlight=False)
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in listed:
        grid.add_row(*map(escape, row))  # the city's texts are no markup
    console.print(grid)


def say(text: str) -> None:
    """Print a sentence."""
    _Terminal().print(text, highlight=False, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """Print something beside the result, to stderr."""
    _Terminal(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


def complain(text: str) -> None:
    """Print what is wrong, to stderr."""
    note(f"mta: {text}")


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    console = _Terminal(stderr=True)
    if console.is_terminal:
        with console.status(text):
            yield
    else:
        yield


def when(moment: datetime | None) -> str:
    """Write a moment for people, in Munich's time."""
    return moment.astimezone(BERLIN).strftime("%a %d %b %Y %H:%M") if moment else ""


def short(record_id: UUID) -> str:
    """Write the end of an id: the part that differs."""
    return record_id.hex[-8:]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
