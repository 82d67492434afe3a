"""How people spell: umlauts, accents, endings and slips of the finger."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
)
_APOSTROPHES = str.maketrans("", "", "'’")
# Not in "neue" or "Steuer", where u and e are two sounds.
_TWO_LETTERS = re.compile(r"ae|oe|(?<![aeq])ue")
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")  # letters with loose accents
_ENDINGS = ("ungen", "ung", "innen", "en", "er", "es", "em", "e", "n", "s")
_SHORTEST_STEM = 4
_SHORTEST_NOUN = 5  # before -ung: "Führung" has not the stem of "Führerschein"


def fold(text: str) -> str:
    """Fold a text for comparing: no case, no accents, one way to write an umlaut.

    ``Führerschein``, ``FUEHRERSCHEIN`` and ``Fuhrerschein`` become the same.
    """
    if text.isascii():
        return _TWO_LETTERS.sub(_first_letter, text.lower())
    folded = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    return _TWO_LETTERS.sub(_first_letter, letters(folded))


def letters(text: str) -> str:
    """Return the letters that were typed, without case and accents."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )


def _first_letter(two: re.Match[str]) -> str:
    return two[0][0]


def split_words(text: str) -> list[str]:
    """Split a text at everything but letters, digits and apostrophes: ``drivers``."""
    return _WORD.findall(unicodedata.normalize("NFC", text).translate(_APOSTROPHES))


def bare(text: str) -> str:
    """Fold a text and leave out all punctuation."""
    return " ".join(map(fold, split_words(text)))


def stem(word: str) -> str:
    """Cut a German ending off a folded word: ``abmeldung``, ``abmelden``: ``abmeld``.

    A word without an ending, or too short to lose it, comes back as it is.
    """
    for ending in _ENDINGS:
        long_enough = _SHORTEST_NOUN if ending.startswith("ung") else _SHORTEST_STEM
        if word.endswith(ending) and len(word) - len(ending) >= long_enough:
            return word.removesuffix(ending)
    return word


def slips(word: str) -> int:
    """Return how many typos a word of this length may have; numbers have none."""
    if word.isdecimal() or len(word) < 4:
        return 0
    return 1 + (len(word) > 7) + (len(word) > 12)


def slips_inside(word: str) -> int:
    """Return how many typos a part of a compound may have: short ones fit anywhere."""
    return slips(word) if len(word) > 5 else 0


def edits(typed: str, word: str, most: int, *, inside: bool = False) -> int | None:
    """Count the typos that lie between two folded words; None: more than *most*.

    A typo is a letter too many, missing or wrong, or two neighbours swapped
    (Damerau-Levenshtein, no part edited twice). *inside*: the typed word may be any
    part of the other.
    """
    if _lacks(word, typed, most) or (not inside and _lacks(typed, word, most)):
        return None
    rows = [[0] * (len(word) + 1) if inside else list(range(len(word) + 1))]
    for letter in typed:
        rows.append(_next_row(rows, letter, typed, word))
        if min(rows[-1]) > most:
            return None
    count = min(rows[-1]) if inside else rows[-1][-1]
    return count if count <= most else None


def _lacks(word: str, wanted: str, most: int) -> bool:
    """Tell cheaply that too much is missing: this settles most pairs."""
    return len(wanted) - len(word) > most or len(set(wanted).difference(word)) > most


def _next_row(rows: list[list[int]], letter: str, typed: str, word: str) -> list[int]:
    """Extend the table of distances by one typed letter."""
    above, position = rows[-1], len(rows)
    row = [position]
    for column, other in enumerate(word):
        cost = min(
            above[column + 1] + 1, row[column] + 1, above[column] + (letter != other)
        )
        last_two = (other, word[column - 1]) if column else None
        if position > 1 and last_two == (typed[position - 2], letter):
            cost = min(cost, rows[-2][column - 1] + 1)
        row.append(cost)
    return row
