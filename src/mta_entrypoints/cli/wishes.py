"""Reading a citizen's wishes from what they typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from mta_core.domain.availability import DateWindow
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import EVERY_WEEKDAY, Hours, Wishes

_COUNT = re.compile(r"[0-9]{1,5}")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_services(texts: Sequence[str]) -> ServiceSet:
    """Read ``1063475`` or ``1063453x2``, several of them as one appointment.

    Raises:
        InvalidValue: not of this form, or named twice.
    """
    counts: dict[ServiceId, int] = {}
    for text in texts:
        for service, count in ServiceSet.parse(text).items:
            if service in counts:
                raise InvalidValue(f"Service {service} is named twice.")
            counts[service] = count
    return ServiceSet.of(counts)


def read_wishes(
    *,
    offices: Sequence[int],
    days: Sequence[str],
    without: Sequence[str],
    weekdays: str,
    hours: str,
    notice: str,
) -> Wishes:
    """Read where and when it would suit. Raises `InvalidValue`."""
    return Wishes(
        offices=frozenset(map(OfficeId, offices)) or None,
        windows=tuple(_window(text) for text in days),
        excluded=frozenset(_date(text) for text in without),
        weekdays=_weekdays(weekdays),
        hours=Hours.parse(hours) if hours else Hours(),
        notice=_duration(notice),
    )


def _window(text: str) -> DateWindow:
    first, dots, last = text.partition("..")
    return DateWindow(_date(first), _date(last) if dots else _date(first))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue(f"{text!r} is not a day, as in 2026-12-24.") from None


def _weekdays(text: str) -> frozenset[int]:
    if not text:
        return EVERY_WEEKDAY
    days = set()
    for name in text.replace(" ", "").lower().split(","):
        if name[:3] not in _WEEKDAYS:
            raise InvalidValue(f"{name!r} is not a weekday, as in mon,wed,fri.")
        days.add(_WEEKDAYS.index(name[:3]))
    return frozenset(days)


def _duration(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if not _COUNT.fullmatch(number) or unit not in units:
        raise InvalidValue(f"{text!r} is not a duration, as in 90m, 2h or 1d.")
    return timedelta(**{units[unit]: int(number)})
