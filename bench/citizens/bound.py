"""The bound: somebody who sees everything at once and is never too late.

Right after each minute's jobs, when the city shows what is new, all that is free goes to
those whom it suits, the longest waiting first, by no budget and past every check. The
mail is opened as in book mode. What this does not get is not to be had: nothing that
suits is released, or too little of it, or the mail is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import attrs

from bench.citizens.lookout import may_book
from bench.citizens.people import Citizen
from bench.citizens.world import MINUTE, World
from mta_core.domain.availability import Slot

_AFTER_JOBS = 0.01


@attrs.define(eq=False)
class AllSeeing:
    """Looks at everything once a minute."""

    world: World

    def __attrs_post_init__(self) -> None:
        """Begin with this minute."""
        begin = self.world.timeline.now // MINUTE * MINUTE + _AFTER_JOBS
        self.world.timeline.at(begin, self._look)

    def _look(self) -> None:
        now = self.world.timeline.now
        self.world.timeline.at(now + MINUTE, self._look)
        self.world.town.catch_up(now)
        for waiting in list(self.world.waiting.values()):
            free = sorted(self._free(waiting[0])) if waiting else []
            for citizen in list(waiting) if free else ():
                self._serve(citizen, free)

    def _free(self, anyone: Citizen) -> Iterator[Slot]:
        """Yield every start at an office that takes what these people need."""
        town, services = self.world.town, anyone.wish.services
        for office in sorted(town.catalogue.able(services)):
            for start in town.stock.free_starts(office, self.world.timeline.now):
                yield Slot(datetime.fromtimestamp(start, UTC), office, services)

    def _serve(self, citizen: Citizen, free: list[Slot]) -> None:
        moment = self.world.timeline.moment
        if not citizen.looking or not may_book(citizen, moment):
            return
        for slot in free:
            if not citizen.accepts(slot, moment):
                continue
            hold = self.world.town.reserve(slot, self.world.timeline.now)
            if hold is not None:
                citizen.holding = True
                self.world.town.preconfirm(hold, self.world.timeline.now)
                return self.world.await_mail(citizen, hold, at_hand=False)
