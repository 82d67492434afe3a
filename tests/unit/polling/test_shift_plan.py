"""Who is asked next while watch shifts are open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.availability import Observation, day_of
from mta_core.domain.catalogue import ServiceId, ServiceSet
from mta_core.domain.errors import CheckNeeded, Refused, SiteError
from mta_core.polling.planner import Outcome
from mta_core.polling.probes import Demand
from mta_core.polling.round_robin import RoundRobin
from mta_core.polling.shift_plan import (
    IN_A_ROW,
    MINUTE,
    MOST_CHECKED,
    OVERDUE,
    OnShift,
    Question,
    ShiftPlan,
)
from mta_core.testing import (
    NOON,
    PASING,
    RUPPERTSTRASSE,
    a_calendar,
    a_shift,
    a_subscription,
    an_id,
)

STEP = timedelta(seconds=6)
NO_TIME = timedelta(0)


def a_demand(service: int, *, checked: bool = False) -> Demand:
    office = RUPPERTSTRASSE if checked else PASING
    services = ServiceSet.of([ServiceId(service)])
    return Demand(services, {office: 1}, day_of(NOON), (), checked=checked)


OTHERS = tuple(a_demand(service) for service in (1, 2, 3))
GUARDED = tuple(a_demand(service, checked=True) for service in (7, 8))


def on_shift(
    demands: Sequence[Demand] = GUARDED, *, whose: UUID | None = None, **changes: Any
) -> OnShift:
    shift = attrs.evolve(a_shift(), **changes)
    return OnShift(shift, tuple(demands), whose or shift.user)


@attrs.define
class Day:
    """A watcher's day in steps: it asks, and hears of it some time later."""

    plan: ShiftPlan = attrs.field(factory=lambda: ShiftPlan(RoundRobin()))
    now: datetime = NOON
    asked: list[tuple[datetime, Question]] = attrs.field(factory=list)

    def ask(
        self,
        demands: Sequence[Demand],
        *shifts: OnShift,
        error: SiteError | None = None,
        takes: timedelta = NO_TIME,
    ) -> Question | None:
        question = self.plan.next(demands, shifts, self.now)
        self.now += takes
        if question is not None:
            self.asked.append((self.now, question))
            seen = Observation.of(question.probe, a_calendar(), self.now)
            observed = None if error else seen
            outcome = Outcome(question.probe, self.now, observed, error)
            self.plan.learn(question, outcome)
        return question

    def watch(
        self, steps: int, demands: Sequence[Demand], *shifts: OnShift
    ) -> list[Question | None]:
        questions = []
        for _ in range(steps):
            questions.append(self.ask(demands, *shifts))
            self.now += STEP
        return questions

    def checked(self) -> list[datetime]:
        return [at for at, question in self.asked if question.on]


def most_in_a_minute(moments: Iterable[datetime]) -> int:
    sent = list(moments)
    return max(
        (sum(at <= other < at + MINUTE for other in sent) for at in sent), default=0
    )


def test_without_a_shift_the_planner_decides_alone() -> None:
    day, alone = Day(), RoundRobin()
    for number, question in enumerate(day.watch(20, OTHERS)):
        assert question is not None
        assert (question.on, question.token) == (None, None)
        assert question.probe == alone.next(OTHERS, NOON + number * STEP)


def test_a_shift_has_eight_of_ten_evenly() -> None:
    questions = Day().watch(20, OTHERS, on_shift())
    turns = [(q is not None and q.on is not None) for q in questions]
    assert [len(list(run)) for _, run in groupby(turns)] == [IN_A_ROW, 1] * 4
    assert turns[0]


def test_where_nobody_else_waits_it_is_still_eight_in_a_minute() -> None:
    day = Day()
    questions = day.watch(20, (), on_shift())
    assert sum(q is not None for q in questions) == 2 * MOST_CHECKED
    assert most_in_a_minute(day.checked()) == MOST_CHECKED


def test_all_questions_of_a_shift_have_their_turn() -> None:
    questions = Day().watch(10, (), on_shift())
    services = Counter(str(q.probe.services) for q in questions if q)
    assert services == {"7": 4, "8": 4}


def test_a_question_of_a_shift_shows_its_token() -> None:
    on = on_shift()
    question = Day().ask(OTHERS, on)
    assert question is not None
    assert question.token == on.shift.token
    assert question.probe.offices == {RUPPERTSTRASSE}


def test_a_question_that_waits_too_long_may_not_go_any_more() -> None:
    on = on_shift()
    guarded, plain = Question(GUARDED[0].probe(), on), Question(OTHERS[0].probe())
    assert guarded.may_go(on.shift.expires_at - STEP)
    assert not guarded.may_go(on.shift.expires_at)
    assert plain.may_go(on.shift.expires_at)


def test_a_shift_ends_exactly_with_its_time() -> None:
    day, on = Day(), on_shift()
    day.now = on.shift.expires_at - timedelta(microseconds=1)
    last = day.ask((), on)
    day.now = on.shift.expires_at
    assert last is not None
    assert day.ask((), on) is None
    assert day.plan.next((), [on_shift(ended_at=NOON)], NOON) is None


