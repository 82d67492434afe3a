"""The history, from what watching has recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mta_core.domain.errors import InvalidValue, SiteUnreachable
from mta_core.domain.history import History, Picture
from mta_core.domain.watched import KEPT
from mta_core.testing.builders import (
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    a_service_set,
    a_slot,
)
from mta_core.testing.clock import NOON
from mta_core.use_cases.history import ReadHistory
from tests.unit.use_cases.world import BOTH_OFFICES, MINUTE, World


async def read(world: World, days: int = 28) -> History:
    return await ReadHistory(world.store, world.clock)(a_service_set(), days)


async def watch(world: World, minutes: int) -> None:
    """Ask each minute."""
    for _ in range(minutes):
        await world.wait_until(world.clock.now() + MINUTE)
        await world.look()


def noon_hour(picture: Picture) -> tuple[int, float]:
    [day] = picture.days
    return day.openings[12], day.watched[12]


async def test_at_first_nothing_is_known(world: World) -> None:
    history = await read(world)
    assert history.offices == frozenset()
    assert not history.picture().watched


async def test_what_watching_sees_is_in_the_picture(world: World) -> None:
    await world.wish()
    await watch(world, 3)
    world.site.release(a_slot())
    await watch(world, 2)
    history = await read(world)
    openings, minutes = noon_hour(history.picture(frozenset({PASING})))
    assert openings == 1
    assert 3 < minutes < 6
    assert history.offices == BOTH_OFFICES
    assert noon_hour(history.picture(frozenset({ORLEANSPLATZ})))[0] == 0


async def test_what_was_free_before_mta_looked_is_not_dated(world: World) -> None:
    await world.wish()
    world.site.release(a_slot())
    await watch(world, 3)
    picture = (await read(world)).picture()
    assert (picture.openings, picture.undated, noon_hour(picture)[0]) == (1, 1, 0)


async def test_who_is_blind_does_not_watch(world: World) -> None:
    await world.wish()
    world.site.fail("calendar", SiteUnreachable(), times=5)
    await watch(world, 5)
    assert not (await read(world)).picture().watched


async def test_other_services_are_another_history(world: World) -> None:
    await world.wish()
    await watch(world, 3)
    other = await ReadHistory(world.store, world.clock)(a_service_set(PASSPORT))
    assert not other.picture().watched


async def test_the_days_are_whole_and_today_is_one_of_them(world: World) -> None:
    history = await read(world, days=1)
    assert history.since == datetime(2026, 8, 31, 22, tzinfo=UTC)
    assert history.until == NOON
    assert (await read(world, days=28)).since == datetime(2026, 8, 4, 22, tzinfo=UTC)


async def test_what_is_older_is_left_out(world: World) -> None:
    await world.wish()
    await watch(world, 3)
    await world.wait_until(NOON + timedelta(days=1))
    assert not (await read(world, days=1)).picture().watched
    assert (await read(world, days=2)).picture().watched


@pytest.mark.parametrize("days", [0, -1, KEPT.days + 1])
async def test_more_days_than_are_kept_are_refused(world: World, days: int) -> None:
    with pytest.raises(InvalidValue, match="the last 1 to 60 days"):
        await read(world, days)
