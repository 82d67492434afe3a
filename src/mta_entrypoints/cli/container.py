"""The parts of commands that come and go beside `mta up`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from dependency_injector import providers

from mta_adapters.memory import NoQueue
from mta_adapters.wording.en import ENGLISH
from mta_core.domain.bookings import Booking
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import InvalidValue
from mta_core.use_cases.change import Change
from mta_core.use_cases.explain import Explain
from mta_core.use_cases.follow_up import FollowUp
from mta_core.use_cases.history import ReadHistory
from mta_core.use_cases.look import Look
from mta_core.use_cases.privacy import Erase, Export
from mta_core.use_cases.register import Register
from mta_core.use_cases.release import Release
from mta_core.use_cases.rota import Turns
from mta_core.use_cases.shifts import OpenShift
from mta_core.use_cases.subscribe import Subscribe
from mta_entrypoints.container import Common
from mta_entrypoints.settings import Settings
from mta_entrypoints.worker.container import further_channels


def _say_reason(reason: str) -> str:
    """Put a technical reason into words; as it is if there are none for it."""
    said = ENGLISH.say_reason(reason)
    return reason if said == ENGLISH.no_reason else said


# What few commands need is loaded by them: it takes as long as all the rest.


@contextmanager
def _installed(package: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise InvalidValue(
            f"This needs the package {package}, which is not installed here."
        ) from None


def _write_calendar(booking: Booking, catalogue: Catalogue, now: datetime) -> bytes:
    with _installed("icalendar"):
        from mta_adapters.ics import write_calendar
    return write_calendar(booking, catalogue, now=now)


def _check_address(url: str) -> str:
    with _installed("apprise"):
        from mta_adapters.apprise import check_address
    return check_address(url)


def _name_of(url: str) -> str:
    """Name a channel. What is stored is listed also where its package is missing."""
    try:
        from mta_adapters.apprise import name_of
    except ImportError:
        return "apprise"
    return name_of(url)


class CliContainer(Common):
    """The citizen's use cases."""

    register = providers.Factory(
        Register, store=Common.store, clock=Common.clock, ids=Common.ids
    )
    subscribe = providers.Factory(
        Subscribe, store=Common.store, clock=Common.clock, ids=Common.ids
    )
    follow_up = providers.Factory(
        FollowUp, store=Common.store, calls=Common.calls, clock=Common.clock
    )
    release = providers.Factory(
        Release, store=Common.store, calls=Common.calls, clock=Common.clock
    )
    change = providers.Factory(
        Change, store=Common.store, queue=Common.queue, clock=Common.clock
    )
    look = providers.Factory(
        Look,
        site=Common.site,
        limiter=Common.limiter,
        record=Common.record,
        clock=Common.clock,
    )
    explain = providers.Factory(
        Explain,
        store=Common.store,
        clock=Common.clock,
        rules=Common.settings.provided.shift_rules,
    )
    export = providers.Factory(Export, store=Common.store)
    history = providers.Factory(ReadHistory, store=Common.store, clock=Common.clock)
    erase = providers.Factory(
        Erase, store=Common.store, release=release, clock=Common.clock
    )

    open_shift = providers.Factory(
        OpenShift,
        store=Common.store,
        check=Common.check,
        limiter=Common.limiter,
        clock=Common.clock,
        ids=Common.ids,
        rules=Common.settings.provided.shift_rules,
    )
    turns = providers.Factory(
        Turns, store=Common.store, clock=Common.clock, ids=Common.ids
    )

    say_reason = providers.Object(_say_reason)
    write_calendar = providers.Object(_write_calendar)
    check_address = providers.Object(_check_address)
    name_of = providers.Object(_name_of)
    channels = providers.Singleton(further_channels, Common.wording)


def build(settings: Settings) -> CliContainer:
    """Wire a command's parts. What they leave to do, the relay of `mta up` finds."""
    return CliContainer(settings=settings, queue=NoQueue())
