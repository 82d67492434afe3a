"""The worker's parts."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from dependency_injector import providers

from mta_adapters.console import ConsoleNotifier
from mta_core.domain.accounts import Home
from mta_core.domain.errors import RecipientGone
from mta_core.domain.notifications import Notification
from mta_core.ports.notifier import Notifier, Wording
from mta_core.use_cases.book import Book
from mta_core.use_cases.deliver import Deliver
from mta_core.use_cases.follow_up import FollowUp
from mta_entrypoints.container import Common


class NotInstalled(Notifier):
    """Stands where a channel's package is missing: nobody is reached that way."""

    async def deliver(self, notification: Notification, home: Home, lang: str) -> None:
        """Raises `RecipientGone`."""
        raise RecipientGone(
            f"The package {home.channel} is not installed where MTA runs."
        )


def further_channels(wording: Wording) -> Mapping[str, Notifier]:
    """Make what brings messages elsewhere than to a citizen's home."""
    try:
        from mta_adapters.apprise import AppriseNotifier
    except ImportError:
        return {"apprise": NotInstalled()}
    return {"apprise": AppriseNotifier(wording)}


class WorkerContainer(Common):
    """Everything that the actors need. *queue* is given by the process."""

    out = providers.Object(sys.stdout)
    notifier = providers.Singleton(ConsoleNotifier, Common.inbox, Common.wording, out)
    channels = providers.Singleton(further_channels, Common.wording)
    book = providers.Singleton(Book, calls=Common.calls)
    follow_up = providers.Singleton(
        FollowUp, store=Common.store, calls=Common.calls, clock=Common.clock
    )
    deliver = providers.Singleton(
        Deliver,
        store=Common.store,
        notifier=notifier,
        clock=Common.clock,
        channels=channels,
    )
