"""A citizen's inbox in MTA's own database: what the command line and the web show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from mta_adapters.sql.rows import InboxRow, UserRow
from mta_adapters.sql.sealing import Digest, digest_of
from mta_adapters.sql.sessions import reading, writing
from mta_adapters.sql.work import Work
from mta_core.domain.accounts import Home
from mta_core.domain.errors import DeliveryFailed, RecipientGone, StorageUnavailable
from mta_core.domain.notifications import Notification
from mta_core.ports.clock import Clock
from mta_core.ports.notifier import Notifier, Wording


@attrs.frozen
class InboxMessage:
    """A delivered message. *id*: the notification's; *at*: when it was delivered."""

    id: UUID
    title: str
    body: str
    at: datetime


@attrs.frozen
class SqlInbox(Notifier):
    """Keeps what was delivered until the citizen is erased."""

    _engine: AsyncEngine
    _digest: Digest
    _wording: Wording
    _clock: Clock

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        """Put a message into the inbox of a home; a second time changes nothing.

        Raises:
            DeliveryFailed: the database cannot be used just now.
            RecipientGone: nobody is registered at this home.
        """
        text = self._wording(notification, lang)
        try:
            async with writing(self._engine) as work:
                citizen = await self._citizen(work, home)
                if citizen is None:
                    raise RecipientGone("Nobody is registered at this home.")
                await self._keep(
                    work,
                    InboxRow(
                        notification_id=notification.id,
                        user_id=citizen,
                        title=text.title,
                        body=text.body,
                        at=self._clock.now(),
                    ),
                )
        except StorageUnavailable as error:
            raise DeliveryFailed(str(error)) from error

    async def read(self, home: Home, limit: int) -> Sequence[InboxMessage]:
        """Return the latest messages of a home, newest first.

        Raises:
            StorageUnavailable: the database cannot be used just now.
        """
        async with reading(self._engine) as work:
            rows = await work.all(
                select(InboxRow)
                .join(UserRow, UserRow.id == InboxRow.user_id)
                .where(UserRow.home_digest == digest_of(home, self._digest))
                .order_by(InboxRow.at.desc(), InboxRow.notification_id.desc())
                .limit(limit)
            )
        return [
            InboxMessage(row.notification_id, row.title, row.body, row.at)
            for row in rows
        ]

    async def _citizen(self, work: Work, home: Home) -> UUID | None:
        digest = digest_of(home, self._digest)
        found = select(UserRow.id).where(UserRow.home_digest == digest)
        return await work.first(found)

    @staticmethod
    async def _keep(work: Work, message: InboxRow) -> None:
        known = InboxRow.notification_id == message.notification_id
        if await work.first(select(InboxRow.notification_id).where(known)) is None:
            await work.add(message)
            await work.commit()
