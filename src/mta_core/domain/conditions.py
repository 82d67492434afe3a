"""Conditions: what is not as it should be, by name, since when, and in figures.

Blindness is about one question; a condition is about what the operator should know: a
service that is quiet for unusually long, a city that has changed or cannot be reached.
Suspicion is a state, too (design 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum

import attrs

from mta_core.domain.catalogue import Catalogue, ServiceSet

CITY = "city"
CALENDAR = "calendar"
CATALOGUE = "catalogue"
BOOKING = "booking"
"""What a condition is about, where it is no service set: the city, one of its routes."""


class ConditionName(Enum):
    """What a condition is called, everywhere."""

    QUIET = "quiet for unusually long"
    SOFT_BAN = "soft ban suspected"
    DRIFT = "contract drift"
    SLOW = "slow"
    FLAPPING = "flapping"
    OUTAGE = "outage"
    RATE_LIMITED = "rate limited"


_N = ConditionName
MEANINGS: Mapping[ConditionName, str] = {
    _N.QUIET: (
        "It may be sold out, or the city shows MTA nothing. Compare with the city's own "
        "page; MTA goes on asking."
    ),
    _N.SOFT_BAN: (
        "The city answers as if all were well, but shows MTA nothing any more: it may "
        "turn this address away without saying so. Compare with the city's own page; "
        "MTA goes on asking, within its budgets."
    ),
    _N.DRIFT: (
        "The city has changed something that MTA relies on; what it cannot read it does "
        "not see. Compare with the city's own page, and look for an update of MTA."
    ),
    _N.SLOW: (
        "The city is busy or the way to it is. MTA asks less often until that is over."
    ),
    _N.FLAPPING: (
        "The city's answers contradict one another. Some of what MTA tells may not be "
        "there when somebody tries to book it."
    ),
    _N.OUTAGE: (
        "MTA sees nothing, and says so to all who wait. It asks again by itself, ever "
        "more slowly; mta doctor tells more."
    ),
    _N.RATE_LIMITED: (
        "MTA sees nothing, and says so to all who wait. It pauses and asks again by "
        "itself; look whether something else asks the city from this address."
    ),
}
"""What each means, and what an operator can do about it."""

_ROUTES: Mapping[str, str] = {
    CITY: "The city",
    CALENDAR: "The city's calendar",
    CATALOGUE: "The city's catalogue",
    BOOKING: "The city's answers about bookings",
}
_OF_SERVICES = frozenset({_N.QUIET, _N.FLAPPING})

Key = tuple[ConditionName, str]


@attrs.frozen
class Condition:
    """Something that is not as it should be.

    Attributes:
        about: what it concerns: the text of a service set, or `CITY`, `CALENDAR`,
            `CATALOGUE` or `BOOKING`.
        detail: the figures, in a plain sentence.
        told_at: when the operator was told that it has begun.
        over_told_at: when the operator was told that it is over.
    """

    name: ConditionName
    about: str
    since: datetime
    detail: str
    ended_at: datetime | None = None
    told_at: datetime | None = None
    over_told_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Name it: of the same name about the same thing only one stands at a time."""
        return self.name, self.about

    @property
    def means(self) -> str:
        """What it means, and what an operator can do."""
        return MEANINGS[self.name]

    def ended(self, now: datetime) -> Condition:
        """It is over."""
        return attrs.evolve(self, ended_at=now)

    def subject(self, catalogue: Catalogue) -> str:
        """Name for people what it is about."""
        if self.name in _OF_SERVICES:
            return catalogue.name_of(ServiceSet.parse(self.about))
        return _ROUTES[self.about]


def quiet_for(services: ServiceSet, standing: Iterable[Condition]) -> Condition | None:
    """Find why "nothing free" is to be doubted for a service set; None if it is not.

    A ban of the whole city says more than the quiet of one service.
    """
    fitting = [
        condition
        for condition in standing
        if condition.name is _N.SOFT_BAN or condition.key == (_N.QUIET, str(services))
    ]
    fitting.sort(key=lambda condition: condition.name is not _N.SOFT_BAN)
    return next(iter(fitting), None)
