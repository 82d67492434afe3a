"""The page's rules on a piece of the real Munich (contract 6): who takes what together.

Ids, quantities, durations and limits are the city's own, of its catalogue of 2026-06.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from mta_core.domain.availability import Slot
from mta_core.domain.catalogue import (
    Catalogue,
    OfficeId,
    Service,
    ServiceId,
    ServiceSet,
)
from mta_core.domain.errors import InvalidValue, NotOffered
from mta_core.domain.subscriptions import fitting
from mta_core.polling.probes import fold
from tests.unit.domain.builders import (
    IN_THREE_DAYS,
    NOW,
    a_service,
    a_subscription,
    an_offer,
    an_office,
    office_ids,
    service_ids,
    some,
)

# Citizens' offices: grids of five minutes, no limit of their own.
PASING, RUPPERT, RUPPERT_CARDS = 54261, 10489, 10502
RESIDENCE, FAMILY, PASSPORT, CARD = 1063475, 10224132, 1063453, 1063441
# Handing out what is ready.
PICK_UP_RUPPERT, PICK_UP_ORLEANS, PICK_UP = 10492, 1060068, 10295182
# Cars and plates; export plates at an office with a grid of five minutes.
CARS, FROM_OUTSIDE, ADDRESS, CHANGE_PLATES = 10308013, 1064314, 1064121, 1080502
PLATES, EXPORT, ABROAD = 10416, 1064268, 10115737
# One grid slot an appointment.
TRADE, TAXI_COMPANY, TAXI_CAR = 1063278, 10300817, 10300808
CITIZENSHIP_OFFICE, CITIZENSHIP = 10471, 1071907

TOGETHER = (RESIDENCE, FAMILY, PASSPORT, CARD)


def one(number: int, most: int, *others: int, at: Iterable[int] = ()) -> Service:
    return a_service(number, max_quantity=most, combinable=dict.fromkeys(others, at))


def citizens_service(number: int, most: int) -> Service:
    """All of them go together at both offices, and cards also at their own."""
    cards = {PASSPORT, CARD}
    pairs = {
        other: (
            (PASING, RUPPERT, RUPPERT_CARDS)
            if {number, other} == cards
            else (PASING, RUPPERT)
        )
        for other in TOGETHER
        if other != number
    }
    return a_service(number, max_quantity=most, combinable=pairs)


MUNICH = Catalogue.of(
    services=[
        citizens_service(RESIDENCE, 3),
        citizens_service(FAMILY, 3),
        citizens_service(PASSPORT, 2),
        citizens_service(CARD, 2),
        one(PICK_UP, 3),
        one(FROM_OUTSIDE, 2, ADDRESS, CHANGE_PLATES, at=[CARS]),
        one(ADDRESS, 2, FROM_OUTSIDE, CHANGE_PLATES, at=[CARS]),
        one(CHANGE_PLATES, 2, FROM_OUTSIDE, ADDRESS, at=[CARS]),
        one(EXPORT, 3, ABROAD, at=[PLATES]),
        one(ABROAD, 1, EXPORT, at=[PLATES]),
        one(TAXI_COMPANY, 1),
        one(TAXI_CAR, 5),
        one(CITIZENSHIP, 5),
    ],
    offices=[
        an_office(PASING),
        an_office(RUPPERT, disabled_by=service_ids(PASSPORT, CARD, 1080582)),
        an_office(RUPPERT_CARDS),
        an_office(PICK_UP_RUPPERT, slots_per_appointment=5),
        an_office(PICK_UP_ORLEANS, disabled_by=service_ids(PICK_UP)),
        an_office(CARS, slots_per_appointment=2),
        an_office(PLATES, slots_per_appointment=8),
        an_office(TRADE, slots_per_appointment=1),
        an_office(CITIZENSHIP_OFFICE, slots_per_appointment=1),
    ],
    offers=[
        *(an_offer(office, RESIDENCE, 3) for office in (PASING, RUPPERT)),
        *(an_offer(office, FAMILY, 6) for office in (PASING, RUPPERT)),
        *(an_offer(at, card, 3) for at in (PASING, RUPPERT) for card in TOGETHER[2:]),
        *(an_offer(RUPPERT_CARDS, card, 1) for card in TOGETHER[2:]),
        an_offer(PICK_UP_RUPPERT, PICK_UP, 1),
        an_offer(PICK_UP_ORLEANS, PICK_UP, 1),
        an_offer(CARS, FROM_OUTSIDE, 1),
        an_offer(CARS, ADDRESS, 1),
        an_offer(CARS, CHANGE_PLATES, 2),
        an_offer(PLATES, EXPORT, 3),
        an_offer(PLATES, ABROAD, 3),
        an_offer(TRADE, TAXI_COMPANY, 9),
        an_offer(TRADE, TAXI_CAR, 5),
        an_offer(CITIZENSHIP_OFFICE, CITIZENSHIP, 1),
    ],
)


def a_set(*wanted: int | tuple[int, int]) -> ServiceSet:
    """Name services, with how many persons come for them."""
    pairs = (each if isinstance(each, tuple) else (each, 1) for each in wanted)
    return ServiceSet.of({ServiceId(service): count for service, count in pairs})


@pytest.mark.parametrize(
    ("wanted", "offices"),
    [
        # Alone, as often as there are persons, up to the maximum.
        (a_set(RESIDENCE), {PASING, RUPPERT}),
        (a_set((RESIDENCE, 3)), {PASING, RUPPERT}),
        (a_set((PICK_UP, 3)), {PICK_UP_RUPPERT}),
        # In Ruppertstraße cards alone are dealt with by an office of their own, mixed
        # with others by the main one.
        (a_set(PASSPORT), {PASING, RUPPERT_CARDS}),
        (a_set((PASSPORT, 2), (CARD, 2)), {PASING, RUPPERT_CARDS}),
        (a_set(PASSPORT, RESIDENCE), {PASING, RUPPERT}),
        (a_set((PASSPORT, 2), (CARD, 2), (RESIDENCE, 3)), {PASING, RUPPERT}),
        # An office with two slots takes two of one slot, or one of two.
        (a_set((FROM_OUTSIDE, 2)), {CARS}),
        (a_set(FROM_OUTSIDE, ADDRESS), {CARS}),
        (a_set(CHANGE_PLATES), {CARS}),
        # Two times three slots of eight.
        (a_set((EXPORT, 2)), {PLATES}),
        (a_set(EXPORT, ABROAD), {PLATES}),
        # Nine slots where one is the limit: one unit is always taken.
        (a_set(TAXI_COMPANY), {TRADE}),
        (a_set(CITIZENSHIP), {CITIZENSHIP_OFFICE}),
        # As long as it gets: 24 of 25 slots.
        (a_set((FAMILY, 3), (PASSPORT, 2)), {PASING, RUPPERT}),
    ],
    ids=str,
)
def test_what_the_citys_page_offers_can_be_ordered(
    wanted: ServiceSet, offices: set[int]
) -> None:
    assert MUNICH.check_orderable(wanted, None) == office_ids(*offices)
    assert MUNICH.able(wanted) == office_ids(*offices)


@pytest.mark.parametrize(
    ("wanted", "most"),
    [
        (a_set((RESIDENCE, 4)), 3),
        (a_set((PASSPORT, 3), RESIDENCE), 2),
        (a_set(EXPORT, (ABROAD, 2)), 1),
        (a_set((CITIZENSHIP, 6)), 5),
    ],
    ids=str,
)
def test_more_persons_than_the_maximum_are_refused(
    wanted: ServiceSet, most: int
) -> None:
    with pytest.raises(InvalidValue, match=f"at most {most} at once"):
        MUNICH.check_orderable(wanted, None)


@pytest.mark.parametrize(
    "wanted",
    [
        # Not combined by any service.
        a_set(PICK_UP, PASSPORT),
        a_set(RESIDENCE, FROM_OUTSIDE),
        # Longer than the office's appointments.
        a_set((FROM_OUTSIDE, 2), ADDRESS),
        a_set(CHANGE_PLATES, FROM_OUTSIDE),
        a_set((CHANGE_PLATES, 2)),
        a_set((EXPORT, 3)),
        a_set((EXPORT, 2), ABROAD),
        a_set((TAXI_CAR, 2)),
        a_set((CITIZENSHIP, 2)),
        # Longer than the city chains anywhere: 30 slots.
        a_set((FAMILY, 3), (PASSPORT, 2), (CARD, 2)),
    ],
    ids=str,
)
def test_what_the_citys_page_does_not_offer_is_refused(wanted: ServiceSet) -> None:
    """The city's API would take some of these (contract 3)."""
    with pytest.raises(NotOffered, match="No office offers"):
        MUNICH.check_orderable(wanted, None)


