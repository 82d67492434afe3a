"""The compact catalogue in the city's wire form (contract 6)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mta_practice.compact_more import (
    OFFICE_FIELDS,
    SCOPE_FIELDS,
    SERVICE_FIELDS,
    SHARED,
    UNLISTED,
)
from mta_practice.compact_rows import (
    ALONE,
    COMBINABLE,
    OFFICES,
    REMARKS,
    SERVICES,
    OfficeRow,
    ServiceRow,
)


def compact_catalogue(*, sharing: bool = True) -> Mapping[str, object]:
    """Build the answer of ``/offices-and-services/`` from the tables.

    *sharing*: whether offices pool their slots, as the city's do since Muc-46.
    """
    return MappingProxyType(
        {
            "offices": [_office(row, sharing) for row in OFFICES],
            "services": [_service(row) for row in SERVICES],
            "relations": [
                {
                    "officeId": office_id,
                    "serviceId": row.id,
                    "slots": slots,
                    "public": True,
                    "maxQuantity": 0,
                }
                for row in SERVICES
                for office_id, slots in row.slots.items()
            ]
            + [UNLISTED],
        }
    )


def _office(row: OfficeRow, sharing: bool) -> dict[str, object]:
    place = row.place
    shared = [list(group) for group in SHARED if sharing and row.id in group]
    return {
        "id": row.id,
        "name": row.name,
        "address": {
            "house_number": place.number,
            "city": "München",
            "postal_code": place.postcode,
            "street": place.street,
            "hint": False,
        },
        "showAlternativeLocations": True,
        "displayNameAlternatives": [],
        "organization": "Landeshauptstadt München",
        "organizationUnit": row.unit,
        "slotTimeInMinutes": row.slot,
        "geo": {"lat": str(place.lat), "lon": str(place.lon)},
        "disabledByServices": [],
        "priority": row.priority,
        "scope": _scope(row),
        "slotsPerAppointment": None,
        "parentId": None,
        "allowDisabledServicesMix": None,
        "sharedBookingOfficeIds": shared[0] if shared else None,
        **OFFICE_FIELDS.get(row.id, {}),
    }


def _scope(row: OfficeRow) -> dict[str, object]:
    demands = row.demands
    return {
        "id": row.scope,
        "provider": _provider(row),
        "shortName": "",
        "emailFrom": "no-reply@muenchen.example",
        "emailRequired": demands.email,
        "telephoneActivated": demands.telephone_offered,
        "telephoneRequired": demands.telephone,
        # The city leaves "required" on where the field is off (contract 3).
        "customTextfieldActivated": demands.text is not None,
        "customTextfieldRequired": True,
        "customTextfieldLabel": demands.text or REMARKS,
        "customTextfield2Activated": False,
        "customTextfield2Required": False,
        "customTextfield2Label": "",
        "captchaActivatedRequired": demands.human,
        "infoForAppointment": "",
        "infoForAllAppointments": row.release,
        "slotsPerAppointment": None,
        "appointmentsPerMail": None if row.per_mail is None else str(row.per_mail),
        "whitelistedMails": None,
        "reservationDuration": row.hold,
        "activationDuration": row.activation,
        "hint": None,
        **SCOPE_FIELDS.get(row.id, {}),
    }


def _provider(row: OfficeRow) -> dict[str, object]:
    place = row.place
    full_name = f"{row.name} ({row.unit})"
    return {
        "id": row.id,
        "name": full_name,
        "displayName": row.name,
        "lat": place.lat,
        "lon": place.lon,
        "source": "dldb",
        "contact": {
            "city": "München",
            "country": "Germany",
            "name": full_name,
            "postalCode": place.postcode,
            "region": "München",
            "street": place.street,
            "streetNumber": place.number,
        },
    }


def _service(row: ServiceRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "maxQuantity": row.max_quantity,
        "combinable": _combinable(row),
        "parentId": None,
        "variantId": None,
        "rootParentId": row.id,
        "showOnStartPage": True,
        **SERVICE_FIELDS.get(row.id, {}),
    }


def _combinable(row: ServiceRow) -> object:
    """Number the partners from 1; the service itself comes first (contract 6)."""
    if row.id in ALONE:
        return []
    group = next((group for group in COMBINABLE if row.id in group), frozenset())
    partners = [other for other in SERVICES if other.id in group and other != row]
    both = [(other.id, sorted(row.slots.keys() & other.slots)) for other in partners]
    entries = [(row.id, sorted(row.slots)), *both]
    return {
        str(order): {str(service_id): offices}
        for order, (service_id, offices) in enumerate(entries, start=1)
        if offices
    }
