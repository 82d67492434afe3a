"""The peers: bots that sweep over all services in turn and tell everybody.

They are given the best that is known of such bots: one question serves all who wait for
a service, at all offices; a message goes only to whom a new time or a newly bookable day
suits. They do not book, know nothing of the city's counter, and pass its human check by
program, which MTA never does: that is what their figures for checked offices stand on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

import attrs

from bench.citizens.demands import Demands
from bench.citizens.messages import Messages, go_to_page
from bench.citizens.people import Citizen
from bench.citizens.town import without_checks
from bench.citizens.world import World
from mta_core.domain.availability import Observation, Probe, Slot
from mta_core.domain.catalogue import OfficeId, ServiceSet

_IDLE = 60.0


@attrs.define(eq=False)
class Sweep:
    """One bot that asks for every wanted service once in each *period* seconds.

    Attributes:
        addresses: how many addresses it hides behind; the counter counts each apart.
    """

    world: World
    period: float
    addresses: int
    _demands: Demands = attrs.field(init=False)
    _messages: Messages[None] = attrs.field(init=False)
    _before: dict[ServiceSet, Observation] = attrs.field(factory=dict, init=False)
    _sent: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with the first sweep."""
        seen = without_checks(self.world.town.catalogue)
        self._demands = Demands(self.world, seen)
        self._messages = Messages(self.world, partial(go_to_page, self.world))
        self.world.timeline.at(self.world.timeline.now, self._sweep)

    def _sweep(self) -> None:
        """Spread the questions evenly over the period."""
        now, demands = self.world.timeline.now, self._demands()
        for number, demand in enumerate(demands):
            at = now + self.period * number / len(demands)
            self.world.timeline.at(at, partial(self._ask, demand.probe()))
        self.world.timeline.at(now + (self.period if demands else _IDLE), self._sweep)

    def _ask(self, probe: Probe) -> None:
        self._sent += 1
        if self.world.admit(f"bot {self._sent % self.addresses}") is None:
            return
        seen = self.world.observe(probe)
        news = News.of(seen, self._before.get(probe.services))
        self._before[probe.services] = seen
        waiting = self.world.waiting.get(probe.services, ()) if news else ()
        for citizen in waiting:
            if citizen.looking and news.suits(citizen, seen.at):
                self._messages.tell(citizen, [None])


@attrs.frozen
class News:
    """What an answer shows that the one before did not: times, and bookable days."""

    slots: frozenset[Slot]
    days: Mapping[date, frozenset[OfficeId]]

    @classmethod
    def of(cls, seen: Observation, before: Observation | None) -> News:
        """Hold an answer against the one before."""
        hinted = before.hints if before else {}
        days = {
            day: offices - hinted.get(day, frozenset())
            for day, offices in seen.hints.items()
        }
        known = before.free if before else frozenset()
        return cls(seen.free - known, {d: o for d, o in days.items() if o})

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.slots or self.days)

    def suits(self, citizen: Citizen, now: datetime) -> bool:
        """Whether any of it suits a citizen."""
        return any(citizen.accepts(slot, now) for slot in self.slots) or any(
            citizen.wish.wants_day(day) and offices & citizen.offices
            for day, offices in self.days.items()
        )
