"""The watcher shows every answer to `Suspect`, and logs what it says."""

from __future__ import annotations

from mta_core.domain.errors import SiteChanged, SiteUnreachable, StorageUnavailable
from tests.unit.entrypoints.watch_post import Logs, WatchPost, events

NAMES = ("condition_began", "condition_ended")


async def test_a_condition_is_logged_when_it_begins_and_when_it_ends(
    busy: WatchPost, logged: Logs
) -> None:
    busy.site.fail("calendar", SiteUnreachable("no route"), times=None)
    await busy.clock.advance(20 * 60)
    assert events(logged, *NAMES) == ["condition_began"]
    busy.site.heal()
    await busy.clock.advance(20 * 60)

    assert events(logged, *NAMES) == [*NAMES]
    began, ended = (line for line in logged if line["event"] in NAMES)
    assert began["condition"] == ended["condition"] == "outage"
    assert began["about"] == ended["about"] == "city"
    assert began["detail"].endswith("tries: no route.")
    assert (began["log_level"], ended["log_level"]) == ("warning", "info")
    assert began["since"] == ended["since"]


async def test_a_catalogue_that_cannot_be_read_is_looked_at(logged: Logs) -> None:
    post = WatchPost()
    post.site.fail("catalogue", SiteChanged("new"), times=4)
    async with post.running():
        await post.clock.advance(200)
    assert events(logged, *NAMES) == [*NAMES]
    began = next(line for line in logged if line["event"] == "condition_began")
    assert (began["condition"], began["about"]) == ("contract drift", "catalogue")


async def test_trouble_with_suspicions_does_not_stop_the_watching(
    post: WatchPost, logged: Logs
) -> None:
    await post.watcher.remember.recall()
    post.store.fail(StorageUnavailable("full"))
    await post.watcher.suspicions.read(SiteChanged())
    assert events(logged, "suspect_failed") == ["suspect_failed"]
    await post.watcher.suspicions.read(SiteChanged())
    assert events(logged, "suspect_failed") == ["suspect_failed"]
