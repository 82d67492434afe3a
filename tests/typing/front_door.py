"""The front door as `mypy --strict` sees it: checked by `make types`, never run.

Where a line must not pass, its ``type: ignore`` says so: mypy complains about one that
is not needed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import assert_never, assert_type

import mta_core
from mta_core import (
    BlindSpot,
    Budget,
    Calendar,
    Catalogue,
    Clock,
    Counter,
    Event,
    Found,
    Gone,
    Grant,
    Home,
    Limiter,
    Notification,
    Notifier,
    OfficeId,
    Opening,
    Probe,
    ServiceId,
    ServiceSet,
    Sight,
    SiteGateway,
    SiteUnreachable,
    SiteView,
    Slot,
    Stamp,
    Wait,
    Wishes,
    watch,
    watch_events,
)
from mta_entrypoints.library import City, opened_city


async def the_loop(site: SiteView, limiter: Limiter, clock: Clock) -> None:
    """What the loops give."""
    services, wishes = ServiceSet.of([ServiceId(1)]), Wishes()
    openings = watch(
        site, services, wishes, limiter=limiter, clock=clock, on_sight=print
    )
    assert_type(openings, AsyncGenerator[Opening, None])
    async for opening in openings:
        assert_type(opening.slot, Slot)
        assert_type(opening.slot.start, datetime)
        assert_type(opening.slot.office, OfficeId)
    async for event in watch_events(
        site, services, wishes, limiter=limiter, clock=clock
    ):
        assert_type(event, Event)
        match event:
            case Found(opening) | Gone(opening):
                assert_type(opening, Opening)
            case Sight():
                assert_type(event.unseen, tuple[BlindSpot, ...])
            case _:
                assert_never(event)


def nobody_asks_without_manners(site: SiteView, limiter: Limiter, clock: Clock) -> None:
    """What must not pass: no limiter, no clock, no ear for what is not seen."""
    one, any_time = ServiceSet.parse("1"), Wishes()
    watch(site, one, any_time, clock=clock, on_sight=print)  # type: ignore[call-arg]
    watch(site, one, any_time, limiter=limiter, on_sight=print)  # type: ignore[call-arg]
    watch(site, one, any_time, limiter=limiter, clock=clock)  # type: ignore[call-arg]
    watch_events(site, one, any_time, clock=clock)  # type: ignore[call-arg]


def an_unknown_name_is_an_error() -> object:
    """Names are loaded late; type checkers know them all the same."""
    return mta_core.wach  # type: ignore[attr-defined]


async def a_city(contact: str) -> None:
    """A real city has the parts that the loop asks for."""
    async with opened_city("https://city.example.org/api", contact=contact) as city:
        assert_type(city, City)
        assert_type(await city.catalogue(), Catalogue)
        await the_loop(city.site, city.limiter, city.clock)


def any_city_can_be_looked_at(site: SiteGateway) -> SiteView:
    """Who can book in a city can look at it."""
    return site


class OwnCity(SiteView):
    """A city of one's own."""

    async def catalogue(self) -> Catalogue:
        return Catalogue.of([], [], [])

    async def calendar(self, probe: Probe) -> Calendar:
        raise SiteUnreachable

    def counter(self) -> Counter | None:
        return None


class HalfACity(SiteView):
    """A city without a calendar is none."""

    async def catalogue(self) -> Catalogue:
        return Catalogue.of([], [], [])

    def counter(self) -> Counter | None:
        return None


class OwnNotifier(Notifier):
    """A channel of one's own."""

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        assert_type(home.address, str)


class OwnLimiter(Limiter):
    """A log kept elsewhere."""

    async def ask(self, budget: Budget, by: datetime | None = None) -> Grant | Wait:
        return Wait(1.0)

    async def settle(self, grant: Grant) -> None:
        assert_type(grant.budget, Budget)

    async def pause(self) -> None:
        pass

    async def recent(self, since: datetime) -> Sequence[Stamp]:
        return ()


def ports_of_ones_own() -> tuple[SiteView, Notifier, Limiter]:
    """What is whole passes, and what is not does not."""
    HalfACity()  # type: ignore[abstract]
    return OwnCity(), OwnNotifier(), OwnLimiter()
