"""How well each service fits what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from mta_core.domain.catalogue import Service
from mta_core.domain.search.names import Level, NameIndex, Place, ServiceName
from mta_core.domain.search.readings import Reading, Word
from mta_core.domain.search.translation import is_filler

_SURE = frozenset({Level.EXACT, Level.ENDING, Level.SYNONYM})
"""Levels at which a filler counts: "in" is no "internationaler"."""


@attrs.frozen
class Fit:
    """The best way in which a typed word fits a name.

    Attributes:
        places: where the stems of the reading are, and how well each fits.
    """

    reading: Reading
    places: tuple[Place, ...]

    @property
    def level(self) -> Level:
        """How well the word fits."""
        return max(self.reading.floor, self.depth)

    @property
    def depth(self) -> Level:
        """How well what is meant fits."""
        return max(place.level for place in self.places)

    @property
    def rank(self) -> tuple[int, Level, int, Level]:
        """Less is better. What two words mean together is better than one by one."""
        reading = self.reading
        return (reading.typos, self.level, -reading.together, self.depth)

    @property
    def shown(self) -> str:
        """The words of the name, in its order."""
        words = sorted(
            (place.word for place in self.places), key=lambda word: sorted(word.pieces)
        )
        return " ".join(dict.fromkeys(word.shown for word in words))


@attrs.frozen
class Hit:
    """A service that fits at least one of the words.

    Attributes:
        fits: the words that fit, as typed, and how.
        strangers: the words that do not fit, as typed; fillers are neither.
        fillers: how many fillers are words of the name.
    """

    name: ServiceName
    fits: tuple[tuple[str, Fit], ...]
    strangers: tuple[str, ...]
    fillers: int

    @property
    def service(self) -> Service:
        """The service."""
        return self.name.service

    @property
    def typos(self) -> int:
        """The typos that are needed to read the words like this."""
        return sum(fit.reading.typos for _, fit in self.fits)

    @property
    def closeness(self) -> tuple[int, int, list[tuple[Level, Level]], int]:
        """How well the words fit, less being better: the worst of them decides."""
        levels = sorted(((fit.level, fit.depth) for _, fit in self.fits), reverse=True)
        return (len(self.strangers), self.typos, levels, -self.fillers)

    @property
    def whole(self) -> bool:
        """Whether no word of the name, but fillers, is left untouched."""
        touched = {
            piece
            for _, fit in self.fits
            for place in fit.places
            for piece in place.word.pieces
        }
        return all(
            word.pieces <= touched or is_filler(word.text)
            for word in self.name.words
            if len(word.pieces) == 1
        )

    @property
    def translations(self) -> list[tuple[str, tuple[str, ...], str]]:
        """What was read as something else: typed, the stems, and this name's words.

        Typed words that have one meaning together come together.
        """
        together: dict[Reading, list[str]] = {}
        meant: dict[Reading, Fit] = {}
        for typed, fit in self.fits:
            if fit.level >= Level.SYNONYM:
                together.setdefault(fit.reading, []).append(typed)
                meant[fit.reading] = fit
        return [
            (" ".join(dict.fromkeys(typed)), reading.stems, meant[reading].shown)
            for reading, typed in together.items()
        ]


def ranked(
    index: NameIndex,
    words: Sequence[Word],
    read: Sequence[Sequence[Reading]],
) -> list[Hit]:
    """Return all services that fit some of the words, the best first."""
    fitting = [_fits(index, each) for each in read]
    hits = [
        _hit(name, words, [fits.get(number) for fits in fitting])
        for number, name in enumerate(index.names)
    ]
    # The index is in the order of names, and sorting keeps that among equals.
    return sorted(
        (hit for hit in hits if hit.fits),
        key=lambda hit: (hit.closeness, len(hit.name.bare)),
    )


def _hit(name: ServiceName, words: Sequence[Word], fits: Sequence[Fit | None]) -> Hit:
    pairs = list(zip(words, fits, strict=True))
    return Hit(
        name,
        tuple((word.shown, fit) for word, fit in pairs if word.needed and fit),
        tuple(word.shown for word, fit in pairs if word.needed and not fit),
        sum(1 for word, fit in pairs if not word.needed and fit and fit.level in _SURE),
    )


def _fits(index: NameIndex, meant: Iterable[Reading]) -> dict[int, Fit]:
    """Find the names that a word fits, each with its best reading."""
    best: dict[int, Fit] = {}
    for reading in meant:
        found = [index.places(stem, whole=reading.whole) for stem in reading.stems]
        for number in set.intersection(*map(set, found)):
            fit = Fit(reading, tuple(places[number] for places in found))
            if number not in best or fit.rank < best[number].rank:
                best[number] = fit
    return best
