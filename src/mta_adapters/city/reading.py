"""Reading the city's answers strictly: cattrs by itself would make much of them fit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, TypeVar, cast, get_args

import attrs
from cattrs import BaseValidationError, Converter, transform_error
from cattrs.cols import homogenous_tuple_structure_factory, mapping_structure_factory
from cattrs.gen import make_dict_structure_fn

from mta_adapters.city.wire import DegreesText, IdsText, NumberText
from mta_core.domain.errors import SiteChanged

_MOST_COMPLAINTS = 3
_LONGEST_COMPLAINT = 300

T = TypeVar("T")


def read(kind: type[T], body: bytes, where: str) -> T:
    """Structure the body of an answer.

    Raises:
        SiteChanged: it is not JSON, or not of this shape; the message names *where* it
            came from and the paths that do not fit, never the values found there.
    """
    try:
        return _CONVERTER.structure(decode(body), kind)
    except NotJson as fault:
        complaint = str(fault)
    except (BaseValidationError, TypeError, ValueError) as fault:
        complaint = "; ".join(transform_error(fault)[:_MOST_COMPLAINTS])
    # Raised out here, so that nothing of the body hangs on the error.
    raise SiteChanged(f"{where}: {complaint[:_LONGEST_COMPLAINT]}")


class NotJson(ValueError):
    """The body is not JSON."""


def decode(body: bytes) -> Any:
    """Read JSON. Raises `NotJson`, whose text holds nothing of the body."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        reason = "empty answer" if not body.strip() else "not JSON"
    raise NotJson(reason)


def _exactly(kind: type) -> Callable[[Any, Any], Any]:
    """Take a JSON value of this type only: cattrs alone would turn "1" into 1."""

    def take(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"expected {kind.__name__}")
        return value

    return take


def _text(value: Any) -> str:
    return cast("str", _exactly(str)(value, str))


_DIGITS = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _number(value: Any, _: Any = None) -> int:
    if not _DIGITS.fullmatch(_text(value)):
        raise ValueError("expected digits")
    return int(value)


def _degrees(value: Any, _: Any) -> float:
    if not _DECIMAL.fullmatch(_text(value)):
        raise ValueError("expected degrees")
    return float(value)


def _ids(value: Any, _: Any) -> frozenset[int]:
    text = _text(value)
    return frozenset(map(_number, text.split(","))) if text else frozenset()


def _day(value: Any, _: Any) -> date:
    if not _DAY.fullmatch(_text(value)):
        raise ValueError("expected YYYY-MM-DD")
    return date.fromisoformat(value)


def _moment(value: Any, _: Any) -> datetime:
    seconds = _exactly(int)(value, int)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError):
        raise ValueError("expected epoch seconds") from None


def _is(container: type) -> Callable[[Any], bool]:
    return lambda kind: getattr(kind, "__origin__", None) is container


def _has_empty_form(kind: Any) -> bool:
    """Whether this is ``X | None`` where PHP may write "nothing" differently."""
    parts = get_args(kind)
    return NoneType in parts and any(
        attrs.has(part) or part in (NumberText, DegreesText) for part in parts
    )


def _optional(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    (inner,) = (part for part in get_args(kind) if part is not NoneType)
    structure = converter.get_structure_hook(inner)
    empty: Any = [] if attrs.has(inner) else ""

    def take(value: Any, _: Any) -> Any:
        return None if value is None or value == empty else structure(value, inner)

    return take


def _object(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    structure = make_dict_structure_fn(kind, converter)

    def take(value: Any, _: Any) -> Any:
        return structure(_exactly(dict)(value, kind), kind)

    return take


def _array(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    structure = homogenous_tuple_structure_factory(kind, converter)

    def take(value: Any, _: Any) -> Any:
        return structure(_exactly(list)(value, kind), kind)

    return take


def _mapping(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    structure = mapping_structure_factory(kind, converter)

    def take(value: Any, _: Any) -> Any:
        entries = {} if value == [] else _exactly(dict)(value, kind)
        return structure(entries, kind)

    return take


def _make_converter() -> Converter:
    converter = Converter()
    for kind in (int, str, bool):
        converter.register_structure_hook(kind, _exactly(kind))
    converter.register_structure_hook(NumberText, _number)
    converter.register_structure_hook(DegreesText, _degrees)
    converter.register_structure_hook(IdsText, _ids)
    converter.register_structure_hook(date, _day)
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook_factory(_is(tuple), _array)
    converter.register_structure_hook_factory(_is(dict), _mapping)
    converter.register_structure_hook_factory(attrs.has, _object)
    converter.register_structure_hook_factory(_has_empty_form, _optional)
    return converter


_CONVERTER = _make_converter()
