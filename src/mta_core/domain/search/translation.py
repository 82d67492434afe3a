"""Looking up in the vocabulary what typed words mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import attrs

from mta_core.domain.search.spelling import edits, fold, slips
from mta_core.domain.search.vocabulary import FILLERS, OPPOSITES, TABLES

_LONG_ENOUGH = 5  # for a beginning with a typo: "form" is no "dorm*"


@attrs.frozen
class Meaning:
    """One way to understand some of the typed words.

    Attributes:
        stems: folded parts of German words, all of which must be in a name.
        edits: for each typed word that is understood so, by its place, its typos.
    """

    stems: tuple[str, ...]
    edits: dict[int, int]


@attrs.frozen
class _Phrase:
    words: tuple[str, ...]
    meanings: tuple[tuple[str, ...], ...]


def meanings(typed: Sequence[str], allowed: Callable[[str], int]) -> list[Meaning]:
    """Look folded words up, each with as many typos as *allowed* says.

    A word that is in the vocabulary as it stands is taken to be spelled right.
    """
    most = [0 if is_right(word) else allowed(word) for word in typed]
    found = []
    for phrase in _phrases():
        nearest = [_nearest(word, typed, most) for word in phrase.words]
        understood = {near[1]: near[0] for near in nearest if near}
        if len(understood) == len(phrase.words):
            found += [Meaning(stems, understood) for stems in phrase.meanings]
    return found


def is_known(word: str) -> bool:
    """Tell whether a folded word, or its beginning, has a meaning by itself."""
    return is_name(word) or word.startswith(_beginnings())


def is_name(word: str) -> bool:
    """Tell whether a folded word has a meaning by itself, and is no mere beginning.

    "tax" and "Perso" are no beginnings of "Taxi" and "Personen".
    """
    return word in _names() or word.removesuffix("s") in _names()


def is_right(word: str) -> bool:
    """Tell whether a folded word is a word of the vocabulary, ending and all."""
    return word in _all_words()


def is_opposite(word: str, other: str) -> bool:
    """Tell whether one folded word means the opposite of the other."""
    direction = [part in word for part in OPPOSITES]
    return any(direction) and direction != [part in other for part in OPPOSITES]


def is_filler(word: str) -> bool:
    """Tell whether a folded word need not fit."""
    return word in _fillers()


@cache
def _phrases() -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase(
            tuple(fold(phrase).split()),
            tuple(tuple(fold(stems).split()) for stems in meant.split(",")),
        )
        for table in TABLES
        for phrases, meant in table.items()
        for phrase in phrases.split("|")
    )


@cache
def _fillers() -> frozenset[str]:
    return frozenset(map(fold, FILLERS.split()))


@cache
def _names() -> frozenset[str]:
    return frozenset(phrase.words[0] for phrase in _phrases() if len(phrase.words) == 1)


@cache
def _beginnings() -> tuple[str, ...]:
    return tuple(name[:-1] for name in sorted(_names()) if name.endswith("*"))


@cache
def _all_words() -> frozenset[str]:
    return frozenset(word for phrase in _phrases() for word in phrase.words)


def _nearest(
    word: str, typed: Sequence[str], most: Sequence[int]
) -> tuple[int, int] | None:
    """Find the typed word nearest to a word of a phrase: its typos, and its place."""
    found = [
        (count, place)
        for place, (each, limit) in enumerate(zip(typed, most, strict=True))
        if (count := _typos(word, each, limit)) is not None
    ]
    return min(found, default=None)


def _same(word: str, typed: str) -> bool:
    if word.endswith("*"):
        return typed.startswith(word[:-1])
    return typed in (word, word + "s")


def _typos(word: str, typed: str, most: int) -> int | None:
    if _same(word, typed):
        return 0
    beginning = word.removesuffix("*")
    limit = min(most, slips(beginning))
    if not limit or len(set(beginning).difference(typed)) > limit:
        return None
    if beginning == word:
        return edits(typed, word, limit)
    if len(beginning) < _LONG_ENOUGH:
        return None
    near = range(len(beginning) - 1, len(beginning) + 2)
    counts = (edits(typed[:end], beginning, limit) for end in near)
    return min((count for count in counts if count is not None), default=None)
