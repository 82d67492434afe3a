"""`mta channels`: where else messages go, beside the inbox that everybody has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
from cyclopts import App

from mta_core.domain.accounts import Home, User
from mta_core.domain.errors import (
    DeliveryFailed,
    InvalidValue,
    NotFound,
    RecipientGone,
)
from mta_core.domain.notifications import TAKEN, Kind, Notification
from mta_core.ports.notifier import Notifier
from mta_entrypoints.cli import asking, output
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.session import AsJson, Person, Which, citizen, session

APPRISE = "apprise"
INBOX = "inbox"
NOT_DONE = 1

PRIVACY = (
    "From now on your messages go there, too: service, office, times and your number, "
    "never your name or address. The address itself is kept sealed."
)

channels = App(name="channels", help="Say where else you want to be reached; try it.")


@attrs.frozen
class Channel:
    """One way to a citizen, with a name that tells no secret.

    Attributes:
        number: counts the further ones from 1; the inbox is 0.
    """

    number: int
    name: str
    home: Home

    def described(self) -> dict[str, Any]:
        """Describe it for programs."""
        return {"number": self.number, "name": self.name, "key": self.home.key}


def channels_of(container: CliContainer, user: User) -> list[Channel]:
    """List all ways to a citizen, their inbox first."""
    further = [
        Channel(number, container.name_of()(home.address), home)
        for number, home in enumerate(user.channels, 1)
    ]
    return [Channel(0, INBOX, user.home), *further]


@channels.default
async def show(*, person: Person = "me", json: AsJson = False) -> int:
    """Show where your messages go."""
    async with session() as container:
        user = await citizen(container, person)
        listed = channels_of(container, user)
    if json:
        output.as_json([channel.described() for channel in listed])
        return 0
    output.table(
        ("number", "channel", "what it is"),
        (
            (
                str(channel.number) if channel.number else "",
                channel.name,
                (
                    ""
                    if channel.number
                    else "`mta notifications`, and where `mta up` runs"
                ),
            )
            for channel in listed
        ),
    )
    return 0


@channels.command
async def add(
    url: Which = "", /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Have messages sent elsewhere, too.

    Parameters
    ----------
    url
        An Apprise URL, as in ntfys://ntfy.example.org/topic or
        mailtos://user:password@example.org?to=you@example.org. Left out, MTA asks for
        it, so that it stays out of your shell's history.
    """
    async with session() as container:
        user = await citizen(container, person)
        check = container.check_address()
        home = Home(APPRISE, check(url or _asked(check)))
        if home in user.channels:
            raise InvalidValue("Your messages go there already.")
        user = await container.register().reach(user.id, [*user.channels, home])
        channel = channels_of(container, user)[-1]
    output.note(PRIVACY)
    if json:
        output.as_json(channel.described())
    else:
        output.say(f"{channel.name} is added. Try it: mta channels test.")
    return 0


@channels.command
async def remove(
    channel: str, /, *, person: Person = "me", json: AsJson = False
) -> int:
    """Send no more messages to one of the further channels.

    Parameters
    ----------
    channel
        Its number or name, as `mta channels` shows them.
    """
    async with session() as container:
        user = await citizen(container, person)
        gone = _chosen(channels_of(container, user), channel)
        left = [home for home in user.channels if home != gone.home]
        await container.register().reach(user.id, left)
    if json:
        output.as_json(gone.described())
    else:
        output.say(f"{gone.name} is removed: no more messages go there.")
    return 0


@channels.command(name="test")
async def try_out(*, person: Person = "me", json: AsJson = False) -> int:
    """Send a test message by every channel, and show what came of it."""
    async with session() as container:
        user = await citizen(container, person)
        note = _sample(container, user)
        outcomes = []
        for channel in channels_of(container, user):
            with output.progress(f"Sending to {channel.name} …"):
                what = await _try(container, channel, note, user.language)
            outcomes.append((channel, what))
    if json:
        output.as_json(
            [
                {**channel.described(), "taken": what == TAKEN, "outcome": what}
                for channel, what in outcomes
            ]
        )
    else:
        output.table(
            ("channel", "what came of it"), ((c.name, what) for c, what in outcomes)
        )
    return 0 if all(what == TAKEN for _, what in outcomes) else NOT_DONE


def _asked(check: Callable[[str], str]) -> str:
    """Ask for an address at the terminal. Raises `InvalidValue` if there is none."""
    if not asking.somebody_is_there():
        raise InvalidValue(
            "Which address? Give an Apprise URL, as in ntfys://ntfy.example.org/topic."
        )
    return asking.ask("Apprise URL", check)


def _chosen(listed: Sequence[Channel], text: str) -> Channel:
    """Find one of the further channels. Raises `NotFound`, `InvalidValue`."""
    wanted = text.strip().casefold()
    if wanted in {"0", INBOX}:
        raise InvalidValue("The inbox stays: it is where MTA keeps your messages.")
    found = [
        channel
        for channel in listed
        if wanted in {str(channel.number), channel.name.casefold()}
    ]
    if not found:
        raise NotFound(f"You have no channel {text!r}; `mta channels` lists them.")
    if len(found) > 1:
        numbers = ", ".join(str(channel.number) for channel in found)
        raise InvalidValue(f"Which {found[0].name}? Give its number: {numbers}.")
    return found[0]


def _sample(container: CliContainer, user: User) -> Notification:
    """Write a test message. It is sent at once, and not kept in the outbox."""
    now = container.clock().now()
    return Notification(
        id=container.ids().new(),
        user=user.id,
        kind=Kind.SAMPLE,
        created_at=now,
        due_at=now,
    )


async def _try(
    container: CliContainer, channel: Channel, note: Notification, lang: str
) -> str:
    """Send by one channel; return what came of it, in words."""
    inbox: Notifier = container.inbox()
    notifier = container.channels().get(channel.home.channel, inbox)
    try:
        await notifier.deliver(note, channel.home, lang)
    except (DeliveryFailed, RecipientGone) as error:
        return str(error)
    return TAKEN
