"""Watch: ask the city one question and act on what it answers.

The whole way of the data in one place::

    planner → budget → city → what was observed → `Record`: openings
            → who takes, who is told → one transaction → queue
"""

from __future__ import annotations

import attrs

from mta_core.domain.availability import Observation, Probe
from mta_core.domain.blindness import Blindness, reason_of
from mta_core.domain.errors import SiteError
from mta_core.polling.planner import Outcome, Planner
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.repository import UnitOfWork
from mta_core.ports.site import SiteGateway
from mta_core.use_cases.politeness import turn
from mta_core.use_cases.record import Record
from mta_core.use_cases.waiting import Waiting


@attrs.frozen
class Watch:
    """Take one step of watching."""

    waiting: Waiting
    planner: Planner
    limiter: Limiter
    site: SiteGateway
    store: UnitOfWork
    record: Record
    clock: Clock

    async def __call__(self) -> Outcome | None:
        """Ask the next question, record and act; None if nobody waits.

        An error of the city is an outcome, not an exception: the probe is blind.

        Raises:
            StorageUnavailable: nothing was recorded; the next step observes it again.
        """
        probe = self.planner.next(await self.waiting(), self.clock.now())
        if probe is None or self.waiting.catalogue is None:
            return None
        try:
            async with turn(self.limiter, self.clock, Budget.CALENDAR):
                calendar = await self.site.calendar(probe)
        except SiteError as error:
            outcome = Outcome(probe, self.clock.now(), error=error)
            await self._note_blind(probe, error)
        else:
            seen = Observation.of(probe, calendar, self.clock.now())
            outcome = Outcome(probe, seen.at, observation=seen)
            await self.record(seen, self.waiting.catalogue)
        self.planner.learn(outcome)
        return outcome

    async def _note_blind(self, probe: Probe, error: SiteError) -> None:
        blindness = Blindness(probe.key, reason_of(error), self.clock.now(), str(error))
        async with self.store.begin() as tx:
            await tx.sights.mark_blind(blindness)
            await tx.commit()
