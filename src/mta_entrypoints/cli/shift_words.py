"""What is said of watch shifts and turns, and how hours and days are read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from mta_core.domain.errors import InvalidValue
from mta_core.domain.rota import Turn
from mta_core.domain.shifts import EXPIRED, RENEWED, Shift, ShiftRules
from mta_core.domain.wishes import EVERY_WEEKDAY
from mta_entrypoints.cli import output
from mta_entrypoints.cli.wishes import WEEKDAYS

_GERMAN = ("mo", "di", "mi", "do", "fr", "sa", "so")
_DAY = {
    name: number
    for names in (WEEKDAYS, _GERMAN, tuple(name[:2] for name in WEEKDAYS))
    for number, name in enumerate(names)
}
_EVERY = {"any", "all", "daily"}

FOR_ONE = "What a shift shows is for its owner alone."
FOR_ALL = "What a shift shows is for everybody who waits. The city's permission: "
OWN_TURNS = (
    "Shifts are not shared here: you are invited for your own wishes, at the hours "
    "that you offer, and others for theirs."
)
SHARED_TURNS = (
    "Shifts are shared here: those who offered turns are invited one after the other."
)


def whose(rules: ShiftRules) -> str:
    """Say whom a shift serves, and by whose leave."""
    return f"{FOR_ALL}{rules.permission}" if rules.shared else FOR_ONE


def how_invited(rules: ShiftRules) -> str:
    """Say what an offered turn is good for."""
    return SHARED_TURNS if rules.shared else OWN_TURNS


def read_days(text: str) -> frozenset[int]:
    """Read ``mo-fr``, ``mon,wed,fri`` or ``any``. Raises `InvalidValue`."""
    days: set[int] = set()
    for part in re.split(r"[,/\s]+", text.strip().lower()):
        if part in _EVERY:
            return EVERY_WEEKDAY
        first, dash, last = part.partition("-")
        if first not in _DAY or (dash and last not in _DAY):
            raise InvalidValue(f"{text!r} names no weekdays, as in mo-fr or mon,thu.")
        span = (_DAY[last] - _DAY[first]) % 7 if dash else 0
        days.update((_DAY[first] + number) % 7 for number in range(span + 1))
    return frozenset(days)


def days_in_words(days: frozenset[int]) -> str:
    """Write weekdays for people."""
    if days == EVERY_WEEKDAY:
        return "every day"
    return ", ".join(WEEKDAYS[day].capitalize() for day in sorted(days))


def turn_described(turn: Turn) -> dict[str, Any]:
    """Describe a turn for programs."""
    return {
        "id": str(turn.id),
        "hours": str(turn.hours),
        "weekdays": sorted(turn.weekdays),
        "offeredAt": turn.offered_at,
        "servedAt": turn.served_at,
    }


def shift_described(shift: Shift, now: datetime) -> dict[str, Any]:
    """Describe a shift for programs; its token stays out."""
    return {
        "id": str(shift.id),
        "open": shift.lives(now),
        "openedAt": shift.opened_at,
        "until": shift.ended_at or shift.expires_at,
        "reason": shift.reason,
        "asked": shift.asked,
        "heardAt": shift.heard_at,
        "trouble": shift.trouble,
    }


def shift_in_words(shift: Shift, now: datetime) -> str:
    """Say how a shift stands, or how it ended."""
    if shift.lives(now):
        return f"open until {output.clock(shift.expires_at)}"
    if shift.reason in {"", EXPIRED}:
        return "over"
    if shift.reason == RENEWED:
        return "over: another one was opened"
    return f"over: the city took the check no more ({shift.reason})"
