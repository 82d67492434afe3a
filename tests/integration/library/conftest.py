"""A practice city for those who import MTA, on a free port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mta_practice import PracticeSettings, running
from tests.integration.library.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """A practice city of its own."""
    with running(PracticeSettings()) as practice:
        yield Town(practice)
