"""The routes that the city had up to Muc-45 (contract 1.4), in their old shapes.

Their answers are folded from today's: enough for a client to recognise the older
generation and to find it at work. Not kept: that a count of 0 was allowed then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mta_practice.city import City
from mta_practice.errors import Refusal
from mta_practice.numbers import whole

Query = Mapping[str, str]
Body = dict[str, object]
Day = Mapping[str, Any]

#: Old names of query fields by today's.
_OLD_NAMES: Final = {
    "officeIds": "officeId",
    "serviceIds": "serviceId",
    "serviceCounts": "serviceCount",
}

#: Fields of offices that came later.
_LATER: Final = frozenset({"sharedBookingOfficeIds"})


def services(city: City) -> Body:
    """Answer ``/services``."""
    return {"services": city.catalogue.wire["services"]}


def offices(city: City) -> Body:
    """Answer ``/offices``."""
    return {"offices": [_old_office(office.wire) for office in _offices(city)]}


def offices_and_services(city: City) -> Body:
    """Answer ``/offices-and-services`` without the fields that came later."""
    return {**city.catalogue.wire, **offices(city)}


def scopes(city: City) -> Body:
    """Answer ``/scopes``."""
    return {"scopes": list(_scopes(city).values())}


def scope_by_id(city: City, query: Query) -> object:
    """Answer ``/scope-by-id`` with a bare scope."""
    found = _scopes(city).get(_id(query, "scopeId", "invalidScopeId"))
    if found is None:
        raise Refusal("scopesNotFound")
    return found


def services_by_office(city: City, query: Query) -> Body:
    """Answer ``/services-by-office``."""
    office_id = _id(query, "officeId", "invalidOfficeId")
    there = {service for office, service in city.catalogue.slots if office == office_id}
    wire: Any = city.catalogue.wire["services"]
    found = [service for service in wire if service["id"] in there]
    if not found:
        raise Refusal("requestNotFound")
    return {"services": found}


def offices_by_service(city: City, query: Query) -> Body:
    """Answer ``/offices-by-service``."""
    service_id = _id(query, "serviceId", "invalidServiceId")
    found = [
        _old_office(office.wire)
        for office in _offices(city)
        if (office.id, service_id) in city.catalogue.slots
    ]
    if not found:
        raise Refusal("providerNotFound")
    return {"offices": found}


def available_days(city: City, query: Query, address: str) -> Body:
    """Answer ``/available-days``: every bookable day of the range."""
    days = [day["date"] for day in _days(city, query, address)]
    if not days:
        raise Refusal("noAppointmentForThisDay")
    return {"availableDays": days}


def available_days_by_office(city: City, query: Query, address: str) -> Body:
    """Answer ``/available-days-by-office``: the same, with the offices."""
    days: list[Body] = [
        {"time": day["date"], "providerIDs": day["providerIDs"]}
        for day in _days(city, query, address)
    ]
    if not days:
        raise Refusal("noAppointmentForThisDay")
    return {"availableDays": days}


def available_appointments(city: City, query: Query, address: str) -> Body:
    """Answer ``/available-appointments``: the times of one day."""
    found = _times(city, query, address)
    times = sorted({time for office in found for time in office["appointments"]})
    if not times:
        raise Refusal("appointmentNotAvailable")
    return {"appointmentTimestamps": times}


def available_appointments_by_office(city: City, query: Query, address: str) -> Body:
    """Answer ``/available-appointments-by-office``; nothing free is an empty list."""
    return {
        "offices": [
            {
                "officeId": int(office["officeId"]),
                "appointments": office["appointments"],
            }
            for office in _times(city, query, address)
        ]
    }


def _days(city: City, query: Query, address: str) -> list[Day]:
    """Give every bookable day of the range: the months of a window that is all of it."""
    page: Any = city.available_calendar(_translated(query), address)
    days: list[Day] = page["availableDays"]
    return days


def _times(city: City, query: Query, address: str) -> list[Any]:
    """Give the offices with times on the asked day."""
    asked = _translated(query)
    day = query.get("date", "")
    asked |= {"startDate": day, "endDate": day}
    try:
        page: Any = city.available_calendar(asked, address)
    except Refusal as refusal:
        raise Refusal(*_old_keys(refusal.keys)) from None
    return [office for found in page["availableDays"] for office in found["offices"]]


def _old_keys(keys: tuple[str, ...]) -> list[str]:
    """Name the one date as the old route did."""
    named = ["invalidDate" if key == "invalidStartDate" else key for key in keys]
    return [key for key in named if key != "invalidEndDate"]


def _translated(query: Query) -> dict[str, str]:
    """Give the query under today's names, without the fields that were not known."""
    known = {new: query[old] for new, old in _OLD_NAMES.items() if old in query}
    kept = ("startDate", "endDate", "captchaToken")
    return known | {name: query[name] for name in kept if name in query}


def _id(query: Query, name: str, error: str) -> int:
    found = whole(query.get(name))
    if found is None or found <= 0:
        raise Refusal(error)
    return found


def _offices(city: City) -> list[Any]:
    return list(city.catalogue.offices.values())


def _scopes(city: City) -> dict[int, object]:
    return {
        office.scope.id: office.scope.wire
        for office in city.catalogue.offices.values()
        if office.scope is not None
    }


def _old_office(wire: Mapping[str, object]) -> Body:
    return {name: value for name, value in wire.items() if name not in _LATER}
