"""One stepped practice city per test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.practice.support import Town, a_town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as town:
        yield town
