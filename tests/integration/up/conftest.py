"""What the tests of `mta up` share: a city, and a folder to run on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from mta_entrypoints.settings import Settings, load
from mta_practice import Practice, running
from tests.integration.cli.household import A_CITY, hurry
from tests.integration.up.running_up import Citizens, Up, citizens
from tests.unit.entrypoints.surroundings import logs_put_back, settle_in


@pytest.fixture(scope="module")
def city() -> Iterator[Practice]:
    """A practice city, for all tests of a module."""
    with running(A_CITY) as city:
        yield city


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settle_in(tmp_path, monkeypatch)
    hurry(monkeypatch)
    with logs_put_back():
        yield


@pytest.fixture
def settings(
    city: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings for a fresh folder in a city where nothing is free."""
    httpx.delete(f"{city.url}/practice/openings").raise_for_status()
    monkeypatch.setenv("MTA_CITY_URL", city.api_url)
    monkeypatch.setenv("MTA_DATA_DIR", str(tmp_path / "data"))
    return load()


@pytest.fixture
async def people(settings: Settings, city: Practice) -> AsyncIterator[Citizens]:
    """The citizens of a household."""
    async with citizens(settings, city.url) as people:
        yield people


@pytest.fixture
def up(settings: Settings) -> Up:
    """`mta up`, not started yet."""
    return Up(settings)
