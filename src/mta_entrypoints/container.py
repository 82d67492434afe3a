"""The parts that every process needs, wired once.

All constructors are synchronous and open nothing; `opened` brings the parts to life on
the event loop that will use them, and closes them there. No part crosses loops.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dependency_injector import containers, providers

from mta_adapters.city import HttpHumanCheck, HttpSite, make_client
from mta_adapters.crypto import AesCipher, load_master_key
from mta_adapters.sql import SqlInbox, SqlLimiter, SqlStore, make_engine, migrate
from mta_adapters.system import FastClock, SystemClock, Uuid7Ids
from mta_adapters.wording import render
from mta_core.ports.clock import Clock
from mta_core.ports.queue import JobQueue
from mta_core.use_cases.calls import Calls
from mta_core.use_cases.read_catalogue import ReadCatalogue
from mta_core.use_cases.record import Record
from mta_entrypoints.settings import Settings, own_version


def _clock(shared: str) -> Clock:
    return FastClock.parse(shared) if shared else SystemClock()


def _timeout(seconds: float, clock: Clock) -> float:
    """Return the machine's seconds for so many of the clock's."""
    return seconds / clock.speed if isinstance(clock, FastClock) else seconds


class Common(containers.DeclarativeContainer):
    """Storage, time, the city and its budgets."""

    settings = providers.Dependency(instance_of=Settings)
    queue: providers.Dependency[JobQueue] = providers.Dependency()

    clock = providers.Singleton(_clock, settings.provided.clock)
    ids = providers.Singleton(Uuid7Ids, clock)
    wording = providers.Object(render)

    engine = providers.Singleton(make_engine, settings.provided.database)
    master_key = providers.Singleton(
        load_master_key,
        settings.provided.data_dir,
        settings.provided.master_key,
    )
    cipher = providers.Singleton(AesCipher, master_key)
    store = providers.Singleton(
        SqlStore, engine, cipher, city=settings.provided.city_url
    )
    limiter = providers.Singleton(
        SqlLimiter,
        engine,
        clock,
        settings.provided.city_timeout,
        open_at_birth=settings.provided.loopback,
    )
    inbox = providers.Singleton(SqlInbox, engine, cipher, wording, clock)

    http = providers.Singleton(
        make_client,
        settings.provided.city_url,
        contact=settings.provided.contact,
        version=own_version(),
        timeout=providers.Callable(_timeout, settings.provided.city_timeout, clock),
    )
    site = providers.Singleton(HttpSite, http, clock)
    check = providers.Singleton(HttpHumanCheck, site)

    # One for all jobs of a loop: it knows which answers are still to be saved.
    calls = providers.Singleton(
        Calls,
        store=store,
        site=site,
        limiter=limiter,
        queue=queue,
        clock=clock,
        ids=ids,
        rules=settings.provided.shift_rules,
    )
    record = providers.Factory(Record, store=store, queue=queue, clock=clock, ids=ids)
    read_catalogue = providers.Factory(
        ReadCatalogue, store=store, site=site, limiter=limiter, clock=clock
    )


async def close(container: Common) -> None:
    """Close what was opened, on the loop that used it."""
    try:
        await container.http().aclose()
    finally:
        await container.engine().dispose()


@asynccontextmanager
async def opened(container: Common) -> AsyncIterator[None]:
    """Bring the database to the present release, and hold the parts open.

    Raises:
        StorageUnavailable: the database cannot be used.
    """
    try:
        await migrate(container.engine())
        yield
    finally:
        await close(container)
