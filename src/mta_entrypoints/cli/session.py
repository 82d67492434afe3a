"""One command's work: settings, an open container, and the citizen it speaks for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar
from uuid import UUID

from cyclopts import Parameter

from mta_core.domain.accounts import Home, User
from mta_core.domain.bookings import Booking, BookingState
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import InvalidValue, NotFound
from mta_core.domain.notifications import Notification
from mta_core.domain.rota import Turn
from mta_core.domain.subscriptions import Subscription
from mta_entrypoints import folder, logs, settings
from mta_entrypoints.cli import output
from mta_entrypoints.cli.booking_words import Deal
from mta_entrypoints.cli.container import CliContainer, build
from mta_entrypoints.container import opened

CHANNEL = "console"

Person = Annotated[
    str,
    Parameter(
        name="--as", help="Whose wishes: one installation may serve a household."
    ),
]
Which = Annotated[str, Parameter(show_default=False)]
"""An id, or the end of one."""
AsJson = Annotated[
    bool, Parameter(name="--json", negative="", help="Print JSON for programs.")
]
_Record = TypeVar("_Record", Subscription, Booking, Notification, Turn)


@asynccontextmanager
async def session() -> AsyncIterator[CliContainer]:
    """Open the parts on the data folder that the settings name."""
    present = settings.load()
    logs.set_up(present.log_level)
    folder.ensure(present.data_dir)
    container = build(present)
    async with opened(container):
        yield container


async def catalogue_of(container: CliContainer) -> Catalogue:
    """Return the catalogue, asking the city if none is at hand. Raises `SiteError`."""
    with output.progress("Reading what the city offers …"):
        return await container.read_catalogue()()


async def citizen(container: CliContainer, person: str) -> User:
    """Find the citizen. Raises `NotFound` with what to do."""
    async with container.store().snapshot() as tx:
        user = await tx.users.at(Home(CHANNEL, person))
    if user is None:
        raise NotFound(f"Nobody is known as {person!r} here: start with mta subscribe.")
    return user


def deal_of(container: CliContainer, booking: Booking, catalogue: Catalogue) -> Deal:
    """Put a booking together with the names of what it is about."""
    return Deal(booking, catalogue, container.say_reason())


async def one_booking(
    container: CliContainer,
    person: str,
    text: str,
    states: Collection[BookingState],
    *,
    none: str,
) -> Deal:
    """Find a citizen's booking; unnamed, the only one in these states.

    Raises:
        NotFound, InvalidValue: none, or more than one, fits. *none* says so.
    """
    user = await citizen(container, person)
    catalogue = await catalogue_of(container)
    async with container.store().snapshot() as tx:
        listed = await tx.bookings.of(user.id)
    likely = listed if text else [b for b in listed if b.state in states]
    if not likely and not text:
        raise NotFound(none)
    chosen = pick(likely, text, "booking")
    booking = next(booking for booking in listed if booking.id == chosen)
    return deal_of(container, booking, catalogue)


def pick(records: Sequence[_Record], text: str, what: str) -> UUID:
    """Find a record by its id or the end of it; without, the only one there is.

    Raises:
        NotFound, InvalidValue: none, or more than one, fits.
    """
    wanted = text.replace("-", "").lower()
    found = [record.id for record in records if record.id.hex.endswith(wanted)]
    if not found:
        raise NotFound(f"There is no {what} {text}".rstrip() + ".")
    if len(found) > 1 and not text:
        ids = ", ".join(output.short(record) for record in found)
        raise InvalidValue(f"Which of your {len(found)} {what}s? Give its id: {ids}.")
    if len(found) > 1:
        raise InvalidValue(
            f"{text} fits {len(found)} of your {what}s: give more of it."
        )
    return found[0]
