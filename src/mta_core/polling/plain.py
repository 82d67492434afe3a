"""Values as plain JSON, and what was plain JSON as values again."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import attrs


def plain(value: Any) -> Any:
    """Return a value of attrs, moments and enums as plain JSON values."""
    if attrs.has(type(value)):
        fields = (field.name for field in attrs.fields(type(value)) if field.repr)
        return {name: plain(getattr(value, name)) for name in fields}
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.name
        case _:
            return value


def moment(text: str | None, latest: datetime) -> datetime | None:
    """Read a moment that may be missing; none after *latest* is believed.

    Raises:
        TypeError, ValueError: it is no moment, or tells no zone.
    """
    return None if text is None else min(datetime.fromisoformat(text), latest)


def number(value: float | None) -> float | None:
    """Read a number that may be missing. Raises `TypeError`, `ValueError`."""
    return None if value is None else float(value)
