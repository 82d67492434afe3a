"""What the city checks in every input, in its order (contract 3).

All failing rules of a step are collected; an empty list means the step is passed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from mta_practice.errors import Refusal, ServerFault
from mta_practice.numbers import is_numeric, whole

_AUTH_KEY: Final = re.compile(r"[0-9a-fA-F]{4}|[0-9a-fA-F]{64}")
_COUNT: Final = re.compile(r"\d{1,9}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_MOST_UNITS: Final = 25
_LONGEST_RANGE: Final = 365


@attrs.frozen
class Wish:
    """Which services are wanted, as (service id, count), the first one leading."""

    counts: tuple[tuple[int, int], ...]

    @property
    def service_ids(self) -> tuple[int, ...]:
        """Give the wanted services in their order."""
        return tuple(service_id for service_id, _ in self.counts)


@attrs.frozen
class CalendarAsk:
    """A valid question for the calendar; the slots window may be open at a side."""

    office_ids: tuple[int, ...]
    wish: Wish
    start: date
    end: date
    slots_start: date | None
    slots_end: date | None


@attrs.frozen
class ReserveAsk:
    """A valid wish to reserve; *timestamp* in epoch seconds."""

    office_id: int
    wish: Wish
    timestamp: int


@attrs.frozen
class Identity:
    """What opens an appointment; *citizen* is the id of who is logged in, if any."""

    process_id: int
    auth_key: str
    citizen: str | None = None


def calendar_ask(query: Mapping[str, str], human_error: str | None) -> CalendarAsk:
    """Check the query of ``available-calendar``.

    *human_error* is the failing human check, None if it passed or is not demanded.

    Raises:
        Refusal: with every failing rule, the human check last.
        ServerFault: as many services as counts are wanted, but they differ.
    """
    offices, services = _csv(query.get("officeIds")), _csv(query.get("serviceIds"))
    counts = _csv(query["serviceCounts"]) if query.get("serviceCounts") else []
    start, end = (_day(query.get(name, "")) for name in ("startDate", "endDate"))
    errors = [] if _ids_valid(offices) else ["invalidOfficeId"]
    errors += [] if _numbers(services) else ["invalidServiceId"]
    errors += _range_errors(start, end)
    errors += [] if _counts_valid(counts) else ["invalidServiceCount"]
    errors += _window_errors(query)
    errors += [human_error] if human_error else []
    if errors or start is None or end is None:
        raise Refusal(*errors)
    return CalendarAsk(
        office_ids=tuple(dict.fromkeys(_whole_list(offices))),
        wish=_wish(services, counts),
        start=start,
        end=end,
        slots_start=_day(query.get("slotsStartDate", "")),
        slots_end=_day(query.get("slotsEndDate", "")),
    )


def reserve_ask(
    body: Mapping[str, object], human_error: str | None, now: float
) -> ReserveAsk:
    """Check the body of ``reserve-appointment`` at epoch *now*.

    *human_error* is the failing human check, None if it passed or is not demanded.

    Raises:
        Refusal: with every failing rule, the human check last.
        ServerFault: a list is no list, or the lists differ in length.
    """
    office_id, timestamp = whole(body.get("officeId")), whole(body.get("timestamp"))
    services, counts = _list(body.get("serviceId")), _list(body.get("serviceCount"))
    if body.get("serviceCount") is None:
        counts = [1]
    errors = [] if office_id and office_id > 0 else ["invalidOfficeId"]
    errors += [] if _numbers(services) else ["invalidServiceId"]
    errors += [] if timestamp and timestamp > now else ["invalidTimestamp"]
    errors += [] if _counts_valid(counts) else ["invalidServiceCount"]
    errors += [human_error] if human_error else []
    if errors or office_id is None or timestamp is None:
        raise Refusal(*errors)
    return ReserveAsk(office_id, _wish(services, counts), timestamp)


def identity(fields: Mapping[str, object], citizen: str | None = None) -> Identity:
    """Check ``processId`` and ``authKey``; raises `Refusal` with what fails.

    *citizen* is the id of who is logged in, None for a guest.
    """
    errors = identity_errors(fields)
    if errors:
        raise Refusal(*errors)
    return Identity(
        whole(fields.get("processId")) or 0,
        str(fields.get("authKey")).strip(),
        citizen,
    )


def identity_errors(fields: Mapping[str, object]) -> list[str]:
    """Give the failing rules of ``processId`` and ``authKey``."""
    process_id, auth_key = whole(fields.get("processId")), fields.get("authKey")
    errors = [] if process_id and process_id >= 1 else ["invalidProcessId"]
    valid = isinstance(auth_key, str) and _AUTH_KEY.fullmatch(auth_key.strip())
    return errors if valid else [*errors, "invalidAuthKey"]


def _csv(value: str | None) -> list[object]:
    return [part.strip() for part in (value or "").split(",")]


def _list(value: object) -> list[object]:
    if isinstance(value, dict):  # PHP reads a JSON object as an array, too
        return list(value.values())
    if value is None:
        return []
    if not isinstance(value, list):
        raise ServerFault
    return value


def _numbers(values: Sequence[object]) -> bool:
    return bool(values) and all(is_numeric(value) for value in values)


def _ids_valid(values: Sequence[object]) -> bool:
    return _numbers(values) and all(number > 0 for number in _whole_list(values))


def _whole_list(values: Sequence[object]) -> list[int]:
    return [whole(value) or 0 for value in values]


def _counts_valid(values: Sequence[object]) -> bool:
    return bool(values) and all(
        is_numeric(value)
        and _COUNT.fullmatch(str(value)) is not None
        and 1 <= int(str(value)) <= _MOST_UNITS
        for value in values
    )


def _wish(services: Sequence[object], counts: Sequence[object]) -> Wish:
    if len(services) != len(counts):
        raise ServerFault
    return Wish(tuple(zip(_whole_list(services), _whole_list(counts), strict=True)))


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _range_errors(start: date | None, end: date | None) -> list[str]:
    errors = [] if start else ["invalidStartDate"]
    errors += [] if end else ["invalidEndDate"]
    if start and end:
        errors += ["startDateAfterEndDate"] if start > end else []
        too_large = abs((end - start).days) > _LONGEST_RANGE
        errors += ["dateRangeTooLarge"] if too_large else []
    return errors


def _window_errors(query: Mapping[str, str]) -> list[str]:
    first, last = query.get("slotsStartDate", ""), query.get("slotsEndDate", "")
    start, end = _day(first), _day(last)
    errors = ["invalidSlotsStartDate"] if first and not start else []
    errors += ["invalidSlotsEndDate"] if last and not end else []
    if start and end and start > end:
        errors.append("slotsStartDateAfterEndDate")
    return errors
