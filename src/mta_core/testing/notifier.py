"""A channel that remembers what it was given."""

from __future__ import annotations

from uuid import UUID

import attrs

from mta_core.domain.accounts import Home
from mta_core.domain.errors import PortError, RecipientGone
from mta_core.domain.notifications import Kind, Notification
from mta_core.ports.notifier import Notifier


@attrs.frozen
class Delivery:
    """One message that was handed over."""

    notification: Notification
    home: Home
    lang: str


@attrs.define(eq=False)
class RecordingNotifier(Notifier):
    """Takes every message, unless it was told to fail.

    Attributes:
        delivered: what was taken, in order; a notification is shown once.
        tries: every call, failed and repeated ones too.
    """

    delivered: list[Delivery] = attrs.field(factory=list, init=False)
    tries: list[Delivery] = attrs.field(factory=list, init=False)
    _gone: set[Home] = attrs.field(factory=set, init=False)
    _failures: list[tuple[PortError, bool]] = attrs.field(factory=list, init=False)

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        """Take a message, or fail as programmed."""
        delivery = Delivery(notification, home, lang)
        self.tries.append(delivery)
        if home in self._gone:
            raise RecipientGone
        error, taken = self._failures.pop(0) if self._failures else (None, True)
        if taken and notification.id not in self._shown:
            self.delivered.append(delivery)
        if error is not None:
            raise error

    def fail(self, error: PortError, times: int = 1, *, taken: bool = False) -> None:
        """Let the next deliveries raise this.

        Args:
            taken: the channel shows the message all the same: only its answer is lost.
        """
        self._failures += [(error, taken)] * times

    def lose(self, home: Home) -> None:
        """Nobody is reached there any more: `RecipientGone` from now on."""
        self._gone.add(home)

    def shown_to(self, home: Home) -> list[Kind]:
        """What a citizen reads, in order."""
        return [each.notification.kind for each in self.delivered if each.home == home]

    @property
    def _shown(self) -> set[UUID]:
        return {delivery.notification.id for delivery in self.delivered}
