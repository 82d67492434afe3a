"""What the tests of the commands share: a city, and a household in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mta_practice import Practice, running
from tests.integration.cli.household import A_CITY, Household, copy, furnish
from tests.unit.entrypoints.keyboard import Keyboard, plugged_in
from tests.unit.entrypoints.surroundings import logs_put_back, settle_in


@pytest.fixture(scope="module")
def city() -> Iterator[Practice]:
    """A practice city, for all tests of a module."""
    with running(A_CITY) as city:
        yield city


@pytest.fixture(scope="module")
def furnished(city: Practice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that knows the city, to be copied."""
    folder = tmp_path_factory.mktemp("furnished") / "data"
    with pytest.MonkeyPatch.context() as patch, logs_put_back():
        settle_in(folder.parent, patch)
        patch.setenv("MTA_CITY_URL", city.api_url)
        patch.setenv("MTA_DATA_DIR", str(folder))
        return furnish(folder)


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settle_in(tmp_path, monkeypatch)
    monkeypatch.setenv("COLUMNS", "300")  # so that no cell of a table is folded
    with logs_put_back():
        yield


@pytest.fixture
def home(
    city: Practice,
    furnished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Household:
    """A household that knows the city; nothing is free there."""
    httpx.delete(f"{city.url}/practice/openings").raise_for_status()
    data = copy(furnished, tmp_path / "data")
    monkeypatch.setenv("MTA_CITY_URL", city.api_url)
    monkeypatch.setenv("MTA_DATA_DIR", str(data))
    return Household(city, data, capsys)


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyboard]:
    """Somebody at a terminal, who can be asked."""
    with plugged_in(monkeypatch) as keyboard:
        yield keyboard
