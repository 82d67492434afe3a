"""`mta bookings calendar`: an appointment for the citizen's own calendar."""

from __future__ import annotations

import sys
from pathlib import Path

from mta_core.domain.bookings import BookingState
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import AsJson, Person, Which, one_booking, session


async def calendar(
    booking: Which = "",
    /,
    *,
    output_file: Path | None = None,
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Write an appointment as a calendar file (.ics).

    Parameters
    ----------
    booking
        The booking's id or the end of it; not needed if you have one confirmed
        appointment.
    output_file
        Write to this file, readable by you alone, instead of the terminal.
    """
    async with session() as container:
        deal = await one_booking(
            container,
            person,
            booking,
            [BookingState.CONFIRMED],
            none="You have no confirmed appointment.",
        )
        written = container.write_calendar()(
            deal.booking, deal.catalogue, now=container.clock().now()
        )
    if output_file is not None:
        output.write_private(output_file, written)
        if not json:
            output.say(f"{output_file} is written: open it with your calendar.")
    if json:
        output.as_json({"id": deal.booking.id, "calendar": written.decode()})
    elif output_file is None:
        sys.stdout.write(written.decode())
    return 0
