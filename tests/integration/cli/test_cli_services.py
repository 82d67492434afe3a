"""`mta services`: what the city offers, for people and for programs."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from mta_core.domain.catalogue import Catalogue
from mta_entrypoints.cli.container import CliContainer
from tests.integration.cli.household import (
    CAR,
    CAR_OFFICE,
    PASSPORT,
    RESIDENCE,
    Household,
)

FAMILY = 10224132
"""The same as RESIDENCE, for a family."""

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
        (["passport"], [PASSPORT]),
        (["register", "address"], [RESIDENCE, FAMILY]),
        (["Wohnsitzanmledung"], [RESIDENCE, FAMILY]),
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


def test_who_finds_nothing_is_asked_what_was_meant(home: Household) -> None:
    said = home.mta("services", "reisepass", "raumfahrt", code=1)
    assert said.lines == [
        "The city offers nothing by these words.",
        f"Did you mean: Reisepass ({PASSPORT})?",
    ]
    assert home.json("services", "reisepass", "raumfahrt", code=1) == []


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        (["passport"], "passport → Reisepass"),
        (["register", "address"], "register address → Wohnsitzanmeldung"),
        (["Wohnsitzanmledung"], "Wohnsitzanmledung → Wohnsitzanmeldung"),
        (
            ["register", "address", "Donnerstag"],
            "register address → Wohnsitzanmeldung\n"
            "Nothing fits all words; left out: Donnerstag",
        ),
    ],
)
def test_people_are_told_what_was_understood(
    home: Household, words: list[str], understood: str
) -> None:
    said = home.mta("services", *words)
    assert said.err == f"{understood}\n"
    assert "→" not in said.out


def test_programs_are_told_nothing_beside_the_result(home: Household) -> None:
    assert home.mta("services", "passport", "--json").err == ""


def test_what_cannot_be_booked_anywhere_is_said_to_be_so(home: Household) -> None:
    """The city lists services whose only offices have no terms of booking."""
    home.within(_close_the_offices)

    [_, car] = home.mta("services", CAR).lines
    assert car.rstrip().endswith("none: it cannot be booked")
    [described] = home.json("services", CAR)
    assert (described["offices"], described["bookable"]) == ([], False)


async def _close_the_offices(container: CliContainer) -> None:
    """Let no office have terms of booking any more."""
    catalogue = await container.read_catalogue()()
    closed = [attrs.evolve(office, terms=None) for office in catalogue.offices.values()]
    async with container.store().begin() as tx:
        without = Catalogue.of(catalogue.services.values(), closed, catalogue.offers)
        await tx.sights.keep_catalogue(without, datetime.now(UTC))
        await tx.commit()


def test_programs_learn_where_a_human_check_is_asked_for(home: Household) -> None:
    [car] = home.json("services", CAR)
    assert car == {
        "id": CAR,
        "name": "Umschreibung Fahrzeug – von außerhalb nach München",
        "maxQuantity": 2,
        "bookable": True,
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
