"""A service that the city drops and brings back: told once each, and no place lost."""

from __future__ import annotations

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import SubscriptionState, Wishes
from mta_core.ports.queue import Job, Task
from mta_core.testing.builders import ORLEANSPLATZ, PASING, a_catalogue
from tests.unit.use_cases.world import World

State = SubscriptionState
NOTHING = a_catalogue(offers=())


async def test_who_waits_for_what_the_city_dropped_is_told_once(world: World) -> None:
    wish = await world.wish()
    for _ in range(3):
        await world.tend.offered(NOTHING)
    (note,) = await world.owed(wish.user)
    assert (note.kind, note.facts["service"]) == (Kind.VANISHED, "Wohnsitz anmelden")
    assert world.queue.drain() == [Job(Task.DELIVER, note.id)]
    after = await world.subscription(wish)
    assert (after.active, after.vanished_at) == (True, world.clock.now())


async def test_when_it_is_back_they_are_told_once(world: World) -> None:
    wish = await world.wish()
    for city in (NOTHING, NOTHING, a_catalogue(), a_catalogue()):
        await world.tend.offered(city)
    assert await world.kinds(wish.user) == [Kind.VANISHED, Kind.BACK]
    after = await world.subscription(wish)
    assert (after.vanished_at, after.waiting_since) == (None, wish.waiting_since)


async def test_what_only_others_would_take_has_vanished_for_who_would_not(
    world: World,
) -> None:
    at_pasing = await world.wish(wishes=Wishes(offices=frozenset({PASING})))
    anywhere = await world.wish()
    offers = [o for o in a_catalogue().offers if o.office == ORLEANSPLATZ]
    city = Catalogue.of(
        a_catalogue().services.values(), a_catalogue().offices.values(), offers
    )
    await world.tend.offered(city)
    assert await world.kinds(at_pasing.user) == [Kind.VANISHED]
    assert not await world.owed(anywhere.user)


async def test_who_does_not_wait_is_not_told(world: World) -> None:
    wish = await world.wish(state=State.PAUSED)
    await world.tend.offered(NOTHING)
    assert not await world.owed(wish.user)
    await world.manage.resume(wish.id, wish.user)
    await world.tend.offered(NOTHING)
    assert await world.kinds(wish.user) == [Kind.VANISHED]


async def test_while_nobody_waits_the_catalogue_changes_nothing(world: World) -> None:
    await world.tend.offered(NOTHING)
    assert not world.queue.waiting


async def test_what_is_listed_no_more_is_called_by_its_old_name(world: World) -> None:
    wish = await world.wish()
    unlisted = Catalogue.of((), a_catalogue().offices.values(), ())
    await world.tend.offered(unlisted, before=a_catalogue())
    (note,) = await world.owed(wish.user)
    assert note.facts["service"] == "Wohnsitz anmelden"
