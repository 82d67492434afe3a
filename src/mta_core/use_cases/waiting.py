"""Who waits for what, kept at hand between two questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import attrs

from mta_core.domain.availability import day_of
from mta_core.domain.catalogue import Catalogue
from mta_core.polling.probes import Demand, fold
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork

KEEP = timedelta(minutes=10)


@attrs.define
class Waiting:
    """The demands of the moment, folded anew only when something changed.

    Attributes:
        catalogue: the one that the demands were folded with; None before the first.
    """

    store: UnitOfWork
    clock: Clock
    catalogue: Catalogue | None = None
    _demands: tuple[Demand, ...] = ()
    _seen: tuple[int, date] | None = None
    _folded_at: datetime | None = None

    async def __call__(self) -> Sequence[Demand]:
        """Return the demands; empty while nobody waits or no catalogue is known."""
        now = self.clock.now()
        async with self.store.snapshot() as tx:
            seen = (await tx.subscriptions.revision(), day_of(now))
            if seen == self._seen and not self._old(now):
                return self._demands
            kept = await tx.sights.catalogue()
            active = await tx.subscriptions.active()
        if kept is None:
            return ()
        self.catalogue = kept[0]
        self._demands = fold(active, self.catalogue, now)
        self._seen, self._folded_at = seen, now
        await self._forget_blindness()
        return self._demands

    async def _forget_blindness(self) -> None:
        """A probe that nobody asks any more is neither blind nor seeing."""
        async with self.store.begin() as tx:
            await tx.sights.forget_blindness(d.probe().key for d in self._demands)
            await tx.commit()

    def _old(self, now: datetime) -> bool:
        return self._folded_at is None or now - self._folded_at >= KEEP
