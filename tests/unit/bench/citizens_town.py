"""A small simulated city for the tests of `bench.citizens`: the practice catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import attrs

from bench.citizens.assumptions import Assumptions
from bench.citizens.habits import Habits
from bench.citizens.people import Citizen
from bench.citizens.run import Job, world_of
from bench.citizens.timeline import Timeline
from bench.citizens.town import Town
from bench.citizens.world import World
from mta_core.domain.availability import DateWindow, Probe, Slot
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.subscriptions import Mode, Subscription, Wishes
from mta_core.testing.builders import an_id
from mta_practice import compact_catalogue
from mta_practice.clock import munich_instant
from mta_practice.programme.draws import Draws
from mta_practice.stock import Batch

MONDAY = date(2026, 11, 2)
MORNING = float(munich_instant(MONDAY, 10 * 60))
KFZ = OfficeId(10308013)
SERVICE = ServiceSet.of([ServiceId(1063424)])
CHECKED_SERVICE = ServiceSet.of([ServiceId(1063475)])
CHECKED_OFFICE = OfficeId(102522)
SMALL = Assumptions(citizens=40, days=6, arrival_days=2)


def a_town(begin: float = MORNING) -> Town:
    """Build a city in which nothing is free yet."""
    return Town(compact_catalogue(), 1, begin, 1.0)


def open_slots(
    town: Town, now: float, minutes: Iterable[int], office: OfficeId = KFZ
) -> list[int]:
    """Open grid slots of three days later, and return their starts.

    They are opened by hand, so the crowd leaves them alone.
    """
    town.catch_up(now)
    nine = munich_instant(date(2026, 11, 5), 9 * 60)
    starts = tuple(nine + 60 * minute for minute in minutes)
    town.stock.add(Batch(office, starts))
    return list(starts)


def a_slot_at(start: int, office: OfficeId = KFZ) -> Slot:
    """Build the slot that begins then."""
    return Slot(datetime.fromtimestamp(start, UTC), office, SERVICE)


def a_question(services: ServiceSet = SERVICE, office: OfficeId = KFZ) -> Probe:
    """Build the question for one office from that Monday on."""
    window = DateWindow(MONDAY, date(2027, 4, 1))
    return Probe(services, frozenset({office}), window)


def a_citizen(number: int = 0, /, **changes: Any) -> Citizen:
    """Build somebody who came an hour ago and takes anything."""
    moment = datetime.fromtimestamp(MORNING - 3600, UTC)
    mode = changes.pop("mode", Mode.BOOK)
    services = changes.pop("services", SERVICE)
    wishes = changes.pop("wishes", Wishes())
    wish = Subscription(an_id(), an_id(), services, wishes, mode, moment)
    usual: dict[str, Any] = {
        "wish": wish,
        "offices": frozenset({KFZ}),
        "checked": False,
        "arrives": MORNING - 3600,
        "wakes": 7 * 60,
        "sleeps": 23 * 60,
    }
    return Citizen(number, **{**usual, **changes})


def a_world(*people: Citizen, **changes: Any) -> World:
    """Build a world of these people, who have all come."""
    assume = attrs.evolve(Assumptions(), **changes)
    world = World(
        a_town(),
        Timeline(MORNING),
        people,
        Habits(Draws(1), assume),
        assume,
    )
    world.timeline.run(MORNING)
    return world


def a_drawn_world(means_mode: Mode = Mode.BOOK, **changes: Any) -> World:
    """Build a world as a run does, small."""
    assume = attrs.evolve(SMALL, **changes)
    return world_of(Job("book", 1, "round-robin", None, assume), means_mode)
