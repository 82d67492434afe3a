"""What a check has found."""

from __future__ import annotations

from enum import Enum

import attrs


class Grade(Enum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@attrs.frozen
class Finding:
    """The outcome of one check.

    Attributes:
        check: what was looked at.
        means: what was found, and what it means; never a secret.
        advice: what to do about it; empty if nothing is to be done.
    """

    check: str
    grade: Grade
    means: str
    advice: str = ""


def ok(check: str, means: str, advice: str = "") -> Finding:
    """Nothing has to be done."""
    return Finding(check, Grade.OK, means, advice)


def warning(check: str, means: str, advice: str) -> Finding:
    """MTA works, but somebody should look at it."""
    return Finding(check, Grade.WARNING, means, advice)


def wrong(check: str, means: str, advice: str) -> Finding:
    """MTA does not work like this."""
    return Finding(check, Grade.WRONG, means, advice)
