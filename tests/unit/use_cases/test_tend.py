"""Nobody waits in vain: they are asked, paused, and told when it is over."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from mta_core.domain.errors import StorageUnavailable
from mta_core.domain.notifications import DeliveryState, Kind
from mta_core.domain.subscriptions import (
    ANSWER_WITHIN,
    STILL_NEEDED_AFTER,
    Subscription,
    SubscriptionState,
    Wishes,
)
from mta_core.ports.queue import Job, Task
from mta_core.testing.builders import (
    a_slot,
    a_window,
)
from mta_core.testing.clock import NOON
from mta_core.use_cases import tend
from tests.unit.use_cases.swapping import A_DAY, Swap
from tests.unit.use_cases.world import HOUR, SECOND, Crash, World

State = SubscriptionState


async def wait(world: World, span: timedelta) -> None:
    await world.clock.advance(span.total_seconds())


# Still needed?


async def test_who_was_not_heard_of_for_long_is_asked(world: World) -> None:
    wish = await world.wish(waits=timedelta(0))
    await wait(world, STILL_NEEDED_AFTER)
    assert await world.tend() == 0
    await wait(world, SECOND)
    assert await world.tend() == 1
    (note,) = await world.owed(wish.user)
    assert (note.kind, note.subscription, note.due_at) == (
        Kind.STILL_NEEDED,
        wish.id,
        world.clock.now(),
    )
    assert note.facts == {
        "service": "Wohnsitz anmelden",
        "since": NOON.isoformat(),
        "id": wish.id.hex[-8:],
    }
    assert world.queue.drain() == [Job(Task.DELIVER, note.id)]
    after = await world.subscription(wish)
    assert (after.state, after.asked_at) == (State.ACTIVE, world.clock.now())


async def test_they_are_asked_once(world: World) -> None:
    wish = await world.wish()
    await wait(world, STILL_NEEDED_AFTER + A_DAY)
    for _ in range(3):
        await world.tend()
    assert await world.kinds(wish.user) == [Kind.STILL_NEEDED]


async def test_without_an_answer_it_is_paused_and_nothing_is_lost(
    world: World,
) -> None:
    wish = await world.wish()
    await wait(world, STILL_NEEDED_AFTER + SECOND)
    await world.tend()
    await wait(world, ANSWER_WITHIN)
    assert await world.tend() == 0
    await wait(world, SECOND)
    assert await world.tend() == 1
    assert await world.kinds(wish.user) == [Kind.STILL_NEEDED, Kind.PAUSED]
    after = await world.subscription(wish)
    assert (after.state, after.waiting_since) == (State.PAUSED, wish.waiting_since)
    await wait(world, 365 * A_DAY)
    assert await world.tend() == 0


async def test_who_answers_is_asked_again_only_after_as_long(world: World) -> None:
    wish = await world.wish()
    await wait(world, STILL_NEEDED_AFTER + SECOND)
    await world.tend()
    await world.manage.resume(wish.id, wish.user)
    await wait(world, STILL_NEEDED_AFTER)
    assert await world.tend() == 0
    await wait(world, SECOND)
    await world.tend()
    assert await world.kinds(wish.user) == [Kind.STILL_NEEDED] * 2


async def test_who_has_answered_already_is_not_bothered(world: World) -> None:
    wish = await world.wish()
    await wait(world, STILL_NEEDED_AFTER + SECOND)
    await world.tend()
    await world.manage.resume(wish.id, wish.user)
    await world.work_off()
    (note,) = await world.owed(wish.user)
    assert (note.state, note.reason) == (
        DeliveryState.SUPERSEDED,
        "the citizen has answered already",
    )


async def test_who_has_not_answered_is_reached(world: World) -> None:
    wish = await world.wish()
    await wait(world, STILL_NEEDED_AFTER + SECOND)
    await world.tend()
    await world.work_off()
    assert await world.notified(wish.user) == [Kind.STILL_NEEDED]


# Over


async def test_when_no_day_is_left_it_is_over_and_told(world: World) -> None:
    """The last day that suits is a Friday: it ends at midnight in Munich."""
    weekdays = frozenset(range(5))
    window = a_window(0, 5)  # to Sunday
    wish = await world.wish(wishes=Wishes(windows=(window,), weekdays=weekdays))
    await world.wait_until(NOON + timedelta(days=3, hours=12))
    assert await world.tend() == 0
    await wait(world, SECOND)
    assert await world.tend() == 1
    assert (await world.subscription(wish)).state is State.EXPIRED
    assert await world.kinds(wish.user) == [Kind.OVER]
    assert await world.tend() == 0


async def test_a_pause_ends_with_the_days_too(world: World) -> None:
    wish = await world.wish(wishes=Wishes(windows=(a_window(0, 5),)))
    await world.manage.pause(wish.id, wish.user)
    await wait(world, 7 * A_DAY)
    await world.tend()
    assert (await world.subscription(wish)).state is State.EXPIRED


async def test_wishes_that_no_day_ever_suited_are_over_at_once(world: World) -> None:
    never = Wishes(windows=(a_window(0, 0),), excluded=frozenset({a_slot(0).day}))
    wish = await world.wish(wishes=never)
    await wait(world, A_DAY)
    await world.tend()
    assert (await world.subscription(wish)).state is State.EXPIRED


async def test_what_is_over_and_unanswered_is_over(world: World) -> None:
    until = Wishes(windows=(a_window(0, 65),))
    wish = await world.wish(wishes=until)
    await wait(world, 70 * A_DAY)
    await world.tend()
    assert await world.kinds(wish.user) == [Kind.OVER]


async def test_when_nothing_earlier_is_possible_any_more_the_wait_is_over(
    world: World,
) -> None:
    """The appointment that stands is near: all is well, and nothing need be said."""
    swap = await Swap.beginning(world)
    before = await world.kinds(swap.wish.user)
    await world.wait_until(swap.main.slot.start - A_DAY)
    assert await world.tend() == 0
    await wait(world, SECOND)
    assert await world.tend() == 1
    assert (await world.subscription(swap.wish)).state is State.FULFILLED
    assert await world.kinds(swap.wish.user) == before


# Not due after all


async def test_what_is_not_due_after_all_is_only_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update of MTA makes every wish due once, so that its next time is noted."""
    wish = await world.wish()

    async def every(tables: object, before: object, limit: int) -> list[Subscription]:
        return [await world.subscription(wish)]

    async with world.store.snapshot() as tx:
        monkeypatch.setattr(type(tx.subscriptions), "due", every)
    assert await world.tend() == 1
    after = await world.subscription(wish)
    assert after == attrs.evolve(wish, version=wish.version + 1)
    assert not await world.owed(wish.user)
    assert not world.queue.waiting


