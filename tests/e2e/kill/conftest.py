"""What the tests that kill MTA share: a stage for all stories of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.kill.stage import Stage, stage


@pytest.fixture(scope="module")
def at() -> Iterator[Stage]:
    """One citizen who waits in book mode."""
    with stage() as at:
        yield at
