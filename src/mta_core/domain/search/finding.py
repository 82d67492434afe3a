"""Finding services by what people type, however they type it.

Every word must fit: as a word of the name, as a part of one, with another ending, as a
word that the vocabulary knows, or with a few typos; fillers (`vocabulary.FILLERS`)
only help to decide the order. Services that fit with fewer typos hide those that need
more. If nothing fits all words, one stranger among three words or more is overlooked;
of two words each is too much of the wish to be left out, so nothing is found then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import attrs

from mta_core.domain.catalogue import Catalogue, Service
from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.search.names import NameIndex
from mta_core.domain.search.ranking import Hit, ranked
from mta_core.domain.search.readings import (
    Effort,
    Word,
    compounds_split,
    readings,
    typed_words,
)
from mta_core.domain.search.spelling import bare

_MOST_SUGGESTIONS = 3
_MOST_CANDIDATES = 8
_MOST_MEANINGS = 3
_ENOUGH = 2  # so many words must fit before another is overlooked


@attrs.frozen
class Understood:
    """A typed word, or several, that the search read as something else."""

    typed: str
    meant: str

    def __str__(self) -> str:
        return f"{self.typed} → {self.meant}"


@attrs.frozen
class Findings:
    """What a search found.

    Attributes:
        services: the best fit first.
        understood: English words, everyday words and typos, as they were read.
        left_out: typed words that fit none of the services.
        nearest: if nothing was found, what may have been meant, at most three.
        best: the one that is clearly meant, if there is one.
    """

    services: tuple[Service, ...] = ()
    understood: tuple[Understood, ...] = ()
    left_out: tuple[str, ...] = ()
    nearest: tuple[Service, ...] = ()
    best: Service | None = None


def find_services(catalogue: Catalogue, words: str) -> tuple[Service, ...]:
    """Find the services that fit some words or the start of an id, best fit first.

    A whole word is better than a word's beginning, this better than another part of a
    compound, this better than another ending or a synonym, and this than a typo; then
    shorter names come first. Without words, all services are returned by name.
    """
    return search(catalogue, words).services


def one_service(catalogue: Catalogue, text: str) -> Service:
    """Find the one service that is meant by an id or by words.

    Raises:
        NotFound: nothing fits; the message has suggestions.
        InvalidValue: several fit, none of them clearly best; the message has them.
    """
    found = search(catalogue, text)
    if found.best:
        return found.best
    if not found.services or found.left_out:
        near = (*found.services, *found.nearest)[:_MOST_SUGGESTIONS]
        hint = f" Did you mean {_listed(near, ' or ')}?" if near else ""
        raise NotFound(f"No service fits {text!r}.{hint}")
    more = len(found.services) - _MOST_CANDIDATES
    raise InvalidValue(
        f"{text!r} fits {len(found.services)} services: "
        f"{_listed(found.services[:_MOST_CANDIDATES], ', ')}"
        f"{f' and {more} more' if more > 0 else ''}. Give more of the name, or the id."
    )


def search(catalogue: Catalogue, text: str) -> Findings:
    """Search, and tell how the words were understood."""
    index = NameIndex.of(catalogue.services.values())
    words = typed_words(text, index)
    if not words:
        return Findings(tuple(name.service for name in index.names))
    halves = compounds_split(words, index)
    tries = (words,) if halves == words else (words, halves)
    hits: list[Hit] = []
    for effort, each in product((Effort.AS_SPELLED, Effort.WITH_TYPOS), tries):
        hits = _as_good(ranked(index, each, readings(each, index, effort)))
        if hits and not hits[0].strangers:
            return _findings(hits, best=_best(hits, bare(text)))
    if hits and len(hits[0].fits) >= _ENOUGH and len(hits[0].strangers) == 1:
        return _findings(hits)
    return Findings(nearest=_nearest(index, tries))


def _nearest(
    index: NameIndex, tries: Iterable[tuple[Word, ...]]
) -> tuple[Service, ...]:
    """Guess what may have been meant."""
    for words in tries:
        near = ranked(index, words, readings(words, index, Effort.GUESSING))
        if near:
            return tuple(hit.service for hit in near[:_MOST_SUGGESTIONS])
    return ()


def _as_good(hits: Sequence[Hit]) -> list[Hit]:
    """Keep those that need as few typos, and leave out as few words, as the first."""
    return [
        hit
        for hit in hits
        if hit.typos == hits[0].typos and len(hit.strangers) == len(hits[0].strangers)
    ]


def _best(hits: Sequence[Hit], text: str) -> Service | None:
    """Find the one that is clearly meant.

    That is the only one, or the one of this very name or id, or, among those that fit
    as well as the first, the only one of which nothing was left unsaid: "passport" is
    the "Reisepass", not the "Vorläufiger Reisepass".
    """
    named = [hit for hit in hits if text in (hit.name.bare, str(hit.service.id))]
    complete = [hit for hit in hits if hit.whole and hit.closeness == hits[0].closeness]
    for group in (hits, named, complete):
        if len(group) == 1:
            return group[0].service
    return None


def _findings(hits: Sequence[Hit], best: Service | None = None) -> Findings:
    return Findings(
        tuple(hit.service for hit in hits),
        understood=_understood(hits),
        left_out=tuple(dict.fromkeys(word for hit in hits for word in hit.strangers)),
        best=best,
    )


def _understood(hits: Sequence[Hit]) -> tuple[Understood, ...]:
    """Tell what the best fit reads as something else, and how others read the same."""
    meant: dict[str, dict[tuple[str, ...], str]] = {}
    for hit in hits:
        for typed, stems, words in hit.translations:
            if hit is hits[0] or typed in meant:
                # One reading is one meaning, whatever the ending in this name.
                meant.setdefault(typed, {}).setdefault(stems, words)
    return tuple(
        Understood(typed, ", ".join([*shown.values()][:_MOST_MEANINGS]))
        for typed, shown in meant.items()
    )


def _listed(services: Iterable[Service], comma: str) -> str:
    return comma.join(f"{service.name} ({service.id})" for service in services)
