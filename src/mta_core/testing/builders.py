"""Records for tests: sensible, invented, and changed by naming what matters.

``a_user(language="de")``, ``a_subscription(user, mode=Mode.BOOK)``,
``a_booking(subscription)``. Whatever is not named has a default; what belongs to
something else takes it as its first argument.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.accounts import Consent, Contact, Home, User
from mta_core.domain.availability import (
    BERLIN,
    Calendar,
    DateWindow,
    Opening,
    Probe,
    Slot,
    day_of,
)
from mta_core.domain.blindness import Blindness, BlindReason
from mta_core.domain.bookings import Booking
from mta_core.domain.calls import Call, CallRecord, Held
from mta_core.domain.catalogue import (
    Asked,
    Catalogue,
    Offer,
    Office,
    OfficeId,
    Service,
    ServiceId,
    ServiceSet,
    Terms,
)
from mta_core.domain.errors import Answer
from mta_core.domain.notifications import Kind, Notification
from mta_core.domain.rota import Turn
from mta_core.domain.shifts import HERE, MARGIN, TOKEN_LIFE, Shift, Token
from mta_core.domain.subscriptions import Mode, Subscription
from mta_core.domain.wishes import EVERY_WEEKDAY, Hours, Wishes
from mta_core.ports.site import Details
from mta_core.testing.clock import NOON, SequentialIds

RESIDENCE = ServiceId(1063475)
PASSPORT = ServiceId(1063453)
"""Services of `a_catalogue`: both may share an appointment at `PASING`."""

PASING = OfficeId(54261)
ORLEANSPLATZ = OfficeId(102522)
RUPPERTSTRASSE = OfficeId(10489)
"""Offices of `a_catalogue`; a human check guards the last one."""

# Records made by different tests must never be one and the same.
_ids = SequentialIds()


def an_id() -> UUID:
    """Make an id that nothing else has."""
    return _ids.new()


def a_day(days: int = 1) -> datetime:
    """Return nine o'clock in Munich, some days after `NOON`'s day."""
    day = day_of(NOON) + timedelta(days=days)
    return datetime.combine(day, time(9), BERLIN).astimezone(NOON.tzinfo)


def a_service(service: ServiceId = RESIDENCE, **changes: Any) -> Service:
    """Build a service that can be had alone."""
    return attrs.evolve(Service(service, f"Service {service}"), **changes)


def some_terms(**changes: Any) -> Terms:
    """Build the terms most offices have: no check, 15 and 30 minutes, a mail address."""
    return attrs.evolve(Terms(email_from="termine@example.org"), **changes)


def an_office(office: OfficeId = PASING, **changes: Any) -> Office:
    """Build an office with the usual terms."""
    usual = Office(
        office,
        f"Office {office}",
        address="Musterstr. 1, 80331 München",
        slot_minutes=15,
        terms=some_terms(),
    )
    return attrs.evolve(usual, **changes)


def a_catalogue(**changes: Any) -> Catalogue:
    """Build a city of two services and three offices that all offer both.

    The last office is checked, and asks for a telephone number and a custom field.
    """
    together = frozenset({PASING, ORLEANSPLATZ})
    services = (
        a_service(RESIDENCE, name="Wohnsitz anmelden", combinable={PASSPORT: together}),
        a_service(PASSPORT, name="Reisepass", max_quantity=2),
    )
    asked = Asked(activated=True, required=True)
    curious = some_terms(
        checked=True, telephone=asked, custom=attrs.evolve(asked, label="Aktenzeichen")
    )
    offices = (
        an_office(PASING, name="Bürgerbüro Pasing"),
        an_office(ORLEANSPLATZ, name="Bürgerbüro Orleansplatz"),
        an_office(RUPPERTSTRASSE, name="Bürgerbüro Ruppertstraße", terms=curious),
    )
    offers = (Offer(o.id, s.id) for s in services for o in offices)
    return attrs.evolve(Catalogue.of(services, offices, offers), **changes)


def a_service_set(*services: ServiceId) -> ServiceSet:
    """Build a set of services wanted once each, the residence if none is named."""
    return ServiceSet.of(services or (RESIDENCE,))


def a_home(number: int | None = None, **changes: Any) -> Home:
    """Build where a citizen is reached; no two are alike."""
    number = an_id().int if number is None else number
    return attrs.evolve(Home("console", f"citizen-{number}"), **changes)


def a_contact(**changes: Any) -> Contact:
    """Build the contact data of an invented citizen."""
    invented = Contact("Ada Müller", "ada.mueller@example.org", "+498912345600")
    return attrs.evolve(invented, **changes)


def some_details(**changes: Any) -> Details:
    """Build what the city is told, an answer to every question included."""
    answers = {"custom": "12/345", "custom2": "none"}
    return attrs.evolve(Details(a_contact(), answers), **changes)


def a_user(**changes: Any) -> User:
    """Build a citizen who agreed a day ago."""
    agreed = NOON - timedelta(days=1)
    user = User(an_id(), a_home(), Consent("2026-08", agreed), agreed)
    return attrs.evolve(user, **changes)


def a_subscription(citizen: User | None = None, /, **changes: Any) -> Subscription:
    """Build a wish to be told of any slot for the residence, an hour old.

    What depends on since when it waits follows that.
    """
    usual: dict[str, Any] = {
        "user": citizen.id if citizen else an_id(),
        "services": a_service_set(),
        "wishes": Wishes(),
        "mode": Mode.TELL,
        "waiting_since": NOON - timedelta(hours=1),
    }
    return Subscription(**{"id": an_id(), **usual, **changes})


def a_slot(days: int = 1, minutes: int = 0, **changes: Any) -> Slot:
    """Build a slot in Pasing, some days on, some minutes past nine in Munich."""
    start = a_day(days) + timedelta(minutes=minutes)
    return attrs.evolve(Slot(start, PASING, a_service_set()), **changes)


def a_window(first: int = 0, last: int = 90) -> DateWindow:
    """Build a window of days, counted from `NOON`'s day."""
    today = day_of(NOON)
    return DateWindow(today + timedelta(days=first), today + timedelta(days=last))


