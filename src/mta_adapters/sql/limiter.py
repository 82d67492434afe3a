"""The politeness budgets as a sliding log in the database: no restart forgets them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import attrs
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql.rows import LimiterStampRow, LimiterStateRow
from mta_adapters.sql.sessions import writing
from mta_adapters.sql.work import Work
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Wait

_SPAN = timedelta(seconds=SPAN)
_STEP_BACK = timedelta(seconds=1)
"""A wall clock that is set back by more than this has jumped."""

_DRIFT = timedelta(seconds=2)
"""A wall clock that moved by this much more or less than time did has jumped."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONLY = 1
_STAMP = LimiterStampRow


@attrs.define
class SqlLimiter(Limiter):
    """The budgets of one egress address, shared by all processes on the file.

    A place counts until 60 s after its answer, or after the timeout if no answer was
    noted. While the limiter is closed after a loss or a jump, everything that was
    granted before runs out; so closing forgets it.

    Attributes:
        timeout: seconds after which a request that was never settled counts as
            answered.
        open_at_birth: whether a new, empty log is open at once; for a loopback city
            only, since nobody knows what was sent before.
    """

    _engine: AsyncEngine
    _clock: Clock
    timeout: float
    open_at_birth: bool = attrs.field(kw_only=True)
    _ahead: timedelta = attrs.field(init=False)

    @_ahead.default
    def _start(self) -> timedelta:
        return self._wall_ahead()

    async def ask(self, budget: Budget) -> Grant | Wait:
        """Take a place, or learn how long to wait. Raises `StorageUnavailable`."""
        async with self._at_work() as (work, state):
            return await self._answer(work, state, budget)

    async def settle(self, grant: Grant) -> None:
        """Let the 60 s begin: only the first time counts, and never after timeout."""
        async with self._at_work() as (work, state):
            settled_at = state.seen_at
            until = settled_at + _SPAN
            # What counts no longer than that was settled before, or timed out.
            longer = (_STAMP.id == grant.id) & (_STAMP.counts_until > until)
            await work.run(
                update(_STAMP)
                .where(longer)
                .values(settled_at=settled_at, counts_until=until)
            )

    @asynccontextmanager
    async def _at_work(self) -> AsyncGenerator[tuple[Work, LimiterStateRow], None]:
        """Open the log at the present moment: its ``seen_at``, which never goes back."""
        async with writing(self._engine) as work:
            ahead = self._wall_ahead()
            drifted = abs(ahead - self._ahead) > _DRIFT
            yield work, await self._state(work, drifted=drifted)
            await work.commit()
            if drifted:
                # Not before: a jump that was not written down is to be found again.
                self._ahead = ahead

    async def _state(self, work: Work, *, drifted: bool) -> LimiterStateRow:
        now = self._clock.now()
        closed = LimiterStateRow(
            id=_ONLY,
            closed_until=now + _SPAN + timedelta(seconds=self.timeout),
            seen_at=now,
        )
        born = LimiterStateRow(
            id=_ONLY,
            closed_until=now if self.open_at_birth else closed.closed_until,
            seen_at=now,
        )
        known = await work.raise_to(born, "seen_at")
        if not drifted and known.seen_at - now <= _STEP_BACK:
            return known
        await work.run(delete(_STAMP))
        await work.put(closed)
        return closed

    async def _answer(
        self, work: Work, state: LimiterStateRow, budget: Budget
    ) -> Grant | Wait:
        now = state.seen_at
        known = await work.all(
            select(_STAMP.counts_until)
            .where(_STAMP.budget == budget.value)
            .order_by(_STAMP.counts_until)
        )
        taken = [counts_until for counts_until in known if counts_until > now]
        if len(known) - len(taken) > budget.limit:
            await work.run(delete(_STAMP).where(_STAMP.counts_until <= now))
        free_at = taken[-budget.limit] if len(taken) >= budget.limit else now
        wait = max(free_at, state.closed_until) - now
        if wait > timedelta(0):
            return Wait(wait.total_seconds())
        grant = Grant(uuid.uuid4(), budget)
        counts_until = now + timedelta(seconds=self.timeout) + _SPAN
        await work.add(
            LimiterStampRow(
                id=grant.id,
                budget=budget.value,
                granted_at=now,
                settled_at=None,
                counts_until=counts_until,
            )
        )
        return grant

    def _wall_ahead(self) -> timedelta:
        """Return by how much the wall clock is ahead of the time that only grows."""
        running = timedelta(seconds=self._clock.monotonic())
        return self._clock.now() - _EPOCH - running
