"""The city's answers, exactly as they come over the wire (contract 1.2, 1.3, 6).

Attributes carry the names of the wire, and only what MTA needs is described. So a field
that the city adds changes nothing, while a needed field that it renames, drops or
retypes makes the whole answer `SiteChanged`: better blind than wrong.

PHP shows through in three places: an empty object may come as ``[]``, some numbers come
as texts, and some lists as texts with commas.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NewType

import attrs

NumberText = NewType("NumberText", int)
"""A whole number written as a text, as in ``"10489"``."""

DegreesText = NewType("DegreesText", float)
"""A coordinate written as a text, as in ``"48.1228"``."""

IdsText = NewType("IdsText", frozenset[int])
"""Ids in one text, as in ``"10489,10503"``; the empty text holds none."""


@attrs.frozen
class Scope:
    """The settings of an office's first scope ("thinnedScope")."""

    emailFrom: str | None
    emailRequired: bool
    telephoneActivated: bool
    telephoneRequired: bool
    customTextfieldActivated: bool
    customTextfieldRequired: bool
    customTextfieldLabel: str | None
    customTextfield2Activated: bool
    customTextfield2Required: bool
    customTextfield2Label: str | None
    captchaActivatedRequired: bool
    infoForAllAppointments: str | None
    appointmentsPerMail: NumberText | None
    reservationDuration: int
    activationDuration: int


@attrs.frozen
class Address:
    """Where an office is."""

    street: str | None
    house_number: str | None
    postal_code: str | None
    city: str | None


@attrs.frozen
class Geo:
    """An office on the map."""

    lat: DegreesText | None
    lon: DegreesText | None


@attrs.frozen
class Office:
    """A place. Thirteen of the hundred known ones have no scope."""

    id: int
    name: str | None
    address: Address | None
    geo: Geo | None
    slotTimeInMinutes: int | None
    disabledByServices: tuple[int, ...] | None
    priority: int
    scope: Scope | None
    slotsPerAppointment: NumberText | None
    sharedBookingOfficeIds: tuple[int, ...] | None


@attrs.frozen
class Service:
    """Something the city does.

    *combinable*: for each rank the other service, and the offices that do both.
    """

    id: int
    name: str | None
    maxQuantity: int | None
    combinable: dict[str, dict[NumberText, tuple[int, ...]]]


@attrs.frozen
class Relation:
    """A service at an office."""

    officeId: int
    serviceId: int
    slots: int


@attrs.frozen
class OfficesAndServices:
    """The answer of ``/offices-and-services/``."""

    offices: tuple[Office, ...]
    services: tuple[Service, ...]
    relations: tuple[Relation, ...]


@attrs.frozen
class OfficeTimes:
    """Free times at one office, in epoch seconds."""

    officeId: NumberText
    appointments: tuple[datetime, ...]


@attrs.frozen
class Day:
    """One bookable day; only the searched one carries times."""

    date: date
    providerIDs: IdsText
    offices: tuple[OfficeTimes, ...]


@attrs.frozen
class Calendar:
    """The answer of ``/available-calendar/``."""

    startDate: date
    endDate: date
    slotsStartDate: date
    slotsEndDate: date
    nextBookableDate: date | None
    availableDays: tuple[Day, ...]


@attrs.frozen
class Process:
    """An appointment ("thinnedProcess"), as far as MTA reads it.

    *timestamp*: its start, epoch seconds in a text.
    """

    processId: int
    authKey: str = attrs.field(repr=False)
    timestamp: NumberText
    status: str | None
    displayNumber: str | None
