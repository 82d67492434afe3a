"""What MTA reads in the city's catalogue, and what it does not believe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mta_core.domain.catalogue import Asked, Offer, Office, Service, Terms
from mta_core.domain.errors import SiteChanged
from tests.integration.city import city_answers as says
from tests.integration.city.city_answers import MOVE, ORLEANS, PASING, PASS


async def test_an_office_is_read_whole() -> None:
    catalogue = await says.city_that_says(says.catalogue()).site.catalogue()

    assert catalogue.offices == {
        PASING: Office(
            PASING,
            "Bürgerbüro Pasing",
            address="Landsberger Straße 16, 81241 München",
            latitude=48.1466,
            longitude=11.4612,
            slot_minutes=15,
            terms=Terms(
                checked=False,
                reservation_minutes=15,
                activation_minutes=30,
                email_from="no-reply@example.org",
                email=Asked(activated=True, required=True),
                telephone=Asked(activated=True),
                custom=Asked(activated=True, required=True, label="Geburtsdatum"),
                custom2=Asked(required=True),
                per_mail=3,
                info="Neue Termine um 7 Uhr.",
            ),
            disabled_by=frozenset({PASS}),
            slots_per_appointment=2,
            priority=3,
        )
    }


async def test_services_and_offers_are_read() -> None:
    catalogue = await says.city_that_says(says.catalogue()).site.catalogue()

    assert catalogue.services == {
        MOVE: Service(
            MOVE, "Wohnsitzanmeldung", 5, {PASS: frozenset({PASING, ORLEANS})}
        )
    }
    assert catalogue.offers == (Offer(PASING, MOVE, 2),)


NOTHING: dict[str, Any] = {
    "name": None,
    "address": [],
    "geo": None,
    "slotTimeInMinutes": None,
    "disabledByServices": None,
    "scope": None,
    "slotsPerAppointment": None,
}


async def test_what_the_city_leaves_empty_is_left_empty() -> None:
    body = says.catalogue(
        offices=[says.office(**NOTHING)],
        services=[says.service(name=None, maxQuantity=None, combinable=[])],
    )

    catalogue = await says.city_that_says(body).site.catalogue()

    assert catalogue.office(PASING) == Office(PASING, str(PASING), priority=3)
    assert catalogue.service(MOVE) == Service(MOVE, str(MOVE))


@pytest.mark.parametrize("unlimited", [None, "0", ""])
async def test_no_limit_per_mail_is_none(unlimited: str | None) -> None:
    scope = says.scope(appointmentsPerMail=unlimited, captchaActivatedRequired=True)
    body = says.catalogue(offices=[says.office(scope=scope)])

    terms = (await says.city_that_says(body).site.catalogue()).office(PASING).terms

    assert terms is not None
    assert terms.per_mail is None
    assert terms.checked


async def test_peers_that_share_stock_are_read_without_the_office_itself() -> None:
    body = says.catalogue(
        offices=[says.office(sharedBookingOfficeIds=[PASING, ORLEANS])]
    )

    office = (await says.city_that_says(body).site.catalogue()).office(PASING)

    assert office.shared_with == frozenset({ORLEANS})


def _office_with(**changes: Any) -> dict[str, Any]:
    return says.catalogue(offices=[says.office(**changes)])


def _scope_with(**changes: Any) -> dict[str, Any]:
    return _office_with(scope=says.scope(**changes))


BROKEN_CATALOGUES: list[tuple[dict[str, Any], str]] = [
    (says.without(says.catalogue(), "relations"), "$"),
    (says.catalogue(offices={}), "$.offices"),
    (says.catalogue(offices=[[]]), "$.offices[0]"),
    (_office_with(id="54261"), "$.offices[0].id"),
    (_office_with(id=True), "$.offices[0].id"),
    (_office_with(priority=1.0), "$.offices[0].priority"),
    (_office_with(name=7), "$.offices[0].name"),
    (_office_with(geo={"lat": 48.1, "lon": "11"}), "$.offices[0].geo.lat"),
    (_office_with(geo={"lat": "north", "lon": "11"}), "$.offices[0].geo.lat"),
    (_office_with(slotsPerAppointment=2), "$.offices[0].slotsPerAppointment"),
    (_office_with(disabledByServices="1"), "$.offices[0].disabledByServices"),
    (
        _office_with(scope=says.without(says.scope(), "emailRequired")),
        "$.offices[0].scope",
    ),
    (_scope_with(captchaActivatedRequired=0), "captchaActivatedRequired"),
    (_scope_with(appointmentsPerMail="-1"), "appointmentsPerMail"),
    (_scope_with(reservationDuration=None), "reservationDuration"),
    (says.catalogue(services=[says.service(combinable=None)]), "combinable"),
    (says.catalogue(services=[says.service(combinable={"1": 5})]), "combinable['1']"),
    (
        says.catalogue(services=[says.service(combinable={"1": {"x": []}})]),
        "combinable",
    ),
    (says.catalogue(relations=[{"officeId": PASING, "slots": 1}]), "$.relations[0]"),
]


@pytest.mark.parametrize(("body", "path"), BROKEN_CATALOGUES)
async def test_a_field_of_another_shape_is_named_by_its_path(
    body: dict[str, Any], path: str
) -> None:
    with pytest.raises(SiteChanged) as caught:
        await says.city_that_says(body).site.catalogue()

    assert str(caught.value).startswith("/offices-and-services/: ")
    assert path in str(caught.value)


async def test_a_renamed_field_is_noticed_and_an_added_one_is_not() -> None:
    renamed = says.without(says.office(), "scope") | {"scopes": says.scope()}
    added = says.catalogue(offices=[says.office(news=[1])], version=2)

    await says.city_that_says(added).site.catalogue()

    with pytest.raises(SiteChanged, match="required field missing"):
        await says.city_that_says(says.catalogue(offices=[renamed])).site.catalogue()


@pytest.mark.parametrize("name", ["offices", "services", "relations"])
async def test_an_empty_catalogue_is_not_believed(name: str) -> None:
    with pytest.raises(SiteChanged, match=f"holds no {name}"):
        await says.city_that_says(says.catalogue(**{name: []})).site.catalogue()


async def test_a_wholly_broken_catalogue_gives_a_short_message() -> None:
    body = says.catalogue(offices=[{} for _ in range(100)])

    with pytest.raises(SiteChanged) as caught:
        await says.city_that_says(body).site.catalogue()

    assert len(str(caught.value)) < 400


def _recorded() -> Path:
    beside = Path(__file__).parents[4] / "shared"
    return Path(os.environ.get("MTA_SHARED", beside)) / "city/recorded-catalogue.json"


@pytest.mark.skipif(not _recorded().exists(), reason="no recorded catalogue here")
async def test_the_recorded_catalogue_is_read() -> None:
    catalogue = await says.city_that_says(_recorded().read_bytes()).site.catalogue()

    assert len(catalogue.offices) == 100
    assert len(catalogue.services) == 150
    assert len(catalogue.offers) == 393
    assert sum(office.terms is None for office in catalogue.offices.values()) == 13
