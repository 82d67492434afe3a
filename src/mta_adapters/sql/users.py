"""Citizens, with contact data sealed at rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import delete, select

from mta_adapters.sql.export import export
from mta_adapters.sql.mapping import user_of, user_row
from mta_adapters.sql.revisions import grow_revision
from mta_adapters.sql.rows import UserRow
from mta_adapters.sql.sealing import DigestingCipher, digest_of
from mta_adapters.sql.work import Work
from mta_core.domain.accounts import Home, User
from mta_core.domain.errors import NotFound
from mta_core.ports.repository import Users


@attrs.frozen
class SqlUsers(Users):
    """The table ``users``, and everything that hangs on its rows."""

    _work: Work
    _cipher: DigestingCipher

    async def get(self, user_id: UUID) -> User:
        """Read a citizen. Raises `NotFound`."""
        row = await self._work.first(select(UserRow).where(UserRow.id == user_id))
        if row is None:
            raise NotFound("There is no such citizen.")
        return user_of(row, self._cipher)

    async def at(self, home: Home) -> User | None:
        """Find the citizen who is reached there, by the home's keyed fingerprint."""
        digest = digest_of(home, self._cipher)
        found = select(UserRow).where(UserRow.home_digest == digest)
        row = await self._work.first(found)
        return None if row is None else user_of(row, self._cipher)

    async def save(self, user: User) -> User:
        """Insert (version 0) or update. Raises `StorageConflict`."""
        row = user_row(user, self._cipher)
        await self._work.replace(row)
        return attrs.evolve(user, version=user.version + 1)

    async def erase(self, user_id: UUID) -> None:
        """Delete the citizen; the foreign keys delete every record of them."""
        await self._work.run(delete(UserRow).where(UserRow.id == user_id))
        await grow_revision(self._work)
        self._work.erased = True

    async def everything(self, user_id: UUID) -> Mapping[str, Any]:
        """Return every row about a citizen, opened. Raises `NotFound`."""
        user = await self.get(user_id)
        return await export(user, self._work, self._cipher)
