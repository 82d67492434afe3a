"""Naming one service by words: never one that was not clearly meant."""

from __future__ import annotations

import pytest

from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.search import one_service
from tests.unit.domain.city_services import CITY, NAMES, a_city


@pytest.mark.parametrize("name", NAMES.values())
def test_every_service_is_named_by_its_own_name(name: str) -> None:
    assert one_service(CITY, name).name == name


@pytest.mark.parametrize("number", NAMES)
def test_every_service_is_named_by_its_id(number: int) -> None:
    assert one_service(CITY, str(number)).id == number


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # The only one that fits
        ("Einbürgerung", "Einbürgerung"),
        ("citizenship", "Einbürgerung"),
        ("taxi", "Taxigenehmigung – Erstantrag oder erneuter Antrag"),
        ("106347", "Wohnsitzanmeldung"),
        # Several fit, of one nothing was left unsaid
        ("reisepass", "Reisepass"),
        ("passport", "Reisepass"),
        ("my passport appointment", "Reisepass"),
        ("Reisepas", "Reisepass"),
        ("pasport", "Reisepass"),
        ("id card", "Personalausweis"),
        ("wohnsitz", "Wohnsitzanmeldung"),
        ("register address", "Wohnsitzanmeldung"),
        ("family register address", "Wohnsitzanmeldung – Familie"),
        ("resident parking permit", "Bewohnerparkausweis"),
        ("trade licence", "Gewerbe-Anmeldung"),
    ],
)
def test_what_is_clearly_meant_is_taken(text: str, name: str) -> None:
    assert one_service(CITY, text).name == name


@pytest.mark.parametrize(
    "text", ["parking permit", "driving licence", "visa", "gewerbe", "anmeldugn", ""]
)
def test_what_is_not_clear_is_asked_back(text: str) -> None:
    with pytest.raises(InvalidValue, match="services: "):
        one_service(CITY, text)


def test_candidates_are_listed_with_their_ids() -> None:
    with pytest.raises(InvalidValue) as caught:
        one_service(CITY, "convert driving licence")
    assert str(caught.value) == (
        "'convert driving licence' fits 2 services: "
        "Umschreibung EU/EWR-Führerschein (1071944), "
        "Umschreibung eines ausländischen Führerscheins (1071896). "
        "Give more of the name, or the id."
    )


def test_no_more_than_eight_candidates_are_listed() -> None:
    city = a_city(*(f"Schein {letter}" for letter in "bcdefghjkl"))
    with pytest.raises(InvalidValue) as caught:
        one_service(city, "schein")
    said = str(caught.value)
    assert said.count("(") == 8
    assert "Schein b (1), Schein c (2)," in said
    assert "Schein j (8) and 2 more." in said


def test_two_of_one_name_are_not_clear() -> None:
    with pytest.raises(InvalidValue, match=r"Gleich \(1\), Gleich \(2\)"):
        one_service(a_city("Gleich", "Gleich"), "gleich")


def test_who_asks_for_nothing_known_is_given_suggestions() -> None:
    with pytest.raises(NotFound) as caught:
        one_service(CITY, "zeugnis reisepass")
    assert str(caught.value) == (
        "No service fits 'zeugnis reisepass'. Did you mean Reisepass (1063453) or "
        "Vorläufiger Reisepass (1080582) or Verlust oder Diebstahl Reisepass (1078273)?"
    )


def test_a_word_too_many_is_a_suggestion_not_an_answer() -> None:
    with pytest.raises(NotFound) as caught:
        one_service(CITY, "Reisepass Abholung Donnerstag")
    assert str(caught.value) == (
        "No service fits 'Reisepass Abholung Donnerstag'. Did you mean "
        "Abholung Personalausweis, Reisepass oder eID-Karte (10295182)?"
    )


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    with pytest.raises(NotFound) as caught:
        one_service(CITY, "xyzzy")
    assert str(caught.value) == "No service fits 'xyzzy'."


def test_a_city_without_services_has_none() -> None:
    for text in ("", "passport", "1063453"):
        with pytest.raises(NotFound, match=f"No service fits '{text}'"):
            one_service(a_city("Reisepass").of((), (), ()), text)
