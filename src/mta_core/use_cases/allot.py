"""Who is told of an opening, and who books it: longest waiting first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from mta_core.domain.accounts import missing_details
from mta_core.domain.availability import Opening, Slot
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue, ServiceSet
from mta_core.domain.subscriptions import Mode, Subscription, fitting
from mta_core.ports.repository import Transaction

MAX_ORPHANS = 1
"""Beside one reservation of unknown fate another slot may be tried; with more, MTA
waits for them to lapse, and tells the citizen of slots meanwhile."""

MAX_UNOPENED = 2
"""Who has not opened the city's mail this often is told of slots, no longer booked:
every reservation that lapses was one that somebody else needed."""


@attrs.frozen
class Tell:
    """One citizen is told of openings."""

    subscription: Subscription
    openings: tuple[Opening, ...]


@attrs.frozen
class Take:
    """One citizen's slot is booked. *alternatives*: what else would suit, in order."""

    subscription: Subscription
    opening: Opening
    alternatives: tuple[Opening, ...]


async def allot(
    tx: Transaction,
    services: ServiceSet,
    free: Sequence[Opening],
    catalogue: Catalogue,
    now: datetime,
) -> tuple[Sequence[Take], Sequence[Tell]]:
    """Decide about every opening that is free just now.

    Of k slots and n citizens in book mode the longest-waiting get one slot each. Who
    cannot book (no details, outside their mail hours) is told instead; who is told
    once of an opening is not told again.
    """
    if not free:
        return [], []
    waiting = await tx.subscriptions.waiting_for(services)
    bookers = [s.user for s in waiting if s.mode is Mode.BOOK]
    busy = await tx.bookings.claimed(bookers, services)
    told = await tx.openings.told(opening.id for opening in free)
    aimed_at = await tx.bookings.aimed_at(services)
    takes: list[Take] = []
    tells: list[Tell] = []
    left = {o.slot: o for o in free if o.slot not in aimed_at}
    for subscription in waiting:
        fits = fitting((opening.slot for opening in free), subscription, now)
        if subscription.mode is Mode.BOOK:
            if subscription.user in busy:
                continue  # a booking under way speaks for itself
            able = await _able(
                tx,
                subscription,
                [left[slot] for slot in fits if slot in left],
                catalogue,
                now,
            )
            if able:
                takes.append(Take(subscription, able[0], tuple(able[1:])))
                del left[able[0].slot]
                busy.add(subscription.user)
                continue
        news = tuple(
            opening
            for opening in free
            if opening.slot in fits and (subscription.user, opening.id) not in told
        )
        if news:
            tells.append(Tell(subscription, news))
            told |= {(subscription.user, opening.id) for opening in news}
    return [_without(left, take) for take in takes], tells


def _without(left: Mapping[Slot, Opening], take: Take) -> Take:
    """Leave out the alternatives that have become somebody else's."""
    rest = tuple(opening for opening in take.alternatives if opening.slot in left)
    return attrs.evolve(take, alternatives=rest)


async def _able(
    tx: Transaction,
    subscription: Subscription,
    fits: Sequence[Opening],
    catalogue: Catalogue,
    now: datetime,
) -> list[Opening]:
    """Keep the openings that MTA may book for this subscription now.

    It reserves only while the citizen can open the city's mail, only with all details
    that the office demands, the same opening never twice, and no more for somebody who
    has let the city's mail lie again and again.
    """
    if not fits or now not in subscription.mail_hours:
        return []
    earlier = await tx.bookings.of(subscription.user)
    orphans = [b for b in earlier if b.orphan_until and b.orphan_until > now]
    mine = [b for b in earlier if b.subscription == subscription.id]
    unopened = [b for b in mine if b.state is BookingState.EXPIRED]
    if len(orphans) > MAX_ORPHANS or len(unopened) >= MAX_UNOPENED:
        return []
    contact = (await tx.users.get(subscription.user)).contact
    return [
        opening
        for opening in fits
        if not any(_tried(booking, opening) for booking in mine)
        and (terms := catalogue.office(opening.slot.office).terms)
        and not missing_details(terms, contact, subscription.answers)
    ]


def _tried(booking: Booking, opening: Opening) -> bool:
    """Whether a booking has had its try at this opening, or is to have it."""
    slots = {booking.slot, *booking.tried}
    return opening.slot in slots and booking.requested_at >= opening.first_seen
