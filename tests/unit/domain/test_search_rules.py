"""By which rules services are found, and in which order."""

from __future__ import annotations

import unicodedata

import pytest

from mta_core.domain.catalogue import ServiceId
from mta_core.domain.search import Understood, find_services, search
from tests.unit.domain.city_services import CITY, a_city, names

RESIDENCE = "Wohnsitzanmeldung"
PASSPORT = "Reisepass"
PICK_UP = "Abholung Personalausweis, Reisepass oder eID-Karte"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        # Exact word, beginning of a word, end of one, inside of one
        (
            "melde",
            ["Melde", "Meldekarte", "Anmelde", "Anmeldeschluss"],
        ),
        # The shorter name, then the alphabet
        ("ausweis", ["Ausweis", "Ausweis A", "Ausweis B", "Ausweis alt"]),
        # Another ending comes after the same ending
        ("abholung", ["Eine lange Selbstabholung", "Pass abholen"]),
        # A word of the city's own comes before a translation
        ("passport", ["Elektronischer Passport", "Reisepass"]),
        # No typo is looked for where something fits
        ("abmeldung", ["Abmeldung", "Fahrzeugabmeldung"]),
    ],
)
def test_the_better_fit_comes_first(words: str, found: list[str]) -> None:
    city = a_city(*reversed(found), "Anmeldung X", "Ummeldung")
    assert names(words, city)[: len(found)] == found


def test_words_that_mean_something_are_no_mere_beginnings() -> None:
    assert names("tax", a_city("Taxi", "Steuer")) == ["Steuer"]
    assert names("perso", a_city("Personen", "Personalausweis")) == ["Personalausweis"]
    assert names("steuern", a_city("Taxi", "Steuer")) == ["Steuer"]


def test_every_word_must_fit() -> None:
    assert names("reisepass verlust") == ["Verlust oder Diebstahl Reisepass"]
    assert names("reisepass zeugnis") == []


def test_without_words_all_are_returned_by_name() -> None:
    city = a_city("Öffnung", "Zebra", "apfel", "Ofen")
    assert names("  ", city) == ["apfel", "Ofen", "Öffnung", "Zebra"]
    assert names("?!", city) == names("", city)
    assert names("Termin buchen", city) == names("", city)
    assert len(names("")) == len(CITY.services)


def test_fillers_are_wanted_where_nothing_else_is() -> None:
    assert names("Termin", a_city("Telefon-Termin", "Anderes")) == ["Telefon-Termin"]


def test_the_beginning_of_an_id_finds_all_that_begin_so() -> None:
    found = [service.id for service in find_services(CITY, "10224")]
    assert found == [10224132, 10224136]
    assert names("224136") == []  # an end of an id is no id


def test_umlauts_typed_as_letter_and_dots_are_the_same_umlauts() -> None:
    """Some keyboards send ü as u and a combining diaeresis."""
    typed = unicodedata.normalize("NFD", "Führungszeugnis für Behörden")
    assert names(typed, a_city("Führungszeugnis für Behörden")) != []


def test_two_sounds_are_no_umlaut() -> None:
    city = a_city("Neuerteilung", "Kraftfahrzeugsteuer")
    assert names("erteilung", city) == ["Neuerteilung"]
    assert names("steuer", city) == ["Kraftfahrzeugsteuer"]


def test_a_slip_never_turns_one_registration_into_its_opposite() -> None:
    """One letter apart: who wants to leave must not be registered."""
    assert names("Wohnsitzabmeldung") == []
    assert names("abmeldung", a_city("Anmeldung", "Ummeldung")) == []
    assert names("anmeldugn", a_city("Anmeldung", "Abmeldung")) == ["Anmeldung"]


def test_numbers_have_no_typos() -> None:
    assert names("1063476") == []


def test_short_words_have_no_typos() -> None:
    assert names("pni") == []


@pytest.mark.parametrize(
    ("words", "found", "left_out"),
    [
        ("Reisepass Abholung Donnerstag", [PICK_UP], ("Donnerstag",)),
        ("Reisepas Abhohlung Donnerstag", [PICK_UP], ("Donnerstag",)),
        ("Reisepass Abholung Donnerstag Mittag", [], ()),
        ("Reisepass Donnerstag", [], ()),
    ],
)
def test_one_stranger_among_three_words_is_overlooked(
    words: str, found: list[str], left_out: tuple[str, ...]
) -> None:
    done = search(CITY, words)
    assert [service.name for service in done.services] == found
    assert done.left_out == left_out
    assert done.best is None


def test_who_finds_nothing_is_told_what_is_near() -> None:
    def near(words: str) -> list[str]:
        return [service.name for service in search(CITY, words).nearest]

    assert near("Reisepass xyz") == [
        PASSPORT,
        "Vorläufiger Reisepass",
        "Verlust oder Diebstahl Reisepass",
    ]
    assert near("Einpürgrunk") == ["Einbürgerung"]
    assert near("wohnsitzabmeldung")[1] == RESIDENCE
    assert search(CITY, "xyzzy").nearest == ()
    assert search(CITY, "Reisepass").nearest == ()


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("Reisepass", []),
        ("Pässe", []),
        ("Perso", ["Perso → Personalausweis"]),
        ("anmeldugn", ["anmeldugn → Anmeldung"]),
        ("Führer Schien abholen", ["Schien → Führerscheinen"]),
        ("Auto ummelden", ["Auto ummelden → Umschreibung Fahrzeug"]),
        ("autoabmeldung", ["autoabmeldung → Fahrzeug"]),
        ("Ausweis gestohlen", ["gestohlen → Diebstahl"]),
        (
            "registering",
            ["registering → Anmeldung, Wohnsitzanmeldung, Melderegister"],
        ),
    ],
)
def test_it_says_what_it_understood(words: str, understood: list[str]) -> None:
    assert [str(each) for each in search(CITY, words).understood] == understood


def test_one_meaning_is_told_once_whatever_its_ending() -> None:
    found = search(CITY, "driving licence")
    assert len(found.services) > 3
    assert found.understood == (Understood("driving licence", "Führerschein"),)


def test_long_texts_are_read_up_to_a_limit() -> None:
    assert names("reisepass " + "x" * 500) == names("reisepass " + "x" * 190)
    assert names("reisepass" + " " * 300 + "zeugnis") == names("reisepass")


def test_ids_of_equal_names_decide() -> None:
    found = find_services(a_city("Gleich", "Gleich"), "gleich")
    assert [service.id for service in found] == [ServiceId(1), ServiceId(2)]
