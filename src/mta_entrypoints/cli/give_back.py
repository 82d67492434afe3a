"""`mta bookings release` and `mta bookings cancel`: so that somebody else gets it."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from mta_core.domain.bookings import BookingState
from mta_core.domain.errors import InvalidValue
from mta_entrypoints.cli import asking, output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.session import AsJson, Person, Which, one_booking, session

_S = BookingState
_HELD = (_S.REQUESTED, _S.RESERVING, _S.RESERVED, _S.DETAILED, _S.PRECONFIRMED)


async def release(
    booking: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Give back what is held for you and not confirmed yet, at once.

    Parameters
    ----------
    booking
        The booking's id or the end of it; not needed if only one is under way.
    """
    async with session() as container:
        deal = await one_booking(
            container, person, booking, _HELD, none="Nothing is held for you."
        )
        if deal.booking.state is _S.CONFIRMED:
            raise InvalidValue(
                "This appointment is confirmed. To cancel it: mta bookings cancel "
                f"{output.short(deal.booking.id)}."
            )
        after = await _give_back(container, deal)
    return _end(after, json)


async def cancel(
    booking: Which = "",
    /,
    *,
    yes: Annotated[bool, Parameter(negative="")] = False,
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Cancel a confirmed appointment, so that somebody else gets it.

    Parameters
    ----------
    booking
        The booking's id or the end of it; not needed if you have only one.
    yes
        Do not ask again.
    """
    async with session() as container:
        deal = await one_booking(
            container,
            person,
            booking,
            [_S.CONFIRMED],
            none="You have no confirmed appointment.",
        )
        if deal.booking.state in _HELD:
            raise InvalidValue(
                "This booking is not confirmed yet. To give it back: mta bookings "
                f"release {output.short(deal.booking.id)}."
            )
        if not deal.booking.ended:
            asking.agreed(
                f"Cancel your appointment on {deal.when()}, {deal.where()}, so that "
                "somebody else gets it?",
                yes=yes,
                otherwise="Nothing was cancelled. To cancel without being asked: --yes.",
            )
        after = await _give_back(container, deal)
    return _end(after, json)


async def _give_back(container: CliContainer, deal: Deal) -> Deal:
    """Give it back. Raises `IllegalTransition` if it has ended already."""
    with output.progress("Giving it back to the city …"):
        after = await container.release()(deal.booking.id, deal.booking.user)
    return deal.now(after)


def _end(deal: Deal, json: bool) -> int:
    if json:
        output.as_json(deal.described())
    else:
        output.say(deal.given_back())
        if deal.booking.state is _S.CANCELLED:
            output.say("If you still need an appointment, `mta resume` looks again.")
    return 0 if deal.booking.ended else 1
