"""What the city offers, where, and what each office asks for (contract 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NewType, Self

import attrs

from mta_core.domain.errors import InvalidValue, NotFound, NotOffered

ServiceId = NewType("ServiceId", int)
OfficeId = NewType("OfficeId", int)

MAX_COUNT = 25  # the city accepts 1..25 units of one service (contract 3)
MAX_SLOTS = 25  # and chains as many grid slots (contract 3)
_SERVICE = re.compile(r"(?P<id>[0-9]{1,10})(x(?P<count>[0-9]{1,3}))?")


@attrs.frozen
class ServiceSet:
    """Services with counts, to be had as one combined appointment.

    Two sets with the same services and counts are equal and share one probe. The
    services are ordered by id.
    """

    items: tuple[tuple[ServiceId, int], ...] = attrs.field()

    @items.validator
    def _check(self, _: object, items: tuple[tuple[ServiceId, int], ...]) -> None:
        ids = [service for service, _count in items]
        if not ids:
            raise InvalidValue("At least one service is needed.")
        if ids != sorted(set(ids)):
            raise InvalidValue("Each service may be named once, in the order of ids.")
        for service, count in items:
            if not 1 <= count <= MAX_COUNT:
                raise InvalidValue(
                    f"Service {service}: the count must be 1 to {MAX_COUNT}."
                )

    @classmethod
    def of(cls, counts: Mapping[ServiceId, int] | Iterable[ServiceId]) -> Self:
        """Build a set from services with counts, or from services wanted once."""
        pairs = counts if isinstance(counts, Mapping) else dict.fromkeys(counts, 1)
        return cls(tuple(sorted(pairs.items())))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the form that `str` writes: ``1063475`` or ``1063453x2+1063475``.

        Raises:
            InvalidValue: the text is not of this form.
        """
        counts: dict[ServiceId, int] = {}
        for part in text.split("+"):
            match = _SERVICE.fullmatch(part)
            if not match:
                raise InvalidValue(f"{text!r} does not name services, as in 1063475x2.")
            service = ServiceId(int(match["id"]))
            if service in counts:
                raise InvalidValue(f"{text!r} names service {service} twice.")
            counts[service] = int(match["count"] or 1)
        return cls.of(counts)

    def __str__(self) -> str:
        return "+".join(
            f"{service}x{count}" if count > 1 else str(service)
            for service, count in self.items
        )

    @property
    def ids(self) -> tuple[ServiceId, ...]:
        """The services, ordered by id."""
        return tuple(service for service, _ in self.items)


@attrs.frozen
class Asked:
    """One thing that an office may ask a citizen for.

    A field that is required but not activated is not demanded (contract 3).
    """

    activated: bool = False
    required: bool = False
    label: str = ""

    @property
    def demanded(self) -> bool:
        """Whether the citizen must answer."""
        return self.activated and self.required


@attrs.frozen
class Terms:
    """The terms of booking at one office: its first scope's settings (contract 6).

    Attributes:
        checked: a human check is asked for, for times and for reserving.
        reservation_minutes: how long a reservation is held, from reserve on.
        activation_minutes: until when the mail's link works, from reserve on.
        per_mail: appointments that one mail address may hold here; None is no limit.
    """

    checked: bool = False
    reservation_minutes: int = 15
    activation_minutes: int = 30
    email_from: str = ""
    email: Asked = Asked(activated=True, required=True)
    telephone: Asked = Asked()
    custom: Asked = Asked()
    custom2: Asked = Asked()
    per_mail: int | None = None
    info: str = ""


@attrs.frozen
class Office:
    """A place where appointments take place.

    Attributes:
        terms: None where the city names none: nothing can be booked there.
        shared_with: peers whose stock is pooled with this one's.
        slots_per_appointment: the most grid slots that one appointment may take.
    """

    id: OfficeId
    name: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    slot_minutes: int | None = None
    terms: Terms | None = None
    shared_with: frozenset[OfficeId] = frozenset()
    disabled_by: frozenset[ServiceId] = frozenset()
    slots_per_appointment: int | None = None
    priority: int = 1


@attrs.frozen
class Service:
    """Something the city does for a citizen, as the city names it.

    Attributes:
        combinable: other services that may share the appointment, and where.
    """

    id: ServiceId
    name: str
    max_quantity: int = 1
    combinable: Mapping[ServiceId, frozenset[OfficeId]] = attrs.field(factory=dict)


@attrs.frozen
class Offer:
    """A service at an office. *slots*: grid slots that one unit takes there."""

    office: OfficeId
    service: ServiceId
    slots: int = 1


