"""How the scripted city computes a calendar, and what it knows of an appointment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256

import attrs

from mta_core.domain.availability import Calendar, DateWindow, Probe, Slot
from mta_core.domain.calls import CityAppointment, CityStatus, Held
from mta_core.domain.catalogue import OfficeId, Terms
from mta_core.domain.errors import Refused
from mta_core.ports.site import Details

_BOUND = frozenset({CityStatus.PRECONFIRMED, CityStatus.CONFIRMED})
_LIVE = _BOUND | {CityStatus.RESERVED}

Days = Mapping[date, frozenset[OfficeId]]


def calendar_of(
    probe: Probe,
    free: Iterable[Slot],
    painted: Iterable[tuple[OfficeId, date]],
    now: datetime,
) -> Calendar:
    """Answer a probe (contract 1.2).

    Times come for the first bookable day alone; of the other days of its month the
    answer says which offices are bookable, and names the first day after that month.
    """
    seen = [slot for slot in free if _fits(slot, probe) and slot.start > now]
    listed = _listed(probe, seen, painted)
    if not listed:
        return Calendar(DateWindow(probe.window.first, probe.window.first), {}, {})
    first = min(listed)
    times = _times(slot for slot in seen if slot.day == first)
    month = {day: offices for day, offices in listed.items() if _same_month(day, first)}
    # The searched day is listed only where it really has times.
    bookable = {**month, first: frozenset(times)}
    later = [day for day in listed if day not in month]
    return Calendar(
        DateWindow(first, first),
        {day: offices for day, offices in sorted(bookable.items()) if offices},
        times,
        min(later, default=None),
    )


def _fits(slot: Slot, probe: Probe) -> bool:
    return (
        slot.services == probe.services
        and slot.office in probe.offices
        and slot.day in probe.window
    )


def _listed(
    probe: Probe, seen: Iterable[Slot], painted: Iterable[tuple[OfficeId, date]]
) -> Days:
    places = {(slot.office, slot.day) for slot in seen}
    places |= {
        (office, day)
        for office, day in painted
        if office in probe.offices and day in probe.window
    }
    return {
        day: frozenset(office for office, other in places if other == day)
        for _, day in places
    }


def _times(slots: Iterable[Slot]) -> dict[OfficeId, tuple[datetime, ...]]:
    times: dict[OfficeId, tuple[datetime, ...]] = {}
    for slot in sorted(slots):
        times[slot.office] = (*times.get(slot.office, ()), slot.start)
    return times


def _same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)


@attrs.frozen
class Process:
    """An appointment as the scripted city keeps it.

    Attributes:
        keys: how many keys it has had: a cancellation makes a new one.
        lapsed: its time was over before it was confirmed; the city has forgotten it.
    """

    id: int
    slot: Slot
    terms: Terms
    reserved_at: datetime
    status: CityStatus = CityStatus.RESERVED
    details: Details | None = None
    keys: int = 1
    lapsed: bool = False

    @property
    def held(self) -> Held:
        """The present keys."""
        key = sha256(f"{self.id}:{self.keys}".encode()).hexdigest()
        return Held(self.id, key)

    @property
    def live(self) -> bool:
        """Whether it holds its slot."""
        return self.status in _LIVE and not self.lapsed

    @property
    def email(self) -> str:
        """The citizen's mail address, once it is known."""
        return self.details.contact.email if self.details else ""

    def public(self) -> CityAppointment:
        """What the city answers."""
        return CityAppointment(self.held, self.status, f"P{self.id % 10_000:04}")

    def overdue(self, now: datetime) -> bool:
        """Whether it lapses: both clocks run from the reservation (contract 4)."""
        minutes = {
            CityStatus.RESERVED: self.terms.reservation_minutes,
            CityStatus.PRECONFIRMED: self.terms.activation_minutes,
        }.get(self.status)
        if minutes is None or self.lapsed:
            return False
        return now >= self.reserved_at + timedelta(minutes=minutes)

    def told(self, details: Details) -> Process:
        """Take the citizen's details. Raises `Refused` for what is missing (3)."""
        demanded = (
            (self.terms.telephone, details.contact.telephone, "invalidTelephone"),
            (
                self.terms.custom,
                details.answers.get("custom"),
                "invalidCustomTextfield",
            ),
            (
                self.terms.custom2,
                details.answers.get("custom2"),
                "invalidCustomTextfield2",
            ),
        )
        for field, given, code in demanded:
            if field.demanded and not (given or "").strip():
                raise Refused(code)
        return attrs.evolve(self, details=details)

    def check_mail_limit(self, others: Iterable[Process]) -> None:
        """Hold it against the appointments that one address may have (contract 4)."""
        same = [
            other
            for other in others
            if other.id != self.id
            and other.live
            and other.status in _BOUND
            and (other.slot.office, other.email) == (self.slot.office, self.email)
        ]
        if self.terms.per_mail is not None and len(same) >= self.terms.per_mail:
            raise Refused("tooManyAppointmentsWithSameMail")

    def cancelled(self) -> Process:
        """End it: what was only reserved is blocked, all else deleted (1.3)."""
        status = CityStatus.DELETED if self.status in _BOUND else CityStatus.BLOCKED
        return attrs.evolve(self, status=status, keys=self.keys + 1)
