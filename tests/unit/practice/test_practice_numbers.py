from __future__ import annotations

import pytest

from mta_practice.numbers import is_numeric, whole


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        (5.9, 5),
        ("5", 5),
        (" 5 ", 5),
        ("-5", -5),
        ("1.5", 1),
        (".5", 0),
        ("1e3", 1000),
        ("1e999", 0),
        ("0012", 12),
    ],
)
def test_php_takes_it_for_a_number(value: object, number: int) -> None:
    assert is_numeric(value)
    assert whole(value) == number


@pytest.mark.parametrize(
    "value", ["", " ", "a", "5a", "1,5", "0x1A", None, True, [], "٣"]
)
def test_php_does_not_take_it_for_a_number(value: object) -> None:
    assert not is_numeric(value)
    assert whole(value) is None
