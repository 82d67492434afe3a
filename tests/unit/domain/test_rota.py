"""Who is invited to a stated hour, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.rota import LEADS, PATIENCE, Hour, Invitation, Turn
from mta_core.domain.wishes import Hours
from mta_core.testing import NOON, a_turn, an_id

SEVEN = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
"""Seven in Munich, on a Tuesday."""

MINUTE = timedelta(minutes=1)
TEN, ONE = LEADS
ADA, BEN, CLEO = (an_id() for _ in range(3))


def turn_of(user: UUID, **changes: Any) -> Turn:
    return attrs.evolve(a_turn(), user=user, **changes)


@attrs.define
class Morning:
    """A stated hour, and everybody who is looked after every minute."""

    waiting: tuple[UUID, ...] = (ADA, BEN, CLEO)
    turns: list[Turn] = attrs.field(factory=list)
    shared: bool = False
    sent: list[Invitation] = attrs.field(factory=list)
    opened: bool = False

    def at(self, minutes: float) -> list[tuple[UUID, timedelta]]:
        """Say who is invited so many minutes after seven."""
        hour = Hour(SEVEN, SEVEN + 60 * MINUTE, self.waiting, self.sent, self.opened)
        now = SEVEN + minutes * MINUTE
        owed = hour.owed(self.turns, now, shared=self.shared)
        self.sent.extend(owed)
        return [(one.user, one.lead) for one in owed]

    def passes(self, first: int = -15, last: int = 65) -> list[tuple[UUID, timedelta]]:
        return [who for minute in range(first, last) for who in self.at(minute)]


def test_a_turn_covers_its_hours_on_its_days_in_munich() -> None:
    turn = a_turn(hours=Hours(time(7), time(8)), weekdays=frozenset({1}))
    assert turn.covers(SEVEN)
    assert turn.covers(SEVEN + 59 * MINUTE)
    assert not turn.covers(SEVEN + 60 * MINUTE)
    assert not turn.covers(SEVEN - MINUTE)
    assert not turn.covers(SEVEN + timedelta(days=1))


def test_all_who_wait_are_invited_ten_minutes_and_one_before() -> None:
    told = Morning().passes()
    assert told == [(user, lead) for lead in LEADS for user in (ADA, BEN, CLEO)]


@pytest.mark.parametrize("shared", [True, False])
def test_nobody_is_invited_early(shared: bool) -> None:
    morning = Morning(shared=shared)
    assert not morning.at(-11.6)
    assert len(morning.at(-11.5)) == 3


def test_what_was_missed_is_made_up_for_while_it_makes_sense() -> None:
    assert [lead for _, lead in Morning((ADA,)).at(-7.1)] == [TEN]
    assert not Morning((ADA,)).at(-7)
    assert [lead for _, lead in Morning((ADA,)).at(1.9)] == [ONE]
    assert not Morning((ADA,)).at(2)


def test_an_invitation_is_due_so_long_before_the_hour() -> None:
    assert Invitation(ADA, SEVEN, TEN).due_at == SEVEN - 10 * MINUTE
    assert Invitation(ADA, SEVEN, -2 * MINUTE).due_at == SEVEN + 2 * MINUTE


# A shift serves its owner alone


def test_who_offered_other_hours_is_left_in_peace() -> None:
    evening = turn_of(BEN, hours=Hours(time(18)))
    morning = Morning(turns=[turn_of(ADA), evening])
    assert {user for user, _ in morning.passes()} == {ADA, CLEO}


def test_everybody_watches_for_themselves() -> None:
    """An offer of one changes nothing for the others."""
    morning = Morning(turns=[turn_of(ADA), turn_of(BEN)])
    assert morning.passes() == Morning().passes()


# Shifts are shared


def test_if_nobody_offered_all_are_invited() -> None:
    assert len(Morning(shared=True).passes()) == 6
    later = turn_of(ADA, hours=Hours(time(9)))
    assert len(Morning(shared=True, turns=[later]).passes()) == 6


def test_of_those_who_offered_one_is_invited_at_a_time() -> None:
    morning = Morning(shared=True, turns=[turn_of(BEN), turn_of(CLEO)])
    assert morning.passes(-15, 1) == [(BEN, TEN), (BEN, ONE)]


def test_the_next_one_is_invited_when_nobody_opens_a_shift() -> None:
    morning = Morning(shared=True, turns=[turn_of(ADA), turn_of(BEN), turn_of(CLEO)])
    assert morning.passes() == [
        (ADA, TEN),
        (ADA, ONE),
        (BEN, ONE - PATIENCE),
        (CLEO, ONE - 2 * PATIENCE),
    ]
    assert [one.due_at for one in morning.sent[2:]] == [
        SEVEN + 2 * MINUTE,
        SEVEN + 5 * MINUTE,
    ]


def test_once_a_shift_is_opened_nobody_else_is() -> None:
    morning = Morning(shared=True, turns=[turn_of(ADA), turn_of(BEN)])
    morning.passes(-15, 0)
    morning.opened = True
    assert not morning.passes(0)


def test_when_the_hour_is_over_nobody_is() -> None:
    many = [turn_of(an_id()) for _ in range(40)]
    everybody = tuple(turn.user for turn in many)
    told = Morning(everybody, many, shared=True).passes(-15, 90)
    assert len({user for user, _ in told}) == 21
    assert min(lead for _, lead in told) > -60 * MINUTE


def test_who_was_served_longest_ago_comes_first() -> None:
    turns = [
        turn_of(ADA, served_at=NOON),
        turn_of(BEN, served_at=NOON - timedelta(days=2)),
        turn_of(CLEO),
        turn_of(CLEO, served_at=NOON - timedelta(days=9)),
    ]
    morning = Morning(shared=True, turns=turns)
    told = list(dict.fromkeys(user for user, _ in morning.passes()))
    assert told == [CLEO, BEN, ADA]


def test_who_does_not_wait_is_not_invited() -> None:
    morning = Morning((ADA,), [turn_of(BEN), turn_of(ADA)], shared=True)
    assert {user for user, _ in morning.passes()} == {ADA}


def test_over_the_days_everybody_is_served_alike() -> None:
    turns = {turn.id: turn for turn in map(turn_of, (ADA, BEN, CLEO))}
    first: list[UUID] = []
    for day in range(9):
        morning = Morning(shared=True, turns=list(turns.values()))
        [(user, _)] = morning.at(-10)
        first.append(user)
        (turn,) = (turn for turn in turns.values() if turn.user == user)
        turns[turn.id] = turn.served(NOON + timedelta(days=day))
    assert all(first.count(user) == 3 for user in (ADA, BEN, CLEO))


USERS = st.lists(st.sampled_from([ADA, BEN, CLEO]), unique=True)


@given(USERS, USERS, st.booleans(), st.lists(st.floats(-20, 70), max_size=30))
def test_nobody_is_invited_twice_to_the_same(
    waiting: Sequence[UUID],
    offering: Sequence[UUID],
    shared: bool,
    minutes: list[float],
) -> None:
    morning = Morning(tuple(waiting), list(map(turn_of, offering)), shared)
    told = [who for minute in sorted(minutes) for who in morning.at(minute)]
    assert len(told) == len(set(told))
    assert {user for user, _ in told} <= set(waiting)
