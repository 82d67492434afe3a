"""Watch: ask the city one question and act on what it answers.

The whole way of the data in one place::

    planner → budget → city → what was observed → `Record`: openings
            → who takes, who is told → one transaction → queue

While a watch shift is open, its questions to checked offices come in between.
"""

from __future__ import annotations

from datetime import timedelta

import attrs

from mta_core.domain.availability import Calendar, Observation, Probe
from mta_core.domain.blindness import Blindness, reason_of
from mta_core.domain.errors import SiteError
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.shift_plan import Question, ShiftPlan
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.repository import UnitOfWork
from mta_core.ports.site import SiteGateway
from mta_core.use_cases.politeness import turn
from mta_core.use_cases.record import Record
from mta_core.use_cases.shifts import LiveShifts
from mta_core.use_cases.waiting import Waiting


@attrs.frozen
class Watch:
    """Take one step of watching."""

    waiting: Waiting
    planner: Planner
    limiter: Limiter
    site: SiteGateway
    store: UnitOfWork
    record: Record
    clock: Clock
    shifts: LiveShifts = attrs.field()
    plan: ShiftPlan = attrs.field()

    @shifts.default
    def _owner_only(self) -> LiveShifts:
        return LiveShifts(self.store, self.clock)

    @plan.default
    def _beside_shifts(self) -> ShiftPlan:
        return ShiftPlan(self.planner)

    async def __call__(self) -> Outcome | None:
        """Ask the next question, record and act; None if there is none to ask.

        An error of the city is an outcome, not an exception: the probe is blind.

        Raises:
            StorageUnavailable: nothing was recorded; the next step observes it again.
        """
        demands, catalogue = await self.waiting(), self.waiting.catalogue
        if catalogue is None:
            return None
        shifts = await self.shifts(catalogue)
        question = self.plan.next(demands, shifts, self.clock.now())
        if question is None:
            return None
        probe = question.probe
        async with turn(self.limiter, self.clock, Budget.CALENDAR):
            if not question.may_go(self.clock.now()):
                return None
            answer, took = await self._ask(question)
        if isinstance(answer, SiteError):
            outcome = Outcome(probe, self.clock.now(), error=answer, took=took)
        else:
            seen = Observation.of(probe, answer, self.clock.now())
            outcome = Outcome(probe, seen.at, observation=seen, took=took)
            await self.record(seen, catalogue, question.on)
        await self._note(question, outcome)
        self.plan.learn(question, outcome)
        return outcome

    async def _ask(self, question: Question) -> tuple[Calendar | SiteError, timedelta]:
        """Ask the city, and time it. An error of the city is an answer, too."""
        answer: Calendar | SiteError
        sent_at = self.clock.monotonic()
        try:
            answer = await self.site.calendar(question.probe, question.token)
        except SiteError as error:
            answer = error
        return answer, timedelta(seconds=self.clock.monotonic() - sent_at)

    async def _note(self, question: Question, outcome: Outcome) -> None:
        """Write down that a shift was heard of, or that a probe is blind."""
        if question.on is not None:
            await self.shifts.heard(question.on, outcome)
        elif outcome.error is not None:
            await self._note_blind(question.probe, outcome.error)

    async def _note_blind(self, probe: Probe, error: SiteError) -> None:
        blindness = Blindness(probe.key, reason_of(error), self.clock.now(), str(error))
        async with self.store.begin() as tx:
            await tx.sights.mark_blind(blindness)
            await tx.commit()
