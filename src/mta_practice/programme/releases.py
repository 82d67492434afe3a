"""When offices release slots: what they say themselves, read as data (contract 8).

An office is known by a phrase of its own text (``infoForAllAppointments``) or, where
it says nothing, by its name. What no office states (shares, window lengths of silent
offices) is made up here.
"""

from __future__ import annotations

import html
import re
from enum import StrEnum
from typing import Final

import attrs

from mta_practice.catalogue import Office

_TAG: Final = re.compile(r"<[^>]*>")

WORKDAYS: Final = frozenset({0, 1, 2, 3, 4})
_ODD_DAYS: Final = frozenset({0, 2, 4})
_EVEN_DAYS: Final = frozenset({1, 3})

_HOUR: Final = 60
_SEVEN: Final = 7 * _HOUR


class How(StrEnum):
    """BATCH: all at a minute within hours. ROLL: as the clock passes the start of the
    opening on the day on which the booking window reaches it. BEFORE: all some
    minutes before the opening. SPREAD: one by one within hours.
    """

    BATCH = "batch"
    ROLL = "window"
    BEFORE = "before opening"
    SPREAD = "one by one"


@attrs.frozen
class Release:
    """One of the ways in which an office's slots become bookable.

    *ahead*: days before the day of the appointment, for SPREAD the most days.
    *share* of the slots that come this way, against the other ways of that day.
    *first* and *last*: minutes of the day between which it happens; for BEFORE,
    *first* is the minutes before the opening. *weekdays* on which it happens.
    """

    how: How
    ahead: int
    share: float
    first: int = 0
    last: int = 0
    weekdays: frozenset[int] = WORKDAYS


def _batch(ahead: int, share: float, first: int, last: int) -> Release:
    return Release(How.BATCH, ahead, share, first, last)


def _sharp(minute: int, weekdays: frozenset[int], ahead: int = 0) -> Release:
    return Release(How.BATCH, ahead, 1.0, minute, minute, weekdays)


def _window(days: int, share: float = 1.0) -> Release:
    return Release(How.ROLL, days, share, weekdays=WORKDAYS | {5, 6})


_TODAY: Final = _batch(0, 0.3, _SEVEN, 8 * _HOUR)

#: By a phrase of the office's text, the first that fits.
STATED: Final[tuple[tuple[re.Pattern[str], tuple[Release, ...]], ...]] = (
    (
        re.compile("42 Tagen"),
        (
            _TODAY,
            _batch(7, 0.35, 9 * _HOUR, 11 * _HOUR),
            _batch(42, 0.35, 1, 5 * _HOUR),
        ),
    ),
    (
        re.compile("14 Tagen"),
        (_TODAY, _batch(14, 0.7, _SEVEN + 30, 8 * _HOUR + 30)),
    ),
    (
        re.compile("7 Tage im Voraus.*zwischen 7 und 8", re.DOTALL),
        (_TODAY, _batch(7, 0.7, _SEVEN, 8 * _HOUR)),
    ),
    (re.compile("7 Tage im Voraus"), (_window(7),)),
    (re.compile("30 Tage im Voraus"), (_TODAY, _window(30, 0.7))),
    (
        re.compile(r"7[.:]30 Uhr.*8[.:]30 Uhr", re.DOTALL),
        (_sharp(_SEVEN + 30, _ODD_DAYS), _sharp(8 * _HOUR + 30, _EVEN_DAYS)),
    ),
    (
        re.compile("10 Minuten vor"),
        (
            Release(How.BEFORE, 0, 0.5, first=10),
            Release(How.SPREAD, 7, 0.5, 8 * _HOUR, 18 * _HOUR),
        ),
    ),
)

#: By a part of the office's name, where it states nothing (Ausländerbehörde).
BY_NAME: Final[tuple[tuple[str, tuple[Release, ...]], ...]] = (
    ("Zuwanderung", (_sharp(_SEVEN, _ODD_DAYS), _sharp(8 * _HOUR, _EVEN_DAYS))),
)

#: Window lengths of the others in days, as often as in the city's data.
WINDOWS: Final = (60,) * 45 + (30,) * 21 + (90,) * 13 + (42,) * 11 + (7,) * 11


def stated(office: Office) -> tuple[Release, ...] | None:
    """Read how *office* releases its slots, None if nothing is known of it."""
    text = plain_info(office)
    for phrase, releases in STATED:
        if phrase.search(text):
            return releases
    for part, releases in BY_NAME:
        if part in office.name:
            return releases
    return None


def window(days: int) -> tuple[Release, ...]:
    """Give the way of an office that has nothing but a booking window of *days*."""
    return (_window(days),)


def plain_info(office: Office) -> str:
    """Give what an office says about all its appointments, without its HTML."""
    info = office.scope.wire.get("infoForAllAppointments") if office.scope else None
    return html.unescape(_TAG.sub(" ", str(info or "")))
