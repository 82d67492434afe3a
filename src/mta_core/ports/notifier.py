"""How a message reaches a citizen."""

from __future__ import annotations

from typing import Protocol

import attrs

from mta_core.domain.accounts import Home
from mta_core.domain.notifications import Notification


@attrs.frozen
class Text:
    """What a person reads."""

    title: str
    body: str


class Wording(Protocol):
    """Puts a notification into words."""

    def __call__(self, notification: Notification, lang: str) -> Text:
        """Write a notification in a language; unknown languages fall back to English."""
        ...


class Notifier(Protocol):
    """Hands messages to one channel or several."""

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        """Hand a message over; returning means that the channel took it.

        May be called twice with the same notification after a crash; the channel
        suppresses the second one as far as it can (by the notification's id).

        Raises:
            DeliveryFailed: another try may succeed.
            RecipientGone: no try will.
        """
        ...
