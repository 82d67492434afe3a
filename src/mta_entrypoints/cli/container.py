"""The parts of commands that come and go beside `mta up`."""

from __future__ import annotations

from dependency_injector import providers

from mta_adapters.memory import NoQueue
from mta_core.use_cases.book import Book
from mta_core.use_cases.follow_up import FollowUp
from mta_core.use_cases.privacy import Erase, Export
from mta_core.use_cases.register import Register
from mta_core.use_cases.subscribe import Subscribe
from mta_entrypoints.container import Common
from mta_entrypoints.settings import Settings


class CliContainer(Common):
    """The citizen's use cases."""

    register = providers.Factory(
        Register, store=Common.store, clock=Common.clock, ids=Common.ids
    )
    subscribe = providers.Factory(
        Subscribe, store=Common.store, clock=Common.clock, ids=Common.ids
    )
    book = providers.Factory(Book, calls=Common.calls)
    follow_up = providers.Factory(
        FollowUp, store=Common.store, calls=Common.calls, clock=Common.clock
    )
    export = providers.Factory(Export, store=Common.store)
    erase = providers.Factory(Erase, store=Common.store, book=book, clock=Common.clock)


def build(settings: Settings) -> CliContainer:
    """Wire a command's parts. What they leave to do, the relay of `mta up` finds."""
    return CliContainer(settings=settings, queue=NoQueue())
