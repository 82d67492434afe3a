"""What the tests of the use cases share."""

from __future__ import annotations

import pytest

from mta_core.testing.clock import FakeClock
from tests.unit.use_cases.world import World


@pytest.fixture
async def world() -> World:
    """A city that is known, in time that passes by itself."""
    world = World()
    await world.know_the_city()
    return world


@pytest.fixture
async def slow_world() -> World:
    """A city that is known, answers after 2 s, in time that a test must advance."""
    world = World(clock=FakeClock())
    world.site.latency = 2.0
    await world.know_the_city()
    return world
