"""The store: one database session a unit of work."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import attrs
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql.bookings import SqlBookings
from mta_adapters.sql.conditions import SqlConditions
from mta_adapters.sql.learnt import SqlLearnt
from mta_adapters.sql.notifications import SqlNotifications
from mta_adapters.sql.openings import SqlOpenings
from mta_adapters.sql.sealing import DigestingCipher
from mta_adapters.sql.sessions import reading, writing
from mta_adapters.sql.shifts import SqlRota, SqlShifts
from mta_adapters.sql.sights import SqlSights
from mta_adapters.sql.subscriptions import SqlSubscriptions
from mta_adapters.sql.users import SqlUsers
from mta_adapters.sql.watched import SqlWatched
from mta_adapters.sql.work import Work
from mta_core.domain.errors import IllegalTransition
from mta_core.ports.repository import Transaction, UnitOfWork


@attrs.frozen
class SqlTransaction(Transaction):
    """One transaction of the database."""

    _work: Work
    _cipher: DigestingCipher
    _city: str
    _may_write: bool

    @property
    def users(self) -> SqlUsers:
        """Citizens."""
        return SqlUsers(self._work, self._cipher)

    @property
    def subscriptions(self) -> SqlSubscriptions:
        """What citizens wait for."""
        return SqlSubscriptions(self._work, self._cipher)

    @property
    def openings(self) -> SqlOpenings:
        """Slots seen free, and who was told."""
        return SqlOpenings(self._work)

    @property
    def bookings(self) -> SqlBookings:
        """Attempts to get a slot."""
        return SqlBookings(self._work, self._cipher)

    @property
    def notifications(self) -> SqlNotifications:
        """The outbox."""
        return SqlNotifications(self._work, self._cipher)

    @property
    def sights(self) -> SqlSights:
        """The catalogue, and where MTA is blind."""
        return SqlSights(self._work, self._city)

    @property
    def watched(self) -> SqlWatched:
        """When the city answered."""
        return SqlWatched(self._work, self._city)

    @property
    def learnt(self) -> SqlLearnt:
        """What watching has taught."""
        return SqlLearnt(self._work, self._city)

    @property
    def conditions(self) -> SqlConditions:
        """What is not as it should be."""
        return SqlConditions(self._work, self._city)

    @property
    def shifts(self) -> SqlShifts:
        """Watch shifts."""
        return SqlShifts(self._work, self._cipher)

    @property
    def rota(self) -> SqlRota:
        """Who watches when."""
        return SqlRota(self._work)

    async def commit(self) -> None:
        """Make it last, down to the disk.

        Raises:
            IllegalTransition: this is a snapshot.
            StorageUnavailable: nothing was kept.
        """
        if not self._may_write:
            raise IllegalTransition("A snapshot only reads.")
        await self._work.commit()


@attrs.frozen
class SqlStore(UnitOfWork):
    """The database of MTA.

    Attributes:
        city: the address of the city's API. The catalogue and the blind probes of
            another city (the practice city, say) are kept apart.
    """

    _engine: AsyncEngine
    _cipher: DigestingCipher
    city: str

    def begin(self) -> AbstractAsyncContextManager[SqlTransaction]:
        """Open a transaction that may write; writers take turns.

        Raises:
            StorageUnavailable: the turn does not come in time, or the file cannot be
                used.
        """
        return self._writing()

    def snapshot(self) -> AbstractAsyncContextManager[SqlTransaction]:
        """Open a transaction that only reads, beside any writer."""
        return self._reading()

    @asynccontextmanager
    async def _writing(self) -> AsyncGenerator[SqlTransaction, None]:
        async with writing(self._engine) as work:
            yield SqlTransaction(work, self._cipher, self.city, may_write=True)

    @asynccontextmanager
    async def _reading(self) -> AsyncGenerator[SqlTransaction, None]:
        async with reading(self._engine) as work:
            yield SqlTransaction(work, self._cipher, self.city, may_write=False)
