"""Bring messages to a channel of your own: here they become lines of a diary.

    python examples/own_notifier.py diary.txt

MTA's own use case delivers: it retries what failed, gives up on whom nobody reaches,
and hands over nothing that has become pointless. A notifier only hands one message
over, and says how that went. The citizen, the message and the database are doubles;
`Deliver` and the texts are those of the product.

Needs attrs alone.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import attrs

from mta_adapters.system import SystemClock
from mta_adapters.wording import render
from mta_core import DeliveryFailed, Home, Notification, Notifier, RecipientGone
from mta_core.testing import InMemoryStore, a_notification, a_user
from mta_core.use_cases.deliver import Deliver

CHANNEL = "diary"


@attrs.frozen
class DiaryNotifier(Notifier):
    """Writes a line for each message. *home.address* is the diary's path."""

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        """Write the line, unless it was written before a crash."""
        if home.channel != CHANNEL:
            raise RecipientGone(f"{home.channel} is no diary.")
        text = render(notification, lang)
        try:
            await asyncio.to_thread(
                _write_once, Path(home.address), str(notification.id), text.title
            )
        except OSError as error:
            raise DeliveryFailed(f"The diary is locked: {error.strerror}") from error


def _write_once(diary: Path, key: str, title: str) -> None:
    written = diary.read_text(encoding="utf-8") if diary.exists() else ""
    if key not in written:
        diary.write_text(f"{written}{key} {title}\n", encoding="utf-8")


async def main(diary: Path) -> str:
    """Owe a citizen a message, deliver it, and say what became of it."""
    store, clock = InMemoryStore(), SystemClock()
    citizen = a_user(home=Home(CHANNEL, str(diary)))
    owed = a_notification(citizen, created_at=clock.now(), due_at=clock.now())
    async with store.begin() as tx:
        await tx.users.save(citizen)
        await tx.notifications.save(owed)
        await tx.commit()

    deliver = Deliver(store=store, notifier=DiaryNotifier(), clock=clock)
    await deliver(owed.id)
    await deliver(owed.id)  # a queue may repeat itself; nobody reads it twice

    async with store.snapshot() as tx:
        known = await tx.notifications.get(owed.id)
    return f"{known.state.value} after {known.attempts} try. {known.reason}".rstrip()


if __name__ == "__main__":
    print(asyncio.run(main(Path(sys.argv[1]))))
