"""A planner of the product in a world of the bench: it asks in the core's own words."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import attrs

from bench.polling.groups import Groups, Keys
from bench.polling.play import Policy, Sight
from bench.polling.worlds import Floats, World
from mta_core.domain.availability import BERLIN, Observation, Probe, Slot
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.probes import Demand

MONDAY = datetime(2026, 6, 1, tzinfo=BERLIN)
START = MONDAY.astimezone(UTC)
"""Second 0 of every world: the midnight of a Monday in Munich."""

_FIRST_DAY = 60  # days after START: no slot's time comes before the world ends
_PER_DAY = 96
_QUARTER = timedelta(minutes=15)


@attrs.define(eq=False)
class Timed(Planner):
    """A planner with a stopwatch; the time that other processes take does not count.

    Attributes:
        next_ns, learn_ns: how long each decision, and each lesson, took.
    """

    planner: Planner
    next_ns: list[int] = attrs.field(factory=list)
    learn_ns: list[int] = attrs.field(factory=list)

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        """Choose, and note how long it took."""
        begun = time.thread_time_ns()
        probe = self.planner.next(demands, now)
        self.next_ns.append(time.thread_time_ns() - begun)
        return probe

    def learn(self, outcome: Outcome) -> None:
        """Learn, and note how long it took."""
        begun = time.thread_time_ns()
        self.planner.learn(outcome)
        self.learn_ns.append(time.thread_time_ns() - begun)


@attrs.frozen(eq=False)
class Words:
    """The keys of a world in the core's words.

    All keys of a request share a service set, all of an office its id. Where a request
    holds two keys of one office, the second one is given an office of its own.
    """

    world: World
    groups: Groups
    sets: tuple[ServiceSet, ...] = attrs.field(init=False)
    offices: tuple[OfficeId, ...] = attrs.field(init=False)
    keys: Mapping[ServiceSet, Mapping[OfficeId, int]] = attrs.field(init=False)

    @sets.default
    def _sets(self) -> tuple[ServiceSet, ...]:
        return tuple(ServiceSet.of([ServiceId(1 + n)]) for n in range(len(self.groups)))

    @offices.default
    def _offices(self) -> tuple[OfficeId, ...]:
        ids = [0] * self.world.keys
        for keys in self.groups.members:
            taken: set[int] = set()
            for key in keys:
                office = 1 + int(self.world.office[key])
                while office in taken:
                    office += 100
                taken.add(office)
                ids[key] = office
        return tuple(map(OfficeId, ids))

    @keys.default
    def _keys(self) -> Mapping[ServiceSet, Mapping[OfficeId, int]]:
        return {
            services: {self.offices[key]: key for key in keys}
            for services, keys in zip(self.sets, self.groups.members, strict=True)
        }

    def asked(self, probe: Probe) -> Keys:
        """Return the keys that a probe asks for."""
        keys = self.keys[probe.services]
        return tuple(keys[office] for office in probe.offices)

    def demands(self, waiting: Floats) -> tuple[Demand, ...]:
        """Return who waits, as the planner wants to be told."""
        found = []
        for services, keys in zip(self.sets, self.groups.members, strict=True):
            people = {self.offices[key]: int(waiting[key]) for key in keys}
            people = {office: many for office, many in people.items() if many}
            if people:
                found.append(Demand(services, people, MONDAY.date(), ()))
        return tuple(found)


@attrs.define(eq=False)
class Produced(Policy):
    """A planner of the product, fed with honest observations."""

    planner: Timed
    words: Words
    _slots: list[dict[int, Slot]] = attrs.field(init=False)
    _told: dict[int, tuple[Floats, tuple[Demand, ...]]] = attrs.field(factory=dict)
    _probe: Probe | None = None

    def __attrs_post_init__(self) -> None:
        self._slots = [{} for _ in self.words.offices]

    def pick(self, t: float, tau: Floats, waiting: Floats) -> Keys | None:
        """Ask the planner."""
        if id(waiting) not in self._told:
            self._told[id(waiting)] = waiting, self.words.demands(waiting)
        # Planners rely on it: the same people are the same object.
        _, demands = self._told[id(waiting)]
        self._probe = probe = self.planner.next(demands, START + timedelta(seconds=t))
        return None if probe is None else self.words.asked(probe)

    def learn(self, keys: Keys, t: float, sight: Sight) -> None:
        """Tell the planner all that is free at the keys of its probe."""
        assert self._probe is not None
        self.planner.learn(self.outcome(self._probe, keys, t, sight))

    def outcome(self, probe: Probe, keys: Keys, t: float, sight: Sight) -> Outcome:
        """Say in the core's words what was seen."""
        now = START + timedelta(seconds=t)
        free = frozenset(
            self._slot(key, number, probe.services)
            for key in keys
            for number in sight.free[key]
        )
        seen = Observation(probe, now, probe.window.last, free, {})
        return Outcome(probe, now, seen)

    def _slot(self, key: int, number: int, services: ServiceSet) -> Slot:
        """Return a slot as one of the city, with a start that no other one has."""
        known = self._slots[key]
        if number not in known:
            day, place = divmod(number, _PER_DAY)
            start = START + timedelta(days=_FIRST_DAY + day) + place * _QUARTER
            known[number] = Slot(start, self.words.offices[key], services)
        return known[number]
