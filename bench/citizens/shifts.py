"""Who can have checked offices looked at just now: the live watch shifts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import count
from uuid import UUID

import attrs

from bench.citizens.demands import Demands
from bench.citizens.page import Visit
from bench.citizens.people import Citizen
from bench.citizens.turns import Invitations, Kind
from bench.citizens.world import World
from mta_core.domain.shifts import HERE, Shift, Token
from mta_core.polling.probes import fold
from mta_core.polling.shift_plan import OnShift


@attrs.define(eq=False)
class Shifts:
    """The live shifts.

    Attributes:
        at_once: how many turns there are at a time; None: all at the stated hour.
    """

    world: World
    kind: Kind
    at_once: int | None
    _shared: Demands = attrs.field(init=False)
    _live: list[tuple[Citizen, OnShift]] = attrs.field(factory=list, init=False)
    _ids: count[int] = attrs.field(factory=count, init=False)

    def __attrs_post_init__(self) -> None:
        """Let citizens be invited."""
        catalogue = self.world.town.catalogue
        self._shared = Demands(self.world, catalogue, checked=True)
        Invitations(self.world, self.at_once, self.begin)

    def live(self) -> Sequence[OnShift]:
        """Return those whose token lives and serves somebody who still looks."""
        now, shared = self.world.timeline.moment, self.kind is Kind.SHARED
        self._live = [
            (owner, on)
            for owner, on in self._live
            if on.lives(now) and (shared or owner.looking)
        ]
        if shared and self._live:
            demands = self._shared()
            return [attrs.evolve(on, demands=demands) for _, on in self._live]
        return [on for _, on in self._live]

    def begin(self, citizen: Citizen) -> None:
        """The citizen has come: they tick the check, or go to the page themselves."""
        now = self.world.timeline.now
        if self.kind is Kind.BY_HAND:
            ends = now + self.world.assume.visit
            return Visit(self.world, citizen, ends, _shrug).begin()
        ticked = now + self.world.assume.check
        self.world.timeline.at(ticked, partial(self._open, citizen))

    def _open(self, citizen: Citizen) -> None:
        now, catalogue = self.world.timeline.moment, self.world.town.catalogue
        owner = citizen.wish.user
        shift = Shift.open(UUID(int=next(self._ids)), owner, HERE, Token(""), now)
        whose = None if self.kind is Kind.SHARED else owner
        demands = fold([citizen.wish], catalogue, now, checked=True)
        self._live.append((citizen, OnShift(shift, demands, whose)))


def _shrug(_: bool) -> None:
    """Wait for the next invitation."""
