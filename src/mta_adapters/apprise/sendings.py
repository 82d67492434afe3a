"""Blocking work, done once a message, each in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress

import attrs

from mta_core.domain.errors import DeliveryFailed, PortError

Outcome = PortError | None
"""Why it was not done; None if it was."""


@attrs.frozen
class Sendings:
    """Does a piece of work that may hang, and never twice once it was done.

    No pool: a server that answers a byte at a time would keep its threads, then
    all others wait, and the process waits for them at its end. A thread of its own
    is left behind, and ends with the server's patience or with the process.

    Attributes:
        remembered: how many are known, the youngest.
    """

    remembered: int = 1024
    _known: dict[Hashable, asyncio.Future[Outcome]] = attrs.field(
        factory=dict, init=False, repr=False
    )

    async def do(
        self, key: Hashable, work: Callable[[], Outcome], seconds: float
    ) -> Outcome:
        """Do the work, or wait for who is at it already, or do nothing: it is done.

        Raises:
            TimeoutError: it is not done in time. It goes on, and the next call with
                this key waits for it.
        """
        sending = self._known.get(key) or self._start(key, work)
        done, _ = await asyncio.wait({sending}, timeout=seconds)
        if not done:
            raise TimeoutError
        return sending.result()

    def _start(
        self, key: Hashable, work: Callable[[], Outcome]
    ) -> asyncio.Future[Outcome]:
        loop = asyncio.get_running_loop()
        sending: asyncio.Future[Outcome] = loop.create_future()

        def run() -> None:
            outcome = _outcome_of(work)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(self._finish, key, sending, outcome)

        threading.Thread(target=run, name="apprise", daemon=True).start()
        self._known[key] = sending
        if len(self._known) > self.remembered:
            del self._known[next(iter(self._known))]
        return sending

    def _finish(
        self, key: Hashable, sending: asyncio.Future[Outcome], outcome: Outcome
    ) -> None:
        sending.set_result(outcome)
        if outcome is not None:
            self._known.pop(key, None)  # another try may succeed


def _outcome_of(work: Callable[[], Outcome]) -> Outcome:
    try:
        return work()
    except Exception as error:
        # Without its text and trace: they may hold the address. Without this, whoever
        # waits would never hear of it.
        return DeliveryFailed(f"Apprise stumbled: {type(error).__name__}.")
