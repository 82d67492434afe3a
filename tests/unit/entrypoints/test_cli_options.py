"""What is said of a wish by options, and which services words name."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.subscriptions import Hours, Mode, Wishes
from mta_core.testing import PASSPORT, RESIDENCE, a_catalogue
from mta_entrypoints.cli.options import Options, services_of

CITY = a_catalogue()


def named(*words: str, service: list[str] | None = None) -> ServiceSet:
    """Read services as a command does."""
    return services_of(words, service, None, CITY)


def test_who_said_nothing_is_known() -> None:
    assert Options().said_nothing
    assert not Options(hours="8-12").said_nothing


def test_wishes_begin_with_those_before() -> None:
    before = Wishes(notice=timedelta(days=1))
    assert Options().wishes(before) == before
    assert Options(hours="8-12").wishes(before).notice == timedelta(days=1)


def test_mail_hours_are_hours() -> None:
    assert Options().reachable() is None
    assert Options(mail_hours="6-23").reachable() == Hours(time(6), time(23))


@pytest.mark.parametrize(
    ("typed", "gain"),
    [
        (None, None),
        ("7d", timedelta(days=7)),
        ("24h", timedelta(days=1)),
        ("0", timedelta(0)),
    ],
)
def test_a_gain_is_a_duration(typed: str | None, gain: timedelta | None) -> None:
    assert Options(earlier=typed).gain(Mode.BOOK) == gain


def test_in_tell_mode_there_is_only_an_end_to_it() -> None:
    assert Options(earlier="0").gain(Mode.TELL) == timedelta(0)
    with pytest.raises(InvalidValue, match="--earlier needs --mode book"):
        Options(earlier="7d").gain(Mode.TELL)


@pytest.mark.parametrize(
    ("typed", "said"), [("23h", "less than a day"), ("soon", "is not a duration")]
)
def test_a_gain_that_makes_no_sense_is_refused(typed: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        Options(earlier=typed).gain(Mode.BOOK)


@pytest.mark.parametrize(
    ("words", "services"),
    [
        ([str(RESIDENCE)], {RESIDENCE: 1}),
        ([f"{RESIDENCE}x2"], {RESIDENCE: 2}),
        ([str(RESIDENCE), "x", "2"], {RESIDENCE: 2}),
        ([str(RESIDENCE), "x2", str(PASSPORT)], {RESIDENCE: 2, PASSPORT: 1}),
        (["wohnsitz", "anmelden"], {RESIDENCE: 1}),
        (["wohnsitz anmelden"], {RESIDENCE: 1}),
        (["wohnsitz", "anmelden", "x", "2"], {RESIDENCE: 2}),
        (["reisepass", "+", "wohnsitz", "anmelden"], {RESIDENCE: 1, PASSPORT: 1}),
        (["reisepass", str(RESIDENCE)], {RESIDENCE: 1, PASSPORT: 1}),
        ([str(RESIDENCE), "reisepass", "x", "2"], {RESIDENCE: 1, PASSPORT: 2}),
    ],
)
def test_words_that_follow_each_other_name_one_service(
    words: list[str], services: dict[object, int]
) -> None:
    assert dict(named(*words).items) == services


def test_what_mta_writes_it_also_reads() -> None:
    both = ServiceSet.of({RESIDENCE: 1, PASSPORT: 2})
    assert named(*CITY.name_of(both).split()) == both


def test_services_may_be_named_in_two_ways() -> None:
    both = ServiceSet.of([RESIDENCE, PASSPORT])
    assert named("reisepass", service=[str(RESIDENCE)]) == both
    assert named(service=["reisepass", "wohnsitz anmelden"]) == both


def test_words_that_fit_nothing_are_told_so() -> None:
    with pytest.raises(NotFound, match="Raumfahrt"):
        named("Raumfahrt")


def test_a_service_must_be_named() -> None:
    with pytest.raises(InvalidValue, match="Which service"):
        named()


def test_persons_are_a_count() -> None:
    several = services_of(["reisepass"], None, 2, CITY)
    assert several == ServiceSet.of({PASSPORT: 2})
    both = services_of(["reisepass", "+", "wohnsitz"], None, 2, CITY)
    assert both == ServiceSet.of({PASSPORT: 2, RESIDENCE: 2})


@pytest.mark.parametrize("persons", [0, -1, 26])
def test_there_is_a_number_of_persons(persons: int) -> None:
    with pytest.raises(InvalidValue, match="--persons must be 1 to 25"):
        services_of(["reisepass"], None, persons, CITY)


def test_how_many_is_said_once() -> None:
    with pytest.raises(InvalidValue, match="not both"):
        services_of([f"{PASSPORT}x2"], None, 3, CITY)
