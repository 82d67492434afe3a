"""What may be ordered where: the rules of the city's page (contract 3 and 6)."""

from __future__ import annotations

import pytest

from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceId, Terms
from mta_core.domain.errors import InvalidValue, NotFound, NotOffered
from tests.unit.domain.builders import (
    a_catalogue,
    a_service,
    an_offer,
    an_office,
    office_ids,
    service_ids,
    some,
)

ONE, TWO = OfficeId(1), OfficeId(2)


def orderable(catalogue: Catalogue, text: str, *offices: int) -> frozenset[OfficeId]:
    named = office_ids(*offices) if offices else None
    return catalogue.check_orderable(some(text), named)


# Which offices offer a set


def test_only_offices_that_offer_every_service_count() -> None:
    catalogue = Catalogue.of(
        [a_service(1), a_service(2)],
        [an_office(1), an_office(2)],
        [an_offer(1, 1), an_offer(1, 2), an_offer(2, 1)],
    )
    assert catalogue.offering(some("1")) == {1, 2}
    assert catalogue.offering(some("1+2")) == {1}


def test_an_office_without_terms_can_not_be_booked() -> None:
    catalogue = a_catalogue(an_office(1), an_office(2, terms=None))
    assert catalogue.offering(some("1")) == {1}


def test_an_offer_of_an_unlisted_office_leads_nowhere() -> None:
    catalogue = Catalogue.of([a_service(1)], [], [an_offer(1, 1)])
    assert catalogue.offering(some("1")) == frozenset()


def test_offers_of_unlisted_services_are_harmless() -> None:
    """106 of 393 relations name services that are not listed (contract 6)."""
    catalogue = Catalogue.of([], [an_office(1)], [an_offer(1, 99)])
    assert catalogue.offering(some("99")) == {1}
    assert catalogue.name_of(some("99x2")) == "99 x 2"
    with pytest.raises(NotFound, match="no service 99"):
        orderable(catalogue, "99")


def test_an_unoffered_service_is_offered_nowhere() -> None:
    assert a_catalogue(an_office(1)).offering(some("5")) == frozenset()


def test_looking_up_what_is_not_there_says_so() -> None:
    catalogue = a_catalogue(an_office(1))
    assert catalogue.office(ONE).name == "Office 1"
    assert catalogue.service(ServiceId(1)).name == "Service 1"
    with pytest.raises(NotFound, match="no office 2"):
        catalogue.office(TWO)


# Human checks


def test_an_office_is_checked_by_its_own_terms() -> None:
    catalogue = a_catalogue(an_office(1, checked=True), an_office(2))
    assert catalogue.is_checked(ONE)
    assert not catalogue.is_checked(TWO)


def test_an_office_is_checked_if_a_peer_that_shares_its_stock_is() -> None:
    """Office 10503 has no check but shares its slots with 10489, which has."""
    catalogue = a_catalogue(
        an_office(1, shared_with=office_ids(1, 2)), an_office(2, checked=True)
    )
    assert catalogue.is_checked(ONE)


def test_peers_that_are_not_listed_or_have_no_terms_check_nothing() -> None:
    catalogue = a_catalogue(
        an_office(1, shared_with=office_ids(2, 77)), an_office(2, terms=None)
    )
    assert not catalogue.is_checked(ONE)


# Quantities


@pytest.mark.parametrize(
    ("most", "text", "allowed"),
    [(1, "1", True), (1, "1x2", False), (3, "1x3", True), (0, "1", True)],
)
def test_no_more_than_the_maximum_quantity_is_taken(
    most: int, text: str, allowed: bool
) -> None:
    catalogue = a_catalogue(an_office(1), services=[a_service(1, max_quantity=most)])
    if allowed:
        assert orderable(catalogue, text) == {1}
    else:
        with pytest.raises(InvalidValue, match=f"at most {most}"):
            orderable(catalogue, text)


@pytest.mark.parametrize(
    ("limit", "text", "fits"),
    [
        (None, "1x8", True),
        (6, "1x2", True),
        (5, "1x2", False),
        (9, "1x2+2", False),
        (1, "1", True),  # one unit is always taken: many are longer than the limit
    ],
)
def test_an_appointment_takes_no_more_grid_slots_than_the_office_allows(
    limit: int | None, text: str, fits: bool
) -> None:
    services = [
        a_service(1, max_quantity=9, combinable={2: [1]}),
        a_service(2, combinable={1: [1]}),
    ]
    offers = [an_offer(1, 1, slots=3), an_offer(1, 2, slots=4)]
    catalogue = Catalogue.of(
        services, [an_office(1, slots_per_appointment=limit)], offers
    )
    assert catalogue.slots_needed(some("1x2+2"), ONE) == 10
    if fits:
        assert orderable(catalogue, text) == {1}
    else:
        with pytest.raises(NotOffered):
            orderable(catalogue, text)


