"""What the watcher says of what it sees, and how it bears trouble, in virtual time."""

from __future__ import annotations

import pytest

from mta_core.domain.errors import (
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    StorageUnavailable,
)
from mta_core.domain.notifications import Kind
from mta_core.ports.queue import Job, Task
from mta_core.testing import NOON, PASSPORT, a_service_set, a_slot
from mta_entrypoints.watcher.main import RELAY_EVERY
from tests.unit.entrypoints.watch_post import Logs, WatchPost, events, gaps

DAY = 86400.0


class TestBlindness:
    async def test_it_is_told_once_and_so_is_its_end(
        self, busy: WatchPost, logged: Logs
    ) -> None:
        busy.site.fail("calendar", SiteUnreachable("no route"), times=3)
        await busy.clock.advance(240)

        assert events(logged, "probe_blind", "probe_seeing") == [
            "probe_blind",
            "probe_seeing",
        ]
        [blind] = [line for line in logged if line["event"] == "probe_blind"]
        [seeing] = [line for line in logged if line["event"] == "probe_seeing"]
        assert blind["reason"] == "no route"
        assert blind["log_level"] == "warning"
        assert seeing["probe"] == blind["probe"]

    async def test_another_reason_is_told_too(
        self, busy: WatchPost, logged: Logs
    ) -> None:
        errors: list[SiteError] = [
            SiteUnreachable("away"),
            SiteUnreachable("still away"),
            SiteSilent("mute"),
            SiteChanged("new"),
        ]
        for error in errors:
            busy.site.fail("calendar", error)
        await busy.clock.advance(300)

        reasons = [line["reason"] for line in logged if line["event"] == "probe_blind"]
        assert reasons == ["away", "mute", "new"]

    async def test_a_probe_that_is_blind_again_is_told_again(
        self, busy: WatchPost, logged: Logs
    ) -> None:
        for _ in range(2):
            busy.site.fail("calendar", SiteSilent())
            await busy.clock.advance(60)
        names = ("probe_blind", "probe_seeing")
        assert events(logged, *names) == [*names, *names]

    async def test_every_probe_speaks_for_itself(
        self, busy: WatchPost, logged: Logs
    ) -> None:
        await busy.wish(services=a_service_set(PASSPORT))
        busy.site.fail("calendar", SiteSilent(), times=9)
        await busy.clock.advance(600)
        probes = [line["probe"] for line in logged if line["event"] == "probe_blind"]
        assert len(set(probes)) == len(probes) == 2

    async def test_an_answer_is_logged_with_what_was_free(
        self, busy: WatchPost, logged: Logs
    ) -> None:
        busy.site.release(a_slot(), a_slot(minutes=15))
        await busy.clock.advance(6)
        [asked] = [line for line in logged if line["event"] == "probe_asked"]
        assert asked["free"] == 2

    async def test_blindness_ends_no_loop(self, busy: WatchPost) -> None:
        busy.site.fail("calendar", SiteChanged(), times=2)
        busy.site.release(a_slot())
        await busy.clock.advance(120)
        async with busy.store.snapshot() as tx:
            [wish] = await tx.subscriptions.active()
            [notice] = await tx.notifications.of(wish.user, 9)
        assert notice.kind is Kind.FOUND
        assert Job(Task.DELIVER, notice.id) in busy.queue.waiting


