"""Conditions in the in-memory database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from mta_core.domain.conditions import Condition
from mta_core.ports.repository import Conditions
from mta_core.testing._tables import Tables


@attrs.frozen
class InMemoryConditions(Conditions):
    """Conditions in memory."""

    _tables: Tables

    async def now(self) -> Sequence[Condition]:
        """Those that stand, oldest first."""
        return _oldest_first(c for c in self._all() if c.ended_at is None)

    async def since(self, moment: datetime) -> Sequence[Condition]:
        """Those that stand, or stood at that moment or later, oldest first."""
        return _oldest_first(
            c for c in self._all() if c.ended_at is None or c.ended_at >= moment
        )

    async def save(self, condition: Condition) -> None:
        """Insert, or overwrite what was known of it since then."""
        self._tables.conditions[(*condition.key, condition.since)] = condition

    async def forget(self, before: datetime) -> int:
        """Drop those that ended before then; return how many."""
        old = {
            key
            for key, condition in self._tables.conditions.items()
            if condition.ended_at and condition.ended_at < before
        }
        for key in old:
            del self._tables.conditions[key]
        return len(old)

    def _all(self) -> Iterable[Condition]:
        return self._tables.conditions.values()


def _oldest_first(conditions: Iterable[Condition]) -> list[Condition]:
    return sorted(conditions, key=lambda c: (c.since, c.name.value, c.about))
