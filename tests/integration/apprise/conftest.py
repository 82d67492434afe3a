"""What all tests of Apprise's channels need."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.apprise.loopback import MailServer, WebServer


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the developer's proxies, netrc and caches out; return the empty home."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    return home


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    """A web server that takes everything."""
    async with WebServer() as server:
        yield server


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    """A mail server that takes everything."""
    async with MailServer() as server:
        yield server