@attrs.frozen
class Catalogue:
    """All services, offices and offers of one answer of the city.

    Offers of services that are not listed exist (contract 6); nothing here assumes
    that an id can be found.
    """

    services: Mapping[ServiceId, Service]
    offices: Mapping[OfficeId, Office]
    offers: tuple[Offer, ...]
    _by_service: Mapping[ServiceId, Mapping[OfficeId, Offer]] = attrs.field(
        init=False, eq=False, repr=False
    )

    @_by_service.default
    def _index(self) -> dict[ServiceId, dict[OfficeId, Offer]]:
        index: dict[ServiceId, dict[OfficeId, Offer]] = {}
        for offer in self.offers:
            index.setdefault(offer.service, {})[offer.office] = offer
        return index

    @classmethod
    def of(
        cls,
        services: Iterable[Service],
        offices: Iterable[Office],
        offers: Iterable[Offer],
    ) -> Self:
        """Build a catalogue from plain lists."""
        return cls(
            {service.id: service for service in services},
            {office.id: office for office in offices},
            tuple(offers),
        )

    def service(self, service_id: ServiceId) -> Service:
        """Find a listed service. Raises `NotFound`."""
        try:
            return self.services[service_id]
        except KeyError:
            raise NotFound(f"The city lists no service {service_id}.") from None

    def office(self, office_id: OfficeId) -> Office:
        """Find an office. Raises `NotFound`."""
        try:
            return self.offices[office_id]
        except KeyError:
            raise NotFound(f"The city lists no office {office_id}.") from None

    def name_of(self, services: ServiceSet) -> str:
        """Name a service set for people: ``Reisepass x 2 + Wohnsitzanmeldung``."""
        return " + ".join(
            (self.services[service].name if service in self.services else str(service))
            + (f" x {count}" if count > 1 else "")
            for service, count in services.items
        )

    def offering(self, services: ServiceSet) -> frozenset[OfficeId]:
        """Find the offices that offer every service of the set and can be booked."""
        shelves = [self._by_service.get(service, {}) for service in services.ids]
        common = frozenset.intersection(*(frozenset(shelf) for shelf in shelves))
        return frozenset(
            office
            for office in common
            if office in self.offices and self.offices[office].terms is not None
        )

    def able(self, services: ServiceSet) -> frozenset[OfficeId]:
        """Find the offices that take the whole set as one appointment."""
        return frozenset(
            office
            for office in self.offering(services)
            if self._can_serve(services, office)
        )

    def is_checked(self, office_id: OfficeId) -> bool:
        """Tell whether a human check guards this office or a peer that shares stock."""
        office = self.office(office_id)
        group = [office, *(self.offices.get(peer) for peer in office.shared_with)]
        return any(member.terms.checked for member in group if member and member.terms)

    def check_orderable(
        self, services: ServiceSet, offices: frozenset[OfficeId] | None
    ) -> frozenset[OfficeId]:
        """Check wishes against the catalogue and return the offices that can serve.

        The city itself does not enforce quantities and combinations (contract 3), so
        MTA does.

        Raises:
            NotFound: an unknown service or office.
            InvalidValue: more of a service than the city allows at once, or services
                that cannot be combined.
            NotOffered: no office, or a named office, does not offer all services.
        """
        for service_id, count in services.items:
            service = self.service(service_id)
            if count > max(service.max_quantity, 1):
                raise InvalidValue(
                    f"{service.name}: at most {service.max_quantity} at once."
                )
        able = self.able(services)
        wanted = able if offices is None else offices
        for office_id in sorted(wanted):
            if self.office(office_id).id not in able:
                raise NotOffered(
                    f"{self.office(office_id).name} ({office_id}) does not offer "
                    f"{self.name_of(services)}."
                )
        if not wanted:
            raise NotOffered(f"No office offers {self.name_of(services)}.")
        return wanted

    def slots_needed(self, services: ServiceSet, office_id: OfficeId) -> int:
        """Count the grid slots that the whole set takes at an office (contract 6)."""
        return sum(
            count * self._by_service[service][office_id].slots
            for service, count in services.items
        )

    def _can_serve(self, services: ServiceSet, office_id: OfficeId) -> bool:
        """Whether this office takes the whole set as one appointment.

        Combinations, the longest appointment and services that hide an office unless
        mixed with others are rules of the city's page (contract 6), not of its API.
        """
        office = self.offices[office_id]
        limit = office.slots_per_appointment
        # One unit of one service is always taken, however many slots it needs: the
        # city lists many services that are longer than their office's own limit.
        several = sum(count for _, count in services.items) > 1
        most = limit if limit is not None and several else MAX_SLOTS
        if self.slots_needed(services, office_id) > min(most, MAX_SLOTS):
            return False
        if office.disabled_by.issuperset(services.ids):
            return False
        return any(self._adds_up(hub, services, office_id) for hub in services.ids)

    def _adds_up(
        self, hub: ServiceId, services: ServiceSet, office_id: OfficeId
    ) -> bool:
        """Whether one can start from this service and add all others to it."""
        listed = self.services.get(hub)
        return listed is not None and all(
            office_id in listed.combinable.get(other, ())
            for other in services.ids
            if other != hub
        )
