"""Helping oneself: ten minutes of reloading a day (issue 5)."""

from __future__ import annotations

from functools import partial

from bench.citizens.page import Visit
from bench.citizens.people import Citizen
from bench.citizens.world import World
from mta_practice.clock import munich_day, munich_instant

_A_DAY = 86_400.0


def alone(world: World) -> None:
    """Let everybody try at once when they begin, then once a day, until they have it.

    Nobody ever tires of it: that favours them.
    """
    for citizen in world.people:
        world.timeline.at(citizen.arrives, partial(_visit, world, citizen))


def _visit(world: World, citizen: Citizen) -> None:
    now = world.timeline.now
    if citizen.looking:
        Visit(world, citizen, now + world.assume.visit, _shrug).begin()
    if citizen.confirmed_at is None:
        world.timeline.at(_next(world, citizen), partial(_visit, world, citizen))


def _next(world: World, citizen: Citizen) -> float:
    """Draw the next day's minute; nobody goes there asleep."""
    day = munich_day(munich_instant(munich_day(world.timeline.now)) + 1.5 * _A_DAY)
    first, last = world.assume.visit_from, world.assume.visit_to
    minute = world.habits.draws.whole(first, last, "visit", citizen.number, day)
    return world.habits.awake(citizen, munich_instant(day, minute))


def _shrug(_: bool) -> None:
    """Come back tomorrow."""
