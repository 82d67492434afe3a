"""Series of kills: a plan, and every moment at which one of its processes may die."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

import attrs

from tests.e2e.kill.moments import ANY_STEP, Moment
from tests.e2e.kill.plans import Outcome, Plan, Plot
from tests.e2e.kill.stage import Stage, stage

ROUTINE = ("ReadCatalogue", "Record", "Relay", "Tend", "Waiting", "Watch")
"""What goes on while nothing happens: later rounds are like the first two."""

ROUNDS = 2


@attrs.frozen
class Series:
    """Kills one process at each of its moments, in one story after the other.

    Attributes:
        plan: what happens besides.
        command: whose processes are killed.
        turn: which of them, from 0; those before it die as the plan says.
        times: how many die there, one after the other.
        citizens: how many wait.
        wishes: how many appointments each of them needs.
        only: words in the steps at which it is killed; none means at all steps.
        unlike: a series whose moments need not be tried again.
    """

    name: str
    plan: Plan = attrs.field(factory=Plan)
    command: str = "up"
    turn: int = 0
    times: int = 1
    citizens: int = 1
    wishes: int = 1
    only: tuple[str, ...] = ()
    unlike: str = ""

    def stage(self) -> AbstractContextManager[Stage]:
        """Build a stage for it."""
        swaps = self.plan.plot is Plot.SWAP
        return stage(self.citizens, wishes=self.wishes, swaps=swaps)

    def plan_for(self, moment: Moment) -> Plan:
        """Return the plan in which it dies at this moment."""
        earlier = self.plan.kills.get(self.command, ())[: self.turn]
        return self.plan.killing(self.command, *earlier, *[moment] * self.times)

    def moments(
        self, heard: Outcome, tried: Mapping[str, Collection[Moment]]
    ) -> Sequence[Moment]:
        """Return the moments to die at.

        Args:
            heard: of the plan as it is.
            tried: the moments of other series, by name.
        """
        logs = heard.moments.get(self.command, ())
        log = logs[self.turn] if self.turn < len(logs) else ()
        known = tried.get(self.unlike, ())
        return [
            moment
            for moment in _few(log)
            if moment not in known
            and (not self.only or any(word in moment.step for word in self.only))
        ]


def _few(moments: Sequence[Moment]) -> Iterator[Moment]:
    """Leave out the later rounds of what goes on all the time."""
    begun = False
    for moment in moments:
        routine = moment.step.startswith(ROUTINE) and begun
        if not routine or moment.nth <= ROUNDS:
            yield moment
        begun = begun or (moment.step, moment.what) == ("Record", "after COMMIT")


def sample(moments: Sequence[Moment], count: int, seed: int) -> Sequence[Moment]:
    """Draw some moments, evenly over the story, another each time the seed changes."""
    if count >= len(moments):
        return moments
    share = len(moments) / count
    first = random.Random(seed).random() * share
    return [moments[int(first + share * n)] for n in range(count)]


def _dies_first(call: str) -> Plan:
    answered = Moment(ANY_STEP, f"after POST {call}-appointment")
    return Plan().killing("up", answered)


_UNHEARD: Mapping[str, object] = {
    "route": "update-appointment",
    "kind": "drop",
    "when": "after",
}
_SLOWLY: Mapping[str, object] = {
    "route": "reserve-appointment",
    "kind": "delay",
    "seconds": 6,
    "when": "after",
}
_TOLD = Moment(ANY_STEP, "after COMMIT")

SERIES = (
    Series("books"),
    Series("books, killed again and again", times=3, only=("Calls", "Deliver")),
    Series("citizen says: opened", Plan(alone=True), "opened"),
    Series(
        "finds out at half time", Plan(say_so=False), only=("look", "FollowUp", "past")
    ),
    Series(
        "finds out at the deadline",
        Plan(say_so=False, opens_after=timedelta(minutes=29)),
        only=("look",),
    ),
    Series("the citizen lets the mail lie", Plan(Plot.FORGET), only=("look",)),
    Series("again after reserve", _dies_first("reserve"), turn=1, unlike="books"),
    Series("again after update", _dies_first("update"), turn=1, unlike="books"),
    Series("again after preconfirm", _dies_first("preconfirm"), turn=1, unlike="books"),
    Series("looks into an unheard update", Plan(faults=(_UNHEARD,)), unlike="books"),
    Series("loses a race", Plan(rival=True, slots=2), only=("reserve",)),
    Series("two citizens, two slots", Plan(slots=2), citizens=2, unlike="books"),
    Series(
        "one citizen, two wishes",
        Plan(slots=3, competing=True),
        wishes=2,
        unlike="books",
    ),
    Series(
        "gives back while it reserves",
        Plan(Plot.CHANGE_MIND, faults=(_SLOWLY,)),
        only=("reserve", "cancel", "update"),
    ),
    Series("gives back at once", Plan(Plot.CHANGE_MIND, faults=(_SLOWLY,)), "release"),
    Series("gives back", Plan(Plot.GIVE_BACK, alone=True), "release"),
    Series(
        "takes over giving back",
        Plan(Plot.GIVE_BACK, alone=True).killing("release", _TOLD),
        only=("cancel", "write_off", "Relay"),
    ),
    Series("cancels", Plan(Plot.CANCEL, alone=True), "release"),
    Series("swaps", Plan(Plot.SWAP, say_so=False), only=("look", "cancel", "FollowUp")),
    Series("citizen says: opened, and swaps", Plan(Plot.SWAP, alone=True), "opened"),
    Series("the day comes", Plan(Plot.DAY), only=("past", "Deliver", "FollowUp")),
    Series("erases", Plan(Plot.ERASE, alone=True), "erase"),
)
"""All that is tried."""
