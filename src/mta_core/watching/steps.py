"""One question after the other, and what each answer changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import repeat
from typing import TypeVar
from uuid import UUID, uuid5

import attrs

from mta_core.domain.availability import Observation, Opening, Probe, Slot, compare
from mta_core.domain.blindness import BlindReason, BlindSpot, blind_spots, reason_of
from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_core.domain.errors import (
    CheckNeeded,
    InvalidValue,
    NotOffered,
    Refused,
    SiteError,
)
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.planner import Outcome, Planner
from mta_core.polling.probes import Demand, fold
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Budget, Limiter
from mta_core.use_cases.pacing import Pacing
from mta_core.use_cases.politeness import turn
from mta_core.watching.events import Event, Found, Gone, Sight, SiteView

FRESH = timedelta(hours=24)
"""A catalogue is read again after a day, as the product does."""

RETRY = timedelta(hours=1)
"""If that fails the old one serves on, and the next try comes after this long."""

# The name space of openings' ids: any will do, if it stays the same.
_OPENINGS = UUID("0d9f6a52-1d0e-5c4b-9a53-6d2b7f0c8e11")
_UNNAMED = UUID(int=0)

_T = TypeVar("_T")


@attrs.define(kw_only=True)
class Steps:
    """Takes the steps of one watch, and remembers what the last ones showed.

    Attributes:
        wish: what is watched for; it belongs to nobody and is stored nowhere.
    """

    site: SiteView
    limiter: Limiter
    clock: Clock
    planner: Planner
    wish: Subscription
    _catalogue: Catalogue | None = attrs.field(default=None, init=False)
    _stale_at: datetime = attrs.field(init=False)
    _pacing: Pacing = attrs.field(init=False)
    _openings: dict[Slot, Opening] = attrs.field(factory=dict, init=False)
    _blind: tuple[BlindSpot, ...] = attrs.field(default=(), init=False)
    _told: Sight | None = attrs.field(default=None, init=False)

    @_stale_at.default
    def _unread(self) -> datetime:
        return self.clock.now()

    @_pacing.default
    def _at_once(self) -> Pacing:
        return Pacing(self.limiter, self.site.counter, self.clock)

    def know(self, catalogue: Catalogue) -> None:
        """Take in what the city offers; the first time the wish is held against it.

        Raises:
            NotFound, NotOffered, InvalidValue: it cannot be granted.
        """
        now = self.clock.now()
        if self._catalogue is None:
            catalogue.check_orderable(self.wish.services, self.wish.wishes.offices)
            if self.wish.first_day(now) is None:
                raise InvalidValue("No day that would suit is left: all are over.")
        self._catalogue, self._stale_at = catalogue, now + FRESH

    async def take(self) -> Sequence[Event] | None:
        """Ask one question when its time has come; None once all days are over.

        Raises:
            SiteError: one that does not pass by itself.
            StorageUnavailable: the limiter cannot be reached; nothing was sent.
        """
        await self._pacing.wait()
        now, catalogue = self.clock.now(), self._catalogue
        if catalogue is None or now >= self._stale_at:
            return await self._read_catalogue()
        demand = self._demand(catalogue, now)
        if demand is None:
            return None
        probe = self.planner.next([demand], now)
        if probe is None:
            self._pacing.put_off()
            return ()
        return await self._look(probe)

    async def _read_catalogue(self) -> Sequence[Event]:
        answer = await self._ask(Budget.OTHER, self.site.catalogue)
        if not isinstance(answer, SiteError):
            self.know(answer)
            self._pacing.hasten()  # the first question for times
            return ()
        if self._catalogue is not None:
            self._stale_at = self.clock.now() + RETRY
            return ()
        self._note(answer, frozenset())
        return tuple(self._sight())

    async def _look(self, probe: Probe) -> Sequence[Event]:
        try:
            answer = await self._ask(Budget.CALENDAR, lambda: self.site.calendar(probe))
        except Refused as refusal:
            return await self._doubt(probe, refusal)
        now = self.clock.now()
        if isinstance(answer, SiteError):
            self.planner.learn(Outcome(probe, now, error=answer))
            self._note(answer, probe.offices)
            return tuple(self._sight())
        seen = Observation.of(probe, answer, now)
        self.planner.learn(Outcome(probe, now, observation=seen))
        self._blind = ()
        return (*self._sight(), *self._changes(seen))

    async def _doubt(self, probe: Probe, refusal: Refused) -> Sequence[Event]:
        """See whether the city has changed since its catalogue was read.

        Raises:
            Refused: it has not, so the same question would be refused again.
            CheckNeeded, NotOffered: it has, and no office is left.
        """
        answer = await self._ask(Budget.OTHER, self.site.catalogue)
        if isinstance(answer, SiteError):
            raise refusal
        self.know(answer)
        demand = self._demand(answer, self.clock.now())
        if demand is None or demand.probe().offices == probe.offices:
            raise refusal
        return ()

    async def _ask(
        self, budget: Budget, question: Callable[[], Awaitable[_T]]
    ) -> _T | SiteError:
        """Ask within the budget, and set the pace by what came of it.

        Returns:
            The answer, or an error that may pass; any other is raised.
        """
        async with turn(self.limiter, self.clock, budget):
            sent_at, began = self.clock.now(), self.clock.monotonic()
            error: SiteError | None = None
            try:
                answer: _T | SiteError = await question()
            except SiteError as failure:
                answer = error = failure
            took = timedelta(seconds=self.clock.monotonic() - began)
            await self._pacing.after(sent_at, error, took)
            if error is not None and not error.transient:
                raise error
            return answer

    def _demand(self, catalogue: Catalogue, now: datetime) -> Demand | None:
        """Say what to ask for; None once all days are over.

        Raises:
            CheckNeeded, NotOffered: there is no office that may be asked.
        """
        for demand in fold([self.wish], catalogue, now):
            return demand
        if self.wish.first_day(now) is None:
            return None
        name = catalogue.name_of(self.wish.services)
        if blind_spots(self.wish, catalogue, ())[0].reason is BlindReason.NOT_OFFERED:
            raise NotOffered(f"No office that would suit offers {name} any more.")
        raise CheckNeeded(
            "captchaMissing",
            f"All offices that would suit for {name} are behind the city's human "
            "check, which MTA leaves to humans.",
        )

    def _note(self, error: SiteError, offices: frozenset[OfficeId]) -> None:
        """Remember since when nothing is seen there, and why."""
        known = [(spot.reason, spot.offices) for spot in self._blind]
        reason = reason_of(error)
        if known != [(reason, offices)]:
            spot = BlindSpot(reason, offices, self.clock.now(), str(error))
            self._blind = (spot,)

    def _sight(self) -> Iterator[Sight]:
        """Say what is seen, the first time and whenever it changes."""
        catalogue = self._catalogue
        never = () if catalogue is None else blind_spots(self.wish, catalogue, ())
        sight = Sight(self.clock.now(), never + self._blind)
        if self._told is None or self._told.unseen != sight.unseen:
            self._told = sight
            yield sight

    def _changes(self, seen: Observation) -> Iterator[Event]:
        """Hold what was found against what was observed; keep what suits."""
        sightings = compare(self._openings.values(), seen, repeat(_UNNAMED))
        new = [
            attrs.evolve(opening, id=_id_of(opening))
            for opening in sightings.new
            if self.wish.accepts(opening.slot, seen.at)
        ]
        for opening in (*new, *sightings.still, *sightings.absent):
            self._openings[opening.slot] = opening
        for opening in sightings.absent:
            if opening.gone_at is not None:
                del self._openings[opening.slot]
                yield Gone(opening)
        yield from map(Found, new)


def _id_of(opening: Opening) -> UUID:
    """Name an opening by what it is: two watches that see it call it the same."""
    slot, seen = opening.slot, opening.first_seen
    text = f"{slot.services}@{slot.office} {slot.start.timestamp()} {seen.timestamp()}"
    return uuid5(_OPENINGS, text)
