"""MTA: the product's planner, pace, folding and openings in the simulated city."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence

import attrs

from bench.citizens.demands import Demands
from bench.citizens.desk import MTA, Desk, Errand
from bench.citizens.lookout import Lookout, Sighting, allot
from bench.citizens.messages import Done, Messages, go_to_page
from bench.citizens.people import Citizen
from bench.citizens.shifts import Shifts
from bench.citizens.world import MINUTE, World
from mta_core.domain.availability import Observation
from mta_core.domain.errors import RateLimited
from mta_core.polling.learning import LearningPlanner
from mta_core.polling.pace import Counter, Pace
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.shift_plan import Question, ShiftPlan
from mta_core.use_cases.pacing import AHEAD


@attrs.define(eq=False)
class Watcher:
    """Asks evenly, books for those in book mode, tells the others.

    Attributes:
        planner: chooses the questions outside of watch shifts.
        tap: a message carries *Book this*, and MTA reserves on the tap; else it carries
            a link to the city's page.
        shifts: who has checked offices looked at, if anybody.
    """

    world: World
    planner: Planner
    tap: bool
    shifts: Shifts | None
    _plan: ShiftPlan = attrs.field(init=False)
    _demands: Demands = attrs.field(init=False)
    _messages: Messages[Sighting] = attrs.field(init=False)
    _desk: Desk = attrs.field(init=False)
    _lookout: Lookout = attrs.field(factory=Lookout, init=False)
    _pace: Pace = attrs.field(init=False)
    _ahead: Sequence[float] = attrs.field(default=(), init=False)
    _overlooked: float | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin to watch."""
        self._plan = ShiftPlan(self.planner)
        self._demands = Demands(self.world, self.world.town.catalogue)
        self._messages = Messages(self.world, self._act)
        self._desk = Desk(self.world)
        self._pace = Pace(self.world.timeline.moment, dice=random.Random(1).random)
        self.world.timeline.at(self.world.timeline.now, self._step)

    def _step(self) -> None:
        now = self.world.timeline.moment
        pause = self._desk.pause_left()  # a booking call may have made it begin anew
        if pause > 0:
            self.world.timeline.at(self.world.timeline.now + pause, self._step)
            return
        live = self.shifts.live() if self.shifts else ()
        question = self._plan.next(self._demands(), live, now)
        if question is None:
            self._pace = self._pace.put_off(now)
        else:
            self._ask(question)
        if self._pace.pausing:
            self._desk.pause()
        self.world.timeline.at(self._pace.next_at.timestamp(), self._step)

    def _ask(self, question: Question) -> None:
        now, probe = self.world.timeline.moment, question.probe
        allowance = self.world.admit(MTA)
        if allowance is None:
            error = RateLimited("The city's counter is full.")
            self._plan.learn(question, Outcome(probe, now, error=error))
            self._pace = self._pace.after(now, error, None)
            return
        seen = self.world.observe(probe)
        self._serve(seen, self._audience(question))
        self._plan.learn(question, Outcome(probe, now, observation=seen))
        counter = Counter(allowance.remaining, now)
        self._pace = self._pace.after(now, None, counter, outlook=self._outlook())

    def _outlook(self) -> Sequence[float]:
        """Look ahead once a minute: it takes long, and is given by the minute."""
        minute = self.world.timeline.now // MINUTE
        if isinstance(self.planner, LearningPlanner) and self._overlooked != minute:
            self._overlooked = minute
            self._ahead = self.planner.outlook(self.world.timeline.moment, AHEAD)
        return self._ahead

    def _audience(self, question: Question) -> list[Citizen]:
        """Return whom an answer serves, the longest waiting first."""
        waiting = self.world.waiting.get(question.probe.services, [])
        if question.on is None:
            return waiting
        return [citizen for citizen in waiting if question.on.serves(citizen.wish)]

    def _serve(self, seen: Observation, audience: Sequence[Citizen]) -> None:
        free = self._lookout.see(seen)
        if not free:
            return
        takes, tells = allot(free, audience, self._desk.aimed_at, seen.at)
        for take in takes:
            aims = deque((take.best, *take.others))
            self._desk.book(Errand(take.citizen, aims, at_hand=False, done=_nothing))
        for tell in tells:
            self._messages.tell(tell.citizen, tell.news)

    def _act(self, citizen: Citizen, news: Sequence[Sighting], done: Done) -> None:
        """The citizen has read the message; what is gone is marked as such in it."""
        if not self.tap:
            return go_to_page(self.world, citizen, news, done)
        aimed_at = self._desk.aimed_at
        aims = sorted(
            (s for s in news if not s.gone and s.slot not in aimed_at),
            key=lambda sighting: sighting.slot,
        )
        if not aims:
            return done(False)
        self._desk.book(Errand(citizen, deque(aims), at_hand=True, done=done))


def _nothing(_: bool) -> None:
    """Nobody was told of it."""
