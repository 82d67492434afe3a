"""The catalogue: from the store while it is fresh, an old one rather than none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.errors import Refused, SiteError, SiteSilent, SiteUnreachable
from mta_core.ports.limiter import Budget
from mta_core.testing.builders import PASING, an_office
from mta_core.use_cases.read_catalogue import FRESH, ReadCatalogue
from tests.unit.use_cases.world import HOUR, SECOND, World


@pytest.fixture
def read(world: World) -> ReadCatalogue:
    return ReadCatalogue(world.store, world.site, world.limiter, world.clock)


@pytest.fixture
def empty() -> World:
    """A world that has never read the catalogue."""
    return World()


def reader(world: World) -> ReadCatalogue:
    return ReadCatalogue(world.store, world.site, world.limiter, world.clock)


async def test_a_fresh_catalogue_is_not_asked_for(
    world: World, read: ReadCatalogue
) -> None:
    await world.clock.advance((FRESH - SECOND).total_seconds())
    assert await read() == world.site.city
    assert not world.site.calls


async def test_the_first_catalogue_comes_from_the_city_and_is_kept(
    empty: World,
) -> None:
    assert await reader(empty)() == empty.site.city
    assert await reader(empty)() == empty.site.city
    assert len(empty.site.asked("catalogue")) == 1
    assert [budget for _, budget in empty.limiter.granted] == [Budget.OTHER]


@pytest.mark.parametrize("age", [FRESH, FRESH + HOUR])
async def test_an_old_catalogue_is_replaced(
    world: World, read: ReadCatalogue, age: timedelta
) -> None:
    await world.clock.advance(age.total_seconds())
    world.site.city = type(world.site.city).of((), [an_office(PASING)], ())
    assert await read() == world.site.city
    await world.clock.advance((FRESH - SECOND).total_seconds())
    assert await read() == world.site.city
    assert len(world.site.asked("catalogue")) == 1


async def test_how_fresh_it_must_be_can_be_said(
    world: World, read: ReadCatalogue
) -> None:
    await world.clock.advance(60)
    await read(fresh=timedelta(minutes=1))
    assert len(world.site.asked("catalogue")) == 1


@pytest.mark.parametrize("error", [SiteUnreachable(), SiteSilent(), Refused("x")])
async def test_an_old_catalogue_is_better_than_none(
    world: World, read: ReadCatalogue, error: SiteError
) -> None:
    await world.clock.advance(FRESH.total_seconds())
    world.site.fail("catalogue", error)
    assert await read() == world.site.city
    await read()
    assert len(world.site.asked("catalogue")) == 2  # it is still too old


async def test_without_any_catalogue_the_city_error_is_told(empty: World) -> None:
    empty.site.fail("catalogue", SiteUnreachable())
    with pytest.raises(SiteUnreachable):
        await reader(empty)()
