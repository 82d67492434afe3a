"""The mock database: everything the ports ask of a store, in memory (R4.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import attrs

from mta_core.domain.errors import IllegalTransition, MtaError, StorageUnavailable
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.testing._conditions import InMemoryConditions
from mta_core.testing._events import (
    InMemoryBookings,
    InMemoryNotifications,
    InMemoryOpenings,
    InMemorySights,
)
from mta_core.testing._learnt import InMemoryLearnt
from mta_core.testing._people import InMemorySubscriptions, InMemoryUsers
from mta_core.testing._shifts import InMemoryRota, InMemoryShifts
from mta_core.testing._tables import Tables
from mta_core.testing._watched import InMemoryWatched


@attrs.define(eq=False)
class InMemoryTransaction(Transaction):
    """A copy of all tables that replaces them when it is committed."""

    _store: InMemoryStore
    _tables: Tables
    _may_write: bool

    @property
    def users(self) -> InMemoryUsers:
        """Citizens."""
        return InMemoryUsers(self._tables)

    @property
    def subscriptions(self) -> InMemorySubscriptions:
        """What citizens wait for."""
        return InMemorySubscriptions(self._tables)

    @property
    def openings(self) -> InMemoryOpenings:
        """Slots seen free, and who was told."""
        return InMemoryOpenings(self._tables)

    @property
    def bookings(self) -> InMemoryBookings:
        """Attempts to get a slot."""
        return InMemoryBookings(self._tables)

    @property
    def notifications(self) -> InMemoryNotifications:
        """The outbox."""
        return InMemoryNotifications(self._tables)

    @property
    def sights(self) -> InMemorySights:
        """The catalogue, and where MTA is blind."""
        return InMemorySights(self._tables)

    @property
    def watched(self) -> InMemoryWatched:
        """When the city answered."""
        return InMemoryWatched(self._tables)

    @property
    def learnt(self) -> InMemoryLearnt:
        """What watching has taught."""
        return InMemoryLearnt(self._tables)

    @property
    def conditions(self) -> InMemoryConditions:
        """What is not as it should be."""
        return InMemoryConditions(self._tables)

    @property
    def shifts(self) -> InMemoryShifts:
        """Watch shifts."""
        return InMemoryShifts(self._tables)

    @property
    def rota(self) -> InMemoryRota:
        """Who watches when."""
        return InMemoryRota(self._tables)

    async def commit(self) -> None:
        """Make it last.

        Raises:
            IllegalTransition: this is a snapshot.
        """
        if not self._may_write:
            raise IllegalTransition("A snapshot only reads.")
        self._store.keep(self._tables)


@attrs.define(eq=False)
class InMemoryStore(UnitOfWork):
    """A database in memory, for one event loop.

    Attributes:
        unavailable: set it to make every transaction raise `StorageUnavailable` on
            entering.
        commits: how many transactions were committed.
    """

    unavailable: bool = False
    commits: int = attrs.field(default=0, init=False)
    _tables: Tables = attrs.field(factory=Tables, init=False)
    _turn: asyncio.Lock = attrs.field(factory=asyncio.Lock, init=False)
    _failures: list[MtaError] = attrs.field(factory=list, init=False)

    def begin(self) -> AbstractAsyncContextManager[InMemoryTransaction]:
        """Open a transaction that may write; writers take turns."""
        return self._writing()

    def snapshot(self) -> AbstractAsyncContextManager[InMemoryTransaction]:
        """Open a transaction that only reads, beside any writer."""
        return self._reading()

    def fail(self, error: MtaError, times: int = 1) -> None:
        """Let the next commits raise this, and keep nothing."""
        self._failures += [error] * times

    def keep(self, tables: Tables) -> None:
        """Take over what a transaction has written."""
        if self._failures:
            raise self._failures.pop(0)
        self._tables = tables.copy()
        self.commits += 1

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[InMemoryTransaction]:
        async with self._turn:
            self._check_available()
            yield InMemoryTransaction(self, self._tables.copy(), may_write=True)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[InMemoryTransaction]:
        self._check_available()
        yield InMemoryTransaction(self, self._tables.copy(), may_write=False)

    def _check_available(self) -> None:
        if self.unavailable:
            raise StorageUnavailable
