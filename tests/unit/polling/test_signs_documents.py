"""What the detectors know, as plain JSON; and Munich's week."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mta_core.domain.availability import BERLIN
from mta_core.domain.errors import SiteChanged, SiteSilent
from mta_core.polling.signs import Signs
from mta_core.polling.signs.signs import PREFIX
from mta_core.polling.signs.week import alike, hour_of_week
from mta_core.testing.builders import a_catalogue
from tests.unit.polling.answering import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    TWO,
    a_slot,
    an_answer,
    ill,
    well,
)


def experienced() -> Signs:
    """Detectors that have seen a bit of everything."""
    signs = Signs()
    signs.read(a_catalogue(), MONDAY)
    signs.read(a_catalogue(offers=a_catalogue().offers[:1]), MONDAY + DAY)
    day = (MONDAY + 9 * DAY).date()
    for minute in range(0, 66, 6):
        at = MONDAY + minute * MINUTE
        signs.learn(well(an_answer(at, through=day), 0.5))
        signs.learn(ill(at, SiteChanged("new"), TWO))
    for minute in range(70, 90, 5):
        signs.learn(ill(MONDAY + minute * MINUTE, SiteSilent("mute")))
    return signs


def written(signs: Signs) -> dict[str, Any]:
    """What would stand in the database."""
    document: dict[str, Any] = json.loads(json.dumps(signs.documents()))
    return document


def test_all_of_it_comes_back() -> None:
    signs = experienced()
    before = signs.conditions()
    assert len(before) == 4
    documents = written(signs)
    assert all(name.startswith(PREFIX) for name in documents)
    again = Signs()
    again.recall({**documents, "somebody else's": {"usual": "nonsense"}})
    assert again.conditions() == before
    assert written(again) == documents


def test_only_what_has_changed_is_written_again() -> None:
    signs = experienced()
    assert written(signs)
    assert written(signs) == {}
    signs.learn(well(an_answer(MONDAY + 2 * HOUR, a_slot(MONDAY))))
    assert set(written(signs)) == {
        f"{PREFIX}{name}"
        for name in ("unseen", "calendar", "city", "rhythm:1", "wavering:1")
    }


def test_what_was_read_back_is_not_shared() -> None:
    documents = written(experienced())
    kept = json.dumps(documents)
    signs = Signs()
    signs.recall(documents)
    for hours in range(2, 30):
        signs.learn(well(an_answer(MONDAY + hours * HOUR, a_slot(MONDAY))))
    assert json.dumps(documents) == kept


@pytest.mark.parametrize(
    "document", [{}, {"of another release": 1}, {"at": "no moment"}, {"at": "?"}]
)
def test_what_cannot_be_read_is_learnt_anew(document: dict[str, Any]) -> None:
    signs = Signs()
    signs.recall({f"{PREFIX}slow": document, f"{PREFIX}unseen": document})
    assert signs.conditions() == {}
    signs.learn(well(an_answer(MONDAY), 0.5))


@pytest.mark.parametrize(
    ("moment", "hour"),
    [
        ("2026-06-08 00:00", 0),  # a Monday
        ("2026-06-13 09:59", 5 * 24 + 9),
        ("2026-06-14 23:00", 6 * 24 + 23),
        ("2026-05-01 09:00", 6 * 24 + 9),  # holidays count as Sundays
        ("2026-04-03 09:00", 6 * 24 + 9),  # Good Friday
        ("2026-06-04 09:00", 6 * 24 + 9),  # Corpus Christi
        ("2026-08-15 09:00", 6 * 24 + 9),
        ("2026-12-31 09:00", 6 * 24 + 9),
        ("2038-04-26 09:00", 6 * 24 + 9),  # Easter Monday, as late as it gets
    ],
)
def test_hours_are_counted_in_munichs_week(moment: str, hour: int) -> None:
    local = datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
    assert hour_of_week(local.astimezone(UTC)) == hour


@pytest.mark.parametrize(
    ("year", "monday"),
    [
        (2024, date(2024, 4, 1)),
        (2025, date(2025, 4, 21)),
        (2049, date(2049, 4, 19)),  # the two exceptions of Gauss's rule
        (2076, date(2076, 4, 20)),
    ],
)
def test_easter_is_where_it_is(year: int, monday: date) -> None:
    noon = datetime(year, monday.month, monday.day, 10, tzinfo=UTC)
    assert monday.weekday() == 0
    assert hour_of_week(noon) // 24 == 6
    assert hour_of_week(noon + 7 * DAY) // 24 == 0


def test_working_days_are_alike_and_so_are_the_others() -> None:
    assert [*alike(2 * 24 + 9)] == [9, 33, 57, 81, 105]
    assert [*alike(6 * 24 + 9)] == [129, 153]
