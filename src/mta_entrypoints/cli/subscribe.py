"""`mta subscribe`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from mta_core.domain.accounts import Contact, Home, check_answer
from mta_core.domain.blindness import BlindSpot, blind_spots
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.subscriptions import Hours, Mode
from mta_core.use_cases.subscribe import Subscribed, check_days
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import CHANNEL, AsJson, Person, catalogue_of, session
from mta_entrypoints.cli.subscriptions import blind_text, described
from mta_entrypoints.cli.wishes import read_services, read_wishes

CONSENT = "console-1"
"""The version of the wording below; a new wording asks for a new consent."""

PRIVACY = (
    "MTA keeps your wishes and contact data on this machine, sealed, and gives them to "
    "the city only when it books for you. `mta export` shows all of it, `mta erase` "
    "deletes all of it."
)


async def subscribe(
    *,
    service: Annotated[list[str], Parameter(negative="")],
    mode: Mode = Mode.TELL,
    office: Annotated[list[int] | None, Parameter(negative="")] = None,
    days: Annotated[list[str] | None, Parameter(negative="")] = None,
    without: Annotated[list[str] | None, Parameter(negative="")] = None,
    weekdays: str = "",
    hours: str = "",
    notice: str = "2h",
    mail_hours: str = "7-22",
    name: str = "",
    email: str = "",
    telephone: str = "",
    custom: str = "",
    custom2: str = "",
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Wait for an appointment: be told of free slots, or have one booked.

    Parameters
    ----------
    service
        A service's id (see `mta services`), with a count as in 1063453x2. Several make
        one combined appointment.
    mode
        tell: you get a message. book: MTA books the first slot that suits.
    office
        Only these offices; all by default.
    days
        A day or a span, as in 2026-12-01..2026-12-19; several are allowed.
    without
        A day that does not suit.
    weekdays
        As in mon,wed,fri.
    hours
        When the appointment may start, as in 8:30-12.
    notice
        The least time you need to get there, as in 2h.
    mail_hours
        When you can open the city's mail: MTA books only then.
    name
        For the city, with book mode.
    email
        The city sends its confirmation there.
    custom
        The answer to an office's own question, where it has one.
    """
    wishes = read_wishes(
        offices=office or [],
        days=days or [],
        without=without or [],
        weekdays=weekdays,
        hours=hours,
        notice=notice,
    )
    wanted = read_services(service)
    contact = Contact(name, email, telephone) if name or email or telephone else None
    answers = {"custom": check_answer(custom), "custom2": check_answer(custom2)}
    reachable = Hours.parse(mail_hours)
    async with session() as container:
        catalogue = await catalogue_of(container)
        # All of it is checked before anything is stored.
        catalogue.check_orderable(wanted, wishes.offices)
        check_days(wishes, container.clock().now())
        output.note(PRIVACY)
        user = await container.register()(
            Home(CHANNEL, person), agreed_to=CONSENT, contact=contact
        )
        done = await container.subscribe()(
            user.id,
            catalogue,
            wanted,
            wishes=wishes,
            mode=mode,
            mail_hours=reachable,
            answers={field: text for field, text in answers.items() if text},
        )
        spots = blind_spots(done.subscription, catalogue, ())
    if json:
        output.as_json(described(done.subscription, catalogue, spots))
    else:
        _confirm(done, catalogue, spots)
    return 0


def _confirm(
    done: Subscribed, catalogue: Catalogue, spots: tuple[BlindSpot, ...]
) -> None:
    subscription = done.subscription
    verb = "books" if subscription.mode is Mode.BOOK else "tells you of"
    output.say(
        f"Subscription {output.short(subscription.id)}: MTA watches "
        f"{len(done.watched)} office(s) and {verb} what suits: "
        f"{catalogue.name_of(subscription.services)}."
    )
    for office, labels in sorted(done.missing.items()):
        output.say(
            f"At {catalogue.office(office).name} MTA can only tell you, since the city "
            f"also asks for: {', '.join(labels)}."
        )
    for spot in spots:
        output.say(blind_text(spot, catalogue))
