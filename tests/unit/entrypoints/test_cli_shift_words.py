"""How hours and days of turns are read, and how shifts are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mta_core.domain.errors import InvalidValue
from mta_core.domain.shifts import EXPIRED, OWNER_ONLY, RENEWED, ShiftRules
from mta_core.testing import NOON, a_shift, a_turn
from mta_entrypoints.cli.shift_words import (
    days_in_words,
    how_invited,
    read_days,
    shift_described,
    shift_in_words,
    turn_described,
    whose,
)

SHARED = ShiftRules(permission="Letter of 2026-11-02 by N.N.")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mo-fr", {0, 1, 2, 3, 4}),
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("fr-mo", {4, 5, 6, 0}),
        ("di,do", {1, 3}),
        ("tu, th", {1, 3}),
        ("mo/mi/fr", {0, 2, 4}),
        ("sun", {6}),
        ("any", set(range(7))),
        ("mo-mo", {0}),
    ],
)
def test_days_are_read_in_both_languages(text: str, days: set[int]) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["", "holidays", "mo-", "-fr", "mo-fr-so", "1-5"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="names no weekdays"):
        read_days(text)


def test_days_are_said() -> None:
    assert days_in_words(frozenset({4, 0})) == "Mon, Fri"
    assert days_in_words(frozenset(range(7))) == "every day"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (EXPIRED, "over"),
        (RENEWED, "over: another one was opened"),
        ("captchaInvalid", "over: the city took the check no more (captchaInvalid)"),
    ],
)
def test_the_end_of_a_shift_is_said(reason: str, words: str) -> None:
    assert shift_in_words(a_shift().end(NOON, reason), NOON) == words


def test_a_shift_is_said_and_described_without_its_token() -> None:
    shift = a_shift()
    assert shift_in_words(shift, NOON) == "open until 12:04:55"
    assert shift_in_words(shift, NOON + timedelta(minutes=5)) == "over"
    described = shift_described(shift, NOON)
    assert described["open"] is True
    assert shift.token is not None
    assert shift.token.text not in str(described)


def test_a_turn_is_described() -> None:
    turn = a_turn()
    assert turn_described(turn) == {
        "id": str(turn.id),
        "hours": "07:00-08:00",
        "weekdays": list(range(7)),
        "offeredAt": turn.offered_at,
        "servedAt": None,
    }


def test_whom_it_serves_is_said_with_the_permission() -> None:
    assert whose(OWNER_ONLY) == "What a shift shows is for its owner alone."
    assert whose(SHARED).endswith("permission: Letter of 2026-11-02 by N.N.")
    assert how_invited(OWNER_ONLY) != how_invited(SHARED)
