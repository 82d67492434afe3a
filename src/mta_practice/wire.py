"""Appointments as the city writes them (contract 1.3, thinnedProcess)."""

from __future__ import annotations

from collections.abc import Mapping

from mta_practice import ics
from mta_practice.appointments import Appointment, State
from mta_practice.catalogue import Catalogue, Office
from mta_practice.clock import iso

#: What remains of the scope of a cancelled appointment.
_NO_SCOPE: dict[str, object] = {
    "id": 0,
    "provider": {
        "id": 0,
        "name": "",
        "displayName": None,
        "lat": None,
        "lon": None,
        "source": "dldb",
        "contact": None,
    },
    "shortName": None,
    "emailFrom": "",
    "emailRequired": False,
    "telephoneActivated": False,
    "telephoneRequired": False,
    "customTextfieldActivated": False,
    "customTextfieldRequired": False,
    "customTextfieldLabel": None,
    "customTextfield2Activated": False,
    "customTextfield2Required": False,
    "customTextfield2Label": None,
    "captchaActivatedRequired": False,
    "infoForAppointment": None,
    "infoForAllAppointments": None,
    "slotsPerAppointment": None,
    "appointmentsPerMail": None,
    "whitelistedMails": None,
    "reservationDuration": None,
    "activationDuration": None,
    "hint": None,
}


def thinned_process(
    item: Appointment, catalogue: Catalogue, token: str = ""
) -> dict[str, object]:
    """Write an appointment; *token* is the ``captchaToken`` handed out with it."""
    (service_id, count), *others = item.counts
    names = catalogue.service_names
    body: dict[str, object] = {
        "processId": item.process_id,
        "timestamp": str(item.timestamp),
        "authKey": item.auth_key,
        "familyName": item.family_name,
        "customTextfield": item.custom,
        "customTextfield2": item.custom2,
        "email": item.email,
        "telephone": item.telephone,
        "officeName": item.office.scope.contact if item.office.scope else None,
        "officeId": item.office.id,
        "scope": item.office.scope.wire if item.office.scope else None,
        "subRequestCounts": [
            {"id": other, "name": names.get(other), "count": units}
            for other, units in others
        ],
        "serviceId": service_id,
        "serviceName": names.get(service_id),
        "serviceCount": count,
        "status": item.state.value,
        "captchaToken": token,
        "slotCount": len(item.slots),
        "displayNumber": item.display_number,
        "icsContent": calendar_entry(item, names),
    }
    if item.state is State.DELETED:
        body |= _cancelled()
    return body


def practice_view(item: Appointment) -> dict[str, object]:
    """Write an appointment for the control route, with what became of it."""
    (service_id, count), *_ = item.counts
    return {
        "processId": item.process_id,
        "officeId": item.office.id,
        "serviceId": service_id,
        "serviceCount": count,
        "counts": [
            {"serviceId": other, "count": units} for other, units in item.counts
        ],
        "timestamp": item.timestamp,
        "status": item.state.value,
        "familyName": item.family_name,
        "email": item.email,
        "telephone": item.telephone,
        "customTextfield": item.custom,
        "customTextfield2": item.custom2,
        "displayNumber": item.display_number,
        "reservedAt": iso(item.reserved_at),
        "endedAt": None if item.ended_at is None else iso(item.ended_at),
        "endedWhy": None if item.end is None else item.end.value,
        "slotsReturned": item.returned,
    }


def _cancelled() -> dict[str, object]:
    """Give the odd fields of a cancelled appointment (contract 1.3)."""
    return {
        "familyName": "(abgesagt)",
        "telephone": "",
        "officeName": None,
        "officeId": 0,
        "scope": dict(_NO_SCOPE),
    }


def calendar_entry(item: Appointment, names: Mapping[int, str | None]) -> str | None:
    """Write the iCalendar text; None for what has ended (contract 1.3).

    *names* of the services by id.
    """
    if item.state in (State.DELETED, State.BLOCKED):
        return None
    return ics.event(
        uid=f"{item.process_id}@practice.invalid",
        start=item.timestamp,
        end=item.timestamp + len(item.slots) * item.office.slot_seconds,
        stamp=item.reserved_at,
        title=f"{names.get(item.counts[0][0]) or ''} – {item.office.name}",
        at=_place(item.office),
    )


def _place(office: Office) -> str:
    address = office.wire.get("address")
    if not isinstance(address, dict):
        return office.name
    return (
        f"{address.get('street')} {address.get('house_number')},"
        f" {address.get('postal_code')} {address.get('city')}"
    )
