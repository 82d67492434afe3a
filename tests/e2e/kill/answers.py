"""Every answer of the city that MTA knows apart, for every call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from mta_core.domain.calls import Call
from mta_core.domain.errors import Answer
from tests.e2e.kill.moments import ANY_STEP, Moment
from tests.e2e.kill.plans import Outcome, Plan, Plot

TOO_LATE = 14.0
"""Seconds: longer than MTA waits for an answer, shorter than the lease of a call."""

SLOW = 2.0

_SHIFT = 2
"""Calls of one story meet answers that stand so far apart in the list."""


@attrs.frozen
class Route:
    """A call to the city. *call*: None for the calendar. *refusal*: a typical one."""

    name: str
    method: str
    call: Call | None
    refusal: str
    plot: Plot = Plot.BOOK
    command: str = "up"

    @property
    def answered(self) -> Moment:
        """The moment right after the answer, before anything is written down."""
        return Moment(ANY_STEP, f"after {self.method} {self.name}")


ROUTES = (
    Route("available-calendar", "GET", None, "noAppointmentForThisScope"),
    Route("reserve-appointment", "POST", Call.RESERVE, "appointmentNotAvailable"),
    Route("update-appointment", "POST", Call.UPDATE, "invalidEmail"),
    Route(
        "preconfirm-appointment",
        "POST",
        Call.PRECONFIRM,
        "tooManyAppointmentsWithSameMail",
    ),
    Route("appointment", "GET", Call.LOOK, "invalidAuthKey", command="opened"),
    Route(
        "cancel-appointment",
        "POST",
        Call.CANCEL,
        "appointmentCanNotBeCanceled",
        Plot.GIVE_BACK,
        "release",
    ),
)

_UNKNOWN: Mapping[str, Mapping[str, object]] = {
    "no answer": {"kind": "drop"},
    "too late": {"kind": "delay", "seconds": TOO_LATE},
    "garbage": {"kind": "garbage"},
    "cut off": {"kind": "truncate"},
    "empty": {"kind": "empty"},
    "internalError": {"kind": "status", "errorCode": "internalError"},
    "unknownError": {"kind": "status", "errorCode": "unknownError"},
    "a gateway's page": {"kind": "status", "status": 502},
}
_NOT_EXECUTED: Mapping[str, Mapping[str, object]] = {
    "too many requests": {"kind": "status", "errorCode": "rateLimitExceeded"},
    "maintenance": {"kind": "status", "errorCode": "serviceUnavailable"},
}


@attrs.frozen
class Case:
    """One way in which one call ends, and what MTA is to make of it."""

    route: Route
    name: str
    answer: Answer
    plan: Plan

    @property
    def typical(self) -> bool:
        """Whether it stands for others of its sort."""
        return self.answer is Answer.REFUSED or self.name in TYPICAL

    def killed(self) -> Plan:
        """Return the same plan, in which whoever asked dies before noting the answer."""
        # What a citizen's command has not done yet, `mta up` may do.
        asked = {self.route.command, "up"}
        return attrs.evolve(
            self.plan, kills={command: (self.route.answered,) for command in asked}
        )

    def _was_late(self, heard: Answer) -> bool:
        """Whether MTA itself had not sent the call; it does so right after."""
        return heard is Answer.NOT_EXECUTED and self.answer is not Answer.NOT_EXECUTED

    def misread(self, outcome: Outcome) -> str:
        """Say whether MTA took the answer for something else; empty if it did not.

        On a busy machine every answer may come too late, and what is late be noticed
        before that it is; and a call that cannot leave at once does not leave at all.
        """
        meant = {self.answer, Answer.UNKNOWN}
        if self.name.startswith("too late"):
            meant.add(Answer.DONE)
        heard = [answer for call, answer in outcome.answers if call is self.route.call]
        while len(heard) > 1 and self._was_late(heard[0]):
            heard.pop(0)
        if self.route.call is None:
            return ""
        if heard and heard[0] in meant:
            return ""
        return f"{self} was taken for {heard[0].value if heard else 'no call at all'}"

    def __str__(self) -> str:
        call = self.route.call.value if self.route.call else "calendar"
        return f"{call}: {self.answer.value}, {self.name}"


def cases() -> Iterator[Case]:
    """Give all of them: six calls, and what can become of each."""
    for route in ROUTES:
        plan = Plan(route.plot)
        yield Case(route, "at once", Answer.DONE, plan)
        slow: Mapping[str, object] = {"kind": "delay", "seconds": SLOW}
        yield _case(route, "slow", Answer.DONE, slow, "after")
        refusal: Mapping[str, object] = {"kind": "status", "errorCode": route.refusal}
        yield _case(route, route.refusal, Answer.REFUSED, refusal, "before")
        for name, fault in _NOT_EXECUTED.items():
            yield _case(route, name, Answer.NOT_EXECUTED, fault, "before")
        refused = attrs.evolve(plan, refused=(route.name,))
        yield Case(route, "connection refused", Answer.NOT_EXECUTED, refused)
        for name, fault in _UNKNOWN.items():
            for when in ("before", "after"):
                yield _case(route, name, Answer.UNKNOWN, fault, when)
        yield from _thrice(route)


def _thrice(route: Route) -> Iterator[Case]:
    """Give what goes wrong again and again."""
    busy = {**_NOT_EXECUTED["too many requests"], "times": 3}
    yield _case(route, "busy three times", Answer.NOT_EXECUTED, busy, "before")
    silent = {**_UNKNOWN["no answer"], "times": 3}
    for when in ("before", "after"):
        yield _case(route, "silent three times", Answer.UNKNOWN, silent, when)


TYPICAL = (
    "slow (after)",
    "connection refused",
    "too many requests (before)",
    "no answer (before)",
    "no answer (after)",
    "too late (after)",
    "garbage (after)",
    "unknownError (after)",
)
"""One answer of each sort; refusals beside them."""


def rounds(plot: Plot) -> Iterator[tuple[Case, ...]]:
    """Give typical cases so that each story holds one of every call.

    Together every call meets every sort of answer, in as few stories as there are.
    """
    by_route = [
        [case for case in cases() if case.route is route and case.typical]
        for route in ROUTES
        if route.plot is plot
    ]
    count = len(by_route[0])
    for first in range(count):
        yield tuple(
            known[(first + _SHIFT * place) % count]
            for place, known in enumerate(by_route)
        )


def together(cases: Sequence[Case]) -> Plan:
    """Return one plan in which all of these happen."""
    plans = [case.plan for case in cases]
    return attrs.evolve(
        plans[0],
        faults=tuple(fault for plan in plans for fault in plan.faults),
        refused=tuple(route for plan in plans for route in plan.refused),
    )


def _case(
    route: Route, name: str, answer: Answer, fault: Mapping[str, object], when: str
) -> Case:
    armed = {**fault, "route": route.name, "when": when}
    return Case(route, f"{name} ({when})", answer, Plan(route.plot, faults=(armed,)))