@pytest.mark.parametrize(
    ("wanted", "office"),
    [
        (a_set(PICK_UP), PICK_UP_ORLEANS),
        (a_set(PASSPORT), RUPPERT),
        (a_set(PASSPORT, RESIDENCE), RUPPERT_CARDS),
        (a_set(RESIDENCE), CARS),
    ],
    ids=str,
)
def test_an_office_that_the_page_hides_can_not_be_named(
    wanted: ServiceSet, office: int
) -> None:
    with pytest.raises(NotOffered, match=rf"\({office}\) does not offer"):
        MUNICH.check_orderable(wanted, office_ids(office))


@pytest.mark.parametrize(
    ("wanted", "office", "slots"),
    [
        (a_set(RESIDENCE), PASING, 3),
        (a_set((PASSPORT, 2), (CARD, 2)), PASING, 12),
        (a_set((PASSPORT, 2), (CARD, 2)), RUPPERT_CARDS, 4),
        (a_set((FAMILY, 3), (PASSPORT, 2)), PASING, 24),
        (a_set(TAXI_COMPANY), TRADE, 9),
    ],
    ids=str,
)
def test_an_appointment_is_as_long_as_all_that_is_done_in_it(
    wanted: ServiceSet, office: int, slots: int
) -> None:
    """Slots are of the office's own grid, and so are the numbers of them (contract 6)."""
    assert MUNICH.slots_needed(wanted, OfficeId(office)) == slots


