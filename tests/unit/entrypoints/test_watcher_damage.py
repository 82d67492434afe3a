"""A damaged database ends the watcher, whichever of its loops meets it."""

from __future__ import annotations

import pytest

from mta_core.domain.errors import StorageDamaged, StorageUnavailable
from tests.unit.entrypoints.watch_post import Logs, WatchPost, events

FAILED = (
    *("watch_failed", "relay_failed", "catalogue_failed", "tend_failed"),
    *("forecast_failed", "remember_failed", "recall_failed"),
)


async def test_damage_ends_all_loops_and_is_told(post: WatchPost, logged: Logs) -> None:
    await post.wish()
    async with post.running() as task:
        post.store.fail(StorageDamaged("The file is damaged."))
        await post.clock.advance(10)
        with pytest.raises(StorageDamaged, match=r"The file is damaged\."):
            await task
    [failed] = [line for line in logged if line["event"] in FAILED]
    assert failed["reason"] == "The file is damaged."
    assert post.clock.sleeping == 0
    asked = len(post.site.calls)
    await post.clock.advance(600)
    assert len(post.site.calls) == asked


async def test_damage_is_met_by_the_first_who_reads(logged: Logs) -> None:
    post = WatchPost()
    post.store.fail(StorageDamaged())
    async with post.running() as task:
        with pytest.raises(StorageDamaged):
            await task
    assert events(logged, *FAILED) == ["forecast_failed"]


async def test_trouble_that_may_pass_is_still_waited_out(
    busy: WatchPost, logged: Logs
) -> None:
    busy.store.fail(StorageUnavailable(), times=3)
    before = len(busy.questions())
    await busy.clock.advance(60)
    assert len(busy.questions()) > before
    assert len(events(logged, *FAILED)) == 3


async def test_a_bug_is_not_hidden_behind_damage(post: WatchPost) -> None:
    await post.wish()
    await post.clock.advance(25 * 3600)  # the catalogue is too old
    post.site.fail("catalogue", RuntimeError("a bug"))
    post.store.fail(StorageDamaged("The file is damaged."))
    async with post.running() as task:
        with pytest.raises(ExceptionGroup) as caught:
            await task
    assert caught.group_contains(RuntimeError, match="a bug")
    assert caught.group_contains(StorageDamaged)
