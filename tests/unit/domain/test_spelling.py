"""Folding, stems and typos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.search.spelling import (
    bare,
    edits,
    fold,
    slips,
    slips_inside,
    split_words,
    stem,
)

words = st.text("abcde", max_size=7)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Größe", "grosse"),
        ("GROESSE", "grosse"),
        ("Grosse", "grosse"),
        ("Café", "cafe"),
        ("Ä Ö Ü", "a o u"),
        ("Ae OE ue", "a o u"),
        ("ﬁn", "fin"),
        ("Łódź", "lodz"),
        ("IŞIK ışık", "isik isik"),
        ("neue Steuer, quer", "neue steuer, quer"),
        ("u\u0308ber", "uber"),
    ],
)
def test_folding_leaves_plain_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Kranken-, Pflege- und", ["Kranken", "Pflege", "und"]),
        ("EU/EWR-Karte (eID)", ["EU", "EWR", "Karte", "eID"]),
        ("driver's driver’s", ["drivers", "drivers"]),
        ("a_b", ["a", "b"]),
        ("x\u0302y", ["x\u0302y"]),
        (" – ", []),
    ],
)
def test_words_are_what_is_between_punctuation(text: str, split: list[str]) -> None:
    assert split_words(text) == split


def test_a_bare_text_has_no_punctuation() -> None:
    assert bare("EU/EWR-Führerschein") == "eu ewr fuhrerschein"


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("abmeldung", "abmeld"),
        ("abmeldungen", "abmeld"),
        ("abmelden", "abmeld"),
        ("passe", "pass"),
        ("fuhrung", "fuhrung"),  # not the stem of fuhrerschein
        ("hund", "hund"),
        ("autos", "auto"),
        ("pass", "pass"),
    ],
)
def test_stems_have_lost_their_ending(word: str, root: str) -> None:
    assert stem(word) == root


@pytest.mark.parametrize(
    ("word", "count", "inside"),
    [
        ("ort", 0, 0),
        ("pass", 1, 0),
        ("melden", 1, 1),
        ("melderegister", 3, 3),
        ("bewohner", 2, 2),
        ("1063475", 0, 0),
    ],
)
def test_longer_words_may_have_more_typos(word: str, count: int, inside: int) -> None:
    assert (slips(word), slips_inside(word)) == (count, inside)


@pytest.mark.parametrize(
    ("typed", "word", "count"),
    [
        ("pass", "pass", 0),
        ("pas", "pass", 1),
        ("passs", "pass", 1),
        ("pess", "pass", 1),
        ("apss", "pass", 1),  # swapped
        ("psas", "pass", 1),
        ("anmeldugn", "anmeldung", 1),
        ("xy", "pass", None),
        ("", "pass", None),
        ("pass", "reisepass", None),
        ("abcdef", "fabcde", 2),
    ],
)
def test_typos_are_counted(typed: str, word: str, count: int | None) -> None:
    assert edits(typed, word, 2) == count


@pytest.mark.parametrize(
    ("typed", "word", "count"),
    [
        ("anmeldugn", "wohnsitzanmeldung", 1),
        ("anmldng", "wohnsitzanmeldungen", 2),
        ("sitz", "wohnsitzanmeldung", 0),
        ("anmeldung", "reisepass", None),
        ("ung", "un", 1),
    ],
)
def test_typos_are_counted_within_a_compound(
    typed: str, word: str, count: int | None
) -> None:
    assert edits(typed, word, 2, inside=True) == count


def _distance(one: str, other: str) -> int:
    """Say it as the definition does, slowly."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        _distance(one[1:], other) + 1,
        _distance(one, other[1:]) + 1,
        _distance(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if len(one) > 1 and one[:2] == other[1::-1]:
        ways.append(_distance(one[2:], other[2:]) + 1)
    return min(ways)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_the_count_is_the_distance_of_the_definition(one: str, other: str) -> None:
    assert edits(one, other, 10) == _distance(one, other)


@given(words, words, st.integers(0, 4))
def test_a_limit_hides_what_is_beyond_and_nothing_else(
    one: str, other: str, most: int
) -> None:
    full = edits(one, other, 20)
    assert full is not None
    assert edits(one, other, most) == (full if full <= most else None)
    assert edits(other, one, most) == edits(one, other, most)


@given(words, words, words, st.integers(0, 4))
def test_a_part_is_found_wherever_it_is(
    typed: str, before: str, after: str, most: int
) -> None:
    assert edits(typed, before + typed + after, most, inside=True) == 0


@given(words, words)
def test_a_part_needs_no_more_typos_than_the_whole(one: str, other: str) -> None:
    inside, whole = edits(one, other, 20, inside=True), edits(one, other, 20)
    assert inside is not None
    assert whole is not None
    assert inside <= whole
