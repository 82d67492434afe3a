"""What is to happen in a story, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum
from types import MappingProxyType

import attrs

from mta_core.domain.bookings import BookingState
from mta_core.domain.calls import Call
from mta_core.domain.errors import Answer
from tests.e2e.kill.moments import Moment

NONE: Mapping[str, tuple[Moment, ...]] = MappingProxyType({})


class Plot(Enum):
    """What citizens want."""

    BOOK = "book"
    CHANGE_MIND = "give back what is just being booked"
    FORGET = "let the mail lie"
    GIVE_BACK = "give back what waits for its mail"
    CANCEL = "give back what is confirmed"
    SWAP = "swap for an earlier one"
    ERASE = "erase the citizen"
    DAY = "go to the appointment"


@attrs.frozen
class Plan:
    """What is to happen.

    Attributes:
        kills: at which moments processes die, by command: the first one, the next
            one, and so on; whoever comes after them lives.
        faults: what is armed at the city as the plot begins.
        refused: routes whose next call meets a closed port.
        rival: somebody else takes the slot just before `mta up` does.
        say_so: citizens say that they opened the mail; else MTA finds out.
        opens_after: so long do they let the mail lie.
        alone: no `mta up` works beside a citizen's first command.
        slots: how many are free at first.
        competing: wishes may be in each other's way.
        blindly_again: this MTA is broken; it sends again what got no answer.
    """

    plot: Plot = Plot.BOOK
    kills: Mapping[str, tuple[Moment, ...]] = NONE
    faults: tuple[Mapping[str, object], ...] = ()
    refused: tuple[str, ...] = ()
    rival: bool = False
    say_so: bool = True
    opens_after: timedelta = timedelta(0)
    alone: bool = False
    slots: int = 1
    competing: bool = False
    blindly_again: bool = False

    @property
    def only_kills(self) -> bool:
        """Whether nothing goes wrong but that processes die: then nothing is lost."""
        disturbed = self.faults or self.refused or self.rival or self.competing
        return not disturbed and self.plot is not Plot.FORGET

    def killing(self, command: str, *moments: Moment) -> Plan:
        """Return the same plan, in which processes of a command die so."""
        return attrs.evolve(self, kills={**self.kills, command: moments})


@attrs.frozen
class Outcome:
    """What came of it.

    Attributes:
        died: the moments at which processes did die.
        violations: what must not be.
        bookings: how all bookings ended.
        answers: what became of each call, as MTA wrote it down.
        orphans: how many of them may have left something at the city without keys.
        anew: how often another opening had to come.
        moments: what the processes came to since the plot began, by command, in the
            order in which they were started.
        seconds: how long it took.
    """

    plan: Plan
    died: tuple[Moment, ...]
    violations: tuple[str, ...]
    bookings: tuple[BookingState, ...]
    answers: tuple[tuple[Call, Answer], ...]
    orphans: int
    anew: int
    moments: Mapping[str, Sequence[Sequence[Moment]]]
    seconds: float
