"""The planner: ask where the most new slots wait for the most citizens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from mta_core.domain.availability import Observation, Probe
from mta_core.domain.catalogue import OfficeId, ServiceSet
from mta_core.polling.learning.berlin import local_day
from mta_core.polling.learning.candidates import Candidate
from mta_core.polling.learning.explaining import candidates, coming
from mta_core.polling.learning.follow_ups import FollowUps, Hint
from mta_core.polling.learning.memory import Document, Memory
from mta_core.polling.learning.questions import (
    Question,
    askable,
    longest_wait,
    overdue,
    questions_of,
)
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.probes import Demand

PACE = 6.0
"""Seconds between two questions, for reckoning how long a round of them takes."""


@attrs.define
class LearningPlanner(Planner):
    """Learns for each pair of services and office when slots come and how long they stay.

    A question is worth the sum over the pairs that it observes; the one that is worth
    most is next, unless another has gone unanswered for too long. All of it is
    arithmetic on what was observed: the same outcomes lead to the same questions.
    """

    memory: Memory = attrs.field(factory=Memory)
    follow_ups: FollowUps = attrs.field(factory=FollowUps)
    _demands: Sequence[Demand] = ()
    _questions: list[Question] = attrs.field(factory=list)
    _by_services: dict[ServiceSet, list[Question]] = attrs.field(factory=dict)
    _stale: bool = False
    _was_overdue: bool = False
    _coming: dict[int, float] = attrs.field(factory=dict)

    def next(self, demands: Sequence[Demand], now: datetime) -> Probe | None:
        """Choose the question that is worth most; None if there is nothing to ask."""
        at = now.timestamp()
        self._refold(demands)
        self.memory.turn_to(local_day(at))
        questions = askable(self._questions, at)
        if not questions:
            return None
        late = overdue(questions, at, longest_wait(questions, PACE))
        if late is not None and not (self._was_overdue and len(questions) > 1):
            self._was_overdue = True
            return late.probe
        self._was_overdue = False
        tick = self.memory.tick
        worths = [question.worth(at, tick) for question in questions]
        most = max(worths)
        hint = self._best_hint(at, most)
        if hint is not None:
            self.follow_ups.send(at)
            return hint.probe
        return questions[worths.index(most)].probe

    def learn(self, outcome: Outcome) -> None:
        """Take in what came of a question."""
        at = outcome.at.timestamp()
        question = self._asked(outcome.probe)
        if question is None:
            return
        if outcome.error is not None:
            question.failed(at, outcome.error)
        if (seen := outcome.observation) is None:
            return
        if seen.probe.window.first > question.since:
            self.follow_ups.verify(question, seen, at)
            return
        self._observe(question, seen, at)
        self.follow_ups.hear(question, seen, at)
        if question.reach != seen.through and len(question.demand.firsts) > 1:
            self._stale = True
        question.answered(at, seen.through)

    def explain(self, now: datetime) -> list[Candidate]:
        """Return all that might be asked, the next one first, with the numbers."""
        longest = longest_wait(self._questions, PACE)
        return candidates(
            self._questions, self.follow_ups, self.memory, now.timestamp(), longest
        )

    def outlook(self, now: datetime, minutes: int) -> list[float]:
        """Return what asking is worth in each of the coming minutes, this one first.

        Expected new slots times those who wait; for choosing when to pause.
        """
        this = int(now.timestamp() // 60)
        if this not in self._coming or this + minutes - 1 not in self._coming:
            self._coming = {
                minute: coming(self._questions, self.memory, minute)
                for minute in range(this, this + minutes)
            }
        return [self._coming[minute] for minute in range(this, this + minutes)]

    def documents(self) -> dict[str, Document]:
        """Write down what was learnt since this was called before, by name."""
        return self.memory.documents()

    def recall(self, documents: Mapping[str, Document]) -> None:
        """Read what was written down, in place of all that is known."""
        self.memory = Memory.read(documents)
        self._demands, self._questions, self._by_services = (), [], {}
        self._coming = {}

    def _best_hint(self, at: float, least: float) -> Hint | None:
        """Return the follow-up that is worth more than any first question."""
        if not self.follow_ups.allowed(at):
            return None
        best, most = None, least
        for hint in self.follow_ups.all():
            worth = self.follow_ups.worth(hint, at)
            if worth > most and hint.question.awake(at):
                best, most = hint, worth
        return best

    def _observe(self, question: Question, seen: Observation, at: float) -> None:
        """Let every pair of a question learn from its answer."""
        free: dict[OfficeId, set[datetime]] = {}
        for slot in seen.free:
            free.setdefault(slot.office, set()).add(slot.start)
        for stake in question.stakes:
            starts = free.get(stake.key[1], set())
            glimpse = stake.pair.snapshot.look(starts, seen, at)
            self.memory.learn(stake.key, glimpse, at)

    def _asked(self, probe: Probe) -> Question | None:
        """Return the question that a probe belongs to, if it still is one."""
        first = probe.window.first
        asked = [
            question
            for question in self._by_services.get(probe.services, ())
            if question.since <= first and question.offices == probe.offices
        ]
        covering = (question for question in asked if question.covers(first))
        return next(covering, asked[0] if asked else None)

    def _refold(self, demands: Sequence[Demand]) -> None:
        """Build the questions anew when the demands, or the reach of one, changed."""
        if demands is self._demands and not self._stale:
            return
        before = {question.name: question for question in self._questions}
        self._questions, self._by_services = [], {}
        for demand in demands:
            questions = questions_of(demand, self.memory, before)
            for question in questions:
                old = before.get(question.name)
                if old is not None:
                    self.follow_ups.move(old, question)
            self._questions += questions
            self._by_services.setdefault(demand.services, []).extend(questions)
        self.follow_ups.keep(self._questions)
        self._demands, self._stale = demands, False
