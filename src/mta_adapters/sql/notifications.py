"""The outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import Select, select

from mta_adapters.sql.mapping import notification_of, notification_row
from mta_adapters.sql.rows import NotificationRow
from mta_adapters.sql.work import Work
from mta_core.domain.errors import NotFound
from mta_core.domain.notifications import Notification
from mta_core.ports.cipher import Cipher
from mta_core.ports.repository import Notifications

_ROW = NotificationRow


@attrs.frozen
class SqlNotifications(Notifications):
    """The table ``notifications``."""

    _work: Work
    _cipher: Cipher

    async def get(self, notification_id: UUID) -> Notification:
        """Read a notification. Raises `NotFound`."""
        row = await self._work.first(select(_ROW).where(_ROW.id == notification_id))
        if row is None:
            raise NotFound("There is no such notification.")
        return notification_of(row, self._cipher)

    async def of(self, user_id: UUID, limit: int) -> Sequence[Notification]:
        """The latest of one citizen, newest first."""
        return await self._read(
            select(_ROW)
            .where(_ROW.user_id == user_id)
            .order_by(_ROW.created_at.desc(), _ROW.id.desc())
            .limit(limit)
        )

    async def save(self, notification: Notification) -> Notification:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        await self._work.replace(notification_row(notification, self._cipher))
        return attrs.evolve(notification, version=notification.version + 1)

    async def due(self, before: datetime, limit: int) -> Sequence[Notification]:
        """Those that were due before that moment, most overdue first."""
        return await self._read(
            select(_ROW)
            .where(_ROW.due_at < before)
            .order_by(_ROW.due_at, _ROW.id)
            .limit(limit)
        )

    async def _read(self, statement: Select[NotificationRow]) -> Sequence[Notification]:
        rows = await self._work.all(statement)
        return [notification_of(row, self._cipher) for row in rows]
