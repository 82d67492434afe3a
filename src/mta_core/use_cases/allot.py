"""Who is told of an opening, and who books it: longest waiting first, in waves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.availability import Opening, Slot
from mta_core.domain.bookings import Booking, Lane
from mta_core.domain.catalogue import Catalogue, ServiceSet
from mta_core.domain.obstacles import Obstacle, obstacle_now, obstacle_there
from mta_core.domain.subscriptions import Mode, Subscription, fitting
from mta_core.polling.shift_plan import OnShift
from mta_core.ports.repository import Transaction
from mta_core.use_cases.standing import standing

WAVE = 20
"""So many are told of one free slot at a time; the next ones when it is seen again."""


@attrs.frozen
class Tell:
    """One citizen is told of openings. *others*: who else knows of any of them."""

    subscription: Subscription
    openings: tuple[Opening, ...]
    others: int = 0


@attrs.frozen
class Take:
    """One citizen's slot is booked.

    Attributes:
        alternatives: what else would suit, in order.
        replaces: the booking of the later appointment that it is to swap with.
        checked: it is behind a human check, and so are its alternatives.
    """

    subscription: Subscription
    opening: Opening
    alternatives: tuple[Opening, ...]
    replaces: UUID | None = None
    checked: bool = False


@attrs.frozen
class Allotment:
    """What is done about the openings that are free just now."""

    takes: Sequence[Take] = ()
    tells: Sequence[Tell] = ()


async def allot(
    tx: Transaction,
    services: ServiceSet,
    free: Sequence[Opening],
    catalogue: Catalogue,
    now: datetime,
    on: OnShift | None = None,
) -> Allotment:
    """Decide about every opening that is free just now.

    Of k slots and n citizens in book mode the longest-waiting get one slot each. What
    is left is told, longest waiting first, to one wave of citizens at a time while it
    is still seen; who is told once of an opening is not told again. What MTA is just
    booking for somebody is told to nobody else: it would be gone by the click. If there
    is room for more, the next answer shows it again.

    What was seen in a watch shift is for those alone whom it serves.
    """
    if not free:
        return Allotment()
    waiting = await tx.subscriptions.waiting_for(services)
    if on is not None:
        waiting = list(filter(on.serves, waiting))
    table = _Table(tx, catalogue, now, free, on)
    await table.look_around(services, waiting)
    for subscription in waiting:
        if subscription.mode is Mode.BOOK:
            await table.book(subscription)
    table.fill_the_waves()
    for subscription in waiting:
        if not table.room:
            break
        table.tell(subscription)
    return table.allotment()


@attrs.define
class _Table:
    """What lies on the table while the citizens come one by one.

    Attributes:
        room: the openings whose wave is not full yet.
    """

    tx: Transaction
    catalogue: Catalogue
    now: datetime
    free: Sequence[Opening]
    on: OnShift | None
    room: set[UUID] = attrs.field(factory=set)
    _left: dict[Slot, Opening] = attrs.field(factory=dict)
    _told: set[tuple[UUID, UUID]] = attrs.field(factory=set)
    _wave: Counter[UUID] = attrs.field(factory=Counter)
    _claims: Mapping[Lane, set[UUID]] = attrs.field(factory=dict)
    _takes: list[Take] = attrs.field(factory=list)
    _tells: list[Tell] = attrs.field(factory=list)

    async def look_around(
        self, services: ServiceSet, waiting: Sequence[Subscription]
    ) -> None:
        """Find out who is busy, who knows what, and which slots others aim at."""
        bookings, openings = self.tx.bookings, self.tx.openings
        bookers = [s.user for s in waiting if s.mode is Mode.BOOK]
        self._claims = {
            lane: await bookings.claimed(bookers, services, lane) for lane in Lane
        }
        self._told = await openings.told(opening.id for opening in self.free)
        aimed_at = await bookings.aimed_at(services)
        self._left = {o.slot: o for o in self.free if o.slot not in aimed_at}

    def fill_the_waves(self) -> None:
        """Begin to tell of what nobody books."""
        self.room = {opening.id for opening in self._left.values()}

    async def book(self, subscription: Subscription) -> None:
        """Give one citizen a slot to book, if there is one for them."""
        fits = self._fits(subscription)
        if fits and not self._busy(subscription):
            await self._take(subscription, fits)

    def tell(self, subscription: Subscription) -> None:
        """Give one citizen the news; a booking under way speaks for itself."""
        if subscription.mode is Mode.BOOK and self._busy(subscription):
            return
        user = subscription.user
        news = tuple(
            opening
            for opening in self._fits(subscription)
            if opening.id in self.room and (user, opening.id) not in self._told
        )
        if news:
            self._tells.append(Tell(subscription, news))
            self._told |= {(user, opening.id) for opening in news}
            self._wave.update(opening.id for opening in news)
            self.room -= {o.id for o in news if self._wave[o.id] >= WAVE}

    def _fits(self, subscription: Subscription) -> list[Opening]:
        slots = fitting(self._left, subscription, self.now)
        return [self._left[slot] for slot in slots]

    def _busy(self, subscription: Subscription) -> bool:
        """Whether a booking of this citizen is under way, or a swap cannot be."""
        swaps = subscription.user in self._claims[Lane.SWAP]
        booked = subscription.user in self._claims[Lane.MAIN]
        return swaps or (booked and subscription.standing is None)

    async def _take(self, subscription: Subscription, fits: Sequence[Opening]) -> None:
        earlier = await self.tx.bookings.of(subscription.user)
        able = await self._able(subscription, fits, earlier)
        if not able:
            return
        best, *rest = able
        later = standing(earlier, subscription)
        replaces = later.id if later else None
        checked = self.on is not None
        self._takes.append(Take(subscription, best, tuple(rest), replaces, checked))
        self._told.add((subscription.user, best.id))
        del self._left[best.slot]
        self._claims[Lane.SWAP if replaces else Lane.MAIN].add(subscription.user)

    async def _able(
        self,
        subscription: Subscription,
        fits: Sequence[Opening],
        earlier: Sequence[Booking],
    ) -> list[Opening]:
        """Keep the openings that MTA may book for this subscription now."""
        too_late = self.on is not None and not self.on.lives(self.now)
        if too_late or obstacle_now(subscription, earlier, self.now):
            return []
        contact = (await self.tx.users.get(subscription.user)).contact

        def obstacle(opening: Opening) -> Obstacle | None:
            terms = self.catalogue.office(opening.slot.office).terms
            return obstacle_there(subscription, opening, terms, contact, earlier)

        return [opening for opening in fits if obstacle(opening) is None]

    def allotment(self) -> Allotment:
        """Return what was decided, once everybody has been served."""
        knowing: dict[UUID, set[UUID]] = {}
        for user, opening in self._told:
            knowing.setdefault(opening, set()).add(user)

        def others(tell: Tell) -> int:
            known = (knowing.get(opening.id, set()) for opening in tell.openings)
            return len(set[UUID]().union(*known) - {tell.subscription.user})

        return Allotment(
            [_without(self._left, take) for take in self._takes],
            [attrs.evolve(tell, others=others(tell)) for tell in self._tells],
        )


def _without(left: Mapping[Slot, Opening], take: Take) -> Take:
    """Leave out the alternatives that have become somebody else's."""
    rest = tuple(opening for opening in take.alternatives if opening.slot in left)
    return attrs.evolve(take, alternatives=rest)
