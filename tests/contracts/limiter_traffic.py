"""Random traffic through a limiter, and a judge who counts it by brute force.

The judge knows nothing of the log: he sees when requests were on the wire, in the time
that really passes.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import attrs
from hypothesis import strategies as st

from mta_core.polling.budgets import SEND_WITHIN
from mta_core.ports.limiter import SPAN, Budget, Grant, Limiter, Wait
from mta_core.testing.clock import FakeClock
from mta_core.use_cases.politeness import Place

TIMEOUT = 10.0
"""Seconds that a request waits for its answer, at most."""

LIFE = SEND_WITHIN + TIMEOUT
"""Seconds from a grant until the request has ended for sure, if nobody knows better."""

CLOSED = LIFE + SPAN

Reopen = Callable[[], Awaitable[Limiter]]


@attrs.frozen
class Request:
    """After a *gap*, somebody asks; then they send, and then comes the answer.

    Attributes:
        keen: who has to wait asks again as soon as they were told to.
        hesitation: seconds between asking for the place and sending: something is
            written down, or the process does not run at all.
        latency: seconds until the answer, late if the process did not run meanwhile;
            None: it is never heard of.
    """

    gap: float
    budget: Budget
    keen: bool
    hesitation: float
    latency: float | None


@attrs.frozen
class Crash:
    """The process dies with all that it knows, and another one goes on."""

    gap: float
    lost: bool


@attrs.frozen
class Step:
    """Somebody sets the wall clock."""

    gap: float
    seconds: float


Event: TypeAlias = Request | Crash | Step

_seconds = st.integers(0, 3_000_000).map(lambda microseconds: microseconds / 1e6)
_gaps = st.just(0.0) | _seconds | _seconds.map(lambda seconds: 15 * seconds)
_latencies = st.none() | st.floats(0, TIMEOUT).map(lambda seconds: round(seconds, 6))
_budgets = st.sampled_from(Budget)
_prompt = st.builds(Request, _gaps, _budgets, st.just(False), st.just(0.0), _latencies)

requests = st.lists(_prompt, min_size=10, max_size=25)
"""Requests as they should be."""

_delays = st.sampled_from([0.0, 0.0, SEND_WITHIN - 0.1, SEND_WITHIN, 3.1, 45.0, 75.0])
_answers = st.sampled_from([None, None, 0.0, 1.0, TIMEOUT, 20.0, CLOSED - 4.0])
_crash = st.builds(Crash, st.just(0.0), st.booleans())
_steps = st.sampled_from([-1.9, -0.9, 0.9, 1.9, 3.0, -3.0, 61.0, 4e3, -4e3])


@st.composite
def _rushes(draw: st.DrawFn) -> list[Event]:
    """Draw a rush for one budget, which is always used up.

    All requests of a rush are alike, but for few: where each is different from the
    others, the worst of each kind never come together.
    """
    budget = draw(_budgets)
    often = draw(st.tuples(_delays, _answers))
    seldom = draw(st.tuples(_delays, _answers))
    ways = st.sampled_from([often, often, often, seldom])
    gap = draw(st.sampled_from([0.0, 0.0, 0.5, 7.0]))
    trouble = st.one_of(_crash, st.builds(Step, st.just(0.0), _steps))
    schedule: list[Event] = []
    for _ in range(draw(st.integers(1, 6))):
        for _ in range(draw(st.integers(1, budget.limit + 2))):
            hesitation, latency = draw(ways)
            schedule.append(Request(gap, budget, True, hesitation, latency))
        schedule.extend(draw(st.lists(trouble, max_size=1)))
    return schedule


def rush(*ways: tuple[float, float | None], step: float = 0.0) -> list[Event]:
    """Return a rush for places to book: one after the other, all alike in each wave.

    Args:
        ways: hesitation and latency, one wave for each.
        step: by which the clock is set after each wave.
    """
    schedule: list[Event] = []
    for hesitation, latency in ways:
        request = Request(0.0, Budget.BOOKING, True, hesitation, latency)
        schedule += [request] * Budget.BOOKING.limit
        schedule.append(Step(0.0, step))
    return schedule


events = _rushes()
"""Requests as they may be, in a world as it may be."""

_Due: TypeAlias = tuple[float, int, Callable[[], Awaitable[None]]]


@attrs.define
class Traffic:
    """Drives a limiter through a schedule and writes down who was on the wire when."""

    limiter: Limiter
    clock: FakeClock
    reopen: Reopen
    lose: Reopen
    spans: dict[Budget, list[tuple[float, float]]] = attrs.field(factory=dict)
    _due: list[_Due] = attrs.field(factory=list)
    _numbers: itertools.count[int] = attrs.field(factory=itertools.count)

    async def run(self, schedule: Sequence[Event]) -> None:
        """Let it all happen, after all that happened before is over and forgotten."""
        self.limiter = await self.reopen()
        await self.limiter.ask(Budget.OTHER)  # it may find that the clock was set back
        await self.clock.advance(2 * CLOSED)
        for event in schedule:
            await self.pass_on(event.gap)
            match event:
                case Request():
                    await self._ask(event)
                case Crash(lost=lost):
                    self._die()
                    self.limiter = await (self.lose() if lost else self.reopen())
                case Step(seconds=seconds):
                    self.clock.jump(seconds)
        self.clock.jump(-sum(e.seconds for e in schedule if isinstance(e, Step)))

    async def pass_on(self, seconds: float) -> None:
        """Let time pass, and what is due happen."""
        until = self.clock.monotonic() + seconds
        while self._due and self._due[0][0] <= until:
            at, _, happen = heapq.heappop(self._due)
            await self.clock.advance(max(at - self.clock.monotonic(), 0.0))
            await happen()
        await self.clock.advance(max(until - self.clock.monotonic(), 0.0))

    async def _ask(self, request: Request) -> None:
        place = Place.sought(self.clock)
        answer = await self.limiter.ask(request.budget)
        if isinstance(answer, Wait) and request.keen:
            await self.pass_on(answer.seconds)
            place = Place.sought(self.clock)
            answer = await self.limiter.ask(request.budget)
        if isinstance(answer, Grant):
            grant = answer

            async def send() -> None:
                await self._send(request, place, grant)

            self._later(request.hesitation, send)
            await self.pass_on(0.0)

    async def _send(self, request: Request, place: Place, grant: Grant) -> None:
        async def settle() -> None:
            await self.limiter.settle(grant)

        if not place.good:
            await settle()
            return
        now, latency = self.clock.monotonic(), request.latency
        ends = now + (TIMEOUT if latency is None else latency)
        self.spans.setdefault(request.budget, []).append((now, ends))
        if latency is not None:
            self._later(latency, settle)

    def _die(self) -> None:
        """Nothing leaves any more. What is out may still reach the city for a while."""
        self._due.clear()
        self.spans = {
            budget: [(start, min(end, start + TIMEOUT)) for start, end in spans]
            for budget, spans in self.spans.items()
        }

    def _later(self, seconds: float, happen: Callable[[], Awaitable[None]]) -> None:
        at = self.clock.monotonic() + seconds
        heapq.heappush(self._due, (at, next(self._numbers), happen))

    def most(self, budget: Budget) -> int:
        """Count the most requests that any span of 60 s touches.

        A span touches a request if it holds any moment from its sending to its answer:
        whenever in between the city has counted it. The count only falls just after an
        answer, so these moments are all to try.
        """
        spans = self.spans.get(budget, [])
        return max(
            (
                # A microsecond less, for what floats make of sums.
                sum(a < start + SPAN - 1e-6 and e >= start for a, e in spans)
                for _, start in spans
            ),
            default=0,
        )
