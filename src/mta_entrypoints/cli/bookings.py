"""`mta bookings`: what is booked, what is to be done, and why something was not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cyclopts import App, Parameter

from mta_core.domain.bookings import Booking
from mta_core.domain.calls import CallRecord
from mta_entrypoints.cli import output
from mta_entrypoints.cli.booking_words import Deal, described_call
from mta_entrypoints.cli.explain import explain
from mta_entrypoints.cli.session import (
    AsJson,
    Person,
    Which,
    catalogue_of,
    citizen,
    deal_of,
    pick,
    session,
)

bookings = App(name="bookings", help="Show your bookings, and what to do with them.")
for path, text in (
    ("mail:opened", "Say that you opened the city's mail: MTA looks at once."),
    ("mail:no-mail", "Say that no mail has come: MTA looks, and tells what to do."),
    ("give_back:release", "Give back what is held and not confirmed yet."),
    ("give_back:cancel", "Cancel a confirmed appointment: somebody else gets it."),
    ("calendar:calendar", "Write an appointment as a calendar file (.ics)."),
):
    module, _, name = path.partition(":")
    function = name.replace("-", "_")
    bookings.command(f"mta_entrypoints.cli.{module}:{function}", name=name, help=text)


@bookings.default
async def show(
    record: Which = "",
    /,
    *,
    why: Annotated[bool, Parameter(negative="")] = False,
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Show what MTA has booked for you, or tries to.

    Parameters
    ----------
    record
        The id of a booking, or the end of it, to see all about it; with --why, of a
        subscription.
    why
        Tell for the latest openings why none of them became yours.
    """
    if why:
        return await explain(record, person, json)
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            listed = await tx.bookings.of(user.id)
            deals = [deal_of(container, booking, catalogue) for booking in listed]
            if record:
                chosen = pick(listed, record, "booking")
                [deal] = [d for d in deals if d.booking.id == chosen]
                return _show_one(deal, await tx.bookings.calls(chosen), json)
    if json:
        output.as_json([deal.described() for deal in deals])
        return 0
    output.table(
        ("id", "state", "appointment", "office", "number", "to do"),
        map(_row, deals),
        none="There are no bookings.",
    )
    return 0


def _row(deal: Deal) -> tuple[str, ...]:
    booking: Booking = deal.booking
    return (
        output.short(booking.id),
        booking.state.value,
        deal.when(),
        deal.where(),
        booking.display_number,
        deal.why() if booking.ended else deal.to_do(),
    )


def _show_one(deal: Deal, calls: Sequence[CallRecord], json: bool) -> int:
    if json:
        output.as_json({**deal.described(), "calls": list(map(described_call, calls))})
        return 0
    output.say(f"Booking {output.short(deal.booking.id)}")
    output.facts(deal.facts())
    output.say("What happened:")
    output.facts(deal.timeline(calls))
    return 0
