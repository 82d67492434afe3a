"""Faults on demand: what goes wrong between a city and its clients, armed by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final, TypeVar

import attrs

from mta_practice.errors import TABLE, UNKNOWN, PracticeError

#: Arms a fault for every route.
ANY_ROUTE: Final = "*"

_LONGEST_DELAY: Final = 3600.0
_MOST_TIMES: Final = 1_000_000
_FIELDS: Final = frozenset(
    {"route", "kind", "when", "status", "seconds", "times", "errorCode"}
)

Choice = TypeVar("Choice", bound=StrEnum)


class Kind(StrEnum):
    """What a client gets to see instead of the answer."""

    STATUS = "status"
    DELAY = "delay"
    DROP = "drop"
    GARBAGE = "garbage"
    TRUNCATE = "truncate"
    EMPTY = "empty"


class When(StrEnum):
    """BEFORE: the city never saw the request. AFTER: it did what was asked."""

    BEFORE = "before"
    AFTER = "after"


@attrs.define
class Fault:
    """One armed fault: strikes a *route* *times* times, *struck* so far.

    *status* is the HTTP status of the answer, *seconds* the length of a delay, *key*
    the entry of the error table that a status fault answers.
    """

    route: str
    kind: Kind
    when: When
    status: int | None
    seconds: float | None
    key: str | None
    times: int
    struck: int = 0

    @property
    def left(self) -> int:
        """Give how often it will still strike."""
        return self.times - self.struck

    def wire(self) -> dict[str, object]:
        """Give the fault as the control route lists it."""
        return {
            "route": self.route,
            "kind": self.kind.value,
            "when": self.when.value,
            "status": self.status,
            "seconds": self.seconds,
            "errorCode": self.key,
            "times": self.times,
            "struck": self.struck,
            "left": self.left,
        }


class Faults:
    """The faults of a city, in the order of arming; spent ones stay to be seen."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def arm(self, body: object, routes: Collection[str]) -> Fault:
        """Arm the fault that *body* describes; raises `PracticeError`."""
        fault = _read(body, routes)
        self._faults.append(fault)
        return fault

    def clear(self) -> int:
        """Forget every fault and give the number of those still armed."""
        armed = sum(fault.left > 0 for fault in self._faults)
        self._faults.clear()
        return armed

    def strike(self, route: str) -> Fault | None:
        """Give the fault that strikes this request to *route*: the first one armed.

        One fault strikes a request, never two.
        """
        for fault in self._faults:
            if fault.left > 0 and fault.route in (route, ANY_ROUTE):
                fault.struck += 1
                return fault
        return None

    def wire(self) -> list[dict[str, object]]:
        """List every fault since the last `clear`."""
        return [fault.wire() for fault in self._faults]


def _read(body: object, routes: Collection[str]) -> Fault:
    if not isinstance(body, Mapping):
        raise PracticeError("the body must be a JSON object")
    unknown = sorted(str(name) for name in body if name not in _FIELDS)
    if unknown:
        raise PracticeError(f"a fault has no field {', '.join(unknown)}")
    kind = _choice(Kind, "kind", body.get("kind"))
    return Fault(
        route=_route(body.get("route"), routes),
        kind=kind,
        when=_choice(When, "when", body.get("when", When.BEFORE)),
        status=_status(kind, body),
        seconds=_seconds(kind, body.get("seconds")),
        key=_key(kind, body.get("errorCode")),
        times=_times(body.get("times", 1)),
    )


def _route(value: object, routes: Collection[str]) -> str:
    name = value.strip("/") if isinstance(value, str) else ""
    if name not in (ANY_ROUTE, *routes):
        known = ", ".join(sorted(set(routes)))
        raise PracticeError(f"route must be {ANY_ROUTE} or one of: {known}")
    return name


def _choice(choices: type[Choice], name: str, value: object) -> Choice:
    if value not in list(choices):
        raise PracticeError(f"{name} must be one of: {', '.join(choices)}")
    return choices(str(value))


def _status(kind: Kind, body: Mapping[str, object]) -> int | None:
    value = body.get("status")
    if value is None:
        if kind is Kind.STATUS and body.get("errorCode") is None:
            raise PracticeError("a fault of kind status needs a status")
        return None
    if kind in (Kind.DELAY, Kind.DROP):
        raise PracticeError(f"a fault of kind {kind} has no status")
    if not _number(value) or not isinstance(value, int) or not 200 <= value <= 599:
        raise PracticeError("status must be a whole number from 200 to 599")
    return value


def _seconds(kind: Kind, value: object) -> float | None:
    if kind is not Kind.DELAY:
        if value is not None:
            raise PracticeError(f"a fault of kind {kind} has no seconds")
        return None
    if not _number(value) or not 0 < float(str(value)) <= _LONGEST_DELAY:
        raise PracticeError(f"seconds must be a number up to {_LONGEST_DELAY:.0f}")
    return float(str(value))


def _key(kind: Kind, value: object) -> str | None:
    if value is None:
        return None
    if kind is not Kind.STATUS:
        raise PracticeError(f"a fault of kind {kind} has no errorCode")
    if value not in TABLE and value != UNKNOWN.code:
        raise PracticeError(f"errorCode must be a key of the error table, not {value}")
    return str(value)


def _times(value: object) -> int:
    if isinstance(value, int) and _number(value) and 1 <= value <= _MOST_TIMES:
        return value
    raise PracticeError(f"times must be a whole number from 1 to {_MOST_TIMES}")


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
