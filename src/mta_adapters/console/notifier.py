"""Shows messages on a terminal, after they were delivered elsewhere."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import TextIO

import attrs

from mta_core.domain.accounts import Home
from mta_core.domain.errors import DeliveryFailed
from mta_core.domain.notifications import Notification
from mta_core.ports.notifier import Notifier, Text, Wording


@attrs.frozen
class ConsoleNotifier(Notifier):
    """Delivers to *inner*, which remembers, and then shows the message on *out*.

    Whom it is for is not shown: terminals are often kept as logs.
    """

    _inner: Notifier
    _wording: Wording
    _out: TextIO
    # One writer at a time: a terminal that is held up must not hold up more.
    _turn: asyncio.Lock = attrs.field(factory=asyncio.Lock, init=False, repr=False)

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        """Deliver and show.

        Raises:
            DeliveryFailed: the terminal is gone, or *inner* failed; another try shows
                the message again, and *inner* knows it by its id.
            RecipientGone: *inner* says so; nothing is shown.
        """
        await self._inner.deliver(notification, home, lang)
        block = _block(self._wording(notification, lang))
        async with self._turn:
            await asyncio.to_thread(self._write, block)

    def _write(self, block: str) -> None:
        encoding = self._out.encoding or "utf-8"
        try:
            self._out.write(block.encode(encoding, "replace").decode(encoding))
            self._out.flush()
        except (OSError, ValueError) as error:  # broken pipe, closed file
            raise DeliveryFailed("The terminal cannot be written to.") from error


def _block(text: Text) -> str:
    lines = [f">> {text.title}", *(f"   {line}" for line in text.body.split("\n"))]
    return "".join(f"{_harmless(line)}\n" for line in lines)


def _harmless(line: str) -> str:
    """Take the power over the terminal from a line: escapes, and turns of direction."""
    return "".join(
        letter if letter == " " or letter.isprintable() else _stand_in(letter)
        for letter in line
    )


def _stand_in(letter: str) -> str:
    # Invisible marks, such as the soft hyphen, are dropped; all else is shown as odd.
    return "" if unicodedata.category(letter) == "Cf" else "\N{REPLACEMENT CHARACTER}"
