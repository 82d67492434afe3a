"""`mta bookings opened` and `mta bookings no-mail`: the city's mail."""

from __future__ import annotations

from mta_core.domain.bookings import BookingState
from mta_entrypoints.cli import output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.session import AsJson, Person, Which, one_booking, session

_S = BookingState


async def opened(
    booking: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Say that you opened the link in the city's mail: MTA looks at once.

    Parameters
    ----------
    booking
        The booking's id or the end of it; not needed if only one waits for its mail.
    """
    deal = await _look(booking, person)
    if not json and deal.booking.state is _S.PRECONFIRMED:
        output.say(f"Not confirmed yet, says the city. {deal.to_do()}")
    return _end(deal, json)


async def no_mail(
    booking: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Say that the city's mail has not come: MTA looks at once, and tells what to do.

    Parameters
    ----------
    booking
        The booking's id or the end of it; not needed if only one waits for its mail.
    """
    deal = await _look(booking, person)
    if not json and deal.booking.state is _S.PRECONFIRMED:
        output.say("The city holds it for you, and waits for you to open its mail.")
        for line in _advice(deal):
            output.say(f"- {line}")
    return _end(deal, json)


async def _look(text: str, person: str) -> Deal:
    """Let MTA look what the city says of a booking that waits for its mail."""
    async with session() as container:
        deal = await one_booking(
            container,
            person,
            text,
            [_S.PRECONFIRMED],
            none="No booking of yours waits for its mail.",
        )
        if deal.booking.state is _S.CONFIRMED:  # MTA has seen it by itself
            return deal
        with output.progress("Asking the city …"):
            after = await container.follow_up().opened(
                deal.booking.id, deal.booking.user
            )
        return deal.now(after)


def _advice(deal: Deal) -> list[str]:
    lapses = deal.deadline()
    give_back = (
        "If you do not want it any more, `mta bookings release` gives it back at once."
    )
    if not deal.sender:
        return [
            "This office names no sender, so the city sends no mail for it. Without "
            f"one it cannot be confirmed; it lapses by itself at {lapses}.",
            give_back,
        ]
    return [
        f"The mail comes from {deal.sender}. Look in spam, too.",
        "It leaves the city within a few minutes of the reservation.",
        f"Its link works until {lapses}; after that the slot goes to somebody else.",
        "`mta export` shows the address that it went to.",
        give_back,
    ]


def _end(deal: Deal, json: bool) -> int:
    state = deal.booking.state
    if json:
        output.as_json(deal.described())
    elif state is _S.CONFIRMED:
        number = deal.booking.display_number
        output.say(f"Confirmed: {deal.when()}, {deal.where()}, number {number}.")
    elif state is not _S.PRECONFIRMED:
        output.say(f"The city says: {state.value}. {deal.why()}".rstrip())
    return 0 if state is _S.CONFIRMED else 1
