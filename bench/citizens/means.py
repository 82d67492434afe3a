"""The means that are held side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from bench.citizens.alone import alone
from bench.citizens.bound import AllSeeing
from bench.citizens.peers import Sweep
from bench.citizens.shifts import Shifts
from bench.citizens.turns import Kind
from bench.citizens.watcher import Watcher
from bench.citizens.world import World
from mta_core.domain.subscriptions import Mode
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.planner import Planner
from mta_core.polling.round_robin import RoundRobin

MakePlanner = Callable[[], Planner]

PLANNERS: Final[Mapping[str, MakePlanner]] = MappingProxyType(
    {"learning": LearningPlanner, "round-robin": RoundRobin}
)

_MANY = 100
"""Enough addresses that none of them is ever refused."""


@attrs.frozen
class Means:
    """A way to an appointment: *start* lets it loose in a world."""

    name: str
    what: str
    start: Callable[[World, MakePlanner], object]
    mode: Mode = Mode.TELL
    planned: bool = False


def _sweep(seconds: int, addresses: int = 1) -> Callable[[World, MakePlanner], object]:
    return lambda world, _: Sweep(world, seconds, addresses)


def _mta(
    kind: Kind | None = None, at_once: int | None = None, *, tap: bool = True
) -> Callable[[World, MakePlanner], object]:
    def start(world: World, make: MakePlanner) -> object:
        shifts = Shifts(world, kind, at_once) if kind else None
        return Watcher(world, make(), tap, shifts)

    return start


def _book(name: str, what: str, *turns: Any) -> Means:
    return Means(name, what, _mta(*turns), Mode.BOOK, planned=True)


MEANS: Final[tuple[Means, ...]] = (
    Means("alone", "reloads 10 minutes a day", lambda world, _: alone(world)),
    Means("peer-900", "peer bot, 900 s sweep", _sweep(900)),
    Means("peer-300", "peer bot, 300 s sweep", _sweep(300)),
    Means("peer-120", "peer bot, 120 s sweep", _sweep(120)),
    Means("peer-120-many", "peer bot, 120 s, 100 addresses", _sweep(120, _MANY)),
    Means("tell-link", "MTA tells, link to the page", _mta(tap=False), planned=True),
    Means("tell", "MTA tells, Book this", _mta(), planned=True),
    _book("book", "MTA books"),
    _book("book-reminders", "MTA books; visits by hand", Kind.BY_HAND),
    _book("book-shifts", "MTA books; shifts", Kind.OWN),
    _book("book-spread", "MTA books; shifts spread, 4 at once", Kind.OWN, 4),
    _book("book-shared", "MTA books; shared shifts, 1 at once", Kind.SHARED, 1),
    Means("bound", "sees all, never too late", lambda w, _: AllSeeing(w), Mode.BOOK),
)

BY_NAME: Final[Mapping[str, Means]] = MappingProxyType({m.name: m for m in MEANS})
