"""How PHP reads numbers: the rules behind the city's ``is_numeric`` checks."""

from __future__ import annotations

import re
from typing import Final

_NUMERIC: Final = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def is_numeric(value: object) -> bool:
    """Say whether PHP takes *value* for a number: a number or a numeric string."""
    if isinstance(value, str):
        return _NUMERIC.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(value: object) -> int | None:
    """Cut *value* to a whole number as PHP's ``(int)`` does; None if not numeric."""
    if not is_numeric(value):
        return None
    text = str(value).strip()
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return int(float(text))
    except OverflowError:  # "1e999" is numeric for PHP and becomes zero
        return 0
