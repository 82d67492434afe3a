"""What a watch looks at, and what it has to say."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeAlias

import attrs

from mta_core.domain.availability import Calendar, Opening, Probe
from mta_core.domain.blindness import BlindSpot
from mta_core.domain.catalogue import Catalogue
from mta_core.polling.pace import Counter


class SiteView(Protocol):
    """A city that one can look at: the part of `SiteGateway` that watching needs.

    Whoever asks has a place in the budget already.

    Raises (both questions): a `SiteError`; the transient ones are waited out.
    """

    async def catalogue(self) -> Catalogue:
        """Read all services, offices and offers."""
        ...

    async def calendar(self, probe: Probe) -> Calendar:
        """Ask for free times."""
        ...

    def counter(self) -> Counter | None:
        """Return the city's request counter as of its last answer, if it has one."""
        ...


@attrs.frozen
class Found:
    """A slot that suits is free: not seen before, or not since it was last gone."""

    opening: Opening


@attrs.frozen
class Gone:
    """What was found is gone: twice looked for and not seen, or its time has come."""

    opening: Opening


@attrs.frozen
class Sight:
    """What the watch sees from now on.

    Attributes:
        unseen: where it does not see, and why; empty if it sees all that it should. A
            spot without offices is everywhere.
    """

    at: datetime
    unseen: tuple[BlindSpot, ...]

    def __str__(self) -> str:
        return "; ".join(map(_in_words, self.unseen)) or "sees everything"


Event: TypeAlias = Found | Gone | Sight
"""Whatever a watch has to say."""


def _in_words(spot: BlindSpot) -> str:
    where = ", ".join(map(str, sorted(spot.offices))) or "every office"
    detail = f" ({spot.detail})" if spot.detail else ""
    return f"blind at {where}: {spot.reason.value}{detail}"
