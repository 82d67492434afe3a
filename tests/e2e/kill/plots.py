"""The plots: when each begins, what citizens do in it, and when it is over."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from mta_core.domain.bookings import Booking, BookingState, Lane
from mta_core.domain.notifications import DeliveryState
from mta_core.domain.subscriptions import SubscriptionState
from tests.e2e.kill.books import Books
from tests.e2e.kill.plans import Plot
from tests.e2e.kill.quiet import at_rest
from tests.e2e.kill.stage import LATE

AT_ONCE = {Plot.BOOK, Plot.CHANGE_MIND, Plot.FORGET}
"""Plots that begin with the first opening; others when an appointment is held."""

DEEDS = {Plot.CHANGE_MIND, Plot.GIVE_BACK, Plot.CANCEL, Plot.ERASE}
"""Plots in which a citizen gives a command."""

UNOPENED = {Plot.CHANGE_MIND, Plot.FORGET, Plot.GIVE_BACK, Plot.ERASE}
"""Plots in which nobody opens a mail."""

_MOST_TRIES = 3


def wanted(plot: Plot, books: Books) -> bool:
    """Whether the plot can begin: what it is about is there, and all is calm."""
    if plot in {Plot.GIVE_BACK, Plot.ERASE}:
        return _calm(books) and _in(books, BookingState.PRECONFIRMED)
    return at_rest(books) and _in(books, BookingState.CONFIRMED)


def act(
    plot: Plot, books: Books, acts: Counter[Any]
) -> tuple[str, *tuple[UUID, ...]] | None:
    """Return what a citizen does now: a command and its words; None is nothing.

    Who has been cut off tries again. *acts*: how often they have.
    """
    if plot not in DEEDS or acts[plot] >= _MOST_TRIES:
        return None
    for booking in books.ours.bookings:
        if plot is Plot.ERASE:
            return "erase", booking.user
        begun = booking.pending or booking.held
        if begun and not booking.ended and not booking.release:
            return "release", booking.id, booking.user
    return None


def done(plot: Plot, books: Books) -> bool:
    """Whether everybody has what they wanted."""
    ours, live = books.ours, [b for b in books.ours.bookings if not b.ended]
    match plot:
        case Plot.BOOK:
            states = {wish.state for wish in ours.subscriptions}
            return states == {SubscriptionState.FULFILLED}
        case Plot.SWAP:
            return len(live) == 1 and _swapped(live[0])
        case Plot.ERASE:
            return ours.forgotten
        case Plot.DAY:
            return all(b.state is BookingState.PAST for b in ours.bookings)
        case _:
            return bool(ours.bookings) and not live


def _swapped(booking: Booking) -> bool:
    confirmed = booking.state is BookingState.CONFIRMED
    return confirmed and booking.lane is Lane.MAIN and booking.slot.start < LATE


def _in(books: Books, state: BookingState) -> bool:
    return all(b.state is state for b in books.ours.bookings) and bool(
        books.ours.bookings
    )


def _calm(books: Books) -> bool:
    """Whether no message is on its way."""
    return not any(
        note.state is DeliveryState.SENDING or (note.due_at and note.due_at <= books.at)
        for note in books.ours.notifications
    )
