"""A real city with little ceremony: honest about who asks, and within the budgets."""

from __future__ import annotations

from contextlib import aclosing
from importlib.metadata import PackageNotFoundError

import pytest

from mta_core import (
    Budget,
    InvalidValue,
    OfficeId,
    ServiceSet,
    SiteUnreachable,
    Slot,
    Wait,
    Wishes,
    watch,
)
from mta_entrypoints.library import opened_city
from tests.integration.library.town import OFFICE, SERVICE, Town, in_a_week

pytestmark = pytest.mark.integration

ELSEWHERE = "https://city.example.org/buergeransicht/api/citizen"
CONTACT = "amira@example.org"
SERVICES = ServiceSet.parse(str(SERVICE))


async def test_its_parts_are_what_watching_needs(town: Town) -> None:
    nine = in_a_week(9)
    town.free(nine)
    async with opened_city(town.practice.api_url) as city:
        catalogue = await city.catalogue()
        openings = watch(
            city.site,
            SERVICES,
            Wishes(),
            limiter=city.limiter,
            clock=city.clock,
            catalogue=catalogue,
            on_sight=lambda sight: None,
        )
        async with aclosing(openings):
            opening = await anext(openings)
    assert opening.slot == Slot(nine, OfficeId(OFFICE), SERVICES)
    assert catalogue.offices[opening.slot.office].name
    assert town.seen() == ["offices-and-services", "available-calendar"]


async def test_every_request_says_who_asks(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_city(town.practice.api_url, contact=CONTACT) as city:
        await city.catalogue()

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("mta_entrypoints.library.container.version", version)
    async with opened_city(town.practice.api_url) as city:
        await city.catalogue()
    named, bare = town.agents()
    assert named.startswith("MunichTerminAutomator/")
    assert named.endswith(f" (+{CONTACT})")
    assert bare == "MunichTerminAutomator/0+source"


async def test_nobody_asks_a_city_elsewhere_anonymously() -> None:
    with pytest.raises(InvalidValue, match=r"does not ask city\.example\.org"):
        async with opened_city(ELSEWHERE):
            pytest.fail("it was opened")


async def test_a_city_elsewhere_is_asked_nothing_at_first() -> None:
    async with opened_city(ELSEWHERE, contact=CONTACT) as city:
        for budget in Budget:
            answer = await city.limiter.ask(budget)
            assert isinstance(answer, Wait)
            assert 70 < answer.seconds <= 73


async def test_its_catalogue_takes_places_in_the_budget(town: Town) -> None:
    async with opened_city(town.practice.api_url) as city:
        for _ in range(Budget.OTHER.limit):
            await city.catalogue()
        assert isinstance(await city.limiter.ask(Budget.OTHER), Wait)


async def test_a_city_that_is_closed_or_gone_says_so(town: Town) -> None:
    async with opened_city(town.practice.api_url) as city:
        town.close()
        with pytest.raises(SiteUnreachable):
            await city.catalogue()
    with pytest.raises(RuntimeError, match="closed"):
        await city.catalogue()
