"""Who waits for what: folded anew only when something changed."""

from __future__ import annotations

import pytest

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import StorageUnavailable
from mta_core.testing.builders import PASSPORT, a_blindness, a_probe, a_service_set
from mta_core.use_cases.waiting import KEEP
from tests.unit.use_cases.world import BOTH_OFFICES, SECOND, World


async def forget_the_city(world: World) -> None:
    async with world.store.begin() as tx:
        await tx.sights.keep_catalogue(Catalogue.of((), (), ()), world.clock.now())
        await tx.commit()


async def test_nobody_waits_before_a_catalogue_is_known() -> None:
    world = World()
    await world.wish()
    assert await world.waiting() == ()
    assert world.waiting.catalogue is None


async def test_the_catalogue_is_noticed_as_soon_as_it_is_known() -> None:
    world = World()
    await world.wish()
    await world.waiting()
    await world.know_the_city()
    assert len(await world.waiting()) == 1
    assert world.waiting.catalogue == world.site.city


async def test_all_who_wait_for_the_same_share_one_demand(world: World) -> None:
    first, second = await world.wish(), await world.wish()
    (demand,) = await world.waiting()
    assert {wish.id for wish in demand.subscriptions} == {first.id, second.id}
    assert demand.probe().offices == BOTH_OFFICES


async def test_a_changed_subscription_is_noticed_at_once(world: World) -> None:
    wish = await world.wish()
    await world.waiting()
    async with world.store.begin() as tx:
        await tx.subscriptions.save(wish.cancel())
        await tx.commit()
    assert await world.waiting() == ()


async def test_a_new_subscription_is_noticed_at_once(world: World) -> None:
    await world.wish()
    await world.waiting()
    await world.wish(services=a_service_set(PASSPORT))
    assert len(await world.waiting()) == 2


async def test_nothing_is_folded_while_nothing_changed(world: World) -> None:
    await world.wish()
    before = await world.waiting()
    await forget_the_city(world)
    await world.clock.advance((KEEP - SECOND).total_seconds())
    assert await world.waiting() is before


async def test_after_a_while_it_is_folded_anew(world: World) -> None:
    """The catalogue may have changed, and the earliest day moves with the notice."""
    await world.wish()
    await world.waiting()
    await forget_the_city(world)
    await world.clock.advance(KEEP.total_seconds())
    assert await world.waiting() == ()


async def test_a_new_day_is_noticed_at_once(world: World) -> None:
    await world.wish()
    await world.clock.advance(12 * 3600 - 60)  # a minute to midnight in Munich
    (before,) = await world.waiting()
    await world.clock.advance(60)
    (after,) = await world.waiting()
    assert before is not after


async def test_probes_that_nobody_asks_any_more_are_not_blind(world: World) -> None:
    await world.wish()
    kept, dropped = a_blindness(), a_blindness(
        a_probe(services=a_service_set(PASSPORT))
    )
    async with world.store.begin() as tx:
        await tx.sights.mark_blind(kept)
        await tx.sights.mark_blind(dropped)
        await tx.commit()
    await world.waiting()
    async with world.store.snapshot() as tx:
        assert list(await tx.sights.blind()) == [kept]


async def test_a_database_that_is_away_is_asked_again(world: World) -> None:
    await world.wish()
    world.store.unavailable = True
    with pytest.raises(StorageUnavailable):
        await world.waiting()
    world.store.unavailable = False
    assert len(await world.waiting()) == 1
