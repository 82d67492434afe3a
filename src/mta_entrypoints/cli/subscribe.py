"""`mta subscribe`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from mta_core.domain.accounts import Home, User
from mta_core.domain.catalogue import Catalogue, ServiceSet
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import MAIL_HOURS, Mode
from mta_core.use_cases.subscribe import check_days
from mta_entrypoints.cli import output
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.details import Answers, Offices
from mta_entrypoints.cli.options import Options, services_of
from mta_entrypoints.cli.questions import complete, said
from mta_entrypoints.cli.session import (
    CHANNEL,
    AsJson,
    Person,
    catalogue_of,
    session,
)
from mta_entrypoints.cli.subscriptions import reread, say_all
from mta_entrypoints.cli.wish_words import Wish

CONSENT = "console-1"
"""The version of the wording below; a new wording asks for a new consent."""

PRIVACY = (
    "MTA keeps your wishes and contact data on this machine, sealed, and gives them to "
    "the city only when it books for you. `mta export` shows all of it, `mta erase` "
    "deletes all of it."
)


async def subscribe(
    *words: str,
    service: Annotated[list[str] | None, Parameter(negative="")] = None,
    persons: int | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
    person: Person = "me",
    json: AsJson = False,
) -> int:
    """Wait for an appointment: be told of free slots, or have one booked.

    Parameters
    ----------
    words
        The service: its id (see `mta services`) or words of its name, with a number as
        in 1063453x2. Several make one combined appointment.
    service
        Another way to name it.
    persons
        For how many.
    """
    wishes = options.wishes()
    mode = options.mode or Mode.TELL
    gain, reachable = options.gain(mode), options.reachable()
    async with session() as container:
        catalogue = await catalogue_of(container)
        wanted = services_of(words, service, persons, catalogue)
        # All of it is checked before anything is stored.
        able = catalogue.check_orderable(wanted, wishes.offices)
        check_days(wishes, container.clock().now())
        known = await _stranger_to(container, person, wanted, catalogue)
        answers = _answers(options, Offices(catalogue, able), known, mode)
        user = await container.register()(
            Home(CHANNEL, person), agreed_to=CONSENT, contact=answers.to_contact()
        )
        done = await container.subscribe()(
            user.id,
            catalogue,
            wanted,
            wishes=wishes,
            mode=mode,
            mail_hours=reachable or MAIL_HOURS,
            answers=answers.own,
            earlier_by=gain or None,
        )
        wish = await reread(container, user, done.subscription, catalogue)
    if json:
        output.as_json(wish.described())
    else:
        _confirm(wish)
    return 0


def _answers(
    options: Options, offices: Offices, known: User | None, mode: Mode
) -> Answers:
    """Read what the city is to be told, or ask for it; say before what MTA keeps."""
    answers = said(options, offices, known.contact if known else None, {})
    if known is None or known.consent.wording != CONSENT:
        output.note(PRIVACY)
    return complete(answers, offices) if mode is Mode.BOOK else answers


async def _stranger_to(
    container: CliContainer, person: str, wanted: ServiceSet, catalogue: Catalogue
) -> User | None:
    """Return the citizen, if they are known. Raises `InvalidValue` if they wait."""
    async with container.store().snapshot() as tx:
        user = await tx.users.at(Home(CHANNEL, person))
        for wish in await tx.subscriptions.of(user.id) if user else ():
            if wish.waits and wish.services == wanted:
                raise InvalidValue(
                    f"You already wait for {catalogue.name_of(wanted)}. To wish for "
                    f"something else: mta change {output.short(wish.id)}."
                )
    return user


def _confirm(wish: Wish) -> None:
    output.say(f"Subscription {output.short(wish.subscription.id)} is taken down.")
    say_all(wish)
    output.note("MTA looks for it as long as `mta up` runs.")
