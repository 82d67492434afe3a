"""A detector's state as a plain JSON document, and back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any, TypeVar

import attrs

T = TypeVar("T", bound=attrs.AttrsInstance)
Document = Mapping[str, Any]


def document(state: attrs.AttrsInstance) -> dict[str, Any]:
    """Write the state; what is no argument of its constructor is not kept."""
    fields = (field.name for field in attrs.fields(type(state)) if field.init)
    return {name: _plain(getattr(state, name)) for name in fields}


def restored(kind: type[T], written: Document) -> T:
    """Read a state back. What another release has added or dropped is left out.

    What cannot be read at all is learnt anew: nothing of it is dear.
    """
    known = {field.name for field in attrs.fields(kind) if field.init}
    own = {n: deepcopy(value) for n, value in written.items() if n in known}
    try:
        return kind(**own)
    except (TypeError, ValueError):
        return kind()


def moment(value: datetime | str | None) -> datetime | None:
    """Take a moment, or the text that it was written as."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def a_day(value: date | str | None) -> date | None:
    """Take a day, or the text that it was written as."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _plain(value: object) -> object:
    """Copy a value, so that what changes later does not change what was written."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
