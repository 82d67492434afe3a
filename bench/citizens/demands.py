"""Who waits for what, folded by the product, anew only where something changed."""

from __future__ import annotations

import attrs

from bench.citizens.world import World
from mta_core.domain.catalogue import Catalogue, ServiceSet
from mta_core.polling.probes import Demand, fold

_KEEP = 3600.0
"""Wishes grow old by the day; the product looks every ten minutes."""


@attrs.frozen
class _Folded:
    """One service's demand, if any; of which hour, and since which change."""

    demand: Demand | None
    hour: float
    change: int


@attrs.define(eq=False)
class Demands:
    """The demands of the moment. *checked*: over checked offices, else over others."""

    world: World
    catalogue: Catalogue
    checked: bool = False
    _folded: dict[ServiceSet, _Folded] = attrs.field(factory=dict, init=False)
    _current: tuple[Demand, ...] = attrs.field(default=(), init=False)
    _seen: tuple[int, float] | None = attrs.field(default=None, init=False)

    def __call__(self) -> tuple[Demand, ...]:
        """Return them, one for each service that somebody waits for."""
        seen = (self.world.changes, self._hour)
        if self._seen != seen:
            self._seen = seen
            demands = map(self._fold, self.world.waiting)
            self._current = tuple(demand for demand in demands if demand)
        return self._current

    @property
    def _hour(self) -> float:
        return self.world.timeline.now // _KEEP

    def _fold(self, services: ServiceSet) -> Demand | None:
        known, hour = self._folded.get(services), self._hour
        change = self.world.changed[services]
        if known is None or (known.hour, known.change) != (hour, change):
            wishes = [citizen.wish for citizen in self.world.waiting[services]]
            now = self.world.timeline.moment
            demands = fold(wishes, self.catalogue, now, checked=self.checked)
            known = _Folded(demands[0] if demands else None, hour, change)
            self._folded[services] = known
        return known.demand