def test_an_appointment_takes_no_more_than_25_grid_slots_anywhere() -> None:
    """The city chains at most 25 slots (contract 3): such a set is never free."""
    catalogue = Catalogue.of(
        [a_service(1, max_quantity=9)], [an_office(1)], [an_offer(1, 1, slots=3)]
    )
    assert orderable(catalogue, "1x8") == {1}
    with pytest.raises(NotOffered):
        orderable(catalogue, "1x9")


# Combinations


def test_services_that_the_city_does_not_combine_are_refused() -> None:
    catalogue = a_catalogue(an_office(1), services=[a_service(1), a_service(2)])
    with pytest.raises(NotOffered, match=r"Service 1 \+ Service 2"):
        orderable(catalogue, "1+2")


@pytest.mark.parametrize("hub", [1, 2])
def test_a_combination_may_be_listed_at_either_service(hub: int) -> None:
    other = 3 - hub
    services = [a_service(hub, combinable={other: [1]}), a_service(other)]
    catalogue = a_catalogue(an_office(1), an_office(2), services=services)
    assert orderable(catalogue, "1+2") == {1}


def test_a_combination_that_no_service_lists_as_a_whole_is_refused() -> None:
    """1 goes with 2, and 2 with 3, but from none of them one comes to all three."""
    services = [
        a_service(1, combinable={2: [1]}),
        a_service(2, combinable={3: [1]}),
        a_service(3),
    ]
    with pytest.raises(NotOffered):
        orderable(a_catalogue(an_office(1), services=services), "1+2+3")


@pytest.mark.parametrize("hub", [1, 2, 3])
def test_any_service_may_be_the_one_that_combines_with_all_others(hub: int) -> None:
    """On the city's page one starts from any service and adds what it combines."""
    others = {number: [1] for number in (1, 2, 3) if number != hub}
    services = [
        a_service(number, combinable=others if number == hub else {hub: [1]})
        for number in (1, 2, 3)
    ]
    assert orderable(a_catalogue(an_office(1), services=services), "1+2+3") == {1}


# Offices that the page hides


def test_an_office_is_hidden_for_the_services_that_disable_it() -> None:
    catalogue = a_catalogue(an_office(1, disabled_by=service_ids(1)), an_office(2))
    assert orderable(catalogue, "1") == {2}


def test_a_mix_with_another_service_shows_the_office_again() -> None:
    services = [a_service(1, combinable={2: [1]}), a_service(2)]
    office = an_office(1, disabled_by=service_ids(1))
    assert orderable(a_catalogue(office, services=services), "1+2") == {1}


# Named offices


def test_only_named_offices_are_returned() -> None:
    catalogue = a_catalogue(an_office(1), an_office(2))
    assert orderable(catalogue, "1", 2) == {2}


def test_a_named_office_that_does_not_offer_the_services_is_named_in_the_error() -> (
    None
):
    catalogue = a_catalogue(an_office(1), an_office(2, terms=None))
    with pytest.raises(NotOffered, match=r"Office 2 \(2\) does not offer Service 1"):
        orderable(catalogue, "1", 1, 2)


def test_an_unknown_office_is_not_found() -> None:
    with pytest.raises(NotFound, match="no office 8"):
        orderable(a_catalogue(an_office(1)), "1", 8)


def test_no_office_at_all_is_not_offered() -> None:
    with pytest.raises(NotOffered, match="No office offers Service 1"):
        a_catalogue(an_office(1)).check_orderable(some("1"), frozenset())


# Values


def test_catalogues_with_the_same_content_are_equal() -> None:
    assert a_catalogue(an_office(1)) == a_catalogue(an_office(1))
    assert "_by_service" not in repr(a_catalogue(an_office(1)))


def test_names_of_a_set_are_for_people() -> None:
    services = [a_service(1, name="Reisepass"), a_service(2, name="Abholung")]
    catalogue = a_catalogue(an_office(1), services=services)
    assert catalogue.name_of(some("1x2+2")) == "Reisepass x 2 + Abholung"


def test_a_field_that_is_required_but_not_activated_is_not_demanded() -> None:
    """119 of 125 scopes require the custom field, 72 activate it (contract 3)."""
    terms = Terms()
    assert not terms.custom.demanded
    assert terms.email.demanded
