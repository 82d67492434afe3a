"""What the tests of the entrypoints share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.unit.entrypoints.surroundings import logs_put_back, settle_in
from tests.unit.entrypoints.watch_post import Logs, WatchPost


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settle_in(tmp_path, monkeypatch)
    with logs_put_back():
        yield


@pytest.fixture
async def post() -> WatchPost:
    """A watcher that knows the city; nobody waits yet."""
    post = WatchPost()
    await post.knows_the_city()
    return post


@pytest.fixture
async def busy(post: WatchPost) -> AsyncIterator[WatchPost]:
    """A watcher that runs, and somebody waits."""
    await post.wish()
    async with post.running():
        yield post


@pytest.fixture
def logged() -> Iterator[Logs]:
    """What is logged, as it is logged."""
    with capture_logs() as logged:
        yield logged
