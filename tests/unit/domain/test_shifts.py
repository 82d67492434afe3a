"""The life of one human check's token."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.errors import IllegalTransition
from mta_core.domain.shifts import (
    HERE,
    LONGEST_LIFE,
    MARGIN,
    TOKEN_LIFE,
    Shift,
    ShiftRules,
    Token,
)
from mta_core.testing import NOON, a_shift, a_token, an_id

SECOND = timedelta(seconds=1)


def a_jwt(**claims: object) -> Token:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    return Token(f"eyJhbGciOiJIUzI1NiJ9.{middle.rstrip('=')}.c2lnbmVk")


def test_a_token_says_itself_how_long_it_lives() -> None:
    token = a_jwt(ip="192.0.2.1", iat=1_700_000_000, exp=1_700_000_120)
    assert token.life() == timedelta(minutes=2)


def test_it_is_not_believed_for_ever() -> None:
    assert a_jwt(iat=0, exp=10**12).life() == LONGEST_LIFE


@pytest.mark.parametrize(
    "token",
    [
        Token(""),
        Token("opaque"),
        Token("a.b.c"),
        Token("a.ä.c"),
        Token("a.bm8ganNvbg.c"),
        Token("." + base64.urlsafe_b64encode(b"[" * 100_000).decode() + "."),
        a_jwt(exp=1_700_000_120),
        a_jwt(iat=7, exp=7),
        a_jwt(iat="7", exp=9.5),
    ],
    ids=range(9),
)
def test_one_that_cannot_be_read_lives_as_long_as_they_do(token: Token) -> None:
    assert token.life() == TOKEN_LIFE


@given(st.text())
def test_whatever_the_city_hands_out_has_a_life(text: str) -> None:
    assert timedelta(0) < Token(text).life() <= LONGEST_LIFE


def test_a_token_is_never_shown() -> None:
    assert "secret" not in f"{Token('secret')!r} {a_shift(token=Token('secret'))!r}"


def test_a_shift_ends_a_margin_before_its_token() -> None:
    shift = Shift.open(an_id(), an_id(), HERE, a_jwt(iat=0, exp=300), NOON)
    assert shift.expires_at == NOON + timedelta(seconds=300) - MARGIN
    assert shift.lives(NOON)
    assert shift.lives(shift.expires_at - timedelta(microseconds=1))
    assert not shift.lives(shift.expires_at)


def test_a_token_that_is_over_at_once_opens_nothing() -> None:
    shift = Shift.open(an_id(), an_id(), HERE, a_jwt(iat=0, exp=3), NOON)
    assert not shift.lives(NOON)


def test_an_ended_shift_forgets_its_token() -> None:
    ended = a_shift().end(NOON + SECOND, "captchaInvalid")
    assert (ended.token, ended.reason) == (None, "captchaInvalid")
    assert not ended.lives(NOON + 2 * SECOND)
    with pytest.raises(IllegalTransition):
        ended.end(NOON + 2 * SECOND, "again")


def test_a_shift_counts_its_answers_and_keeps_its_last_trouble() -> None:
    shift = a_shift().heard(NOON).heard(NOON + SECOND)
    assert (shift.asked, shift.heard_at, shift.trouble) == (2, NOON + SECOND, "")
    troubled = shift.heard(NOON + 2 * SECOND, "The city gave no answer.")
    assert troubled == attrs.evolve(shift, trouble="The city gave no answer.")
    assert troubled.heard(NOON + 3 * SECOND).trouble == ""


def test_a_shift_serves_its_owner_alone_unless_the_city_permits_more() -> None:
    shift = a_shift()
    alone, shared = ShiftRules(), ShiftRules(permission="by letter of 2026-11-02, N.N.")
    assert alone.serve(shift, shift.user)
    assert not alone.serve(shift, an_id())
    assert shared.serve(shift, an_id())
    assert (alone.shared, shared.shared) == (False, True)


def test_every_token_is_another() -> None:
    assert a_token() != a_token()
