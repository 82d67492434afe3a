"""What citizens wait for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import Select, select

from mta_adapters.sql.mapping import subscription_of, subscription_row
from mta_adapters.sql.revisions import grow_revision, read_revision
from mta_adapters.sql.rows import SubscriptionRow
from mta_adapters.sql.work import Work
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import NotFound
from mta_core.domain.subscriptions import Subscription, SubscriptionState
from mta_core.ports.cipher import Cipher
from mta_core.ports.repository import Subscriptions

_ROW = SubscriptionRow
_ACTIVE = (
    select(_ROW)
    .where(_ROW.state == SubscriptionState.ACTIVE.value)
    .order_by(_ROW.waiting_since, _ROW.id)
)


@attrs.frozen
class SqlSubscriptions(Subscriptions):
    """The table ``subscriptions``."""

    _work: Work
    _cipher: Cipher

    async def get(self, subscription_id: UUID) -> Subscription:
        """Read a subscription. Raises `NotFound`."""
        row = await self._work.first(select(_ROW).where(_ROW.id == subscription_id))
        if row is None:
            raise NotFound("There is no such subscription.")
        return subscription_of(row, self._cipher)

    async def of(self, user_id: UUID) -> Sequence[Subscription]:
        """All of one citizen, oldest first (ids are in the order of making)."""
        return await self._read(
            select(_ROW).where(_ROW.user_id == user_id).order_by(_ROW.id)
        )

    async def active(self) -> Sequence[Subscription]:
        """All active ones, longest waiting first."""
        return await self._read(_ACTIVE)

    async def waiting_for(self, services: ServiceSet) -> Sequence[Subscription]:
        """The active ones for a service set, longest waiting first."""
        return await self._read(_ACTIVE.where(_ROW.services == str(services)))

    async def due(self, before: datetime, limit: int) -> Sequence[Subscription]:
        """Those whose life needs a look, most overdue first."""
        return await self._read(
            select(_ROW)
            .where(_ROW.care_at < before)
            .order_by(_ROW.care_at, _ROW.id)
            .limit(limit)
        )

    async def wanted(self) -> Sequence[ServiceSet]:
        """Every service set that an active one waits for, once each."""
        active = _ROW.state == SubscriptionState.ACTIVE.value
        texts = select(_ROW.services).where(active).distinct()
        return [ServiceSet.parse(text) for text in await self._work.all(texts)]

    async def revision(self) -> int:
        """A number that grows whenever any subscription changes."""
        return await read_revision(self._work)

    async def save(self, subscription: Subscription) -> Subscription:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        await self._work.replace(subscription_row(subscription, self._cipher))
        await grow_revision(self._work)
        return attrs.evolve(subscription, version=subscription.version + 1)

    async def _read(self, statement: Select[SubscriptionRow]) -> Sequence[Subscription]:
        rows = await self._work.all(statement)
        return [subscription_of(row, self._cipher) for row in rows]
