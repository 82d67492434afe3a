"""Whose turn it is while watch shifts are open: pure, and on top of any planner.

The questions of everybody go on beside a shift's. What has not been asked for very
long goes first, though never twice in a row, since a shift is short; then the shifts in
turn, at most 8 of 10 requests in a minute; the rest is the planner's. Outside a shift
no checked office is ever asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.availability import Probe
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.errors import CheckNeeded
from mta_core.domain.shifts import Shift, Token
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.probes import Demand
from mta_core.polling.round_robin import RoundRobin

MOST_CHECKED = 8
MINUTE = timedelta(minutes=1)
"""At most so many questions to checked offices in any minute (design 7)."""

IN_A_ROW = 4
"""After so many the others have their turn: 8 of 10, evenly."""

OVERDUE = timedelta(minutes=30)
MANY = 200
ONE_TURN = timedelta(seconds=6)
"""A demand is overdue after half an hour, or after 4 rounds of the even pace (10 if
there are many) if that is longer: no planner leaves one unasked for longer."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@attrs.frozen
class OnShift:
    """An open shift, and what may be asked in it.

    Attributes:
        demands: over checked offices alone.
        whose: for whom it is watched; None is for everybody who waits.
    """

    shift: Shift
    demands: tuple[Demand, ...]
    whose: UUID | None

    def lives(self, now: datetime) -> bool:
        """Whether the city may still be asked."""
        return self.shift.lives(now)

    def serves(self, subscription: Subscription) -> bool:
        """Whether a subscription may profit from what is seen."""
        return self.whose in (None, subscription.user)


@attrs.frozen
class Question:
    """A probe; one to checked offices with the shift that it belongs to."""

    probe: Probe
    on: OnShift | None = None

    @property
    def token(self) -> Token | None:
        """What the city wants to see before it answers."""
        return self.on.shift.token if self.on else None

    def may_go(self, now: datetime) -> bool:
        """Whether it may be asked now: a shift may have ended since it was chosen."""
        return self.on is None or self.on.lives(now)


@attrs.define
class ShiftPlan:
    """Chooses between the planner's next question and that of a shift.

    Attributes:
        rest: decides about the offices without a check.
        make: makes the planner of one shift's questions.
    """

    rest: Planner
    make: Callable[[], Planner] = RoundRobin
    _planners: dict[UUID | None, Planner] = attrs.field(factory=dict, init=False)
    _turns: dict[UUID, datetime] = attrs.field(factory=dict, init=False)
    _checked: list[datetime] = attrs.field(factory=list, init=False)
    _in_a_row: int = attrs.field(default=0, init=False)
    _asked: dict[ServiceSet, datetime] = attrs.field(factory=dict, init=False)

    def next(
        self, demands: Sequence[Demand], shifts: Sequence[OnShift], now: datetime
    ) -> Question | None:
        """Choose the next question, or None if there is nothing to ask now.

        Args:
            demands: over offices without a check.
            shifts: those that have ended count for nothing.
        """
        live = [on for on in shifts if on.lives(now)]
        self._forget(demands, live, now)
        question = (
            (self._overdue(demands, now) if live and self._in_a_row else None)
            or (None if self._in_a_row < IN_A_ROW else self._others(demands, now))
            or self._in_shift(live, now)
            or self._others(demands, now)
        )
        if question is not None:
            self._note(question, now)
        return question

    def learn(self, question: Question, outcome: Outcome) -> None:
        """Take in what came of a question, right after it was asked."""
        if question.on is None:
            self.rest.learn(outcome)
            return
        self._checked[-1:] = [outcome.at]  # it counts from its answer on
        planner = self._planners.get(question.on.whose)
        # That a token is over says nothing of the question.
        if planner is not None and not isinstance(outcome.error, CheckNeeded):
            planner.learn(outcome)

    def _overdue(self, demands: Sequence[Demand], now: datetime) -> Question | None:
        if not demands:
            return None
        longest = min(demands, key=lambda demand: self._asked[demand.services])
        rounds = 4 if len(demands) <= MANY else 10
        bound = max(OVERDUE, rounds * ONE_TURN * len(demands))
        if now - self._asked[longest.services] < bound:
            return None
        return Question(longest.probe())

    def _others(self, demands: Sequence[Demand], now: datetime) -> Question | None:
        probe = self.rest.next(demands, now)
        return Question(probe) if probe is not None else None

    def _in_shift(self, live: Sequence[OnShift], now: datetime) -> Question | None:
        if len(self._checked) >= MOST_CHECKED:
            return None
        for on in sorted(live, key=self._last_turn):
            planner = self._planners.setdefault(on.whose, self.make())
            probe = planner.next(on.demands, now)
            if probe is not None:
                return Question(probe, on)
        return None

    def _last_turn(self, on: OnShift) -> tuple[datetime, datetime]:
        return self._turns.get(on.shift.id, _NEVER), on.shift.opened_at

    def _note(self, question: Question, now: datetime) -> None:
        if question.on is None:
            self._in_a_row = 0
            self._asked[question.probe.services] = now
            return
        self._in_a_row += 1
        self._checked.append(now)
        self._turns[question.on.shift.id] = now

    def _forget(
        self, demands: Sequence[Demand], live: Sequence[OnShift], now: datetime
    ) -> None:
        """Let go of what is over. A demand counts as asked when it is first seen."""
        self._checked = [at for at in self._checked if now - MINUTE < at <= now]
        owners = {on.whose for on in live}
        ids = {on.shift.id for on in live}
        self._planners = {k: p for k, p in self._planners.items() if k in owners}
        self._turns = {k: at for k, at in self._turns.items() if k in ids}
        self._asked = {d.services: self._asked.get(d.services, now) for d in demands}
