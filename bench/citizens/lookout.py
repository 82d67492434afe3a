"""What MTA knows to be free, and who gets it: the rules of `use_cases/allot.py`, lean.

Openings come and go by the product's own `compare`. Who books and who is told is played
again here without a database: the longest waiting first, one slot each, in waves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

import attrs

from bench.citizens.people import Citizen
from mta_core.domain.availability import Observation, Opening, Slot, compare
from mta_core.domain.catalogue import ServiceSet
from mta_core.domain.obstacles import MAX_UNOPENED
from mta_core.domain.subscriptions import Mode
from mta_core.use_cases.allot import WAVE


@attrs.define(eq=False)
class Sighting:
    """One opening, and who has had to do with it.

    Attributes:
        told: who knows of it.
        tried: for whom MTA has tried to get it; never twice.
        unfit: whom it does not suit, which stays so.
    """

    opening: Opening
    told: set[int] = attrs.field(factory=set)
    tried: set[int] = attrs.field(factory=set)
    unfit: set[int] = attrs.field(factory=set)

    @property
    def slot(self) -> Slot:
        """What is free."""
        return self.opening.slot

    @property
    def gone(self) -> bool:
        """Whether MTA knows that it is gone."""
        return self.opening.gone_at is not None

    def suits(self, citizen: Citizen, now: datetime) -> bool:
        """Whether it suits a citizen; what does not now never will."""
        if citizen.number in self.unfit:
            return False
        if citizen.accepts(self.slot, now):
            return True
        self.unfit.add(citizen.number)
        return False

    def may_be_tried(self, citizen: Citizen, now: datetime) -> bool:
        """Whether MTA may try to get it for a citizen."""
        return citizen.number not in self.tried and self.suits(citizen, now)

    def is_news(self, citizen: Citizen, now: datetime) -> bool:
        """Whether a citizen is to be told of it."""
        return citizen.number not in self.told and self.suits(citizen, now)


@attrs.define(eq=False)
class Lookout:
    """The openings that are not gone, by service set."""

    _known: dict[ServiceSet, dict[Slot, Sighting]] = attrs.field(factory=dict)
    _ids: count[int] = attrs.field(factory=count)

    def see(self, observation: Observation) -> list[Sighting]:
        """Take in an answer and return what is free by it, earliest first."""
        known = self._known.setdefault(observation.probe.services, {})
        if not known and not observation.free:
            return []
        ids = (UUID(int=number) for number in self._ids)
        openings = [sighting.opening for sighting in known.values()]
        sightings = compare(openings, observation, ids)
        for opening in sightings.changed:
            known.setdefault(opening.slot, Sighting(opening)).opening = opening
            if opening.gone_at is not None:
                del known[opening.slot]
        return [known[opening.slot] for opening in sightings.free]


@attrs.frozen
class Take:
    """A citizen's slot is booked: *best*, or the next one if that is gone."""

    citizen: Citizen
    best: Sighting
    others: tuple[Sighting, ...]


@attrs.frozen
class Tell:
    """A citizen is told."""

    citizen: Citizen
    news: tuple[Sighting, ...]


def may_book(citizen: Citizen, now: datetime) -> bool:
    """Whether MTA may reserve for a citizen now: the rules of `domain/obstacles.py`."""
    wish = citizen.wish
    return (
        wish.mode is Mode.BOOK
        and now in wish.mail_hours
        and citizen.unopened < MAX_UNOPENED
    )


def allot(
    free: Sequence[Sighting],
    audience: Sequence[Citizen],
    aimed_at: Collection[Slot],
    now: datetime,
) -> tuple[list[Take], list[Tell]]:
    """Decide about all that is free. *audience*: the longest waiting first."""
    left = {s.slot: s for s in free if s.slot not in aimed_at}
    takes, busy = [], set()
    for citizen in audience if left else ():
        if citizen.looking and may_book(citizen, now):
            fits = [s for s in left.values() if s.may_be_tried(citizen, now)]
            if fits:
                takes.append(Take(citizen, fits[0], tuple(fits[1:])))
                fits[0].told.add(citizen.number)
                busy.add(citizen.number)
                del left[fits[0].slot]
    others = [c for c in audience if c.looking and c.number not in busy]
    return [_without(left, take) for take in takes], _tell(
        [*left.values()], others, now
    )


def _without(left: Collection[Slot], take: Take) -> Take:
    """Leave out the others that have become somebody else's."""
    others = tuple(sighting for sighting in take.others if sighting.slot in left)
    return attrs.evolve(take, others=others)


def _tell(
    left: list[Sighting], audience: Sequence[Citizen], now: datetime
) -> list[Tell]:
    tells: list[Tell] = []
    wave: Counter[Slot] = Counter()
    for citizen in audience:
        if not left:
            break
        news = tuple(s for s in left if s.is_news(citizen, now))
        if not news:
            continue
        tells.append(Tell(citizen, news))
        for sighting in news:
            sighting.told.add(citizen.number)
            wave[sighting.slot] += 1
        left = [s for s in left if wave[s.slot] < WAVE]
    return tells
