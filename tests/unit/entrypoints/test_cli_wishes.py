"""Wishes as citizens type them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import attrs
import pytest

from mta_core.domain.availability import DateWindow
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.subscriptions import Hours, Wishes
from mta_entrypoints.cli.wishes import read_services, read_span, read_wishes
from tests.unit.domain.city_services import CITY

PASSPORT, RESIDENCE = ServiceId(1063453), ServiceId(1063475)


PICKY = Wishes(
    offices=frozenset({OfficeId(10308013), OfficeId(10546)}),
    windows=(
        DateWindow(date(2026, 12, 1), date(2026, 12, 19)),
        DateWindow(date(2027, 1, 4), date(2027, 1, 4)),
    ),
    excluded=frozenset({date(2026, 12, 8)}),
    weekdays=frozenset({0, 2, 4}),
    hours=Hours(time(8, 30), time(12)),
    notice=timedelta(minutes=90),
)


def test_who_names_nothing_takes_anything() -> None:
    assert read_wishes() == Wishes()


def test_everything_can_be_named() -> None:
    wishes = read_wishes(
        offices=["10308013", "10546"],
        days=["2026-12-01..2026-12-19", " 2027-01-04 "],
        without=["2026-12-08"],
        weekdays="Mon, wednesday,FRI",
        hours="8:30-12",
        notice="90m",
    )

    assert wishes == PICKY


def test_several_may_stand_in_one_word() -> None:
    wishes = read_wishes(
        offices=["10308013, 10546"],
        days=["2026-12-01..2026-12-19,2027-01-04"],
        without=["2026-12-08,2026-12-09"],
    )
    assert (wishes.offices, wishes.windows) == (PICKY.offices, PICKY.windows)
    assert wishes.excluded == {date(2026, 12, 8), date(2026, 12, 9)}


def test_what_is_not_named_stays_as_it_was() -> None:
    assert read_wishes(PICKY) == PICKY
    changed = read_wishes(PICKY, hours="9-10")
    assert changed == attrs.evolve(PICKY, hours=Hours(time(9), time(10)))


@pytest.mark.parametrize("word", ["any", "All", " none "])
def test_a_wish_can_be_taken_back(word: str) -> None:
    wishes = read_wishes(
        PICKY,
        offices=[word],
        days=[word],
        without=[word],
        weekdays=word,
        hours=word,
        notice="2h",
    )
    assert wishes == Wishes()


def test_a_day_is_a_span_of_one() -> None:
    christmas = date(2026, 12, 24)
    assert read_span("2026-12-24") == DateWindow(christmas, christmas)


@pytest.mark.parametrize(
    ("typed", "notice"),
    [
        ("0", timedelta(0)),
        ("0m", timedelta(0)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
    ],
)
def test_a_notice_has_a_unit(typed: str, notice: timedelta) -> None:
    assert read_wishes(notice=typed).notice == notice


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days": ["tomorrow"]}, "'tomorrow' is not a day, as in 2026-12-24"),
        ({"days": ["2026-02-30"]}, "'2026-02-30' is not a day"),
        ({"days": ["2026-12-24.."]}, "'' is not a day"),
        ({"days": ["..2026-12-24"]}, "'' is not a day"),
        ({"days": ["2026-12-24..2026-12-01"]}, "ends (2026-12-01) before it starts"),
        ({"without": ["24.12.2026"]}, "'24.12.2026' is not a day"),
        ({"offices": ["abc"]}, "'abc' is not the id of an office, as in 10308013"),
        ({"offices": ["10308013,"]}, "'' is not the id of an office"),
        ({"offices": ["-1"]}, "'-1' is not the id of an office"),
        ({"weekdays": ""}, "'' is not a weekday"),
        ({"hours": ""}, "'' is not a span of hours"),
        ({"weekdays": "mon,tomorrow"}, "'tomorrow' is not a weekday, as in mon,wed"),
        ({"weekdays": "mon,"}, "'' is not a weekday"),
        ({"hours": "9"}, "'9' is not a span of hours"),
        ({"hours": "25-26"}, "there is no 26 o'clock"),
        ({"hours": "12-8"}, "end before they start"),
        ({"notice": ""}, "'' is not a duration, as in 90m, 2h or 1d"),
        ({"notice": "2"}, "'2' is not a duration"),
        ({"notice": "h"}, "'h' is not a duration"),
        ({"notice": "-2h"}, "'-2h' is not a duration"),
        ({"notice": "1.5h"}, "'1.5h' is not a duration"),
        ({"notice": "2w"}, "'2w' is not a duration"),
    ],
)
def test_what_makes_no_sense_is_quoted(typed: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_wishes(**typed)
    assert said in str(caught.value)


@pytest.mark.parametrize("notice", ["9999999999d", "99999999999999h"])
def test_a_notice_of_ages_is_refused(notice: str) -> None:
    with pytest.raises(InvalidValue, match=notice):
        read_wishes(notice=notice)


@pytest.mark.parametrize(
    ("typed", "services"),
    [
        (["1063475"], {RESIDENCE: 1}),
        (["1063453x2"], {PASSPORT: 2}),
        (["1063475", "1063453x2"], {PASSPORT: 2, RESIDENCE: 1}),
        (["1063453x2+1063475"], {PASSPORT: 2, RESIDENCE: 1}),
        (["reisepass"], {PASSPORT: 1}),
        (["passport x2"], {PASSPORT: 2}),
        (["my passport  × 2", "register address"], {PASSPORT: 2, RESIDENCE: 1}),
        (["1063475", "Reisepas x 2"], {PASSPORT: 2, RESIDENCE: 1}),
        ([" 1063475 "], {RESIDENCE: 1}),
        (["99999"], {ServiceId(99999): 1}),  # told by who checks the order
    ],
)
def test_several_services_are_one_appointment(
    typed: Sequence[str], services: dict[ServiceId, int]
) -> None:
    assert read_services(typed, CITY) == ServiceSet.of(services)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["1063475", "1063475x2"], "Service 1063475 is named twice."),
        (["1063475", "register address"], "Service 1063475 is named twice."),
        (["driving licence"], "'driving licence' fits 5 services: "),
        (["passport x0"], "the count must be 1 to 25"),
        (["passport x26"], "the count must be 1 to 25"),
        (["x2"], "'x2' does not name services"),
        ([""], "'' does not name services"),
        (["1063475x0"], "the count must be 1 to 25"),
        (["1063475x26"], "the count must be 1 to 25"),
        ([], "At least one service is needed."),
    ],
)
def test_services_that_cannot_be_read_are_named(
    typed: Sequence[str], said: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_services(typed, CITY)
    assert said in str(caught.value)


@pytest.mark.parametrize("typed", ["raumfahrt", "reisepass zeugnis", "passport x"])
def test_words_that_fit_no_service_are_told_with_suggestions(typed: str) -> None:
    with pytest.raises(NotFound, match=f"No service fits '{typed}'."):
        read_services([typed], CITY)
