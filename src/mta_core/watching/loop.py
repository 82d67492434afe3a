"""The loop itself: ``async for opening in watch(…)``."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from uuid import UUID

from mta_core.domain.availability import Opening
from mta_core.domain.catalogue import Catalogue, ServiceSet
from mta_core.domain.subscriptions import Mode, Subscription, Wishes
from mta_core.polling.planner import Planner
from mta_core.polling.round_robin import RoundRobin
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Limiter
from mta_core.watching.events import Event, Found, Sight, SiteView
from mta_core.watching.steps import Steps

_NOBODY = UUID(int=0)


async def watch(
    site: SiteView,
    services: ServiceSet,
    wishes: Wishes,
    *,
    limiter: Limiter,
    clock: Clock,
    on_sight: Callable[[Sight], object],
    catalogue: Catalogue | None = None,
    planner: Planner | None = None,
) -> AsyncGenerator[Opening, None]:
    """Yield each opening that suits, once; again only after two observed absences.

    It asks only while its next opening is awaited: evenly, within the limiter's budget,
    slower when the city suffers, and never an office behind a human check. It ends when
    no day that would suit is left. Leave it whenever you like: nothing goes on behind.

    Args:
        on_sight: is told what the watch sees, at its first answer and whenever that
            changes: else one that is blind would look just like "nothing free".
        catalogue: what the city offers, if it is at hand; else it is read first. It is
            read again each day.
        planner: chooses the questions; a fair round robin unless you bring another.

    Raises:
        NotFound, NotOffered, InvalidValue: the city cannot grant this, or all days that
            would suit are over.
        CheckNeeded: all offices that would suit are behind the city's human check.
        SiteError: one that does not pass by itself, such as `SiteChanged`.
        StorageUnavailable: the limiter cannot be reached; nothing was sent.
    """
    events = watch_events(
        site,
        services,
        wishes,
        limiter=limiter,
        clock=clock,
        catalogue=catalogue,
        planner=planner,
    )
    async with aclosing(events):
        async for event in events:
            match event:
                case Found(opening):
                    yield opening
                case Sight():
                    on_sight(event)


async def watch_events(
    site: SiteView,
    services: ServiceSet,
    wishes: Wishes,
    *,
    limiter: Limiter,
    clock: Clock,
    catalogue: Catalogue | None = None,
    planner: Planner | None = None,
) -> AsyncGenerator[Event, None]:
    """Yield all that happens: what `watch` yields, what is gone and what is not seen.

    Like `watch` in all else. When one answer brings several events, the sight comes
    first, then what is gone, then what was found, earliest first.
    """
    steps = Steps(
        site=site,
        limiter=limiter,
        clock=clock,
        planner=RoundRobin() if planner is None else planner,
        wish=Subscription(
            id=_NOBODY,
            user=_NOBODY,
            services=services,
            wishes=wishes,
            mode=Mode.TELL,
            waiting_since=clock.now(),
        ),
    )
    if catalogue is not None:
        steps.know(catalogue)
    while (events := await steps.take()) is not None:
        for event in events:
            yield event
