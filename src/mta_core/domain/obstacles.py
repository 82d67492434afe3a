"""Why MTA does not book a slot that suits: the rules that protect everybody else.

It reserves only while the citizen can open the city's mail, only with all details that
the office demands, the same opening never twice, nothing beside a reservation whose
fate is unknown, and no more for somebody who has let the city's mail lie again and
again, or whose details the city has refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from mta_core.domain.accounts import Contact
from mta_core.domain.availability import Opening
from mta_core.domain.bookings import CHECK_OVER, Booking
from mta_core.domain.catalogue import Terms
from mta_core.domain.questions import missing_details
from mta_core.domain.subscriptions import Subscription

MAX_UNOPENED = 2
"""Who has not opened the city's mail this often is told of slots, no longer booked:
every reservation that lapses was one that somebody else needed."""

MAX_REFUSED = 2
"""So often may the city refuse what it was told before MTA stops trying."""


class Obstacle(Enum):
    """What stands in the way of a booking."""

    MAIL_HOURS = "mail hours"
    ORPHAN = "orphan"
    UNOPENED = "unopened"
    REFUSED = "refused"
    DETAILS = "details"
    TRIED = "tried"
    ONE_PER_MAIL = "one per mail"
    NO_TERMS = "no terms"


def obstacle_now(
    subscription: Subscription, earlier: Sequence[Booking], now: datetime
) -> Obstacle | None:
    """Say why nothing may be reserved for a subscription now, wherever it is.

    Args:
        earlier: all bookings of the citizen, whatever they were for.
    """
    if now not in subscription.mail_hours:
        return Obstacle.MAIL_HOURS
    # At most one reservation of unknown fate at a time: the next try might end so too.
    if any(b.orphan_until and b.orphan_until > now for b in earlier):
        return Obstacle.ORPHAN
    tries = [
        booking
        for booking in earlier
        if booking.subscription == subscription.id
        and booking.requested_at >= subscription.armed_at
    ]
    if sum(booking.unopened for booking in tries) >= MAX_UNOPENED:
        return Obstacle.UNOPENED
    if sum(booking.denied for booking in tries) >= MAX_REFUSED:
        return Obstacle.REFUSED
    return None


def obstacle_there(
    subscription: Subscription,
    opening: Opening,
    terms: Terms | None,
    contact: Contact | None,
    earlier: Sequence[Booking],
) -> Obstacle | None:
    """Say why this opening may not be reserved for a subscription."""
    if terms is None:
        return Obstacle.NO_TERMS
    if subscription.standing is not None and terms.per_mail == 1:
        # The city counts the appointment that stands: it would refuse a second one.
        return Obstacle.ONE_PER_MAIL
    if missing_details(terms, contact, subscription.answers):
        return Obstacle.DETAILS
    mine = (b for b in earlier if b.subscription == subscription.id)
    return Obstacle.TRIED if any(_tried(b, opening) for b in mine) else None


def _tried(booking: Booking, opening: Opening) -> bool:
    """Whether a booking has had its try at this opening, or is to have it.

    One for which the human check was over never had it.
    """
    slots = {booking.slot, *booking.tried}
    aimed = opening.slot in slots and booking.requested_at >= opening.first_seen
    return aimed and booking.reason != CHECK_OVER
