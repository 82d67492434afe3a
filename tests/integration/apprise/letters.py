"""Messages and citizens for tests of Apprise's channels."""

from __future__ import annotations

from mta_adapters.apprise import AppriseNotifier
from mta_core.domain.accounts import Home
from mta_core.domain.notifications import Notification
from mta_core.ports.notifier import Text, Wording
from mta_core.testing.builders import a_notification

WORDS = Text(
    "Termin frei: Führerschein – Umtausch",
    "Di 1. Sep, 9:00 Uhr, Bürgerbüro Pasing\n*Größe* <b>2</b> & :smile: \\n _x_",
)
"""Umlauts, and all that somebody might take for markup."""


def says(title: str, body: str) -> Wording:
    """Make a wording that always says the same."""
    return lambda notification, lang: Text(title, body)


def a_notifier(words: Text = WORDS, *, timeout: float = 10) -> AppriseNotifier:
    """Build a notifier that always says the same."""
    return AppriseNotifier(says(words.title, words.body), timeout=timeout)


async def send(
    url: str,
    words: Text = WORDS,
    *,
    timeout: float = 10,
    letter: Notification | None = None,
) -> Notification:
    """Deliver a message by a notifier of its own, and return it."""
    letter = letter or a_notification()
    notifier = a_notifier(words, timeout=timeout)
    await notifier.deliver(letter, Home("apprise", url), "de")
    return letter
