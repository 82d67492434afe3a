"""`mta notifications`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from mta_core.domain.errors import InvalidValue
from mta_core.domain.notifications import DeliveryState, Notification
from mta_core.ports.notifier import Text
from mta_entrypoints.cli import output
from mta_entrypoints.cli.channels import channels_of
from mta_entrypoints.cli.session import AsJson, Person, citizen, session

MOST = 1000
_STATES: Mapping[DeliveryState, str] = {
    DeliveryState.PENDING: "not sent yet",
    DeliveryState.SENDING: "being sent",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.RETRYING: "tried in vain, again later",
    DeliveryState.GIVEN_UP: "given up",
    DeliveryState.SUPERSEDED: "not needed any more",
}


async def notifications(
    *, limit: int = 50, person: Person = "me", json: AsJson = False
) -> int:
    """Show your messages and whether they have reached you, newest first.

    Parameters
    ----------
    limit
        How many at most.
    """
    if not 1 <= limit <= MOST:
        raise InvalidValue(f"--limit must be 1 to {MOST}.")
    async with session() as container:
        user = await citizen(container, person)
        wording = container.wording()
        names = {c.home.key: c.name for c in channels_of(container, user)}
        async with container.store().snapshot() as tx:
            listed = await tx.notifications.of(user.id, limit)
    letters = [Letter(n, wording(n, user.language), names) for n in listed]
    if json:
        output.as_json([letter.described() for letter in letters])
        return 0
    output.table(
        ("when", "state", "message"),
        (letter.row() for letter in letters),
        none="There are no messages.",
    )
    return 0


@attrs.frozen
class Letter:
    """A message with its text. *names*: of channels, by their keys."""

    notice: Notification
    text: Text
    names: Mapping[str, str]

    def row(self) -> tuple[str, ...]:
        """Write it as a line of a table."""
        notice = self.notice
        return (
            output.when(notice.delivered_at or notice.due_at or notice.created_at),
            "\n".join([_STATES[notice.state], *self._outcomes(), *self._trouble()]),
            f"{self.text.title}\n{self.text.body}",
        )

    def described(self) -> dict[str, Any]:
        """Describe it for programs."""
        notice = self.notice
        return {
            "id": notice.id,
            "kind": notice.kind.value,
            "state": notice.state.value,
            "createdAt": notice.created_at,
            "dueAt": notice.due_at,
            "deliveredAt": notice.delivered_at,
            "attempts": notice.attempts,
            "channels": [
                {"key": key, "name": self._name(key), "outcome": outcome}
                for key, outcome in notice.outcomes.items()
            ],
            "reason": notice.reason,
            "subscription": notice.subscription,
            "booking": notice.booking,
            "title": self.text.title,
            "body": self.text.body,
        }

    def _outcomes(self) -> list[str]:
        return [f"{self._name(k)}: {what}" for k, what in self.notice.outcomes.items()]

    def _trouble(self) -> list[str]:
        """Say what stands in the way, unless a channel says so already."""
        notice = self.notice
        tries = output.plural(notice.attempts, "try", "tries")
        told = notice.reason and notice.reason not in notice.outcomes.values()
        trouble = [notice.reason] if told else []
        return [*trouble, tries] if notice.attempts > 1 else trouble

    def _name(self, key: str) -> str:
        """Name a channel; one that was removed meanwhile by its kind."""
        return self.names.get(key, key.partition(":")[0])
