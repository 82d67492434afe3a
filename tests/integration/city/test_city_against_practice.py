"""The adapter against the practice city: the port's contract, and the city's limits."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import httpx
import pytest

from mta_adapters.city import HttpSite, make_client
from mta_core.domain.availability import Slot, day_of
from mta_core.domain.calls import CityStatus, Held
from mta_core.domain.catalogue import OfficeId, ServiceId
from mta_core.domain.errors import RateLimited, Refused, SiteChanged, SlotGone
from mta_core.testing.builders import some_details
from mta_core.testing.clock import FakeClock
from mta_practice import PracticeSettings, create_app, running
from tests.contracts.site_contract import SiteContract
from tests.contracts.site_places import Places

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
API = "/buergeransicht/api/citizen"
STEPPED = PracticeSettings(stepped=True, start=START.timestamp(), request_limit=1000)


@attrs.frozen
class PracticeCity:
    """A gateway to a practice city, and the hands of its staff and citizens."""

    site: HttpSite
    clock: FakeClock
    web: httpx.AsyncClient

    def now(self) -> datetime:
        """The city's present; both clocks are moved together."""
        return self.clock.now()

    async def free(self, slots: Sequence[Slot]) -> None:
        """Open slots by hand."""
        starts: dict[tuple[OfficeId, ServiceId], list[int]] = defaultdict(list)
        for slot in slots:
            (service,) = slot.services.ids
            starts[slot.office, service].append(int(slot.start.timestamp()))
        for (office, service), at in starts.items():
            body = {"officeId": office, "serviceId": service, "starts": at}
            (await self.web.post("/practice/openings", json=body)).raise_for_status()

    async def confirm(self, held: Held) -> None:
        """Open the mail's link, which calls a route that MTA never calls."""
        body = {"processId": held.process_id, "authKey": held.auth_key}
        answer = await self.web.post(f"{API}/confirm-appointment/", json=body)
        answer.raise_for_status()

    async def elapse(self, seconds: float) -> None:
        """Let time pass in the city."""
        await self.web.post("/practice/clock", json={"advance": seconds})
        await self.clock.advance(seconds)


@asynccontextmanager
async def a_city(
    settings: PracticeSettings = STEPPED, path: str = API
) -> AsyncIterator[PracticeCity]:
    """Serve a practice city without sockets."""
    app: Any = create_app(settings)  # its scopes are typed more narrowly than httpx's
    transport = httpx.ASGITransport(app)
    async with (
        make_client(
            f"http://localhost{path}",
            contact=None,
            version="0.1.0",
            transport=transport,
        ) as client,
        httpx.AsyncClient(base_url="http://localhost", transport=transport) as web,
    ):
        clock = FakeClock(START)
        yield PracticeCity(HttpSite(client, clock), clock, web)


async def places_of(city: PracticeCity) -> Places:
    """Choose a service and two offices, as the contract does."""
    return Places.of(await city.site.catalogue(), day_of(city.now()))


class TestHttpSite(SiteContract):
    """The adapter and the practice city against the port's contract."""

    @pytest.fixture
    async def city(self) -> AsyncIterator[PracticeCity]:
        async with a_city() as city:
            yield city


async def test_the_citys_limit_is_counted_and_refused() -> None:
    async with a_city(attrs.evolve(STEPPED, request_limit=5)) as city:
        left = []
        for _ in range(5):
            await city.site.catalogue()
            counter = city.site.counter()
            assert counter is not None
            left.append(counter.remaining)
        with pytest.raises(RateLimited) as caught:
            await city.site.catalogue()
        await city.elapse(61)
        await city.site.catalogue()

    assert left == [3, 2, 1, 0, 0]  # one less than are left, as the city counts
    assert caught.value.until == START + timedelta(seconds=60)


async def test_of_two_who_reserve_at_once_one_is_told_that_it_is_gone() -> None:
    async with a_city(attrs.evolve(STEPPED, lookup_seconds=0.05)) as city:
        places = await places_of(city)
        slot = places.slot(places.early)
        await city.free([slot])
        results = await asyncio.gather(
            city.site.reserve(slot), city.site.reserve(slot), return_exceptions=True
        )

    (lost,) = (result for result in results if isinstance(result, SlotGone))
    (won,) = (result for result in results if result is not lost)
    assert not isinstance(won, BaseException)
    assert won.status is CityStatus.RESERVED
    assert lost.code == "unknownError"


async def test_a_refusal_keeps_the_citys_words() -> None:
    async with a_city() as city:
        places = await places_of(city)
        slot = places.slot(places.early)
        await city.free([slot])
        held = (await city.site.reserve(slot)).held
        await city.confirm(held)
        await city.elapse((slot.start - START).total_seconds())
        with pytest.raises(Refused) as caught:
            await city.site.cancel(held)

    assert str(caught.value) == (
        "The selected appointment cannot be canceled. (appointmentCanNotBeCanceled)"
    )


async def test_a_wrong_address_is_no_empty_city() -> None:
    async with a_city(path=f"{API}/v1") as city:
        with pytest.raises(SiteChanged, match="base URL is wrong"):
            await city.site.catalogue()


async def test_several_services_are_one_appointment() -> None:
    async with a_city() as city:
        places = await places_of(city)
        (service,) = places.services.ids
        twice = attrs.evolve(
            places.slot(places.early), services=places.services.of({service: 2})
        )
        catalogue = await city.site.catalogue()
        grid = catalogue.office(places.here).slot_minutes
        assert grid is not None
        first = places.slot(places.early)
        step = timedelta(minutes=grid) * catalogue.slots_needed(
            places.services, places.here
        )
        await city.free([first])
        with pytest.raises(SlotGone):
            await city.site.reserve(twice)
        await city.free([attrs.evolve(first, start=first.start + step)])
        appointment = await city.site.reserve(twice)

    assert appointment.status is CityStatus.RESERVED


@pytest.mark.integration
async def test_it_works_over_a_socket_too() -> None:
    with running(STEPPED) as practice:
        async with (
            make_client(practice.api_url, contact=None, version="0.1.0") as client,
            httpx.AsyncClient(base_url=practice.url) as web,
        ):
            clock = FakeClock(START)
            city = PracticeCity(HttpSite(client, clock), clock, web)
            places = await places_of(city)
            slot = places.slot(places.early)
            await city.free([slot])
            held = (await city.site.reserve(slot)).held
            await city.site.update(held, some_details())
            await city.site.preconfirm(held)
            await city.confirm(held)
            looked = await city.site.appointment(held)
            ledger = (await web.get("/practice/ledger")).json()

    assert looked.status is CityStatus.CONFIRMED
    routes = [entry["route"] for entry in ledger if "Munich" in entry["userAgent"]]
    assert routes == [
        "offices-and-services",
        "reserve-appointment",
        "update-appointment",
        "preconfirm-appointment",
        "appointment",
    ]
