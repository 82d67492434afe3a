"""Foretell: show what the watcher will ask next, and why, to whoever asks `mta why`."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from mta_core.polling.forecast import Forecast
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.pace import PaceView
from mta_core.ports.clock import Clock
from mta_core.ports.repository import UnitOfWork

NAME = "forecast"
FOREMOST = 12
"""How many of the next questions are shown."""

EVERY = timedelta(seconds=5)
IDLE_EVERY = timedelta(minutes=1)
"""How often, at most, while nobody waits."""


@attrs.define
class Foretell:
    """Write the watcher's plans down, where other processes can read them."""

    store: UnitOfWork
    planner: LearningPlanner
    clock: Clock
    _due_at: datetime | None = attrs.field(default=None, init=False)

    async def __call__(self, pace: PaceView) -> None:
        """Write them, if that was not done a moment ago.

        Raises:
            StorageUnavailable: they were not written.
        """
        now = self.clock.now()
        if self._due_at is not None and now < self._due_at:
            return
        candidates = self.planner.explain(now)
        forecast = Forecast(
            now,
            pace,
            len(candidates),
            tuple(candidates[:FOREMOST]),
            self.planner.memory.tick.phase,
        )
        async with self.store.begin() as tx:
            await tx.learnt.keep({NAME: forecast.document()}, now)
            await tx.commit()
        self._due_at = now + (EVERY if candidates else IDLE_EVERY)


@attrs.frozen
class ReadForecast:
    """Read the plans that the watcher wrote down last."""

    store: UnitOfWork

    async def __call__(self) -> Forecast | None:
        """Return them; None if MTA never watched this city."""
        async with self.store.snapshot() as tx:
            document = await tx.learnt.one(NAME)
        return None if document is None else Forecast.read(document)
