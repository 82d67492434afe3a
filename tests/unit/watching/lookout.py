"""A watch at work in time that a test lets pass, and what it has said so far."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import attrs

from mta_core.domain.availability import Opening, Probe, Slot
from mta_core.domain.blindness import BlindReason
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet
from mta_core.domain.subscriptions import Wishes
from mta_core.polling.planner import Planner
from mta_core.ports.limiter import SPAN, Budget
from mta_core.testing import (
    FakeClock,
    FakeLimiter,
    ScriptedSite,
    a_catalogue,
    a_service_set,
)
from mta_core.watching import Event, Found, Gone, Sight, watch_events

STEP = 6.0
"""Seconds from one question to the next while all is well."""


@attrs.define(eq=False)
class Lookout:
    """One watch, the city it looks at, and its events in order."""

    clock: FakeClock = attrs.field(factory=FakeClock)
    services: ServiceSet = attrs.field(factory=a_service_set)
    wishes: Wishes = attrs.field(factory=Wishes)
    catalogue: Catalogue | None = None
    planner: Planner | None = None
    site: ScriptedSite = attrs.field(init=False)
    limiter: FakeLimiter = attrs.field(init=False)
    events: list[Event] = attrs.field(factory=list, init=False)
    error: Exception | None = attrs.field(default=None, init=False)
    ended: bool = attrs.field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self.site = ScriptedSite(a_catalogue(), self.clock)
        self.limiter = FakeLimiter(self.clock)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[asyncio.Task[None]]:
        """Watch until the block ends; the first question is answered at its start."""
        task = asyncio.create_task(self.watch())
        try:
            await self.clock.advance(0)
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def watch(self) -> None:
        """Take down all that happens, and how it ends."""
        try:
            async for event in watch_events(
                self.site,
                self.services,
                self.wishes,
                limiter=self.limiter,
                clock=self.clock,
                catalogue=self.catalogue,
                planner=self.planner,
            ):
                self.events.append(event)
            self.ended = True
        except Exception as error:  # a test looks at it
            self.error = error

    async def questions(self, count: int) -> None:
        """Let so many more questions be asked, as long as all goes well."""
        await self.clock.advance(count * STEP)

    @property
    def found(self) -> list[Slot]:
        """The slots found, in order."""
        return [opening.slot for opening in self.openings]

    @property
    def openings(self) -> list[Opening]:
        """The openings found, in order."""
        return [event.opening for event in self.events if isinstance(event, Found)]

    @property
    def gone(self) -> list[Opening]:
        """The openings gone, in order."""
        return [event.opening for event in self.events if isinstance(event, Gone)]

    @property
    def sights(self) -> list[list[tuple[BlindReason, frozenset[OfficeId]]]]:
        """What could not be seen, each time that it was told."""
        return [
            [(spot.reason, spot.offices) for spot in event.unseen]
            for event in self.events
            if isinstance(event, Sight)
        ]

    @property
    def probes(self) -> list[Probe]:
        """What was asked, in order."""
        abouts = [line.about for line in self.site.asked("calendar")]
        return [about for about in abouts if isinstance(about, Probe)]

    @property
    def asked_at(self) -> list[datetime]:
        """When it was asked."""
        return [line.at for line in self.site.asked("calendar")]

    @property
    def catalogues(self) -> list[datetime]:
        """When the city was asked for what it offers."""
        return [line.at for line in self.site.asked("catalogue")]


def check_budgets(sites: Sequence[ScriptedSite]) -> None:
    """Hold what cities saw, all of them together, against the budgets in any 60 s."""
    budgets = {"calendar": Budget.CALENDAR, "catalogue": Budget.OTHER}
    for budget in (Budget.CALENDAR, Budget.OTHER):
        sent = sorted(
            line.at
            for site in sites
            for line in site.calls
            if budgets[line.call] is budget
        )
        for first, too_early in zip(sent, sent[budget.limit :], strict=False):
            assert (too_early - first).total_seconds() >= SPAN, budget