def a_probe(**changes: Any) -> Probe:
    """Build the question for the residence at both unchecked offices."""
    offices = frozenset({PASING, ORLEANSPLATZ})
    return attrs.evolve(Probe(a_service_set(), offices, a_window()), **changes)


def a_calendar(*slots: Slot, **changes: Any) -> Calendar:
    """Build the answer in which these slots of one day are all that is free."""
    day = slots[0].day if slots else day_of(NOON)
    offices = frozenset(slot.office for slot in slots)
    times = {
        office: tuple(sorted(slot.start for slot in slots if slot.office == office))
        for office in offices
    }
    bookable = {day: offices} if slots else {}
    return attrs.evolve(Calendar(DateWindow(day, day), bookable, times), **changes)


def an_opening(slot: Slot | None = None, /, **changes: Any) -> Opening:
    """Build a slot that was seen free for the first time just now."""
    return attrs.evolve(Opening(an_id(), slot or a_slot(), NOON, NOON), **changes)


def a_booking(subscription: Subscription | None = None, /, **changes: Any) -> Booking:
    """Build a booking that was decided just now and is due."""
    wish = subscription or a_subscription()
    booking = Booking(
        id=an_id(),
        user=wish.user,
        subscription=wish.id,
        slot=a_slot(services=wish.services),
        seen_at=NOON,
        requested_at=NOON,
        due_at=NOON,
    )
    return attrs.evolve(booking, **changes)


def some_keys(**changes: Any) -> Held:
    """Build the keys to an appointment."""
    return attrs.evolve(Held(102345, "ab" * 32), **changes)


def a_call(booking: Booking | None = None, /, **changes: Any) -> CallRecord:
    """Build the record of a reserve that succeeded within a second."""
    record = CallRecord(
        id=an_id(),
        booking=booking.id if booking else an_id(),
        call=Call.RESERVE,
        sent_at=NOON,
        answered_at=NOON + timedelta(seconds=1),
        answer=Answer.DONE,
    )
    return attrs.evolve(record, **changes)


def a_notification(citizen: User | None = None, /, **changes: Any) -> Notification:
    """Build the message that a slot was found, due now."""
    notification = Notification(
        id=an_id(),
        user=citizen.id if citizen else an_id(),
        kind=Kind.FOUND,
        created_at=NOON,
        due_at=NOON,
        slots=(a_slot(),),
        facts={
            "service": "Wohnsitz anmelden",
            f"office.{PASING}": "Bürgerbüro Pasing",
            f"address.{PASING}": "Musterstr. 1, 80331 München",
            "others": "0",
        },
    )
    return attrs.evolve(notification, **changes)


def a_shift(citizen: User | None = None, /, **changes: Any) -> Shift:
    """Build a watch shift that was opened just now."""
    shift = Shift(
        id=an_id(),
        user=citizen.id if citizen else an_id(),
        egress=HERE,
        token=a_token(),
        opened_at=NOON,
        expires_at=NOON + TOKEN_LIFE - MARGIN,
    )
    return attrs.evolve(shift, **changes)


def a_token() -> Token:
    """Build what the city might give for a human check; no two are alike."""
    return Token(f"header.{an_id().hex}.signature")


def a_turn(citizen: User | None = None, /, **changes: Any) -> Turn:
    """Build an offer to watch from seven to eight on any day."""
    turn = Turn(
        id=an_id(),
        user=citizen.id if citizen else an_id(),
        hours=Hours(time(7), time(8)),
        weekdays=EVERY_WEEKDAY,
        offered_at=NOON - timedelta(days=1),
    )
    return attrs.evolve(turn, **changes)


def a_blindness(probe: Probe | None = None, /, **changes: Any) -> Blindness:
    """Build the note that a probe met an outage just now."""
    key = (probe or a_probe()).key
    blind = Blindness(key, BlindReason.OUTAGE, NOON, "connection refused")
    return attrs.evolve(blind, **changes)
