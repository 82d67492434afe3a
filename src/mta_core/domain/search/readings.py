"""What the words that somebody typed may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import attrs

from mta_core.domain.search.names import Level, NameIndex
from mta_core.domain.search.spelling import (
    edits,
    fold,
    letters,
    slips,
    slips_inside,
    split_words,
    stem,
)
from mta_core.domain.search.translation import (
    is_filler,
    is_known,
    is_name,
    is_opposite,
    is_right,
    meanings,
)

_LONGEST_TEXT = 200  # characters that are read; the city's longest name has 97
_SHORTEST_HALF = 3  # as in Kfz-Zulassung, written as one word
_UNKNOWN = 99


class Effort(Enum):
    """How far to go to understand a word."""

    AS_SPELLED = 0
    WITH_TYPOS = 1
    GUESSING = 2  # good for suggestions only

    def slips(self, word: str) -> int:
        """Return how many typos this word may have."""
        if self is Effort.AS_SPELLED:
            return 0
        usual = slips(word)
        guessing = usual and self is Effort.GUESSING
        return max(usual, len(word) // 3) if guessing else usual


@attrs.frozen
class Reading:
    """One meaning of a word: stems that a name must have, and how far-fetched it is.

    Attributes:
        floor: the best level that this reading can have.
        typos: what is wrong with the word if it is read like this.
        together: how many words have this meaning together.
        whole: the stem must be a whole word.
    """

    stems: tuple[str, ...]
    floor: Level = Level.EXACT
    typos: int = 0
    together: int = 1
    whole: bool = False


@attrs.frozen
class Word:
    """A word as it was typed.

    Attributes:
        text: folded.
        needed: no filler.
        spellings: what to compare if it has typos; "abhloen" has no umlaut.
    """

    shown: str
    text: str
    needed: bool
    spellings: frozenset[str]


def typed_words(text: str, index: NameIndex) -> tuple[Word, ...]:
    """Read a text into words, each once.

    If there are nothing but fillers, those that are in a name are what is wanted.
    """
    typed = {fold(each): each for each in split_words(text[:_LONGEST_TEXT])}
    words = tuple(
        Word(shown, text, not is_filler(text), frozenset({text, letters(shown)}))
        for text, shown in typed.items()
    )
    if any(word.needed for word in words):
        return words
    return tuple(
        attrs.evolve(word, needed=True) for word in words if word.text in index.texts
    )


def compounds_split(words: Sequence[Word], index: NameIndex) -> tuple[Word, ...]:
    """Split words such as ``Fahrzeugabmeldung`` if no name has them."""
    return tuple(
        Word(word.shown, half, word.needed and not is_filler(half), frozenset({half}))
        for word in words
        for half in _halves(word.text, index)
    )


def readings(
    words: Sequence[Word], index: NameIndex, effort: Effort
) -> tuple[tuple[Reading, ...], ...]:
    """Return for each word what it may mean."""
    looked_up = _looked_up(words, effort)
    return tuple(
        (
            *_direct(word.text),
            *looked_up.get(place, ()),
            *_respelled(word, index, effort),
        )
        for place, word in enumerate(words)
    )


def _direct(text: str) -> list[Reading]:
    """Read a word as German."""
    if is_name(text):
        return [Reading((text,), whole=True)]
    root = stem(text)
    plain = Reading((text,))
    return [plain] if root == text else [plain, Reading((root,), Level.ENDING)]


def _looked_up(words: Sequence[Word], effort: Effort) -> Mapping[int, list[Reading]]:
    """Read words as the vocabulary does.

    What words mean together counts, not what each could mean elsewhere; guesses take
    all that there is.
    """
    found: dict[int, list[Reading]] = defaultdict(list)
    for meaning in meanings([word.text for word in words], effort.slips):
        level = Level.TYPO if any(meaning.edits.values()) else Level.SYNONYM
        for place, typos in meaning.edits.items():
            together = len(meaning.edits)
            found[place].append(Reading(meaning.stems, level, typos, together))
    if effort is Effort.GUESSING:
        return found
    return {place: _longest(meant) for place, meant in found.items()}


def _longest(meant: Sequence[Reading]) -> list[Reading]:
    """Keep the readings that take most words together, as far as they are spelled."""
    spelled = (each.together for each in meant if each.floor is Level.SYNONYM)
    most = max(spelled, default=1)
    return [each for each in meant if each.together >= most]


def _respelled(word: Word, index: NameIndex, effort: Effort) -> list[Reading]:
    """Find the words of names that somebody may have meant to type."""
    typed, most = word.text, effort.slips(word.text) if word.needed else 0
    if not most or is_right(typed) or typed in index.texts:
        return []
    near = {text: _typos(word, text, most) for text in index.texts}
    # A compound comes along with its part.
    alike = [text for text, count in near.items() if count is not None]
    inside = min(most, slips_inside(typed))
    for text in index.texts if inside else ():
        if not any(part in text for part in alike):
            near[text] = _typos(word, text, inside, inside=True)
    return [
        Reading((text,), Level.TYPO, count)
        for text, count in near.items()
        if count and not is_opposite(typed, text)
    ]


def _typos(word: Word, text: str, most: int, *, inside: bool = False) -> int | None:
    counts = (edits(each, text, most, inside=inside) for each in word.spellings)
    return min((count for count in counts if count is not None), default=None)


def _halves(text: str, index: NameIndex) -> tuple[str, ...]:
    """Split a word into two that are known, one of them at least as a whole word.

    An ``s`` that links the two is left out.
    """
    if is_known(text) or any(map(index.places, (text, stem(text)))):
        return (text,)
    best = min(_splits(text, index), default=None)
    return (text,) if best is None else best[1:]


def _splits(text: str, index: NameIndex) -> Iterator[tuple[int, str, str]]:
    for end in range(_SHORTEST_HALF, len(text) - _SHORTEST_HALF + 1):
        left, right = text[:end], text[end:]
        for first in dict.fromkeys((left, left.removesuffix("s"))):
            costs = _cost(first, index), _cost(right, index)
            if 0 in costs and _UNKNOWN not in costs:
                yield sum(costs), first, right


def _cost(half: str, index: NameIndex) -> int:
    """Tell how badly a half is known as a beginning or an end of a word."""
    if is_known(half):
        return 0
    if len(half) <= _SHORTEST_HALF:
        return _UNKNOWN
    if is_filler(half):
        return 0
    places = index.places(half) or index.places(stem(half))
    levels = (place.level for place in places.values() if place.level <= Level.TAIL)
    return min(levels, default=_UNKNOWN)
