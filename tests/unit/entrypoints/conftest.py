"""What the tests of the entrypoints share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.entrypoints.surroundings import logs_put_back, settle_in


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settle_in(tmp_path, monkeypatch)
    with logs_put_back():
        yield
