"""The city's outgoing mails: queued at once, sent by the minute job (contract 4)."""

from __future__ import annotations

import base64
import json
from enum import StrEnum

import attrs

from mta_practice.clock import iso


class MailKind(StrEnum):
    """What a mail is about."""

    ACTIVATION = "activation"
    CONFIRMATION = "confirmation"
    CANCELLATION = "cancellation"


@attrs.frozen
class Mail:
    """One mail; *queued_at* and *sent_at* are epoch seconds.

    *ics*: the iCalendar text that the confirmation brings along.
    """

    to: str
    kind: MailKind
    link: str | None
    process_id: int
    queued_at: float
    sent_at: float | None = None
    ics: str | None = None

    def wire(self) -> dict[str, object]:
        """Give the mail as the control route lists it."""
        return {
            "to": self.to,
            "kind": self.kind.value,
            "link": self.link,
            "processId": self.process_id,
            "queued_at": iso(self.queued_at),
            "sent_at": None if self.sent_at is None else iso(self.sent_at),
            "ics": self.ics,
        }


class Mailroom:
    """All mails of the city, queued and sent."""

    def __init__(self) -> None:
        self._mails: list[Mail] = []
        self._waiting = 0

    def queue(self, mail: Mail) -> None:
        """Put a mail into the queue."""
        self._mails.append(mail)
        self._waiting += 1

    def send_queued(self, at: float) -> int:
        """Let every queued mail leave at epoch *at*; give their number."""
        waiting, self._waiting = self._waiting, 0
        if waiting:
            self._mails[-waiting:] = [
                attrs.evolve(mail, sent_at=at) for mail in self._mails[-waiting:]
            ]
        return waiting

    def to(self, address: str | None = None) -> list[Mail]:
        """Give the mails to *address* in the order of queueing; None means all."""
        return [mail for mail in self._mails if address in (None, mail.to)]


def link(base: str, kind: MailKind, process_id: int, auth_key: str) -> str | None:
    """Build the link of a mail; *base* is the city's public address.

    The activation mail leads to the confirm page, the confirmation mail to the page
    for changing and cancelling, a cancellation mail nowhere (contract 4).
    """
    if kind is MailKind.CANCELLATION:
        return None
    secret = json.dumps(
        {"id": process_id, "authKey": auth_key}, separators=(",", ":")
    ).encode()
    page = "confirm/" if kind is MailKind.ACTIVATION else ""
    code = base64.b64encode(secret).decode()
    return f"{base.rstrip('/')}/buergeransicht/#/appointment/{page}{code}"
