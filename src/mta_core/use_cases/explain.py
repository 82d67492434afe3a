"""Explain: why a slot that somebody hoped for did not become theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

import attrs

from mta_core.domain.accounts import Contact
from mta_core.domain.availability import Opening
from mta_core.domain.bookings import Booking
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.obstacles import Obstacle, obstacle_now, obstacle_there
from mta_core.domain.shifts import OWNER_ONLY, ShiftRules
from mta_core.domain.subscriptions import Mode, Subscription
from mta_core.domain.wishes import Misfit
from mta_core.ports.clock import Clock
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.change import own
from mta_core.use_cases.read_catalogue import last_known
from mta_core.use_cases.standing import standing

LOOK_BACK = timedelta(days=7)
MOST = 20


class Why(Enum):
    """What became of a slot, for one citizen."""

    TRIED = "MTA tried to book it for you"
    TOLD = "you were told of it"
    LATER = "it was gone before you began to wait"
    MISFIT = "it does not suit your wishes"
    NO_GAIN = "it is not early enough to replace your appointment"
    BUSY = "another booking of yours was under way"
    OBSTACLE = "MTA could not book it for you"
    RIVALS = "MTA booked it for somebody who comes first"
    WAVE = "people who wait longer were told first, and then it was gone"
    AWAY = "MTA was not looking for you just then"
    OPEN = "it is still being decided"


@attrs.frozen
class Explanation:
    """Why not me, for one opening.

    Attributes:
        misfit, obstacle: what exactly, where `why` says so.
        others: how many other citizens were told of it or had it tried for them.
        booking: the try that was made.
    """

    opening: Opening
    why: Why
    misfit: Misfit | None = None
    obstacle: Obstacle | None = None
    others: int = 0
    booking: Booking | None = None


@attrs.frozen
class _Facts:
    """What is known about the one who asks, and what is not: wishes as they are now."""

    wish: Subscription
    contact: Contact | None
    bookings: Sequence[Booking]
    catalogue: Catalogue


@attrs.frozen
class Explain:
    """Answer "why not me?" from what MTA has recorded."""

    store: UnitOfWork
    clock: Clock
    rules: ShiftRules = OWNER_ONLY

    async def __call__(
        self, subscription_id: UUID, user_id: UUID
    ) -> Sequence[Explanation]:
        """Explain the latest openings of a subscription's services, newest first.

        Wishes and contact data are judged as they are now, the rest as it was then.
        What another person's watch shift showed is nobody else's, unless shifts are
        shared.

        Raises:
            NotFound: this citizen has no such subscription.
        """
        since = self.clock.now() - LOOK_BACK
        async with self.store.snapshot() as tx:
            wish = await own(tx, subscription_id, user_id)
            facts = _Facts(
                wish,
                (await tx.users.get(user_id)).contact,
                await tx.bookings.of(user_id),
                await last_known(tx),
            )
            openings = await tx.openings.seen_since(wish.services, since, MOST)
            found = [await _explain(tx, opening, facts) for opening in openings]
        return [each for each in found if self.rules.shared or _open(each, facts)]


def _open(found: Explanation, facts: _Facts) -> bool:
    """Whether a citizen may know of an opening."""
    office = found.opening.slot.office
    checked = office in facts.catalogue.offices and facts.catalogue.is_checked(office)
    return not checked or found.why in {Why.TRIED, Why.TOLD}


async def _explain(tx: Transaction, opening: Opening, facts: _Facts) -> Explanation:
    wish, slot = facts.wish, opening.slot
    told = {user for user, _ in await tx.openings.told([opening.id])}
    rivals = await tx.bookings.rivals(slot, wish.user)
    known = Explanation(opening, Why.OPEN, others=max(len(told - {wish.user}), rivals))
    mine = [b for b in facts.bookings if _aimed(b, opening, wish)]
    if mine:
        return attrs.evolve(known, why=Why.TRIED, booking=mine[-1])
    if wish.user in told:
        return attrs.evolve(known, why=Why.TOLD)
    if wish.waiting_since > opening.last_seen:
        return attrs.evolve(known, why=Why.LATER)
    misfit = wish.wishes.misfit(slot, opening.first_seen)
    if misfit is not None:
        return attrs.evolve(known, why=Why.MISFIT, misfit=misfit)
    if not wish.gains(slot.start):
        return attrs.evolve(known, why=Why.NO_GAIN)
    return _passed_over(known, facts, rivals)


def _passed_over(known: Explanation, facts: _Facts, rivals: int) -> Explanation:
    """It suited, and yet: say what came in between."""
    opening, wish = known.opening, facts.wish
    if wish.mode is Mode.BOOK:
        kept = standing(facts.bookings, wish) if wish.standing else None
        others = (b for b in facts.bookings if b != kept)
        if any(_under_way(b, wish, opening.first_seen) for b in others):
            return attrs.evolve(known, why=Why.BUSY)
        obstacle = _obstacle(opening, facts)
        if obstacle is not None:
            return attrs.evolve(known, why=Why.OBSTACLE, obstacle=obstacle)
    if rivals:
        return attrs.evolve(known, why=Why.RIVALS)
    if opening.gone_at is None:
        return known
    return attrs.evolve(known, why=Why.WAVE if known.others else Why.AWAY)


def _obstacle(opening: Opening, facts: _Facts) -> Obstacle | None:
    office = facts.catalogue.offices.get(opening.slot.office)
    terms = office.terms if office else None
    wish, then = facts.wish, opening.first_seen
    earlier = [b for b in facts.bookings if b.requested_at <= then]
    return obstacle_now(wish, earlier, then) or obstacle_there(
        wish, opening, terms, facts.contact, earlier
    )


def _aimed(booking: Booking, opening: Opening, wish: Subscription) -> bool:
    slots = {booking.slot, *booking.tried}
    gone_at = opening.gone_at or booking.requested_at
    return (
        booking.subscription == wish.id
        and opening.slot in slots
        and opening.first_seen <= booking.requested_at <= gone_at
    )


def _under_way(booking: Booking, wish: Subscription, moment: datetime) -> bool:
    """Whether a booking for one of these services was alive at a moment."""
    same = not set(booking.slot.services.ids).isdisjoint(wish.services.ids)
    alive = booking.ended_at is None or booking.ended_at > moment
    return same and booking.requested_at <= moment and alive
