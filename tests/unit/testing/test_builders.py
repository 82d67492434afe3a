"""What the builders build fits together, and changes where it is told to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core import testing
from mta_core.domain.availability import Observation
from mta_core.domain.calls import Call
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import InvalidValue
from mta_core.domain.questions import missing_details
from mta_core.domain.subscriptions import Mode
from mta_core.testing import (
    NOON,
    ORLEANSPLATZ,
    PASING,
    PASSPORT,
    RESIDENCE,
    RUPPERTSTRASSE,
    a_blindness,
    a_booking,
    a_calendar,
    a_call,
    a_catalogue,
    a_contact,
    a_day,
    a_home,
    a_notification,
    a_probe,
    a_service_set,
    a_slot,
    a_subscription,
    a_user,
    an_office,
    an_opening,
    some_details,
)


def test_everything_public_is_there() -> None:
    assert testing.__all__
    for name in testing.__all__:
        assert hasattr(testing, name), name


def test_the_city_has_two_open_offices_and_a_checked_one() -> None:
    catalogue = a_catalogue()
    every = {PASING, ORLEANSPLATZ, RUPPERTSTRASSE}
    for services in (RESIDENCE, PASSPORT):
        assert catalogue.offering(a_service_set(services)) == every
    assert [o for o in sorted(every) if catalogue.is_checked(o)] == [RUPPERTSTRASSE]


def test_both_services_can_be_had_together_where_nothing_is_checked() -> None:
    both = a_service_set(RESIDENCE, PASSPORT)
    assert a_catalogue().check_orderable(both, None) == {PASING, ORLEANSPLATZ}
    with pytest.raises(InvalidValue):
        a_catalogue().check_orderable(ServiceSet.of({RESIDENCE: 2}), None)


def test_the_details_are_all_that_any_office_asks_for() -> None:
    details = some_details()
    for office in a_catalogue().offices.values():
        assert office.terms is not None
        answers = dict(details.answers)
        assert missing_details(office.terms, details.contact, answers) == ()
        assert missing_details(office.terms, None, {})


def test_no_two_records_are_the_same() -> None:
    for build in (a_user, a_subscription, a_booking, a_notification, an_opening):
        first, second = build(), build()
        assert first.id < second.id
    assert a_home() != a_home()
    assert a_home(7) == a_home(7)


def test_what_belongs_together_is_linked() -> None:
    user = a_user()
    wish = a_subscription(user, services=a_service_set(PASSPORT))
    booking = a_booking(wish)
    assert (wish.user, booking.user, booking.subscription) == (
        user.id,
        user.id,
        wish.id,
    )
    assert booking.slot.services == wish.services
    assert a_call(booking).booking == booking.id
    assert a_notification(user).user == user.id


def test_who_waits_for_long_has_not_been_heard_of_since() -> None:
    since = NOON - timedelta(days=90)
    wish = a_subscription(waiting_since=since)
    assert (wish.renewed_at, wish.armed_at) == (since, since)
    assert a_subscription(waiting_since=since, renewed_at=NOON).renewed_at == NOON


def test_a_new_booking_is_due() -> None:
    assert a_booking().next_call(NOON) is Call.RESERVE


def test_fields_change_by_name() -> None:
    assert a_subscription(mode=Mode.BOOK).mode is Mode.BOOK
    assert a_contact(name="Bo").name == "Bo"
    assert an_office(name="Amt").name == "Amt"


def test_a_slot_counts_from_nine_in_munich() -> None:
    slot = a_slot(2, minutes=30)
    assert slot.start == a_day(2) + timedelta(minutes=30)
    assert f"{slot.start:%H:%M}" == "07:30"
    assert an_opening(slot).slot == slot


def test_a_calendar_holds_the_slots_it_is_given() -> None:
    slots = (a_slot(minutes=15), a_slot(), a_slot(office=ORLEANSPLATZ))
    probe = a_probe()
    seen = Observation.of(probe, a_calendar(*slots), NOON)
    assert seen.free == set(slots)
    empty = Observation.of(probe, a_calendar(), NOON)
    assert (empty.free, empty.through) == (frozenset(), probe.window.last)


def test_a_blind_probe_is_the_usual_one() -> None:
    assert a_blindness().probe == a_probe().key
    other = a_probe(offices=frozenset({PASING}))
    assert a_blindness(other).probe == other.key
