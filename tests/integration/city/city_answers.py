"""Answers of the city as the contract describes them, and a city made of one answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import attrs
import httpx

from mta_adapters.city import HttpSite, make_client
from mta_core.domain.availability import DateWindow, Probe, Slot
from mta_core.domain.calls import Held
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.testing.clock import FakeClock

BASE_URL = "https://city.example.org/buergeransicht/api/citizen"
KEY = "5e" * 32

ORLEANS, PASING = OfficeId(102522), OfficeId(54261)
MOVE, PASS = ServiceId(1063475), ServiceId(1063453)
SERVICES = ServiceSet.of({MOVE: 1, PASS: 2})

FIRST, LAST = date(2026, 12, 1), date(2027, 5, 30)
PROBE = Probe(SERVICES, frozenset({ORLEANS, PASING}), DateWindow(FIRST, LAST))
START = datetime(2026, 12, 3, 8, 30, tzinfo=UTC)
SLOT = Slot(START, PASING, SERVICES)
HELD = Held(123456, KEY)


def office(**changes: Any) -> dict[str, Any]:
    """An office, with fields that MTA does not know among them (contract 6)."""
    return {
        "id": PASING,
        "name": "Bürgerbüro Pasing",
        "address": {
            "house_number": "16",
            "city": "München",
            "postal_code": "81241",
            "street": "Landsberger Straße",
            "hint": False,
        },
        "showAlternativeLocations": True,
        "displayNameAlternatives": [],
        "slotTimeInMinutes": 15,
        "geo": {"lat": "48.1466", "lon": "11.4612"},
        "disabledByServices": [PASS],
        "priority": 3,
        "scope": scope(),
        "slotsPerAppointment": "2",
        "sharedBookingOfficeIds": None,
        **changes,
    }


def scope(**changes: Any) -> dict[str, Any]:
    """An office's first scope (contract 6)."""
    return {
        "id": 58,
        "provider": {"id": PASING, "source": "dldb"},
        "shortName": "BBP",
        "emailFrom": "no-reply@example.org",
        "emailRequired": True,
        "telephoneActivated": True,
        "telephoneRequired": False,
        "customTextfieldActivated": True,
        "customTextfieldRequired": True,
        "customTextfieldLabel": "Geburtsdatum",
        "customTextfield2Activated": False,
        "customTextfield2Required": True,
        "customTextfield2Label": None,
        "captchaActivatedRequired": False,
        "infoForAppointment": None,
        "infoForAllAppointments": "Neue Termine um 7 Uhr.",
        "slotsPerAppointment": "2",
        "appointmentsPerMail": "3",
        "whitelistedMails": None,
        "reservationDuration": 15,
        "activationDuration": 30,
        "hint": "1. Stock",
        **changes,
    }


def service(**changes: Any) -> dict[str, Any]:
    """A service (contract 6)."""
    return {
        "id": MOVE,
        "name": "Wohnsitzanmeldung",
        "maxQuantity": 5,
        "combinable": {"1": {str(MOVE): [PASING]}, "2": {str(PASS): [PASING, ORLEANS]}},
        "parentId": None,
        "showOnStartPage": True,
        **changes,
    }


def catalogue(**changes: Any) -> dict[str, Any]:
    """The answer of ``/offices-and-services/``."""
    relation = {"officeId": PASING, "serviceId": MOVE, "slots": 2, "public": True}
    return {
        "offices": [office()],
        "services": [service()],
        "relations": [{**relation, "maxQuantity": 0}],
        **changes,
    }


def day(when: str, ids: str, **times: list[int]) -> dict[str, Any]:
    """One bookable day; *times* by office, as ``o54261=[…]``."""
    offices = [
        {"officeId": name[1:], "appointments": starts} for name, starts in times.items()
    ]
    return {"date": when, "providerIDs": ids, "offices": offices}


def calendar(*days: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """The answer of ``/available-calendar/`` to `PROBE` (contract 1.2)."""
    return {
        "startDate": "2026-12-01",
        "endDate": "2027-05-30",
        "slotsStartDate": "2026-12-03",
        "slotsEndDate": "2026-12-03",
        "prevBookableDate": None,
        "nextBookableDate": None,
        "availableDays": list(days),
        **changes,
    }


def process(**changes: Any) -> dict[str, Any]:
    """A thinnedProcess (contract 1.3)."""
    return {
        "processId": HELD.process_id,
        "timestamp": str(int(START.timestamp())),
        "authKey": KEY,
        "familyName": "",
        "email": "test@muenchen.de",
        "officeName": "Bürgerbüro Pasing",
        "officeId": PASING,
        "scope": scope(),
        "subRequestCounts": [{"id": PASS, "name": "Reisepass", "count": 2}],
        "status": "reserved",
        "captchaToken": "",
        "slotCount": 4,
        "displayNumber": "P0012",
        "icsContent": None,
        **changes,
    }


def envelope(code: str, status: int, message: str = "No.") -> dict[str, Any]:
    """How the city says no (contract 2.1)."""
    error = {"errorCode": code, "statusCode": status, "errorType": "error"}
    return {"errors": [{**error, "errorMessage": message}]}


def without(whole: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Leave a field out."""
    return {key: value for key, value in whole.items() if key != name}


@attrs.define
class City:
    """A site whose city answers everything alike, and keeps what it was asked."""

    clock: FakeClock
    answer: Callable[[httpx.Request], httpx.Response]
    asked: list[httpx.Request] = attrs.field(factory=list)

    @property
    def site(self) -> HttpSite:
        """The adapter under test, fresh."""
        client = make_client(
            BASE_URL,
            contact="ops@example.org",
            version="0.1.0",
            transport=httpx.MockTransport(self._answer),
        )
        return HttpSite(client, self.clock)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)


def city_that_says(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> City:
    """Make a city that answers JSON, or raw bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return City(
        FakeClock(), lambda _: httpx.Response(status, headers=raw, content=content)
    )


def city_that_fails(fault: Exception) -> City:
    """Make a city behind a broken network."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise fault

    return City(FakeClock(), fail)
