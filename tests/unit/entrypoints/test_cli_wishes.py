"""Wishes as citizens type them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest

from mta_core.domain.availability import DateWindow
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import Hours, Wishes
from mta_entrypoints.cli.wishes import read_services, read_wishes

PASSPORT, RESIDENCE = ServiceId(1063453), ServiceId(1063475)


def read(**typed: Any) -> Wishes:
    """Read wishes; what is not named was not typed."""
    nothing: dict[str, Any] = {
        "offices": [],
        "days": [],
        "without": [],
        "weekdays": "",
        "hours": "",
        "notice": "2h",
    }
    return read_wishes(**{**nothing, **typed})


def test_who_names_nothing_takes_anything() -> None:
    assert read() == Wishes()


def test_everything_can_be_named() -> None:
    wishes = read(
        offices=[10308013, 10546],
        days=["2026-12-01..2026-12-19", " 2027-01-04 "],
        without=["2026-12-08"],
        weekdays="Mon, wednesday,FRI",
        hours="8:30-12",
        notice="90m",
    )

    assert wishes == Wishes(
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


@pytest.mark.parametrize(
    ("typed", "notice"),
    [("0m", timedelta(0)), ("2h", timedelta(hours=2)), ("1d", timedelta(days=1))],
)
def test_a_notice_has_a_unit(typed: str, notice: timedelta) -> None:
    assert read(notice=typed).notice == notice


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days": ["tomorrow"]}, "'tomorrow' is not a day, as in 2026-12-24"),
        ({"days": ["2026-02-30"]}, "'2026-02-30' is not a day"),
        ({"days": ["2026-12-24.."]}, "'' is not a day"),
        ({"days": ["..2026-12-24"]}, "'' is not a day"),
        ({"days": ["2026-12-24..2026-12-01"]}, "ends (2026-12-01) before it starts"),
        ({"without": ["24.12.2026"]}, "'24.12.2026' is not a day"),
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
        read(**typed)
    assert said in str(caught.value)


@pytest.mark.parametrize("notice", ["9999999999d", "99999999999999h"])
def test_a_notice_of_ages_is_refused(notice: str) -> None:
    with pytest.raises(InvalidValue, match=notice):
        read(notice=notice)


@pytest.mark.parametrize(
    ("typed", "services"),
    [
        (["1063475"], {RESIDENCE: 1}),
        (["1063453x2"], {PASSPORT: 2}),
        (["1063475", "1063453x2"], {PASSPORT: 2, RESIDENCE: 1}),
        (["1063453x2+1063475"], {PASSPORT: 2, RESIDENCE: 1}),
    ],
)
def test_several_services_are_one_appointment(
    typed: Sequence[str], services: dict[ServiceId, int]
) -> None:
    assert read_services(typed) == ServiceSet.of(services)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["1063475", "1063475x2"], "Service 1063475 is named twice."),
        (["passport"], "'passport' does not name services"),
        (["1063475x0"], "the count must be 1 to 25"),
        (["1063475x26"], "the count must be 1 to 25"),
        ([], "At least one service is needed."),
    ],
)
def test_services_that_cannot_be_read_are_named(
    typed: Sequence[str], said: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_services(typed)
    assert said in str(caught.value)
