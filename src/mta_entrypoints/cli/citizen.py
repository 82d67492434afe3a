"""`mta subscribe`, `subscriptions`, `notifications`, `export`, `erase`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from mta_core.domain.accounts import Contact, Home, check_answer
from mta_core.domain.blindness import BlindReason, BlindSpot, blind_spots
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import InvalidValue
from mta_core.domain.subscriptions import Hours, Mode, Subscription
from mta_core.use_cases.subscribe import Subscribed, check_days
from mta_entrypoints.cli import output
from mta_entrypoints.cli.session import (
    CHANNEL,
    AsJson,
    Person,
    catalogue_of,
    citizen,
    session,
)
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
        output.as_json(_described(done.subscription, catalogue, spots))
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
        output.say(_blind_text(spot, catalogue))


async def subscriptions(*, person: Person = "me", json: AsJson = False) -> int:
    """Show what you wait for, since when, and where MTA is blind."""
    async with session() as container:
        user = await citizen(container, person)
        catalogue = await catalogue_of(container)
        async with container.store().snapshot() as tx:
            listed = await tx.subscriptions.of(user.id)
            known = await tx.sights.blind()
    shown = [(s, blind_spots(s, catalogue, known) if s.active else ()) for s in listed]
    if json:
        output.as_json([_described(s, catalogue, spots) for s, spots in shown])
        return 0
    output.table(
        ("id", "service", "mode", "state", "since", "blind"),
        (
            (
                output.short(s.id),
                catalogue.name_of(s.services),
                s.mode.value,
                s.state.value,
                output.when(s.waiting_since),
                "\n".join(_blind_text(spot, catalogue) for spot in spots),
            )
            for s, spots in shown
        ),
        none="You wait for nothing.",
    )
    return 0


def _described(
    subscription: Subscription, catalogue: Catalogue, spots: tuple[BlindSpot, ...]
) -> dict[str, Any]:
    return {
        "id": subscription.id,
        "services": str(subscription.services),
        "name": catalogue.name_of(subscription.services),
        "mode": subscription.mode.value,
        "state": subscription.state.value,
        "waitingSince": subscription.waiting_since,
        "mailHours": str(subscription.mail_hours),
        "blind": [
            {
                "reason": spot.reason.value,
                "offices": sorted(spot.offices),
                "since": spot.since,
                "text": _blind_text(spot, catalogue),
            }
            for spot in spots
        ],
    }


def _blind_text(spot: BlindSpot, catalogue: Catalogue) -> str:
    names = sorted({catalogue.office(office).name for office in spot.offices})
    where = ", ".join(names)
    if spot.reason is BlindReason.CHECK_NEEDED and spot.since is None:
        return (
            f"Not watched: {where}. The city asks for a human check there, which only "
            "a person may do."
        )
    if not spot.offices:
        return "Not watched: no office that suits you offers this (any more)."
    since = f" since {output.when(spot.since)}" if spot.since else ""
    return f"Blind{since} ({spot.reason.value}): {where}. {spot.detail}".rstrip()


async def notifications(*, person: Person = "me", json: AsJson = False) -> int:
    """Show your messages and whether they have reached you."""
    async with session() as container:
        user = await citizen(container, person)
        wording = container.wording()
        async with container.store().snapshot() as tx:
            listed = await tx.notifications.of(user.id, 50)
    texts = {notice.id: wording(notice, user.language) for notice in listed}
    if json:
        output.as_json(
            [
                {
                    "id": notice.id,
                    "kind": notice.kind.value,
                    "state": notice.state.value,
                    "createdAt": notice.created_at,
                    "dueAt": notice.due_at,
                    "deliveredAt": notice.delivered_at,
                    "attempts": notice.attempts,
                    "reason": notice.reason,
                    "title": texts[notice.id].title,
                    "body": texts[notice.id].body,
                }
                for notice in listed
            ]
        )
        return 0
    output.table(
        ("when", "state", "message"),
        (
            (
                output.when(notice.delivered_at or notice.created_at),
                notice.state.value,
                f"{texts[notice.id].title}\n{texts[notice.id].body}",
            )
            for notice in listed
        ),
        none="There are no messages.",
    )
    return 0


async def export(*, person: Person = "me", output_file: Path | None = None) -> int:
    """Hand out everything that MTA stores about you, as JSON.

    Parameters
    ----------
    output_file
        Write to this file, readable by you alone, instead of the terminal.
    """
    async with session() as container:
        user = await citizen(container, person)
        everything = await container.export()(user.id)
    if output_file is None:
        output.as_json(everything)
        return 0
    try:
        handle = os.open(output_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidValue(f"{output_file} cannot be made: {error.strerror}.") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(output.to_json(everything))
    return 0


async def erase(
    *, yes: Annotated[bool, Parameter(negative="")] = False, person: Person = "me"
) -> int:
    """Delete everything that MTA stores about you. It cannot be undone.

    Slots that are held but not yet confirmed are given back; confirmed appointments
    stay yours with the city.

    Parameters
    ----------
    yes
        Do not ask again.
    """
    async with session() as container:
        user = await citizen(container, person)
        if not yes and not _agreed():
            raise InvalidValue(
                "Nothing was deleted. To delete without being asked: --yes."
            )
        with output.progress("Giving back what is held, then deleting …"):
            done = await container.erase()(user.id)
    output.say("Everything about you is deleted.")
    if done.released:
        output.say(f"{done.released} slot(s) held for you were given back.")
    if done.kept_by_city:
        output.say(
            f"{done.kept_by_city} confirmed appointment(s) stay with the city; its mail "
            "tells how to cancel."
        )
    return 0


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    try:
        answer = input("Delete everything that MTA stores about you? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in {"y", "yes", "j", "ja"}
