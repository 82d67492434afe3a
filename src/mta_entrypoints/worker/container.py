"""The worker's parts."""

from __future__ import annotations

import sys

from dependency_injector import providers

from mta_adapters.console import ConsoleNotifier
from mta_core.use_cases.book import Book
from mta_core.use_cases.deliver import Deliver
from mta_core.use_cases.follow_up import FollowUp
from mta_entrypoints.container import Common


class WorkerContainer(Common):
    """Everything that the actors need. *queue* is given by the process."""

    out = providers.Object(sys.stdout)
    notifier = providers.Singleton(ConsoleNotifier, Common.inbox, Common.wording, out)
    book = providers.Singleton(Book, calls=Common.calls)
    follow_up = providers.Singleton(
        FollowUp, store=Common.store, calls=Common.calls, clock=Common.clock
    )
    deliver = providers.Singleton(
        Deliver, store=Common.store, notifier=notifier, clock=Common.clock
    )
