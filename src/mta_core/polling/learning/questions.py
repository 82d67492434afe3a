"""The questions that may be asked, and what each is worth now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import exp
from typing import NamedTuple

import attrs

from mta_core.domain.availability import DateWindow, Probe
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.domain.errors import Refused, SiteError
from mta_core.polling.learning.memory import Key, Memory
from mta_core.polling.learning.pair import Pair
from mta_core.polling.learning.tick import Tick
from mta_core.polling.planner import REST
from mta_core.polling.probes import HORIZON, Demand

Name = tuple[ServiceSet, bool, int]

_RETRY = 6.0  # seconds, doubled with each failure


class Stake(NamedTuple):
    """A pair that a question observes, and how many wait for it."""

    pair: Pair
    waiting: int
    key: Key


@attrs.define(eq=False)
class Question:
    """One demand from one day on: times come for the first bookable day after it.

    Attributes:
        place: 0 for the earliest start of its services, then 1 and so on.
        stakes: one for each office where somebody waits.
        last: when it was last answered.
        rests_until: the city refused it; it is not asked before.
        failures: how often in a row no answer came.
        retry_at: after a failure the others go first until then.
        until: the first day of the next question for its services, if there is one;
            it and those after it see to the offices *after*.
        reach: the last day that its last answer observed, at the offices *reached*.
    """

    demand: Demand
    since: date
    place: int
    stakes: tuple[Stake, ...]
    last: float | None = None
    rests_until: float = 0.0
    failures: int = 0
    retry_at: float = 0.0
    until: date | None = None
    after: frozenset[OfficeId] = frozenset()
    reach: date | None = None
    reached: frozenset[OfficeId] = frozenset()
    _wanting: dict[date, Mapping[OfficeId, int]] = attrs.field(factory=dict)

    @property
    def name(self) -> Name:
        """What stays the same when it is folded anew."""
        return self.demand.services, self.demand.checked, self.place

    @property
    def offices(self) -> frozenset[OfficeId]:
        """Where somebody waits."""
        return frozenset(stake.key[1] for stake in self.stakes)

    @property
    def probe(self) -> Probe:
        """Ask from its first day on, at all offices where somebody waits."""
        window = DateWindow(self.since, self.demand.since + HORIZON)
        return Probe(self.demand.services, self.offices, window)

    def remember(self, before: Question | None) -> None:
        """Take over from the one that it replaces, or else from its pairs."""
        if before is None:
            lasts = [stake.pair.last for stake in self.stakes]
            known = [at for at in lasts if at is not None]
            self.last = min(known) if len(known) == len(lasts) else None
            return
        if before.since == self.since:
            self.reach, self.reached = before.reach, before.reached
        self.last, self.rests_until = before.last, before.rests_until
        self.failures, self.retry_at = before.failures, before.retry_at

    def hides(self, demand: Demand) -> date | None:
        """Return the first day of those of a demand whom its last answer did not serve.

        It ended before their first day. Those who have a question of their own for that
        reason keep it as long as this one does not even ask for their offices.
        """
        if self.reach is None:
            return None
        for day, waiting in demand.firsts.items():
            apart = self.until is not None and day >= self.until
            unasked = apart and not waiting.keys() <= self.reached
            if day > self.since and (day > self.reach or unasked):
                return day
        return None

    def awake(self, now: float) -> bool:
        """Whether it may be asked, and did not fail just now."""
        return self.rests_until <= now and self.retry_at <= now

    def answered(self, at: float, through: date) -> None:
        """Note that the city answered."""
        self.last, self.failures, self.retry_at = at, 0, 0.0
        self.reach, self.reached = through, self.offices

    def failed(self, at: float, error: SiteError) -> None:
        """Note that it did not, or refused."""
        if isinstance(error, Refused):
            self.rests_until = at + REST.total_seconds()
            return
        self.failures += 1
        self.retry_at = at + min(_RETRY * 2**self.failures, REST.total_seconds())

    def covers(self, day: date) -> bool:
        """Whether a day is this question's, or the next one's for its services."""
        return self.since <= day and (self.until is None or day < self.until)

    def wanting(self, day: date) -> Mapping[OfficeId, int]:
        """Count who would come on a day, at each office."""
        if day not in self._wanting:
            self._wanting[day] = self.demand.wanting(day)
        return self._wanting[day]

    def worth(self, now: float, tick: Tick) -> float:
        """Return the expected new slots, each times those who wait for it."""
        if tick.phase is not None:
            return sum(n * _by_tick(pair, now, tick) for pair, n, _ in self.stakes)
        return sum(
            n * ((e := pair.expect(now)).aged + e.batch + e.raised)
            for pair, n, _ in self.stakes
        )


def worth_of(pair: Pair, now: float, tick: Tick) -> float:
    """Return what asking now is worth for each who waits for this pair."""
    if tick.phase is not None:
        return _by_tick(pair, now, tick)
    expected = pair.expect(now)
    return expected.aged + expected.batch + expected.raised


def _by_tick(pair: Pair, now: float, tick: Tick) -> float:
    """Return what asking is worth where slots appear at the city's tick alone.

    The same index as `Expectation.aged`, summed over the ticks since the pair was seen:
    nothing can be new before the next one.
    """
    expected = pair.expect(now)
    earlier = now - 7200 if pair.last is None else pair.last
    ticks, age = tick.ticks(earlier, now)
    m = pair.m
    left = exp(-60 * m)
    kept = left**ticks
    per_tick = 60 * (pair.rate + expected.echoing)
    aged = per_tick * exp(-m * age) * ((1 - kept) / (1 - left) - ticks * kept)
    return aged + expected.batch + expected.raised


def questions_of(
    demand: Demand,
    memory: Memory,
    known: Mapping[Name, Question],
) -> list[Question]:
    """Return the fewest questions that serve everybody of a demand.

    One from the earliest day on serves all, unless its answer ends before the first day
    of some: then these have one of their own, from their first day on.
    """
    found: list[Question] = []
    start: date | None = demand.since
    while start is not None:
        place = len(found)
        before = known.get((demand.services, demand.checked, place))
        # What was reached from another day on says nothing about this one.
        same = before if before is not None and before.since == start else None
        until = None if same is None else same.hides(demand)
        only_one = not found and until is None
        waiting = demand.waiting if only_one else demand.waiting_from(start, until)
        stakes = tuple(
            Stake(memory.pair(key, demand.holds.get(office)), count, key)
            for office, count in waiting.items()
            for key in [(demand.services, office, place)]
        )
        question = Question(demand, start, place, stakes, until=until)
        question.remember(before)
        found.append(question)
        start = until
    for place, question in enumerate(found):
        question.after = frozenset().union(
            *(later.offices for later in found[place + 1 :])
        )
    return found


def askable(questions: Iterable[Question], now: float) -> list[Question]:
    """Return the questions that may be asked; those that failed only if no other is."""
    awake = [question for question in questions if question.rests_until <= now]
    ready = [question for question in awake if question.retry_at <= now]
    return ready or sorted(awake, key=lambda question: question.retry_at)[:1]


def overdue(
    questions: Iterable[Question], now: float, longest: float
) -> Question | None:
    """Return the question that has gone unanswered for longest, if for too long."""
    oldest = min(questions, key=lambda q: -1.0 if q.last is None else q.last)
    late = oldest.last is None or now - oldest.last > longest
    return oldest if late else None


def longest_wait(questions: Sequence[Question], pace: float) -> float:
    """Return after how many seconds a question is overdue.

    Overdue questions take at most a quarter of the requests; where there are many
    questions, a tenth (polling study: measured at 300).
    """
    share = 4 if len(questions) <= 200 else 10
    return max(1800.0, share * len(questions) * pace)
