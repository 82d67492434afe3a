"""How the watcher looks after those who wait, in virtual time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.errors import StorageDamaged
from mta_core.domain.notifications import Kind
from mta_core.domain.subscriptions import STILL_NEEDED_AFTER, Subscription
from mta_core.ports.queue import Job, Task
from mta_core.testing import NOON, a_catalogue
from mta_entrypoints.watcher.main import AFTER_TROUBLE, TEND_EVERY
from tests.unit.entrypoints.watch_post import Logs, WatchPost, events

DAY = 86400.0
HALF = timedelta(seconds=TEND_EVERY / 2)


async def forgotten(post: WatchPost) -> Subscription:
    """Store a citizen who is to be asked in half a round whether they still wait."""
    return await post.wish(waiting_since=NOON - STILL_NEEDED_AFTER + HALF)


async def kinds(post: WatchPost, wish: Subscription) -> list[Kind]:
    async with post.store.snapshot() as tx:
        return [note.kind for note in await tx.notifications.of(wish.user, 9)]


async def test_who_was_not_heard_of_for_long_is_asked_in_the_next_round(
    post: WatchPost, logged: Logs
) -> None:
    wish = await forgotten(post)
    async with post.running():
        await post.clock.advance(TEND_EVERY - 1)
        assert await kinds(post, wish) == []
        await post.clock.advance(1)
        assert await kinds(post, wish) == [Kind.STILL_NEEDED]
        await post.clock.advance(3 * TEND_EVERY)
    assert await kinds(post, wish) == [Kind.STILL_NEEDED]
    async with post.store.snapshot() as tx:
        (note,) = await tx.notifications.of(wish.user, 9)
    assert Job(Task.DELIVER, note.id) in post.queue.waiting
    (tended,) = [line for line in logged if line["event"] == "subscriptions_tended"]
    assert tended["count"] == 1


async def test_a_database_that_is_away_is_waited_for(
    post: WatchPost, logged: Logs
) -> None:
    wish = await forgotten(post)
    async with post.running():
        await post.clock.advance(TEND_EVERY - 1)
        post.store.unavailable = True
        await post.clock.advance(1 + AFTER_TROUBLE)
        post.store.unavailable = False
        await post.clock.advance(TEND_EVERY + AFTER_TROUBLE)
    assert events(logged, "tend_failed") == ["tend_failed"]
    assert await kinds(post, wish) == [Kind.STILL_NEEDED]


async def test_a_damaged_database_ends_the_watcher(post: WatchPost) -> None:
    await forgotten(post)
    async with post.running() as task:
        await post.clock.advance(TEND_EVERY - 0.2)
        post.store.fail(StorageDamaged("restore it from a backup"))
        await post.clock.advance(1)
        assert task.done()
        with pytest.raises(StorageDamaged, match="backup"):
            await task


@pytest.mark.usefixtures("_leisurely")
async def test_what_the_city_drops_is_told_with_the_next_catalogue() -> None:
    post = WatchPost()
    wish = await post.wish()
    async with post.running():
        assert await kinds(post, wish) == []
        post.site.city = a_catalogue(offers=())
        await post.clock.advance(DAY + 60)
        assert await kinds(post, wish) == [Kind.VANISHED]
        post.site.city = a_catalogue()
        await post.clock.advance(DAY + 60)
    assert await kinds(post, wish) == [Kind.BACK, Kind.VANISHED]


@pytest.fixture
def _leisurely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the other loops sleep long, so that days pass fast."""
    for name in ("TICK", "RELAY_EVERY", "TEND_EVERY"):
        monkeypatch.setattr(f"mta_entrypoints.watcher.main.{name}", 3600.0)
