"""Know what the city offers."""

from __future__ import annotations

from datetime import timedelta

import attrs

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import SiteError
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.ports.site import SiteGateway
from mta_core.use_cases.politeness import turn

FRESH = timedelta(hours=24)
"""The city itself caches its catalogue for up to two hours (contract 2.5)."""


@attrs.frozen
class ReadCatalogue:
    """Read the catalogue, from the store while it is fresh, else from the city."""

    store: UnitOfWork
    site: SiteGateway
    limiter: Limiter
    clock: Clock

    async def __call__(self, fresh: timedelta = FRESH) -> Catalogue:
        """Return the catalogue; an old one rather than none.

        Raises:
            SiteError: the city does not answer, and nothing is stored.
        """
        try:
            return await self.fresh(fresh)
        except SiteError:
            async with self.store.snapshot() as tx:
                kept = await tx.sights.catalogue()
            if kept is None:
                raise
            return kept[0]

    async def fresh(self, fresh: timedelta = FRESH) -> Catalogue:
        """Return the catalogue, never an old one. Raises `SiteError`."""
        async with self.store.snapshot() as tx:
            kept = await tx.sights.catalogue()
        if kept and self.clock.now() - kept[1] < fresh:
            return kept[0]
        async with turn(self.limiter, self.clock, Budget.OTHER):
            catalogue = await self.site.catalogue()
        async with self.store.begin() as tx:
            await tx.sights.keep_catalogue(catalogue, self.clock.now())
            await tx.commit()
        return catalogue


async def last_known(tx: Transaction) -> Catalogue:
    """Read the catalogue that is stored; an empty one if there is none."""
    kept = await tx.sights.catalogue()
    return kept[0] if kept else Catalogue.of((), (), ())
