"""The world: one city, its citizens, and what happens to whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import attrs

from bench.citizens.assumptions import Assumptions
from bench.citizens.habits import Habits
from bench.citizens.people import Citizen
from bench.citizens.timeline import Timeline
from bench.citizens.town import Hold, Town
from mta_core.domain.availability import Observation, Probe, Slot
from mta_core.domain.catalogue import ServiceSet
from mta_practice.counter import Allowance

MINUTE = 60.0


@attrs.define
class Tally:
    """What is counted.

    Attributes:
        asked, refused: requests that the city answered, and that its counter refused.
        messages: that citizens were sent.
        acted: times that a citizen acted on messages; *in_vain*: nothing was left.
        tries: attempts to reserve; *lost*: somebody had been faster.
        unopened: bookings that died because the mail was not opened in time.
        shifts: watch shifts, or visits on invitation.
    """

    asked: int = 0
    refused: int = 0
    messages: int = 0
    acted: int = 0
    in_vain: int = 0
    tries: int = 0
    lost: int = 0
    unopened: int = 0
    shifts: int = 0


@attrs.define(eq=False)
class World:
    """All that the means have in common.

    Attributes:
        waiting: who has come and has no appointment yet, the longest waiting first.
        changes: grows whenever somebody comes or leaves.
        changed: its value when somebody last did so, by service.
    """

    town: Town
    timeline: Timeline
    people: Sequence[Citizen]
    habits: Habits
    assume: Assumptions
    tally: Tally = attrs.field(factory=Tally, init=False)
    waiting: dict[ServiceSet, list[Citizen]] = attrs.field(factory=dict, init=False)
    changes: int = attrs.field(default=0, init=False)
    changed: dict[ServiceSet, int] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Let everybody come when their time has come."""
        for citizen in self.people:
            self.timeline.at(citizen.arrives, partial(self._come, citizen))

    def admit(self, address: str) -> Allowance | None:
        """Count a request from an address; None if the city refuses it (2.5)."""
        allowance = self.town.counter.accept(address, self.timeline.now)
        if allowance is None:
            self.tally.refused += 1
        else:
            self.tally.asked += 1
        return allowance

    def observe(self, probe: Probe) -> Observation:
        """Return what the city's answer to a question proves."""
        calendar = self.town.calendar(probe, self.timeline.now)
        return Observation.of(probe, calendar, self.timeline.moment)

    def reserve(self, citizen: Citizen, slot: Slot) -> Hold | None:
        """Try to reserve a slot for a citizen; None if somebody was faster."""
        hold = self.town.reserve(slot, self.timeline.now)
        self.tally.tries += 1
        if hold is None:
            self.tally.lost += 1
        citizen.holding = hold is not None
        return hold

    def await_mail(self, citizen: Citizen, hold: Hold, *, at_hand: bool) -> None:
        """Let the city's mail go out, and the citizen open it or not.

        Args:
            at_hand: the citizen has just booked by themselves and looks for the mail;
                else a message has to be noticed first.
        """
        now = self.timeline.now
        sent = (now // MINUTE + 1) * MINUTE  # the city's mails leave once a minute
        knows = sent if at_hand else self.habits.notices(citizen, sent)
        opens = self.habits.opens_mail(citizen, knows)
        if opens is None or opens >= hold.due:
            self.timeline.at(hold.due + MINUTE, partial(self._miss, citizen))
        else:
            self.timeline.at(opens, partial(self._confirm, citizen, hold))

    def _come(self, citizen: Citizen) -> None:
        self.waiting.setdefault(citizen.wish.services, []).append(citizen)
        self._note_change(citizen)

    def _confirm(self, citizen: Citizen, hold: Hold) -> None:
        if not self.town.confirm(hold, self.timeline.now):
            return self._miss(citizen)
        citizen.confirmed_at = self.timeline.now
        citizen.holding = False
        self.waiting[citizen.wish.services].remove(citizen)
        self._note_change(citizen)

    def _note_change(self, citizen: Citizen) -> None:
        self.changes += 1
        self.changed[citizen.wish.services] = self.changes

    def _miss(self, citizen: Citizen) -> None:
        citizen.holding = False
        citizen.unopened += 1
        self.tally.unopened += 1
