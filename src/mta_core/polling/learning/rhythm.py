"""The rhythm of the day: how much busier or quieter an hour is than the mean.

It is the same for all pairs, so it says nothing about which question is next; it says
when a pause costs least.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from mta_core.polling.learning.berlin import Minute
from mta_core.polling.learning.ratio import Ratio

_HOURS = 24
_PRIOR = 3.0


def _even() -> list[Ratio]:
    return [Ratio(_PRIOR, _PRIOR) for _ in range(2 * _HOURS)]


@attrs.define
class Rhythm:
    """Slots that came, to those that come in the mean: weekdays and weekends apart."""

    hours: list[Ratio] = attrs.field(factory=_even)

    def at(self, minute: Minute) -> float:
        """Return the factor of a minute's hour; 1 is the mean."""
        return self.hours[_hour(minute)].value

    def learn(self, minute: Minute, count: float, usual: float) -> None:
        """Take in how many came, and how many would have come in a mean hour."""
        self.hours[_hour(minute)].learn(count, usual)

    def fade(self, factor: float) -> None:
        """Let evidence lose weight."""
        for hour in self.hours:
            hour.fade(factor)

    def document(self) -> list[list[float]]:
        """Write it down."""
        return [hour.document() for hour in self.hours]

    @classmethod
    def read(cls, document: Sequence[Sequence[float]]) -> Rhythm:
        """Read what was written down."""
        return cls([Ratio(count, exposure) for count, exposure in document])


def _hour(minute: Minute) -> int:
    return minute.of_day // 60 + (0 if minute.weekday else _HOURS)
