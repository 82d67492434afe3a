"""From the city's words to MTA's, and no answer is believed that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from mta_adapters.city import wire
from mta_core.domain.availability import Calendar, DateWindow, Probe, Slot, day_of
from mta_core.domain.calls import CityAppointment, CityStatus, Held
from mta_core.domain.catalogue import (
    Asked,
    Catalogue,
    Offer,
    Office,
    OfficeId,
    Service,
    ServiceId,
    Terms,
)
from mta_core.domain.errors import SiteChanged


def catalogue(answer: wire.OfficesAndServices) -> Catalogue:
    """Translate the catalogue.

    Raises:
        SiteChanged: a list is empty. The city always offers something; an empty answer
            is how some servers turn robots away.
    """
    for name in ("offices", "services", "relations"):
        if not getattr(answer, name):
            raise SiteChanged(f"The catalogue holds no {name}.")
    return Catalogue.of(
        map(_service, answer.services),
        map(_office, answer.offices),
        (
            Offer(OfficeId(r.officeId), ServiceId(r.serviceId), r.slots)
            for r in answer.relations
        ),
    )


def _service(service: wire.Service) -> Service:
    combinable: dict[ServiceId, frozenset[OfficeId]] = {}
    for entry in service.combinable.values():
        for other, offices in entry.items():
            if other != service.id:  # the city lists the service itself first
                known = combinable.get(ServiceId(other), frozenset())
                combinable[ServiceId(other)] = known | _offices(offices)
    return Service(
        ServiceId(service.id),
        service.name or str(service.id),
        max_quantity=service.maxQuantity or 1,
        combinable=combinable,
    )


def _office(office: wire.Office) -> Office:
    return Office(
        OfficeId(office.id),
        office.name or str(office.id),
        address=_address(office.address) if office.address else "",
        latitude=office.geo.lat if office.geo else None,
        longitude=office.geo.lon if office.geo else None,
        slot_minutes=office.slotTimeInMinutes,
        terms=_terms(office.scope) if office.scope else None,
        shared_with=_offices(office.sharedBookingOfficeIds or ()) - {office.id},
        disabled_by=frozenset(map(ServiceId, office.disabledByServices or ())),
        slots_per_appointment=office.slotsPerAppointment or None,
        priority=office.priority,
    )


def _address(address: wire.Address) -> str:
    street = f"{address.street or ''} {address.house_number or ''}".strip()
    town = f"{address.postal_code or ''} {address.city or ''}".strip()
    return ", ".join(part for part in (street, town) if part)


def _terms(scope: wire.Scope) -> Terms:
    return Terms(
        checked=scope.captchaActivatedRequired,
        reservation_minutes=scope.reservationDuration,
        activation_minutes=scope.activationDuration,
        email_from=scope.emailFrom or "",
        email=Asked(activated=True, required=scope.emailRequired),
        telephone=Asked(scope.telephoneActivated, scope.telephoneRequired),
        custom=Asked(
            scope.customTextfieldActivated,
            scope.customTextfieldRequired,
            scope.customTextfieldLabel or "",
        ),
        custom2=Asked(
            scope.customTextfield2Activated,
            scope.customTextfield2Required,
            scope.customTextfield2Label or "",
        ),
        per_mail=scope.appointmentsPerMail or None,  # 0 is "no limit" (contract 4)
        info=scope.infoForAllAppointments or "",
    )


def _offices(ids: Iterable[int]) -> frozenset[OfficeId]:
    return frozenset(map(OfficeId, ids))


def calendar(answer: wire.Calendar, probe: Probe) -> Calendar:
    """Translate the answer to a probe.

    Raises:
        SiteChanged: it answers another question, or contradicts itself (contract 1.2).
    """
    searched = _searched(answer, probe)
    bookable: dict[date, frozenset[OfficeId]] = {}
    times: dict[OfficeId, set[datetime]] = {}
    for day in answer.availableDays:
        offices = _offices(day.providerIDs)
        if offices:
            bookable[day.date] = bookable.get(day.date, frozenset()) | offices
        for entry in day.offices:
            _check_times(entry.appointments, day.date, searched)
            if entry.appointments:
                at_office = times.setdefault(OfficeId(entry.officeId), set())
                at_office.update(entry.appointments)
    _check_offices(frozenset(times).union(*bookable.values()), probe)
    later = [answer.nextBookableDate] if answer.nextBookableDate else []
    _check_days([*bookable, *later], searched, probe)
    return Calendar(
        searched,
        bookable,
        {office: tuple(sorted(starts)) for office, starts in times.items()},
        answer.nextBookableDate,
    )


def _searched(answer: wire.Calendar, probe: Probe) -> DateWindow:
    """Read which days were searched: one, or none in particular if nothing is free."""
    asked = probe.window
    if (answer.startDate, answer.endDate) != (asked.first, asked.last):
        raise SiteChanged("The calendar answers for days that were not asked for.")
    first, last = answer.slotsStartDate, answer.slotsEndDate
    if first > last or first not in asked or last not in asked:
        raise SiteChanged("The calendar was searched outside of the asked days.")
    if first != last and (answer.availableDays or answer.nextBookableDate):
        raise SiteChanged("The calendar was searched for several days at once.")
    return DateWindow(first, last)


def _check_times(starts: Iterable[datetime], day: date, searched: DateWindow) -> None:
    for start in starts:
        if day_of(start) != day or day not in searched:
            raise SiteChanged("The calendar has times on a day that was not searched.")


def _check_offices(named: frozenset[OfficeId], probe: Probe) -> None:
    if not named <= probe.offices:
        raise SiteChanged("The calendar names offices that were not asked for.")


def _check_days(days: Iterable[date], searched: DateWindow, probe: Probe) -> None:
    """The searched day is the first bookable one: all before it hold nothing."""
    for day in days:
        if day not in probe.window or day < searched.first:
            raise SiteChanged("The calendar's bookable days contradict its search.")


_STATUS = {status.value: status for status in CityStatus}


def reserved(answer: wire.Process, slot: Slot) -> CityAppointment:
    """Translate what reserve returns.

    Raises:
        SiteChanged: it is for another time, or comes without a key.
    """
    if answer.timestamp != int(slot.start.timestamp()):
        raise SiteChanged("The city reserved another time than the one asked for.")
    if not answer.authKey:
        raise SiteChanged("The city reserved without giving a key.")
    return appointment(answer)


def known(answer: wire.Process, held: Held) -> CityAppointment:
    """Translate what any later call returns; cancelling gives a new key (1.3).

    Raises:
        SiteChanged: it is about another appointment.
    """
    if answer.processId != held.process_id:
        raise SiteChanged("The city answered about another appointment.")
    return appointment(answer)


def appointment(answer: wire.Process) -> CityAppointment:
    """Translate the city's record of an appointment."""
    return CityAppointment(
        Held(answer.processId, answer.authKey),
        _STATUS.get(answer.status or "", CityStatus.OTHER),
        answer.displayNumber or "",
    )
