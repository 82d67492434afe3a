"""Register: nobody is stored without having agreed to it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import attrs

from mta_core.domain.accounts import Consent, Contact, Home, User
from mta_core.domain.errors import InvalidValue
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.repository import UnitOfWork


@attrs.frozen
class Register:
    """Make a citizen known, or take over what changed about them."""

    store: UnitOfWork
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        home: Home,
        *,
        agreed_to: str,
        contact: Contact | None = None,
        language: str | None = None,
    ) -> User:
        """Store a citizen with the consent they gave.

        Args:
            agreed_to: the version of the privacy wording that they were shown.
            contact: replaces what is stored; None leaves it as it is.
            language: likewise.

        Raises:
            InvalidValue: no consent.
        """
        if not agreed_to:
            raise InvalidValue("Nothing is stored without consent.")
        now = self.clock.now()
        async with self.store.begin() as tx:
            known = await tx.users.at(home)
            user = known or User(self.ids.new(), home, Consent(agreed_to, now), now)
            if user.consent.wording != agreed_to:
                user = attrs.evolve(user, consent=Consent(agreed_to, now))
            user = attrs.evolve(
                user,
                contact=contact or user.contact,
                language=language or user.language,
            )
            user = await tx.users.save(user)
            await tx.commit()
        return user

    async def reach(self, user_id: UUID, channels: Iterable[Home]) -> User:
        """Say where else a citizen wants to be reached; replaces what was said before.

        Raises:
            NotFound: there is no such citizen.
        """
        async with self.store.begin() as tx:
            user = await tx.users.get(user_id)
            also = tuple(home for home in dict.fromkeys(channels) if home != user.home)
            user = await tx.users.save(attrs.evolve(user, channels=also))
            await tx.commit()
        return user
