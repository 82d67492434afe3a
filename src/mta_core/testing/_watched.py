"""When the city answered, in the in-memory database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.watched import KEPT, WatchedHour, hour_of
from mta_core.ports.repository import Watched
from mta_core.testing._tables import Tables


@attrs.frozen
class InMemoryWatched(Watched):
    """Hours with answers, in memory."""

    _tables: Tables

    async def note(
        self, services: ServiceSet, offices: Iterable[OfficeId], at: datetime
    ) -> None:
        """An answer observed these offices. What is older than `KEPT` is dropped."""
        new, hours = WatchedHour.of(offices, at), await self.hours(services, at - KEPT)
        same = [h for h in hours if (h.offices, h.hour) == (new.offices, new.hour)]
        for old in same:
            new = attrs.evolve(new, minutes=new.minutes | old.minutes)
        kept = [hour for hour in hours if hour not in same]
        self._tables.watched[services] = (*kept, new)

    async def hours(
        self, services: ServiceSet, since: datetime
    ) -> Sequence[WatchedHour]:
        """The hours with answers, from that moment's hour on, oldest first."""
        every = self._tables.watched.get(services, ())
        found = [hour for hour in every if hour.hour >= hour_of(since)]
        return sorted(found, key=lambda hour: hour.hour)
