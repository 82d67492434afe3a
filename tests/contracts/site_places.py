"""The city of the site contract, and where and when the suite looks in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import attrs

from mta_core.domain.availability import BERLIN, DateWindow, Probe, Slot
from mta_core.domain.calls import Held
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceSet, Terms
from mta_core.ports.site import SiteGateway


class City(Protocol):
    """A gateway, and the strings by which its city can be pulled."""

    @property
    def site(self) -> SiteGateway: ...

    def now(self) -> datetime:
        """The city's own present."""
        ...

    async def free(self, slots: Sequence[Slot]) -> None:
        """Make slots bookable."""
        ...

    async def confirm(self, held: Held) -> None:
        """Do what the citizen does by opening the link in the city's mail."""
        ...

    async def elapse(self, seconds: float) -> None:
        """Let time pass in the city."""
        ...


@attrs.frozen
class Places:
    """Where the suite looks, and on which days.

    *early* and *later* lie in one month, *late* in the next.
    """

    services: ServiceSet
    here: OfficeId
    there: OfficeId
    terms: Terms
    checked: tuple[ServiceSet, OfficeId]
    early: date
    later: date
    late: date
    window: DateWindow

    @classmethod
    def of(cls, catalogue: Catalogue, today: date) -> Places:
        """Choose a service of two unchecked offices, with as few grid slots as may be."""
        sets = [ServiceSet.of([service]) for service in sorted(catalogue.services)]
        plain = [
            (catalogue.slots_needed(services, offices[0]), services, offices)
            for services in sets
            if len(offices := _unchecked(catalogue, services)) > 1
        ]
        _, services, offices = min(plain, key=lambda found: found[0])
        terms = catalogue.office(offices[0]).terms
        assert terms is not None
        first = _month_after(today)
        return cls(
            services,
            offices[0],
            offices[1],
            terms,
            next(pair for services in sets for pair in _checked(catalogue, services)),
            first + timedelta(days=4),
            first + timedelta(days=9),
            _month_after(first) + timedelta(days=6),
            DateWindow(today, today + timedelta(days=170)),
        )

    def slot(self, day: date, hour: int = 9, office: OfficeId | None = None) -> Slot:
        """Build a slot on the hour in Munich, here if no office is named."""
        start = datetime.combine(day, time(hour), BERLIN)
        return Slot(start.astimezone(UTC), office or self.here, self.services)

    def probe(self, *offices: OfficeId, first: date | None = None) -> Probe:
        """Ask for both offices, or these, from today or from a later day on."""
        window = DateWindow(first or self.window.first, self.window.last)
        asked = frozenset(offices or (self.here, self.there))
        return Probe(self.services, asked, window)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _unchecked(catalogue: Catalogue, services: ServiceSet) -> list[OfficeId]:
    """Find offices with the usual clocks, which ask for a mail address."""
    return [
        office
        for office in sorted(catalogue.offering(services))
        if not catalogue.is_checked(office)
        and (terms := catalogue.office(office).terms) is not None
        and terms.email.required
        and 0 < terms.reservation_minutes < terms.activation_minutes
    ]


def _checked(
    catalogue: Catalogue, services: ServiceSet
) -> list[tuple[ServiceSet, OfficeId]]:
    return [
        (services, office)
        for office in sorted(catalogue.offering(services))
        if (terms := catalogue.office(office).terms) is not None and terms.checked
    ]
