"""Values as plain JSON, and back."""

from __future__ import annotations

import json
from datetime import timedelta
from enum import Enum
from typing import Any

import attrs
import pytest

from mta_core.polling.plain import moment, number, plain
from tests.unit.domain.builders import NOW


class Colour(Enum):
    RED = "a word for people"


@attrs.frozen
class Inner:
    at: Any


@attrs.frozen
class Outer:
    inner: Inner
    colour: Colour = Colour.RED
    secret: str = attrs.field(default="not told", repr=False)


def test_values_become_plain_and_what_is_not_shown_is_left_out() -> None:
    told = plain(Outer(Inner(NOW)))
    assert told == {"inner": {"at": NOW.isoformat()}, "colour": "RED"}
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("value", [None, 1, 2.5, "text", True])
def test_what_is_plain_stays_as_it_is(value: object) -> None:
    assert plain(Inner(value)) == {"at": value}


def test_moments_come_back_but_none_from_too_far_in_the_future() -> None:
    later = NOW + timedelta(hours=1)
    assert moment(NOW.isoformat(), later) == NOW
    assert moment(later.isoformat(), NOW) == NOW
    assert moment(None, NOW) is None


@pytest.mark.parametrize("text", ["soon", "2026-10-06T10:00:00"])
def test_what_tells_no_moment_is_refused(text: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        moment(text, NOW)


def test_numbers_may_be_missing() -> None:
    assert (number(2), number(None)) == (2.0, None)