# One appointment for all of it


def test_services_are_had_together_in_whatever_order_they_are_named() -> None:
    assert a_set((PASSPORT, 2), RESIDENCE) == a_set(RESIDENCE, (PASSPORT, 2))
    assert str(a_set(RESIDENCE, (PASSPORT, 2))) == f"{PASSPORT}x2+{RESIDENCE}"
    assert a_set(PASSPORT, RESIDENCE) != a_set((PASSPORT, 2), RESIDENCE)


def test_a_combined_wish_is_asked_in_one_question_where_it_can_be_had() -> None:
    family = f"{PASSPORT}x2+{RESIDENCE}"
    [demand] = fold(
        [a_subscription(1, services=family), a_subscription(2, services=family)],
        MUNICH,
        NOW,
    )
    assert demand.probe().services == some(family)
    assert demand.probe().offices == office_ids(PASING, RUPPERT)
    assert demand.probe().key == f"{family}@{RUPPERT},{PASING}"


def test_only_a_slot_for_all_of_it_fits() -> None:
    """A slot for one person is too short for two."""
    both = a_set((PASSPORT, 2), RESIDENCE)
    slots = [
        Slot(IN_THREE_DAYS, OfficeId(PASING), services)
        for services in (
            *(both, a_set(PASSPORT), a_set(RESIDENCE)),
            *(a_set(PASSPORT, RESIDENCE), a_set((PASSPORT, 2))),
        )
    ]
    wish = a_subscription(services=str(both))
    assert fitting(slots, wish, NOW) == (slots[0],)
