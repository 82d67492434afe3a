"""The hours of Munich's week: at night, on weekends and on holidays little is released."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from mta_core.domain.availability import BERLIN

_SATURDAY, _SUNDAY = 5, 6
# Public holidays of Munich (Art. 1 FTG, Bavaria), and the two days at the end of the
# year on which the city's offices are closed.
_FIXED = frozenset(
    {
        *((1, 1), (1, 6), (5, 1), (8, 15), (10, 3), (11, 1)),
        *((12, 24), (12, 25), (12, 26), (12, 31)),
    }
)
# Good Friday, Easter Monday, Ascension, Whit Monday, Corpus Christi.
_AFTER_EASTER = (-2, 1, 39, 50, 60)


HOURS = 7 * 24


def hour_of_week(moment: datetime) -> int:
    """Number the hour in Munich, from Monday 0:00; a holiday counts as a Sunday."""
    local = moment.astimezone(BERLIN)
    weekday = _SUNDAY if local.date() in _holidays(local.year) else local.weekday()
    return weekday * 24 + local.hour


def alike(hour: int) -> range:
    """Return the same hour of all working days, or of both days of the weekend."""
    first, end = (0, _SATURDAY) if hour < _SATURDAY * 24 else (_SATURDAY, 7)
    return range(first * 24 + hour % 24, end * 24, 24)


@lru_cache(maxsize=4)
def _holidays(year: int) -> frozenset[date]:
    fixed = {date(year, month, day) for month, day in _FIXED}
    easter = _easter(year)
    return frozenset(fixed | {easter + timedelta(days=n) for n in _AFTER_EASTER})


def _easter(year: int) -> date:
    """Compute Easter Sunday (Gauss, for 1900 to 2099, with his two exceptions)."""
    golden = (19 * (year % 19) + 24) % 30
    week = (2 * (year % 4) + 4 * (year % 7) + 6 * golden + 5) % 7
    offset = golden + week
    late = offset == 35 or (golden == 28 and week == 6 and year % 19 > 10)
    return date(year, 3, 22) + timedelta(days=offset - 7 * late)