# Many at once, and trouble


async def test_many_are_cared_for_in_batches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tend, "BATCH", 3)
    wishes = [await world.wish(waits=n * HOUR) for n in range(7)]
    await wait(world, STILL_NEEDED_AFTER + A_DAY)
    assert [await world.tend() for _ in range(4)] == [3, 3, 1, 0]
    for wish in wishes:
        assert await world.kinds(wish.user) == [Kind.STILL_NEEDED]


async def test_who_waits_longest_for_care_is_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tend, "BATCH", 1)
    late, early = await world.wish(waits=HOUR), await world.wish(waits=2 * HOUR)
    await wait(world, STILL_NEEDED_AFTER + A_DAY)
    await world.tend()
    assert await world.kinds(early.user) == [Kind.STILL_NEEDED]
    assert not await world.owed(late.user)


async def test_while_nothing_is_due_nothing_is_written(world: World) -> None:
    await world.wish()
    before = world.store.commits
    assert await world.tend() == 0
    assert world.store.commits == before


@pytest.mark.parametrize("death", [StorageUnavailable(), Crash()])
async def test_what_was_not_written_is_done_again(
    world: World, death: BaseException
) -> None:
    wish = await world.wish()
    await wait(world, STILL_NEEDED_AFTER + A_DAY)
    world.store.dies_in, world.store.death = 0, death
    with pytest.raises(type(death)):
        await world.tend()
    assert not world.queue.waiting
    await world.tend()
    assert await world.kinds(wish.user) == [Kind.STILL_NEEDED]


async def test_before_the_city_is_known_the_service_is_named_by_its_number() -> None:
    world = World()
    wish = await world.wish()
    await wait(world, STILL_NEEDED_AFTER + A_DAY)
    await world.tend()
    (note,) = await world.owed(wish.user)
    assert note.facts["service"] == "1063475"
