"""Reading a citizen's wishes from what they typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from mta_core.domain.availability import DateWindow
from mta_core.domain.catalogue import Catalogue, OfficeId, ServiceId, ServiceSet
from mta_core.domain.errors import InvalidValue
from mta_core.domain.search import one_service
from mta_core.domain.subscriptions import EVERY_WEEKDAY, Hours, Wishes

ANYTHING = Wishes()
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_IDS = re.compile(r"[0-9x+]*")
_WORDS_AND_COUNT = re.compile(r"(.*\S)\s+[x×]\s*([0-9]{1,3})", re.DOTALL)
_COUNT = re.compile(r"[0-9]{1,5}")
_ID = re.compile(r"[0-9]{1,10}")
_TAKING_BACK = (["any"], ["all"], ["none"])


def read_services(texts: Sequence[str], catalogue: Catalogue) -> ServiceSet:
    """Read ``1063475``, ``1063453x2`` or ``passport x2``: all as one appointment.

    An id need not be in the catalogue: that is for `Catalogue.check_orderable`.

    Raises:
        InvalidValue: named twice, or words that fit several services.
        NotFound: words that fit no service.
    """
    counts: dict[ServiceId, int] = {}
    for text in texts:
        for service, count in _services(text, catalogue).items:
            if service in counts:
                raise InvalidValue(f"Service {service} is named twice.")
            counts[service] = count
    return ServiceSet.of(counts)


def _services(text: str, catalogue: Catalogue) -> ServiceSet:
    if _IDS.fullmatch(text):
        return ServiceSet.parse(text)
    counted = _WORDS_AND_COUNT.fullmatch(text)
    words, count = counted.groups() if counted else (text, 1)
    return ServiceSet.of({one_service(catalogue, words).id: int(count)})


def read_wishes(
    before: Wishes = ANYTHING,
    *,
    offices: Sequence[str] | None = None,
    days: Sequence[str] | None = None,
    without: Sequence[str] | None = None,
    weekdays: str | None = None,
    hours: str | None = None,
    notice: str | None = None,
) -> Wishes:
    """Read where and when it would suit; what was not said stays as it was before.

    Each takes ``any``, too, which takes a wish back.

    Raises:
        InvalidValue: something makes no sense.
    """
    typed: dict[str, tuple[Callable[[Any], object], object]] = {
        "offices": (_offices, offices),
        "windows": (_windows, days),
        "excluded": (_dates, without),
        "weekdays": (_weekdays, weekdays),
        "hours": (_hours, hours),
        "notice": (read_duration, notice),
    }
    read: dict[str, Any] = {
        name: reader(text) for name, (reader, text) in typed.items() if text is not None
    }
    return attrs.evolve(before, **read)


def read_span(text: str) -> DateWindow:
    """Read a day, or a span as in ``2026-12-01..2026-12-19``. Raises `InvalidValue`."""
    first, dots, last = text.partition("..")
    return DateWindow(_date(first), _date(last) if dots else _date(first))


def read_offices(texts: Sequence[str]) -> frozenset[OfficeId]:
    """Read ids of offices, one each or with commas between. Raises `InvalidValue`."""
    return frozenset(_office(text) for text in _each(texts))


def read_duration(text: str) -> timedelta:
    """Read ``90m``, ``2h``, ``1d`` or ``0``. Raises `InvalidValue`."""
    if text == "0":
        return timedelta(0)
    number, unit = text[:-1], text[-1:]
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if not _COUNT.fullmatch(number) or unit not in units:
        raise InvalidValue(f"{text!r} is not a duration, as in 90m, 2h or 1d.")
    return timedelta(**{units[unit]: int(number)})


def _each(texts: Sequence[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",")]


def _takes_back(texts: Sequence[str]) -> bool:
    return [text.strip().lower() for text in texts] in _TAKING_BACK


def _office(text: str) -> OfficeId:
    if not _ID.fullmatch(text):
        raise InvalidValue(f"{text!r} is not the id of an office, as in 10308013.")
    return OfficeId(int(text))


def _offices(texts: Sequence[str]) -> frozenset[OfficeId] | None:
    return None if _takes_back(texts) else read_offices(texts)


def _windows(texts: Sequence[str]) -> tuple[DateWindow, ...]:
    return () if _takes_back(texts) else tuple(map(read_span, _each(texts)))


def _dates(texts: Sequence[str]) -> frozenset[date]:
    return frozenset() if _takes_back(texts) else frozenset(map(_date, _each(texts)))


def _hours(text: str) -> Hours:
    return Hours() if _takes_back([text]) else Hours.parse(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue(f"{text!r} is not a day, as in 2026-12-24.") from None


def _weekdays(text: str) -> frozenset[int]:
    if _takes_back([text]):
        return EVERY_WEEKDAY
    days = set()
    for name in text.replace(" ", "").lower().split(","):
        if name[:3] not in WEEKDAYS:
            raise InvalidValue(f"{name!r} is not a weekday, as in mon,wed,fri.")
        days.add(WEEKDAYS.index(name[:3]))
    return frozenset(days)
