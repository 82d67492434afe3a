"""Finding a service by what people type."""

from __future__ import annotations

import unicodedata

import pytest

from mta_core.domain.catalogue import plain
from tests.unit.domain.builders import a_catalogue, a_service, an_office

CATALOGUE = a_catalogue(
    an_office(1),
    services=[
        a_service(1063453, name="Reisepass"),
        a_service(1063475, name="Wohnsitzanmeldung"),
        a_service(10295182, name="Abholung Personalausweis, Pässe"),
        a_service(1064314, name="Führungszeugnis für Behörden"),
        a_service(1080582, name="Zeugnis der Straße"),
    ],
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("reisepass", [1063453]),
        ("WOHNSITZ", [1063475]),
        ("1063475", [1063475]),
        ("führungszeugnis", [1064314]),
        ("FUEHRUNGSZEUGNIS", [1064314]),
        ("paesse abholung", [10295182]),
        ("strasse", [1080582]),
        ("Straße zeugnis", [1080582]),
        ("zeugnis", [1064314, 1080582]),
        ("zeugnis reisepass", []),
    ],
)
def test_services_are_found_without_regard_to_case_and_umlauts(
    words: str, found: list[int]
) -> None:
    assert [service.id for service in CATALOGUE.search(words)] == found


def test_without_words_all_are_returned_by_name() -> None:
    names = [service.name for service in CATALOGUE.search("  ")]
    assert names == sorted(names, key=plain)
    assert len(names) == 5


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Größe", "groesse"), ("Café", "cafe"), ("ÄÖÜ", "aeoeue"), ("ﬁn", "fin")],
)
def test_folding_leaves_plain_letters(text: str, folded: str) -> None:
    assert plain(text) == folded


def test_umlauts_typed_as_letter_and_dots_are_the_same_umlauts() -> None:
    """Some keyboards send ü as u and a combining diaeresis."""
    typed = unicodedata.normalize("NFD", "Führungszeugnis")
    assert [service.id for service in CATALOGUE.search(typed)] == [1064314]
