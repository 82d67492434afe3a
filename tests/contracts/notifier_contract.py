"""The contract of the notifier port: subclass `NotifierContract`, give a fixture.

``channel``  a `Channel`, empty.
Channels that can fail subclass `FailingNotifierContract` as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pytest

from mta_core.domain.accounts import Home
from mta_core.domain.errors import DeliveryFailed, RecipientGone
from mta_core.domain.notifications import Kind
from mta_core.ports.notifier import Notifier
from mta_core.testing.builders import a_notification, a_slot

FACTS = {
    "service": "Wohnsitz anmelden",
    "office.54261": "Bürgerbüro Pasing",
    "address.54261": "Musterstr. 1, 80331 München",
    "open_by": "2026-09-01T10:30:00+00:00",
    "sender": "termine@example.org",
    "number": "P0001",
    "others": "2",
    "reason": "appointmentNotAvailable",
}
"""All facts that any kind of message may have."""


class Channel(Protocol):
    """A notifier, a citizen on it, and a look at what that citizen was shown.

    Attributes:
        suppresses: the channel shows a message once though it is delivered twice.
    """

    @property
    def notifier(self) -> Notifier: ...
    @property
    def home(self) -> Home: ...
    @property
    def suppresses(self) -> bool: ...

    async def shown(self) -> Sequence[object]:
        """Return what was shown, one entry a message."""
        ...


class FailingChannel(Channel, Protocol):
    """A channel that can be made to fail."""

    async def break_once(self) -> None:
        """Let the next delivery fail for a while."""
        ...

    async def lose_recipient(self) -> None:
        """Let the citizen be out of reach for good."""
        ...


class NotifierContract:
    """Everything that is asked of a notifier that is well."""

    async def test_what_is_delivered_is_shown(self, channel: Channel) -> None:
        await channel.notifier.deliver(a_notification(), channel.home, "en")
        assert len(await channel.shown()) == 1

    async def test_two_messages_are_two(self, channel: Channel) -> None:
        for _ in range(2):
            await channel.notifier.deliver(a_notification(), channel.home, "en")
        assert len(await channel.shown()) == 2

    async def test_a_message_is_shown_once_where_that_is_possible(
        self, channel: Channel
    ) -> None:
        letter = a_notification()
        for _ in range(3):
            await channel.notifier.deliver(letter, channel.home, "en")
        assert len(await channel.shown()) == (1 if channel.suppresses else 3)

    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize("lang", ["en", "de", "uk", "", "tlh"])
    async def test_every_kind_is_shown_in_any_language(
        self, channel: Channel, kind: Kind, lang: str
    ) -> None:
        letter = a_notification(kind=kind, facts=FACTS)
        await channel.notifier.deliver(letter, channel.home, lang)
        assert len(await channel.shown()) == 1

    async def test_several_slots_are_one_message(self, channel: Channel) -> None:
        slots = tuple(a_slot(days) for days in range(1, 9))
        letter = a_notification(slots=slots, facts=FACTS)
        await channel.notifier.deliver(letter, channel.home, "de")
        assert len(await channel.shown()) == 1


class FailingNotifierContract:
    """What is asked of a notifier that can fail. ``channel`` is a `FailingChannel`."""

    async def test_a_failure_says_that_another_try_may_succeed(
        self, channel: FailingChannel
    ) -> None:
        letter = a_notification()
        await channel.break_once()
        with pytest.raises(DeliveryFailed):
            await channel.notifier.deliver(letter, channel.home, "en")
        assert not await channel.shown()
        await channel.notifier.deliver(letter, channel.home, "en")
        assert len(await channel.shown()) == 1

    async def test_a_lost_recipient_stays_lost(self, channel: FailingChannel) -> None:
        await channel.lose_recipient()
        for _ in range(2):
            with pytest.raises(RecipientGone):
                await channel.notifier.deliver(a_notification(), channel.home, "en")
        assert not await channel.shown()
