"""The appointment that stands, and what it means for the wait."""

from __future__ import annotations

from collections.abc import Iterable

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.subscriptions import Subscription
from mta_core.ports.repository import Transaction


def stands(booking: Booking) -> bool:
    """Whether this is a confirmed appointment that is to be kept."""
    return booking.state is BookingState.CONFIRMED and not booking.release


def standing(bookings: Iterable[Booking], wish: Subscription) -> Booking | None:
    """Find the appointment that a citizen has for a wish: the earliest that stands."""
    mine = (b for b in bookings if b.subscription == wish.id and stands(b))
    return min(mine, key=lambda booking: booking.slot.start, default=None)


async def settle(
    tx: Transaction, wish: Subscription, catalogue: Catalogue
) -> Subscription:
    """Bring a wish in line with the appointment that stands, and return it as saved.

    With one the wait is over, or goes on for an earlier one; without one any that suits
    is a gain again. A wish that has ended is left alone.
    """
    if not wish.waits:
        return wish
    booking = standing(await tx.bookings.of_subscription(wish.id), wish)
    if booking is None:
        settled = wish.let_go()
    elif _goes_on(wish, booking, catalogue):
        settled = wish.hold(booking.slot.start)
    else:
        settled = wish.fulfil()
    return wish if settled == wish else await tx.subscriptions.save(settled)


def _goes_on(wish: Subscription, booking: Booking, catalogue: Catalogue) -> bool:
    """Whether MTA looks for something earlier still.

    Not where the office allows one appointment per mail address: the city would refuse
    the second one (contract 4).
    """
    office = catalogue.offices.get(booking.slot.office)
    one_per_mail = bool(office and office.terms and office.terms.per_mail == 1)
    return wish.earlier_by is not None and not one_per_mail
