"""History: when openings have appeared, and how closely MTA watched."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import attrs

from mta_core.domain.availability import BERLIN, day_of
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import InvalidValue
from mta_core.domain.history import History
from mta_core.domain.watched import KEPT
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork

USUAL_DAYS = 28
"""As many of each weekday."""


@attrs.frozen
class ReadHistory:
    """Put the record of the last days together."""

    store: UnitOfWork
    clock: Clock

    async def __call__(self, services: ServiceSet, days: int = USUAL_DAYS) -> History:
        """Return what is known of exactly these services, today included.

        Raises:
            InvalidValue: so many days are not kept.
        """
        if not 1 <= days <= KEPT.days:
            raise InvalidValue(f"MTA knows of the last 1 to {KEPT.days} days.")
        now = self.clock.now()
        first = day_of(now) - timedelta(days=days - 1)
        since = datetime.combine(first, time(0), BERLIN).astimezone(UTC)
        async with self.store.snapshot() as tx:
            seen = await tx.openings.appeared(services, since)
            hours = await tx.watched.hours(services, since)
        return History.of(seen, hours, since, now)
