"""The politeness budgets as a sliding log in the database: no restart forgets them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import attrs
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql.rows import LimiterStampRow, LimiterStateRow
from mta_adapters.sql.sessions import reading, writing
from mta_adapters.sql.work import Work
from mta_core.polling.counter import PAUSE
from mta_core.polling.sliding import KEPT, lifetime
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Stamp, Wait

_SPAN = timedelta(seconds=SPAN)
_DRIFT = timedelta(seconds=2)
"""A wall clock that moved by this much more or less than time did has jumped."""

_ONLY = 1
_STAMP = LimiterStampRow


@attrs.define
class SqlLimiter(Limiter):
    """The budgets of one egress address, shared by all processes on the file.

    The log has a time of its own: the wall time at its birth, and what has passed since
    then by the machine's monotonic clock, which all processes share and nobody can set.
    If the two clocks do not agree any more, somebody has set one, or the machine was
    started anew or had been sleeping; nobody knows then how long ago what was. So the
    log is closed until all of that has run out, and begins anew.

    Attributes:
        timeout: seconds that a request waits for its answer, at most.
        open_at_birth: whether a new, empty log is open at once; for a loopback city
            only, since nobody knows what was sent before.
    """

    _engine: AsyncEngine
    _clock: Clock
    timeout: float
    open_at_birth: bool = attrs.field(kw_only=True)

    async def ask(self, budget: Budget, by: datetime | None = None) -> Grant | Wait:
        """Take a place, or learn how long to wait. Raises `StorageUnavailable`."""
        async with self._at_work() as log:
            wait = await log.wait(budget, by)
            if wait > timedelta(0):
                return Wait(wait.total_seconds())
            return await log.take(budget, lifetime(self.timeout))

    async def settle(self, grant: Grant) -> None:
        """Let the 60 s begin: only the first time counts, but however late it is."""
        async with self._at_work() as log:
            await log.settle(grant)

    async def pause(self) -> None:
        """Give places only to what cannot wait, until the city's counter is dead."""
        async with self._at_work() as log:
            log.pause()

    async def recent(self, since: datetime) -> Sequence[Stamp]:
        """The places taken since then, oldest first."""
        statement = select(_STAMP).where(_STAMP.granted_at >= since)
        async with reading(self._engine) as work:
            rows = await work.all(statement.order_by(_STAMP.granted_at))
            return [
                Stamp(
                    Budget(row.budget), row.granted_at, row.settled_at, row.counts_until
                )
                for row in rows
            ]

    @asynccontextmanager
    async def _at_work(self) -> AsyncGenerator[_Log, None]:
        """Open the log at the present moment, and write down what came of it."""
        async with writing(self._engine) as work:
            log = await self._open(work)
            yield log
            await work.put(log.state())
            await work.commit()

    async def _open(self, work: Work) -> _Log:
        running = timedelta(seconds=self._clock.monotonic())
        wall = self._clock.now()
        zero = wall - running
        fresh = _Log(work, wall, zero, wall + lifetime(self.timeout) + _SPAN)
        known = await work.first(select(LimiterStateRow))
        if known is None:
            return (
                attrs.evolve(fresh, closed_until=wall) if self.open_at_birth else fresh
            )
        if known.zero_at is not None and abs(zero - known.zero_at) <= _DRIFT:
            now = known.zero_at + running
            if now >= known.seen_at:
                shut, quiet = known.closed_until, known.paused_until
                return _Log(work, now, known.zero_at, shut, quiet)
        await work.run(delete(_STAMP))
        return fresh


@attrs.define
class _Log:
    """The log while it is open.

    Attributes:
        now: the present moment by the log's own time, *zero_at*: when that began.
    """

    work: Work
    now: datetime
    zero_at: datetime
    closed_until: datetime
    paused_until: datetime | None = None

    async def wait(self, budget: Budget, by: datetime | None) -> timedelta:
        """Return how long until a place is free; zero if one is."""
        counting = (_STAMP.budget == budget.value) & (_STAMP.counts_until > self.now)
        ends = select(_STAMP.counts_until).where(counting)
        taken = await self.work.all(ends.order_by(_STAMP.counts_until))
        free_at = taken[-budget.limit] if len(taken) >= budget.limit else self.now
        quiet = self.paused_until
        if quiet is None or (by is not None and by < quiet):
            quiet = self.now
        return max(free_at, self.closed_until, quiet) - self.now

    async def take(self, budget: Budget, life: timedelta) -> Grant:
        """Take a place; one is free. What is long over is forgotten."""
        over = (_STAMP.budget == budget.value) & (_STAMP.counts_until < self.now - KEPT)
        await self.work.run(delete(_STAMP).where(over))
        grant = Grant(uuid.uuid4(), budget)
        await self._add(grant, self.now + life + _SPAN)
        self._disturb_pause()
        return grant

    async def settle(self, grant: Grant) -> None:
        """Note the answer, unless it is noted already."""
        mine = _STAMP.id == grant.id
        known = await self.work.first(select(_STAMP.settled_at.is_(None)).where(mine))
        if known is None:  # the clock has jumped since, and the log begun anew
            await self._add(grant, self.now)
        if known is not False:
            values = {"settled_at": self.now, "counts_until": self.now + _SPAN}
            await self.work.run(update(_STAMP).where(mine).values(values))
            self._disturb_pause()

    def pause(self) -> None:
        """Let it be silent for long enough, from now on."""
        self.paused_until = self.now + PAUSE

    def state(self) -> LimiterStateRow:
        """Return what the next one who opens the log must know."""
        return LimiterStateRow(
            id=_ONLY,
            closed_until=self.closed_until,
            seen_at=self.now,
            zero_at=self.zero_at,
            paused_until=self.paused_until,
        )

    async def _add(self, grant: Grant, counts_until: datetime) -> None:
        await self.work.add(
            LimiterStampRow(
                id=grant.id,
                budget=grant.budget.value,
                granted_at=self.now,
                settled_at=None,
                counts_until=counts_until,
            )
        )

    def _disturb_pause(self) -> None:
        if self.paused_until is not None and self.now < self.paused_until:
            self.pause()
