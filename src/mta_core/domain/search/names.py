"""The names of the city's services, taken apart so that words can be found in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Self

import attrs

from mta_core.domain.catalogue import Service
from mta_core.domain.search.spelling import bare, fold, split_words

_SHORTEST_PART = 4  # "ort" is in "Sorte", "Import" and "Antwort"


class Level(IntEnum):
    """How well a typed word fits a word of a name, the best first."""

    EXACT = 0
    PREFIX = 1
    TAIL = 2  # "anmeldung" in "Wohnsitzanmeldung": what the compound is
    INSIDE = 3
    ENDING = 4  # "abmelden" for "Abmeldung"
    SYNONYM = 5  # "passport" for "Reisepass"
    TYPO = 6


@attrs.frozen
class NameWord:
    """A word of a name.

    ``EU-Kartenführerschein`` is three: its two pieces, and both together.

    Attributes:
        text: folded.
        pieces: which pieces of the name, counted from its start, it consists of.
    """

    shown: str
    text: str
    pieces: frozenset[int] = frozenset()


@attrs.frozen
class Place:
    """Where a word fits in a name, and how well."""

    level: Level
    word: NameWord


@attrs.frozen
class ServiceName:
    """A service's name in words; the last one is its id."""

    service: Service
    bare: str
    words: tuple[NameWord, ...]

    @classmethod
    def of(cls, service: Service) -> Self:
        """Take a name apart."""
        number = NameWord(str(service.id), str(service.id))
        return cls(service, bare(service.name), (*_words_of(service.name), number))


@attrs.frozen
class NameIndex:
    """All names, by the words in them."""

    names: tuple[ServiceName, ...]
    _by_text: Mapping[str, list[tuple[int, NameWord]]]

    @classmethod
    def of(cls, services: Iterable[Service]) -> Self:
        """Index services, in the order of their names."""
        names = sorted(
            map(ServiceName.of, services),
            key=lambda name: (name.bare, name.service.name, name.service.id),
        )
        by_text: dict[str, list[tuple[int, NameWord]]] = {}
        for number, name in enumerate(names):
            for word in name.words:
                by_text.setdefault(word.text, []).append((number, word))
        return cls(tuple(names), by_text)

    @property
    def texts(self) -> Collection[str]:
        """All words of all names, folded, each once."""
        return self._by_text.keys()

    def places(self, part: str, *, whole: bool = False) -> dict[int, Place]:
        """Find the names with a word that a folded word fits, each with its best.

        *whole*: it must be the whole word.
        """
        if whole:
            owners = self._by_text.get(part, ())
            return {number: Place(Level.EXACT, word) for number, word in owners}
        found: dict[int, Place] = {}
        for text, owners in self._by_text.items():
            if part not in text or (level := _level(part, text)) is None:
                continue
            for number, word in owners:
                if number not in found or level < found[number].level:
                    found[number] = Place(level, word)
        return found


def _level(part: str, text: str) -> Level | None:
    if text.startswith(part):
        return Level.EXACT if text == part else Level.PREFIX
    if len(part) < _SHORTEST_PART or part.isdecimal():
        return None
    return Level.TAIL if text.endswith(part) else Level.INSIDE


def _words_of(name: str) -> Iterator[NameWord]:
    count = 0
    for chunk in name.split():
        pieces = split_words(chunk)
        numbers = range(count, count + len(pieces))
        for number, piece in zip(numbers, pieces, strict=True):
            yield NameWord(piece, fold(piece), frozenset({number}))
        if len(pieces) > 1:
            joined = fold("".join(pieces))
            yield NameWord(chunk.strip("(),"), joined, frozenset(numbers))
        count += len(pieces)
