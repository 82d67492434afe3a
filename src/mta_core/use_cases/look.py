"""Look: what is free just now, for somebody who asks. Everybody else profits, too."""

from __future__ import annotations

import attrs

from mta_core.domain.availability import DateWindow, Observation, Probe, day_of
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.polling.probes import HORIZON
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.site import SiteGateway
from mta_core.use_cases.politeness import turn
from mta_core.use_cases.record import Record


@attrs.frozen
class Looked:
    """What was seen.

    Attributes:
        seen: the answer; None if every office that offers this is checked.
        checked: the offices behind a human check, which were not asked.
        waited: seconds spent waiting for a place in the budget.
    """

    seen: Observation | None
    checked: frozenset[OfficeId]
    waited: float = 0.0


@attrs.frozen
class Look:
    """Ask the city one question, through the same budget as the watcher."""

    site: SiteGateway
    limiter: Limiter
    record: Record
    clock: Clock

    async def __call__(
        self,
        catalogue: Catalogue,
        services: ServiceSet,
        *,
        offices: frozenset[OfficeId] | None = None,
        days: DateWindow | None = None,
    ) -> Looked:
        """Return the times of the first bookable day, and which later days are hinted.

        What is seen is recorded: whoever waits for it is told or booked first come,
        first served, whoever asked.

        Raises:
            NotFound, NotOffered, InvalidValue: the city does not offer this there.
            SiteError: the city did not answer; nothing is known.
        """
        able = catalogue.check_orderable(services, offices)
        checked = frozenset(office for office in able if catalogue.is_checked(office))
        if not able - checked:
            return Looked(None, checked)
        today = day_of(self.clock.now())
        window = days or DateWindow(today, today + HORIZON)
        probe = Probe(services, able - checked, window)
        async with turn(self.limiter, self.clock, Budget.CALENDAR) as place:
            calendar = await self.site.calendar(probe)
        seen = Observation.of(probe, calendar, self.clock.now())
        await self.record(seen, catalogue)
        return Looked(seen, checked, place.waited)
