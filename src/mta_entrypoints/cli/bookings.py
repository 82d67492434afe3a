"""`mta bookings` and `mta bookings opened`."""

from __future__ import annotations

from typing import Any

from cyclopts import App

from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import NotFound
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import (
    AsJson,
    Person,
    catalogue_of,
    citizen,
    pick,
    session,
)

bookings = App(
    name="bookings", help="Show your bookings; say that you opened the mail."
)


@bookings.default
async def show(*, person: Person = "me", json: AsJson = False) -> int:
    """Show what MTA has booked for you, or tries to."""
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            listed = await tx.bookings.of(user.id)
    if json:
        output.as_json([_described(booking, catalogue) for booking in listed])
        return 0
    output.table(
        ("id", "state", "appointment", "office", "number", "to do"),
        (
            (
                output.short(booking.id),
                booking.state.value,
                output.when(booking.slot.start),
                _office(booking, catalogue),
                booking.display_number,
                _to_do(booking),
            )
            for booking in listed
        ),
        none="There are no bookings.",
    )
    return 0


@bookings.command
async def opened(
    booking: str = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Say that you opened the link in the city's mail: MTA looks at once.

    Parameters
    ----------
    booking
        The booking's id or the end of it; not needed if only one waits for its mail.
    """
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            listed = await tx.bookings.of(user.id)
        if not booking:
            listed = [b for b in listed if b.state is BookingState.PRECONFIRMED]
            if not listed:
                raise NotFound("No booking of yours waits for its mail.")
        chosen = pick(listed, booking, "booking")
        with output.progress("Asking the city …"):
            after = await container.follow_up().opened(chosen, user.id)
    if json:
        output.as_json(_described(after, catalogue))
    elif after.state is BookingState.CONFIRMED:
        output.say(
            f"Confirmed: {output.when(after.slot.start)}, {_office(after, catalogue)}, "
            f"number {after.display_number}."
        )
    else:
        output.say(f"The city says: {after.state.value}. {_to_do(after)}".rstrip())
    return 0 if after.state is BookingState.CONFIRMED else 1


def _office(booking: Booking, catalogue: Catalogue) -> str:
    office = catalogue.offices.get(booking.slot.office)
    return office.name if office else str(booking.slot.office)


def _to_do(booking: Booking) -> str:
    if booking.state is BookingState.PRECONFIRMED:
        return f"Open the city's mail by {output.when(booking.open_by)}."
    return booking.reason


def _described(booking: Booking, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "id": booking.id,
        "subscription": booking.subscription,
        "state": booking.state.value,
        "services": str(booking.slot.services),
        "start": booking.slot.start,
        "officeId": booking.slot.office,
        "office": _office(booking, catalogue),
        "number": booking.display_number,
        "processId": booking.held.process_id if booking.held else None,
        "requestedAt": booking.requested_at,
        "reservedAt": booking.reserved_at,
        "openMailBy": booking.open_by,
        "reason": booking.reason,
    }
