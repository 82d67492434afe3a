"""Disks that are full: by SQLite's own limit in this process, by the system's in another."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import Engine, ExceptionContext, Pool, event

LEFT = 20
"""Pages that a full disk still has for ordinary rows, so that a chosen step fails."""

ENDLESS = 2**31 - 2
_LARGE = 200_000  # bytes: more than what is left


@attrs.define
class Disk:
    """A disk on which one step of a booking needs much room.

    The step is a trigger of the database, so that it fails inside its transaction; the
    engine itself says SQLITE_FULL, since its ``max_page_count`` is reached.

    Attributes:
        refused: how often it said so.
    """

    file: Path
    pages: int = ENDLESS
    refused: int = 0

    def hinder(self, moment: str) -> None:
        """Let a step need room: *moment* is when the trigger fires."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("CREATE TABLE ballast (room)")
            room = (
                f"INSERT INTO ballast VALUES (zeroblob({_LARGE}))"  # noqa: S608 - ours
            )
            connection.execute(f"CREATE TRIGGER heavy {moment} BEGIN {room}; END")

    def fill(self) -> None:
        """Let the disk be full from now on."""
        with closing(sqlite3.connect(self.file)) as connection:
            [(used,)] = connection.execute("PRAGMA page_count")
        self.pages = used + LEFT

    def free(self) -> None:
        """Let there be room again."""
        self.pages = ENDLESS

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep all engines of this process to it."""

        def limit(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {self.pages}").close()

        def count(context: ExceptionContext) -> None:
            code = getattr(context.original_exception, "sqlite_errorname", "")
            self.refused += code == "SQLITE_FULL"

        event.listen(Pool, "checkout", limit)
        event.listen(Engine, "handle_error", count)
        try:
            yield
        finally:
            event.remove(Pool, "checkout", limit)
            event.remove(Engine, "handle_error", count)


@contextmanager
def a_process(*words: str) -> Iterator[tuple[int, Callable[[], str]]]:
    """Run `mta` in a process of its own; give its id, and what it has printed so far."""
    log = Path("child.log")
    with log.open("w") as stream:
        child = subprocess.Popen(
            [sys.executable, "-m", "mta_entrypoints.cli", *words],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        yield child.pid, log.read_text
    finally:
        child.terminate()
        child.wait(30)


@contextmanager
def no_file_may_grow(process: int, size: int) -> Iterator[None]:
    """Let a process write no file beyond so many bytes.

    Python ignores the signal, so that it gets the error EFBIG.
    """
    soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (soft, hard))
