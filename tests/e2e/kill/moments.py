"""Every moment at which a process of MTA can be killed, by name.

A moment is the boundary of one statement: before and after each SQL statement, each
COMMIT and each call to the city. Its name says which step of which use case is being
taken; a booking's story has hundreds, and always the same ones.
"""

from __future__ import annotations

import inspect
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
import greenlet  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_core.domain.calls import Call

SHOWN = "after GET available-calendar"
"""The answer that shows the opening: here the story of a booking begins."""

READY = "ready"
"""The first moment of a process that has opened everything."""

ANY_STEP = ""

_PARTS = {
    "SqlLimiter.ask": "ask the budget",
    "SqlLimiter.settle": "settle the budget",
    "SqlInbox.deliver": "inbox",
}
# Parts of a step, no steps of their own.
_WITHIN = {
    "Calls._keep",
    "Calls._call",
    "Record._write",
    "Record._take",
    "Record._tell",
}
_NO_STEP = "outside of a use case"
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE) +(\w+)")


@attrs.frozen(order=True)
class Moment:
    """The *nth* time (from 1) that *step* came to *what*; no step is any step."""

    step: str
    what: str
    nth: int = 1

    def __str__(self) -> str:
        again = f" ({self.nth})" if self.nth > 1 else ""
        return f"{self.step or 'anything'}: {self.what}{again}"


@attrs.define
class Moments:
    """Counts and notes the moments of this process, and ends it at one of them.

    Attributes:
        log: one line a moment; kept by the system when the process is killed.
        kill_at: the moment at which this process kills itself, if any.
        since: counting begins with a moment of this name.
    """

    log: Path
    kill_at: Moment | None
    since: str
    _handle: int = attrs.field(init=False)
    _begun: bool = attrs.field(default=False, init=False)
    _seen: Counter[tuple[str, str]] = attrs.field(factory=Counter, init=False)
    _turn: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._handle = os.open(self.log, flags, 0o600)

    def come(self, what: str) -> None:
        """Come to a moment: note it, and die there if it is the one."""
        step = _step()
        with self._turn:
            self._begun = self._begun or what == self.since
            if not self._begun:
                return
            self._seen.update([(step, what), (ANY_STEP, what)])
            os.write(self._handle, f"{step}\t{what}\n".encode())
            for known in (step, ANY_STEP):
                if self.kill_at == Moment(known, what, self._seen[known, what]):
                    os.kill(os.getpid(), signal.SIGKILL)


def noted(log: Path) -> Sequence[Moment]:
    """Read the moments that a process has come to, in their order."""
    if not log.exists():
        return []
    seen: Counter[tuple[str, str]] = Counter()
    moments = []
    for line in log.read_text().splitlines():
        step, _, what = line.partition("\t")
        seen[step, what] += 1
        moments.append(Moment(step, what, seen[step, what]))
    return moments


def watch_engine(engine: AsyncEngine, moments: Moments) -> None:
    """Come to a moment on both sides of every statement and every COMMIT."""
    sync = engine.sync_engine

    def before(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        moments.come(f"before {_short(statement)}")

    def after(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        moments.come(f"after {_short(statement)}")

    event.listen(sync, "before_cursor_execute", before)
    event.listen(sync, "after_cursor_execute", after)
    commit = sync.dialect.do_commit

    def do_commit(connection: Any) -> None:
        moments.come("before COMMIT")
        commit(connection)
        moments.come("after COMMIT")

    # SQLAlchemy has no event for what comes after a COMMIT.
    sync.dialect.do_commit = do_commit  # type: ignore[method-assign,assignment]


def _short(statement: str) -> str:
    """Name a statement by its verb and its table."""
    if statement.startswith(("BEGIN", "PRAGMA")):
        return statement
    table = _TABLE.search(statement)
    return f"{statement.split(maxsplit=1)[0]} {table[1] if table else ''}".strip()


def _step() -> str:
    """Name the step that is being taken, and the call to the city that it is about."""
    part, step, call = "", "", ""
    for frame in _frames():
        name = frame.f_code.co_qualname
        part = part or _PARTS.get(name, "")
        if "/mta_core/use_cases/" not in frame.f_code.co_filename:
            continue
        call = call or _call(frame)
        if not step and _is_step(name):
            step = name.removesuffix(".__call__").replace("._", ".")
    words = (" ".join((step or _NO_STEP, call)).strip(), part)
    return ", ".join(word for word in words if word)


def _is_step(name: str) -> bool:
    private = name.startswith("_") or "<" in name
    return "." in name and not private and name not in _WITHIN


def _call(frame: FrameType) -> str:
    known = frame.f_locals
    call = known.get("call") or getattr(known.get("sent"), "pending", None)
    call = getattr(call, "call", call)
    return call.value if isinstance(call, Call) else ""


def _frames() -> Iterator[FrameType]:
    """Give the frames from here outwards, out of SQLAlchemy's greenlets too."""
    inner: greenlet.greenlet | None = greenlet.getcurrent()
    frame = inspect.currentframe()
    while frame is not None:
        yield frame
        frame = frame.f_back
        if frame is None and inner is not None and inner.parent is not None:
            inner = inner.parent
            frame = inner.gr_frame


def steps(moments: Iterable[Moment]) -> Sequence[str]:
    """Return the steps of moments, each once, in the order of their first."""
    return list(dict.fromkeys(moment.step for moment in moments))
