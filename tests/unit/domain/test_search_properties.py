"""What holds for any search."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mta_core.domain.catalogue import Catalogue, Service, ServiceId
from mta_core.domain.search import find_services, search
from mta_core.domain.search.spelling import bare, edits
from tests.unit.domain.city_services import CITY, NAMES, names

unhurried = settings(deadline=None)  # however busy the machine is
named = st.sampled_from(sorted(NAMES.values()))
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "AE", "Ö": "Oe", "Ü": "Ue"}
)


@st.composite
def with_a_typo(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a name, and the same with one typo in one of its longer words."""
    name = draw(named)
    words = [word for word in re.findall(r"[^\W\d]+", name) if len(word) > 5]
    assume(words)
    word = draw(st.sampled_from(words))
    place = draw(st.integers(0, len(word) - 2))
    one, two = word[place : place + 2]
    other = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyzäöüß"))
    slip = draw(st.sampled_from([two + one, two, one + two + two, other + two]))
    return name, name.replace(word, word[:place] + slip + word[place + 2 :], 1)


@unhurried
@given(st.text(max_size=60))
def test_any_text_can_be_searched_for(text: str) -> None:
    found = search(CITY, text)
    assert not (found.services and found.nearest)
    ids = [service.id for service in found.services]
    assert len(set(ids)) == len(ids)
    assert found.best is None or found.best in found.services


@unhurried
@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=12))
def test_any_city_can_be_searched(names: list[str], text: str) -> None:
    listed = [Service(ServiceId(number), name) for number, name in enumerate(names)]
    city = Catalogue.of(listed, (), ())
    assert all(service in listed for service in find_services(city, text))


@settings(deadline=None, max_examples=40)  # each searches eight times
@given(named)
def test_case_umlauts_and_accents_do_not_matter(words: str) -> None:
    found = names(words)
    for typed in (
        words.upper(),
        words.lower(),
        words.translate(_SPELLED_OUT),
        words.lower().translate(_SPELLED_OUT).upper(),
        unicodedata.normalize("NFD", words),
        _without_dots(words),
        words.replace("-", " ").replace("–", ","),
    ):
        assert names(typed) == found, typed


def _without_dots(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(each for each in letters if not unicodedata.combining(each))


@unhurried
@given(named)
def test_each_service_is_found_first_by_its_own_name(name: str) -> None:
    assert names(name)[0] == name


@unhurried
@given(named.flatmap(lambda name: st.permutations(name.split())))
def test_the_order_of_words_does_not_matter(words: list[str]) -> None:
    assert names(" ".join(words)) == names(" ".join(sorted(words)))


@unhurried
@given(with_a_typo())
def test_each_service_is_found_by_its_own_name_with_a_typo(
    drawn: tuple[str, str],
) -> None:
    """First, unless the slip leads as near to another name."""
    name, typed = drawn
    found = names(typed)
    assert name in found, typed
    assert _distance(typed, found[0]) <= _distance(typed, name), typed


def _distance(typed: str, name: str) -> int:
    count = edits(bare(typed), bare(name), 200)
    assert count is not None
    return count


@unhurried
@given(st.one_of(st.text(max_size=30), named))
def test_the_order_of_the_catalogue_does_not_matter(text: str) -> None:
    turned = Catalogue.of(reversed(list(CITY.services.values())), (), ())
    assert find_services(turned, text) == find_services(CITY, text)


@unhurried
@given(st.sampled_from(sorted(NAMES)), st.integers(4, 8))
def test_the_beginning_of_an_id_is_enough(number: int, size: int) -> None:
    found = find_services(CITY, str(number)[:size])
    assert number in [service.id for service in found]
