"""`mta services`: what the city offers, for people and for programs."""

from __future__ import annotations

import pytest

from tests.integration.cli.household import (
    CAR,
    CAR_OFFICE,
    PASSPORT,
    RESIDENCE,
    Household,
)

pytestmark = pytest.mark.integration


def test_all_that_the_city_offers_is_listed_by_name(home: Household) -> None:
    said = home.mta("services")

    assert len(said.lines) == 1 + 25
    assert " ".join(said.lines[0].split()) == "id service offices behind a human check"
    assert " ".join(said.lines[1].split()) == (
        "10502137 Abholung elektronischer Aufenthaltstitel 1"
    )
    assert said.err == ""


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["reisepass"], [PASSPORT]),
        (["UMSCHREIBUNG", "ausserhalb"], [CAR]),
        (["aenderung adresse"], [1064121]),
        ([str(CAR)], [CAR]),
    ],
)
def test_words_find_what_fits_all_of_them(
    home: Household, words: list[str], ids: list[int]
) -> None:
    assert [each["id"] for each in home.json("services", *words)] == ids


def test_words_that_fit_nothing_are_told_so(home: Household) -> None:
    said = home.mta("services", "Raumfahrt", code=1)
    assert said.out == "The city offers nothing by these words.\n"
    assert home.json("services", "Raumfahrt", code=1) == []


def test_programs_learn_where_a_human_check_is_asked_for(home: Household) -> None:
    [car] = home.json("services", CAR)
    assert car == {
        "id": CAR,
        "name": "Umschreibung Fahrzeug – von außerhalb nach München",
        "maxQuantity": 2,
        "offices": [
            {"id": CAR_OFFICE, "name": "KfZ Zulassungsstelle", "checked": False}
        ],
    }
    [residence] = home.json("services", RESIDENCE)
    assert [office["checked"] for office in residence["offices"]] == [
        True,
        False,
        True,
    ]


def test_people_read_how_many_offices_are_behind_the_check(home: Household) -> None:
    [_, residence] = home.mta("services", RESIDENCE).lines
    assert residence.split() == [str(RESIDENCE), "Wohnsitzanmeldung", "3", "2"]
    [_, car] = home.mta("services", CAR).lines
    assert car.split()[-1] == "1"


def test_the_city_is_asked_once_a_day_not_once_a_command(home: Household) -> None:
    before = len(home.ask("ledger"))
    home.mta("services")
    assert len(home.ask("ledger")) == before


def test_a_first_command_asks_the_city_politely(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_DATA_DIR", str(home.data.parent / "another"))
    monkeypatch.setenv("MTA_CONTACT", "ops@example.org")
    before = len(home.ask("ledger"))

    home.mta("services", "reisepass")

    [asked] = home.ask("ledger")[before:]
    assert asked["route"].strip("/").endswith("offices-and-services")
    assert asked["userAgent"].startswith("MunichTerminAutomator/")
    assert asked["userAgent"].endswith("(+ops@example.org)")
