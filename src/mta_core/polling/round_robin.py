"""A fair round robin: the planner for a watch of one's own, and the bench's measure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import attrs

from mta_core.domain.availability import Observation, Probe, day_of
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import Refused
from mta_core.polling.planner import FOLLOW_UPS_PER_MINUTE, REST, Outcome, Planner
from mta_core.polling.probes import Demand


@attrs.define
class RoundRobin(Planner):
    """Asks for every demand in turn, longest unasked first.

    Days that an answer only hinted at are followed up in between, the longest unasked
    first, never twice in a row and within their share.
    """

    _asked: dict[ServiceSet, datetime] = attrs.field(factory=dict)
    _asked_days: dict[tuple[ServiceSet, date], datetime] = attrs.field(factory=dict)
    _hints: dict[ServiceSet, set[date]] = attrs.field(factory=dict)
    _demands: dict[ServiceSet, Demand] = attrs.field(factory=dict)
    _followed: list[datetime] = attrs.field(factory=list)
    _resting: dict[ServiceSet, datetime] = attrs.field(factory=dict)
    _turn: bool = False

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        """Choose the demand that has waited longest, or a follow-up in between."""
        self._demands = {
            demand.services: demand
            for demand in demands
            if self._resting.get(demand.services, now) <= now
        }
        if not self._demands:
            return None
        self._turn = not self._turn
        follow_up = None if self._turn else self._follow_up(now)
        if follow_up is not None:
            return follow_up
        demand = min(
            self._demands.values(), key=lambda d: self._asked.get(d.services, _NEVER)
        )
        self._asked[demand.services] = now
        return demand.probe()

    def learn(self, outcome: Outcome) -> None:
        """Remember the days that the answer hinted at and somebody wants."""
        services, seen = outcome.probe.services, outcome.observation
        if isinstance(outcome.error, Refused):
            self._resting[services] = outcome.at + REST
        demand = self._demands.get(services)
        if seen is None or demand is None:
            return
        known = self._hints.get(services, set())
        kept = {day for day in known if _untouched(day, seen)}
        self._hints[services] = kept.union(demand.wanted_hints(seen))

    def _follow_up(self, now: datetime) -> Probe | None:
        since = now - timedelta(minutes=1)
        self._followed = [at for at in self._followed if at > since]
        if len(self._followed) >= FOLLOW_UPS_PER_MINUTE:
            return None
        due = [
            (self._asked_days.get((services, day), _NEVER), day, services)
            for services, demand in self._demands.items()
            for day in self._hints.get(services, ())
            if demand.wants(day)
        ]
        if not due:
            return None
        _, day, services = min(due, key=lambda entry: entry[:2])
        self._forget_days_before(day_of(now))
        self._asked_days[services, day] = now
        self._followed.append(now)
        return self._demands[services].follow_up(day)

    def _forget_days_before(self, today: date) -> None:
        days = self._asked_days.items()
        self._asked_days = {key: at for key, at in days if key[1] >= today}


def _untouched(day: date, seen: Observation) -> bool:
    """Whether an answer says nothing about a day.

    It observes the days from the first asked one on, and paints the rest of the month
    that it searched (contract 1.2).
    """
    painted = (day.year, day.month) == (seen.through.year, seen.through.month)
    return day < seen.probe.window.first or (day > seen.through and not painted)


_NEVER = datetime.min.replace(tzinfo=UTC)