@pytest.fixture
def _leisurely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the other loops sleep long, so that days pass fast."""
    for name in ("TICK", "RELAY_EVERY"):
        monkeypatch.setattr(f"mta_entrypoints.watcher.main.{name}", 3600.0)


class TestCatalogue:
    @pytest.mark.usefixtures("_leisurely")
    async def test_it_is_read_at_once_and_then_daily(self, logged: Logs) -> None:
        post = WatchPost()
        async with post.running():
            assert post.catalogues() == [NOON]
            await post.clock.advance(3 * DAY)
        assert set(gaps(post.catalogues())) == {DAY + 60}
        assert len(post.catalogues()) == 3
        read = [line for line in logged if line["event"] == "catalogue_read"]
        assert [line["services"] for line in read] == [2, 2, 2]

    @pytest.mark.usefixtures("_leisurely")
    async def test_a_fresh_one_is_not_read_again(self, post: WatchPost) -> None:
        async with post.running():
            await post.clock.advance(DAY)
        assert post.catalogues() == []

    async def test_a_first_one_is_tried_for_until_it_is_there(
        self, logged: Logs
    ) -> None:
        post = WatchPost()
        post.site.fail("catalogue", SiteUnreachable("away"), times=3)
        await post.wish()
        async with post.running():
            await post.clock.advance(60)
            assert post.questions() == []
            await post.clock.advance(31)
            assert len(post.questions()) == 1
        assert gaps(post.catalogues()) == [30.0] * 3
        unread = [line for line in logged if line["event"] == "catalogue_unread"]
        assert [line["reason"] for line in unread] == ["away"] * 3

    @pytest.mark.usefixtures("_leisurely")
    async def test_a_newer_one_is_tried_for_while_an_old_one_serves(
        self, post: WatchPost, logged: Logs
    ) -> None:
        async with post.running():
            post.site.fail("catalogue", SiteUnreachable("away"), times=1)
            await post.clock.advance(DAY + 3600)
        assert gaps(post.catalogues()) == [30.0]
        assert events(logged, "catalogue_unread") == ["catalogue_unread"]


class TestRelay:
    async def test_what_is_due_is_queued_each_second(self, post: WatchPost) -> None:
        async with post.running():
            await post.clock.advance(10)
            booking = await post.booking(due_at=post.clock.now())
            await post.clock.advance(3 * RELAY_EVERY)
            assert Job(Task.BOOK, booking.id) in post.queue.waiting


class TestTrouble:
    async def test_a_database_that_is_away_is_waited_for(
        self, busy: WatchPost, logged: Logs
    ) -> None:
        busy.store.unavailable = True
        await busy.clock.advance(60)
        failed = ("watch_failed", "relay_failed")
        seen = events(logged, *failed)
        assert 9 <= seen.count("watch_failed") <= 12
        assert 9 <= seen.count("relay_failed") <= 12
        before = len(busy.questions())

        busy.store.unavailable = False
        booking = await busy.booking(due_at=busy.clock.now())
        await busy.clock.advance(15)

        assert len(busy.questions()) > before
        assert Job(Task.BOOK, booking.id) in busy.queue.waiting

    async def test_a_catalogue_that_cannot_be_kept_is_read_again(
        self, logged: Logs
    ) -> None:
        post = WatchPost()
        post.store.unavailable = True
        async with post.running():
            await post.clock.advance(11)
            post.store.unavailable = False
            await post.clock.advance(5)
        assert events(logged, "catalogue_failed", "catalogue_read") == [
            *["catalogue_failed"] * 3,
            "catalogue_read",
        ]

    async def test_without_the_limiter_nothing_is_asked(
        self, post: WatchPost, logged: Logs
    ) -> None:
        await post.wish()
        post.limiter.unreachable = True
        async with post.running():
            await post.clock.advance(20)
        assert post.questions() == []
        assert "watch_failed" in events(logged, "watch_failed")

    async def test_what_could_not_be_written_is_observed_again(
        self, busy: WatchPost
    ) -> None:
        await busy.clock.advance(1)
        busy.site.release(a_slot())
        busy.store.fail(StorageUnavailable())
        await busy.clock.advance(30)
        async with busy.store.snapshot() as tx:
            [wish] = await tx.subscriptions.active()
            assert len(await tx.notifications.of(wish.user, 9)) == 1

    async def test_storage_trouble_does_not_hurry_the_next_question(
        self, busy: WatchPost
    ) -> None:
        await busy.clock.advance(1)
        busy.store.fail(StorageUnavailable(), times=3)
        await busy.clock.advance(60)
        assert min(gaps(busy.questions())) >= 6.0
