"""One planner in the city as it is: one day's times, hints, a counter that asks pauses.

The budget code is the product's: `Pace` says when, `SlidingLog` whether. A planner that
has an outlook may choose when to pause, as in the product.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID

import attrs
import numpy as np

from bench.polling.appointments import appointments
from bench.polling.city import Answer, City, CityCounter
from bench.polling.produced import START, Timed, Words
from bench.polling.scores import Ledger
from bench.polling.worlds import Floats, World
from mta_core.domain.availability import Observation, Probe, day_of
from mta_core.domain.catalogue import ServiceId, ServiceSet
from mta_core.domain.errors import RateLimited
from mta_core.domain.subscriptions import Mode, Subscription, Wishes
from mta_core.polling.budgets import SPAN, Budget
from mta_core.polling.counter import Counter
from mta_core.polling.pace import Pace
from mta_core.polling.planner import Outcome
from mta_core.polling.probes import Demand
from mta_core.polling.sliding import SlidingLog, lifetime
from mta_core.use_cases.pacing import AHEAD

LATENCY = timedelta(milliseconds=200)

_TIMEOUT = 10.0
_LONG = 100  # requests after which the log is shortened


@runtime_checkable
class Foresees(Protocol):
    """A planner that knows what asking will be worth."""

    def outlook(self, now: datetime, minutes: int) -> Sequence[float]:
        """Return what asking is worth in each of the coming minutes."""
        ...


class Books(Protocol):
    """Who has heard of what."""

    def saw(self, answer: Answer, t: float) -> None:
        """Note what an answer shows."""
        ...

    def ledger(self) -> Ledger:
        """Return what became of every slot."""
        ...


@attrs.define(eq=False)
class SharedBooks(Books):
    """Everybody who waits hears of everything that is seen."""

    world: World
    _delay: list[Floats] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._delay = [np.full(len(slots), np.nan) for slots in self.world.slots]

    def saw(self, answer: Answer, t: float) -> None:
        """Note when each slot was first seen."""
        for key, number in answer.shown:
            if np.isnan(self._delay[key][number]):
                release = self.world.slots[key].release[number]
                self._delay[key][number] = t - release

    def ledger(self) -> Ledger:
        """Return what became of every slot."""
        return Ledger.of(self.world, self._delay)


@attrs.define
class Figures:
    """How a play went.

    Attributes:
        requests: when each was sent, in seconds of the world.
        stalest: the most seconds that a key went without a first question.
        follow_ups: how many of the requests asked for a later day.
        refused: how many were one too many for the city.
    """

    requests: list[float] = attrs.field(factory=list)
    stalest: float = 0.0
    follow_ups: int = 0
    refused: int = 0


@attrs.define(eq=False)
class RealPlay:
    """A planner, the city and the budgets between them."""

    world: World
    words: Words
    planner: Timed
    books: Books
    figures: Figures = attrs.field(factory=Figures)
    _city: City = attrs.field(init=False)
    _counter: CityCounter = attrs.field(factory=CityCounter)
    _log: SlidingLog = attrs.field(factory=lambda: SlidingLog(lifetime(_TIMEOUT)))
    _last: Floats = attrs.field(init=False)
    _demands: tuple[Demand, ...] = ()
    _foreseen: tuple[int, Sequence[float]] = (-1, ())

    def __attrs_post_init__(self) -> None:
        self._city = City(self.world, appointments(self.world))
        self._last = np.zeros(self.world.keys)

    def run(self) -> None:
        """Ask until the world ends, and see that no budget was overdrawn."""
        end = START + timedelta(seconds=self.world.seconds)
        pace = Pace(START, dice=random.Random(self.world.seed + 77).random)
        while pace.next_at < end:
            pace = self._step(pace)
        sent, most = np.array(self.figures.requests), Budget.CALENDAR.limit
        assert (sent[most:] - sent[:-most] >= SPAN).all()

    def _step(self, pace: Pace) -> Pace:
        now = pace.next_at
        probe = self.planner.next(self._waiting(now), now)
        if probe is None:
            return pace.put_off(now)
        sent = now + self._log.wait(Budget.CALENDAR, now - START)
        place = UUID(int=len(self.figures.requests))
        self._log.take(place, Budget.CALENDAR, sent - START)
        counter = self._ask(probe, sent)
        self._log.settle(place, sent + LATENCY - START)
        if len(self.figures.requests) % _LONG == 0:
            self._log = _shortened(self._log, sent)
        return pace.after(
            sent,
            None if counter else RateLimited(),
            counter or pace.counter,
            took=LATENCY,
            outlook=self._outlook(sent + LATENCY),
        )

    def _ask(self, probe: Probe, sent: datetime) -> Counter | None:
        """Send a request, note all that comes of it, and return the city's counter."""
        t = (sent + LATENCY - START).total_seconds()
        self.figures.requests.append((sent - START).total_seconds())
        counter = self._counter.accept(t)
        if counter is None:
            self.figures.refused += 1
            refusal = Outcome(probe, sent + LATENCY, error=RateLimited(), took=LATENCY)
            self.planner.learn(refusal)
            return None
        keys = self.words.keys[probe.services]
        offices = {office: keys[office] for office in probe.offices}
        answer = self._city.answer(probe, offices, t)
        self.books.saw(answer, t)
        self._note(probe, offices.values(), t)
        seen = Observation.of(probe, answer.calendar, sent + LATENCY)
        self.planner.learn(Outcome(probe, seen.at, seen, took=LATENCY))
        return counter

    def _note(self, probe: Probe, keys: Iterable[int], t: float) -> None:
        if probe.window.first > self._demands[0].since:
            self.figures.follow_ups += 1
            return
        for key in keys:
            self.figures.stalest = max(self.figures.stalest, t - float(self._last[key]))
            self._last[key] = t

    def _waiting(self, now: datetime) -> tuple[Demand, ...]:
        """Return who waits: the same demands all day long."""
        today = day_of(now)
        if not self._demands or self._demands[0].since != today:
            self._demands = tuple(
                attrs.evolve(
                    demand,
                    since=today,
                    firsts={today: demand.waiting},
                    subscriptions=(_ANYBODY,) * max(demand.waiting.values()),
                )
                for demand in self.words.demands(self.world.weight)
            )
        return self._demands

    def _outlook(self, now: datetime) -> Sequence[float]:
        """Return what the planner foresees; it is asked once a minute."""
        planner, minute = self.planner.planner, int(now.timestamp() // 60)
        if isinstance(planner, Foresees) and minute != self._foreseen[0]:
            self._foreseen = minute, planner.outlook(now, AHEAD)
        return self._foreseen[1]


def _shortened(log: SlidingLog, now: datetime) -> SlidingLog:
    """Keep what still counts; the hour that people may look at costs time here."""
    short = SlidingLog(log.life)
    for number, stamp in enumerate(
        log.stamps(START, now - timedelta(seconds=2 * SPAN))
    ):
        place = UUID(int=number)
        short.take(place, stamp.budget, stamp.granted_at - START)
        if stamp.settled_at is not None:
            short.settle(place, stamp.settled_at - START)
    return short


_ANYBODY = Subscription(
    id=UUID(int=1),
    user=UUID(int=1),
    services=ServiceSet.of([ServiceId(1)]),
    wishes=Wishes(),
    mode=Mode.TELL,
    waiting_since=START,
)
"""Whom every day and office suits; as many of it as wait somewhere."""
