"""The city, as MTA needs it (contract 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs

from mta_core.domain.accounts import Contact
from mta_core.domain.availability import Calendar, Probe, Slot
from mta_core.domain.calls import CityAppointment, Held
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.shifts import Token
from mta_core.polling.pace import Counter


@attrs.frozen
class Details:
    """What the city is told about the citizen. *answers*: ``custom``, ``custom2``."""

    contact: Contact = attrs.field(repr=False)
    answers: Mapping[str, str] = attrs.field(factory=dict, repr=False)


class SiteGateway(Protocol):
    """Asks the city one thing at a time, once, and never retries by itself.

    Budgets are not its business: whoever calls has a place in the budget already.

    Raises (every method):
        SiteUnreachable, RateLimited: it was not executed.
        SiteSilent, SiteChanged: nobody knows whether it was executed.
        Refused: the city said no; `CheckNeeded`, `SlotGone` and `UnknownAppointment`
            are refusals that mean something to MTA.
    """

    async def catalogue(self) -> Catalogue:
        """Read all services, offices and offers."""
        ...

    async def calendar(self, probe: Probe, token: Token | None = None) -> Calendar:
        """Ask for free times. *token*: what checked offices want to see.

        Raises `CheckNeeded` if it is missing, over, or another address's.
        """
        ...

    async def reserve(self, slot: Slot, token: Token | None = None) -> CityAppointment:
        """Hold a slot. Raises `SlotGone` if somebody was faster, else as `calendar`."""
        ...

    async def update(self, held: Held, details: Details) -> CityAppointment:
        """Give the citizen's details. May be repeated."""
        ...

    async def preconfirm(self, held: Held) -> CityAppointment:
        """Ask the city to send the citizen its mail."""
        ...

    async def cancel(self, held: Held) -> CityAppointment:
        """Give the appointment back."""
        ...

    async def appointment(self, held: Held) -> CityAppointment:
        """Look at an appointment. Raises `UnknownAppointment` if there is none."""
        ...

    def counter(self) -> Counter | None:
        """Return the city's request counter as of its last answer, once it is known."""
        ...