def test_two_owners_take_turns() -> None:
    first, second = on_shift(), on_shift(opened_at=NOON + STEP)
    questions = Day().watch(8, (), second, first)
    shifts = [q.on.shift for q in questions if q and q.on]
    assert shifts == [first.shift, second.shift] * 4
    for owner in (first, second):
        mine = [str(q.probe.services) for q in questions if q and q.on == owner]
        assert mine == ["7", "8", "7", "8"]


def test_an_owner_with_nothing_to_ask_leaves_the_turns_to_the_others() -> None:
    idle, busy = on_shift(()), on_shift()
    questions = Day().watch(8, (), idle, busy)
    assert [q and q.on for q in questions] == [busy] * 8


def test_shared_shifts_ask_each_question_once() -> None:
    demands = tuple(a_demand(service, checked=True) for service in range(10, 14))
    shifts = [OnShift(a_shift(), demands, None) for _ in range(2)]
    questions = Day().watch(8, (), *shifts)
    assert Counter(str(q.probe.services) for q in questions if q) == {
        str(demand.services): 2 for demand in demands
    }
    assert Counter(q.on.shift.id for q in questions if q and q.on) == {
        on.shift.id: 4 for on in shifts
    }


def test_what_was_not_asked_for_very_long_goes_first_in_turns() -> None:
    """A backlog must not use up the minutes that somebody has passed a check for."""
    day, on = Day(), on_shift(expires_at=NOON + timedelta(days=1))
    day.ask(OTHERS)
    day.now += OVERDUE
    questions = day.watch(8, OTHERS, on)
    assert [q.on is None for q in questions if q] == [False, True] * 3 + [False] * 2
    assert {q.probe.services for q in questions[1:6:2] if q} == {
        demand.services for demand in OTHERS
    }


@pytest.mark.parametrize(("count", "rounds"), [(100, 4), (201, 10)])
def test_with_many_to_ask_overdue_comes_later(count: int, rounds: int) -> None:
    many = tuple(a_demand(service) for service in range(100, 100 + count))
    bound = count * rounds * STEP
    for late, expected in ((bound - STEP, False), (bound, True)):
        day, on = Day(), on_shift(expires_at=NOON + timedelta(days=9))
        day.ask(many)
        day.now = NOON + late - STEP
        day.ask(many, on)
        day.now = NOON + late
        question = day.ask(many, on)
        assert question is not None
        assert (question.on is None) is expected


def test_a_refused_question_of_a_shift_rests() -> None:
    day, on = Day(), on_shift()
    first = day.ask((), on, error=Refused("noAppointmentForThisScope"))
    questions = day.watch(4, (), on)
    assert first is not None
    assert first.probe.services not in {q.probe.services for q in questions if q}


def test_a_token_that_is_over_says_nothing_of_the_question() -> None:
    demands, owner = GUARDED[:1], an_id()
    day, first, second = Day(), on_shift(demands, whose=owner), on_shift(demands)
    second = attrs.evolve(second, whose=owner)
    day.ask((), first, second, error=CheckNeeded("captchaExpired"))
    again = day.ask((), second)
    assert again is not None
    assert again.on is second


def test_an_answer_after_the_shift_has_been_forgotten_is_harmless() -> None:
    day, on = Day(), on_shift()
    question = day.ask((), on)
    assert question is not None
    day.plan.next((), (), day.now)
    day.plan.learn(question, Outcome(question.probe, day.now))


@st.composite
def _steps(draw: st.DrawFn) -> list[tuple[timedelta, timedelta, int, int]]:
    """Draw waits, how long a question takes, and how many wait and watch."""
    seconds = st.floats(0, 30).map(lambda number: timedelta(seconds=number))
    step = st.tuples(seconds, seconds, st.integers(0, 3), st.integers(0, 3))
    return draw(st.lists(step, max_size=60))


@given(_steps(), st.lists(st.integers(1, 600), min_size=3, max_size=3))
def test_whatever_happens_the_share_and_the_lives_are_kept(
    steps: list[tuple[timedelta, timedelta, int, int]], lives: list[int]
) -> None:
    day = Day()
    shifts = [on_shift(expires_at=NOON + timedelta(seconds=life)) for life in lives]
    for wait, takes, waiting, watching in steps:
        day.now += wait
        chosen_at = day.now
        question = day.ask(OTHERS[:waiting], *shifts[:watching], takes=takes)
        live = [on for on in shifts[:watching] if on.lives(chosen_at)]
        if question is None:
            assert not waiting
        elif question.on is None:
            assert question.probe.offices == {PASING}
        else:
            assert question.on in live
            assert question.probe.offices == {RUPPERTSTRASSE}
    assert most_in_a_minute(day.checked()) <= MOST_CHECKED


def test_a_clock_that_was_set_back_stops_no_shift() -> None:
    day, on = Day(), on_shift(expires_at=NOON + timedelta(days=1))
    day.watch(8, (), on)
    day.now = NOON - timedelta(hours=1)
    assert day.ask((), on) is not None


def test_for_whom_a_shift_is_watched() -> None:
    mine, shared = on_shift(), attrs.evolve(on_shift(), whose=None)
    assert mine.serves(a_subscription(user=mine.shift.user))
    assert not mine.serves(a_subscription())
    assert shared.serves(a_subscription())
