"""Real SQLite whose user dies at a commit, and virtual time that waits for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import attrs

from mta_core.domain.errors import MtaError
from mta_core.ports.repository import (
    Bookings,
    Conditions,
    Learnt,
    Notifications,
    Openings,
    Rota,
    Shifts,
    Sights,
    Subscriptions,
    Transaction,
    UnitOfWork,
    Users,
    Watched,
)
from mta_core.testing.clock import FakeClock
from tests.unit.use_cases.world import Crash


@attrs.define(eq=False)
class MortalSqlStore(UnitOfWork):
    """A real database, in whose hands a process may die.

    Attributes:
        dies_in: how many commits still go well; None is for ever.
        lasting: whether the fatal commit itself is kept.
        death: what is raised.
        open: transactions that are open just now.
    """

    inner: UnitOfWork
    dies_in: int | None = None
    lasting: bool = False
    death: BaseException = attrs.field(factory=Crash)
    open: int = 0
    _failures: list[MtaError] = attrs.field(factory=list)

    def fail(self, error: MtaError, times: int = 1) -> None:
        """Let the next commits raise this, and keep nothing."""
        self._failures += [error] * times

    def recover(self) -> list[MtaError]:
        """Let commits succeed again; return the failures that are left out."""
        left, self._failures = self._failures, []
        return left

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that may write."""
        return self._counted(self.inner.begin())

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that only reads."""
        return self._counted(self.inner.snapshot())

    @asynccontextmanager
    async def _counted(
        self, opening: AbstractAsyncContextManager[Transaction]
    ) -> AsyncIterator[Transaction]:
        self.open += 1
        try:
            async with opening as tx:
                yield _MortalTransaction(tx, self)
        finally:
            self.open -= 1

    async def commit(self, tx: Transaction) -> None:
        """Keep what was written, and die if it is time."""
        if self._failures:
            raise self._failures.pop(0)
        dying, self.dies_in = self.dies_in == 0, self._one_less()
        if not dying or self.lasting:
            await tx.commit()
        if dying:
            raise self.death

    def _one_less(self) -> int | None:
        return self.dies_in - 1 if self.dies_in else None


@attrs.frozen
class _MortalTransaction(Transaction):
    _inner: Transaction
    _store: MortalSqlStore

    @property
    def users(self) -> Users:
        return self._inner.users

    @property
    def subscriptions(self) -> Subscriptions:
        return self._inner.subscriptions

    @property
    def openings(self) -> Openings:
        return self._inner.openings

    @property
    def bookings(self) -> Bookings:
        return self._inner.bookings

    @property
    def notifications(self) -> Notifications:
        return self._inner.notifications

    @property
    def sights(self) -> Sights:
        return self._inner.sights

    @property
    def learnt(self) -> Learnt:
        return self._inner.learnt

    @property
    def watched(self) -> Watched:
        return self._inner.watched

    @property
    def conditions(self) -> Conditions:
        return self._inner.conditions

    @property
    def shifts(self) -> Shifts:
        return self._inner.shifts

    @property
    def rota(self) -> Rota:
        return self._inner.rota

    async def commit(self) -> None:
        await self._store.commit(self._inner)


@attrs.define(eq=False)
class SettlingClock(FakeClock):
    """Virtual time that stands still while the database works.

    Attributes:
        busy: whether a transaction is open.
    """

    busy: Callable[[], bool] = attrs.field(default=lambda: False, kw_only=True)

    async def advance(self, seconds: float) -> None:
        """Let time pass from sleeper to sleeper, and each finish its transactions."""
        until = self._elapsed + timedelta(seconds=seconds)
        await self._settle()
        while self._sleepers and self._sleepers[0].wake_at <= until:
            due = self._sleepers[0].wake_at - self._elapsed
            await super().advance(max(due.total_seconds(), 0.0))
            await self._settle()
        await super().advance((until - self._elapsed).total_seconds())
        await self._settle()

    async def _settle(self) -> None:
        calm = 0
        while calm < 3:
            await self._let_run()
            calm = 0 if self.busy() else calm + 1
            if self.busy():
                # The database's threads need real time, and very little of it.
                await asyncio.sleep(0.0002)
