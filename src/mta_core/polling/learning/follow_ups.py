"""Days that an answer only hinted at, and what asking for their times is worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import exp

import attrs

from mta_core.domain.availability import DateWindow, Observation, Probe
from mta_core.domain.catalogue import OfficeId
from mta_core.polling.learning.pair import Pair
from mta_core.polling.learning.questions import Question
from mta_core.polling.learning.ratio import Ratio
from mta_core.polling.planner import FOLLOW_UPS_PER_MINUTE
from mta_core.polling.probes import HORIZON


@attrs.define(eq=False)
class Hint:
    """A later day that the city called bookable, unverified (contract 1.2).

    Attributes:
        waiting: how many would come on that day, at each office that is hinted at.
        listed_at: when the day was first listed at one of them.
        asked_at: when its times were last asked for.
    """

    question: Question
    day: date
    waiting: Mapping[OfficeId, int]
    listed_at: float
    asked_at: float | None = None

    @property
    def probe(self) -> Probe:
        """Ask for the times of that day, and whatever follows it."""
        last = self.question.demand.since + HORIZON
        return Probe(
            self.question.demand.services,
            self.question.offices,
            DateWindow(self.day, last),
        )


@attrs.define
class FollowUps:
    """The hints of all questions.

    Attributes:
        kept: by question and day.
        verified: how many slots a newly listed day has, at each office that waits.
    """

    kept: dict[Question, dict[date, Hint]] = attrs.field(factory=dict)
    verified: Ratio = attrs.field(factory=lambda: Ratio(1.0, 2.0))
    _sent: list[float] = attrs.field(factory=list)

    def move(self, old: Question, new: Question) -> None:
        """Keep the hints of a question that is folded anew."""
        hints = self.kept.pop(old, {})
        for hint in hints.values():
            hint.question = new
            hint.waiting = _waiting(new, hint.day, frozenset(hint.waiting))
        self.kept[new] = {day: hint for day, hint in hints.items() if hint.waiting}

    def hear(self, question: Question, seen: Observation, now: float) -> None:
        """Take in which later days an answer lists.

        It paints the month that it searched, and names the next day after it; of the
        rest it says nothing.
        """
        before = self.kept.get(question, {})
        kept = {day: hint for day, hint in before.items() if _untouched(day, seen)}
        for day, offices in seen.hints.items():
            # The next question sees to its own days and offices.
            mine = offices if question.covers(day) else offices - question.after
            if not (waiting := _waiting(question, day, mine)):
                continue
            known = before.get(day)
            hint = known or Hint(question, day, waiting, now)
            if not waiting.keys() <= hint.waiting.keys():
                hint.listed_at = now
            hint.waiting = waiting
            kept[day] = hint
        self.kept[question] = kept

    def verify(self, question: Question, seen: Observation, now: float) -> None:
        """Take in the times of a hinted day: was the hint true?"""
        hint = self.kept.get(question, {}).get(seen.probe.window.first)
        if hint is None:
            return
        if hint.asked_at is None or hint.asked_at < hint.listed_at:
            there = (slot for slot in seen.free if slot.day == hint.day)
            slots = sum(slot.office in hint.waiting for slot in there)
            self.verified.learn(min(slots, 3 * len(hint.waiting)), len(hint.waiting))
        hint.asked_at = now

    def keep(self, questions: Iterable[Question]) -> None:
        """Forget the hints of questions that nobody asks any more."""
        self.kept = {question: self.kept.get(question, {}) for question in questions}

    def allowed(self, now: float) -> bool:
        """Whether one more follow-up may leave in this minute."""
        self._sent = [at for at in self._sent if at > now - 60]
        return len(self._sent) < FOLLOW_UPS_PER_MINUTE

    def send(self, now: float) -> None:
        """Note that one leaves."""
        self._sent.append(now)

    def all(self) -> Iterator[Hint]:
        """Every hint."""
        for hints in self.kept.values():
            yield from hints.values()

    def worth(self, hint: Hint, now: float) -> float:
        """Return the expected new slots of a hinted day, times those who would come."""
        if hint.asked_at is None or hint.asked_at < hint.listed_at:
            return self.verified.value * sum(hint.waiting.values())
        tau = max(0.0, now - hint.asked_at)  # the clock may be set back
        days = len(self.kept.get(hint.question, ()))
        return sum(
            hint.waiting.get(key[1], 0) * _gained(pair, tau) / (days + 1)
            for pair, _, key in hint.question.stakes
        )


def _gained(pair: Pair, tau: float) -> float:
    x = pair.m * tau
    return pair.rate / pair.m * (1 - exp(-x) * (1 + x))


def _waiting(
    question: Question, day: date, offices: frozenset[OfficeId]
) -> dict[OfficeId, int]:
    wanting = question.wanting(day)
    return {o: wanting[o] for o in offices & question.offices if o in wanting}


def _untouched(day: date, seen: Observation) -> bool:
    """Whether an answer says nothing about a day."""
    painted = (day.year, day.month) == (seen.through.year, seen.through.month)
    return day < seen.probe.window.first or (day > seen.through and not painted)
