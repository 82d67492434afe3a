"""Small makers of domain values for these tests: name what matters, get the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.answers import answered
from mta_core.domain.availability import BERLIN, Calendar, DateWindow, Probe, Slot
from mta_core.domain.bookings import Booking
from mta_core.domain.calls import Call, CityAppointment, CityStatus, Held
from mta_core.domain.catalogue import (
    Catalogue,
    Offer,
    Office,
    OfficeId,
    Service,
    ServiceId,
    ServiceSet,
    Terms,
)
from mta_core.domain.errors import SiteError
from mta_core.domain.subscriptions import Mode, Subscription, Wishes

NOW = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)
"""A Monday, 10:00 in Munich."""

TODAY = date(2026, 9, 28)
LEASE = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)


def uid(number: int) -> UUID:
    return UUID(int=number)


def berlin(text: str, fold: int = 0) -> datetime:
    """Read a wall clock time of Munich: ``2026-09-28 10:00``."""
    local = datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)
    return local.astimezone(UTC)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def office_ids(*numbers: int) -> frozenset[OfficeId]:
    return frozenset(map(OfficeId, numbers))


def service_ids(*numbers: int) -> frozenset[ServiceId]:
    return frozenset(map(ServiceId, numbers))


def some(text: str = "1") -> ServiceSet:
    """Name a service set as its text does: ``1`` or ``1x2+7``."""
    return ServiceSet.parse(text)


def an_office(number: int, *, checked: bool = False, **more: Any) -> Office:
    more.setdefault("terms", Terms(checked=checked))
    return Office(OfficeId(number), f"Office {number}", **more)


def a_service(
    number: int, *, combinable: Mapping[int, Iterable[int]] | None = None, **more: Any
) -> Service:
    pairs = {ServiceId(s): office_ids(*o) for s, o in (combinable or {}).items()}
    more.setdefault("name", f"Service {number}")
    return Service(ServiceId(number), combinable=pairs, **more)


def an_offer(office: int, service: int, slots: int = 1) -> Offer:
    return Offer(OfficeId(office), ServiceId(service), slots)


def a_catalogue(*offices: Office, services: Iterable[Service] = ()) -> Catalogue:
    """Build a catalogue in which every office offers every service (1 unless named)."""
    listed = tuple(services) or (a_service(1),)
    offers = [an_offer(o.id, s.id) for o in offices for s in listed]
    return Catalogue.of(listed, offices, offers)


IN_THREE_DAYS = NOW + timedelta(days=3)


def a_slot(
    start: datetime = IN_THREE_DAYS, office: int = 1, services: str = "1"
) -> Slot:
    return Slot(start, OfficeId(office), some(services))


def a_window(first: int = 0, last: int = 180) -> DateWindow:
    """Count days from today on."""
    return DateWindow(TODAY + days(first), TODAY + days(last))


def a_probe(
    *offices: int, services: str = "1", window: DateWindow | None = None
) -> Probe:
    return Probe(some(services), office_ids(*(offices or (1,))), window or a_window())


def a_calendar(
    searched: int,
    times: Mapping[int, Iterable[datetime]] | None = None,
    bookable: Mapping[int, Iterable[int]] | None = None,
    next_bookable: int | None = None,
) -> Calendar:
    """Write the city's answer; days are counted from today on."""
    return Calendar(
        searched=a_window(searched, searched),
        bookable={
            TODAY + days(day): office_ids(*offices)
            for day, offices in (bookable or {}).items()
        },
        times={OfficeId(office): tuple(at) for office, at in (times or {}).items()},
        next_bookable=None if next_bookable is None else TODAY + days(next_bookable),
    )


def a_subscription(
    number: int = 1, *, services: str = "1", wishes: Wishes | None = None, **more: Any
) -> Subscription:
    more.setdefault("mode", Mode.TELL)
    more.setdefault("waiting_since", NOW)
    return Subscription(
        id=uid(number),
        user=uid(1000 + number),
        services=some(services),
        wishes=wishes or Wishes(),
        **more,
    )


def wanting(*offices: int, **more: Any) -> Wishes:
    return Wishes(offices=office_ids(*offices), **more)


HELD = Held(100_042, "a1" * 32)


def an_appointment(status: CityStatus = CityStatus.RESERVED) -> CityAppointment:
    return CityAppointment(HELD, status, "M0042")


def a_booking(**more: Any) -> Booking:
    """A booking decided just now for a slot in three days."""
    fresh = Booking(
        id=uid(1),
        user=uid(2),
        subscription=uid(3),
        slot=a_slot(),
        seen_at=NOW,
        requested_at=NOW,  # and so it is due at once
    )
    return attrs.evolve(fresh, **more)


def sent(booking: Booking, call: Call, now: datetime = NOW) -> Booking:
    """Put a call out."""
    return booking.begin(call, now, LEASE)


def a_reserved(**more: Any) -> Booking:
    out = sent(a_booking(**more), Call.RESERVE)
    return out.reserved(an_appointment(), NOW, Terms())


def a_detailed(**more: Any) -> Booking:
    return sent(a_reserved(**more), Call.UPDATE).detailed(NOW)


def a_preconfirmed(**more: Any) -> Booking:
    out = sent(a_detailed(**more), Call.PRECONFIRM)
    return out.seen(an_appointment(CityStatus.PRECONFIRMED), NOW)


def a_confirmed(**more: Any) -> Booking:
    opened = a_preconfirmed(**more).opened(NOW)
    out = sent(opened, Call.LOOK)
    return out.seen(an_appointment(CityStatus.CONFIRMED), NOW)


def out(booking: Booking) -> Booking:
    """Send the call that comes next, whenever it is due."""
    assert booking.due_at is not None
    call = booking.next_call(booking.due_at)
    assert call is not None
    return sent(booking, call, booking.due_at)


def giving_back(booking: Booking) -> Booking:
    return out(booking.give_up(NOW, "not needed"))


def hear(booking: Booking, error: SiteError, now: datetime | None = None) -> Booking:
    """Hear of the call that is out what the city, or the network, says."""
    at = now or (booking.pending.sent_at if booking.pending else NOW)
    return answered(booking, error, at, Terms())


def subclasses(kind: type[SiteError]) -> Iterable[type[SiteError]]:
    yield kind
    for sub in kind.__subclasses__():
        yield from subclasses(sub)
