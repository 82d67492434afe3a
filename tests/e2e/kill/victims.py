"""Processes of MTA that can be killed at a moment, forked from one that is warm.

`python -m tests.e2e.kill.victims` imports everything once, reads orders from its
input and forks a process for each: it starts in milliseconds, and what runs in it is
the product with its real containers. It ends its processes when its input ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO
from uuid import UUID

import attrs
import httpx
import pytest
from dependency_injector import providers

from mta_core.domain.bookings import Booking
from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import IllegalTransition, NotFound
from mta_entrypoints import logs, settings
from mta_entrypoints.cli.container import build as build_cli
from mta_entrypoints.container import Common, opened
from mta_entrypoints.settings import Settings
from mta_entrypoints.up import container as up_container
from mta_entrypoints.up import main as up_main
from tests.e2e.kill.moments import READY, Moments, watch_engine
from tests.e2e.kill.orders import Order
from tests.e2e.kill.wire import Rival, WatchedTransport

# What a process of MTA imports as it goes is at hand already.
_WARM = (
    "aiosqlite",
    "anyio._backends._asyncio",
    "encodings.ascii",
    "httpcore",
    "mta_adapters.apprise.notifier",
)


@attrs.frozen
class Fitting:
    """What is put around the product in such a process: a clock, and the watch."""

    order: Order
    moments: Moments

    def put_on(self, container: Common) -> None:
        """Fit a container, before any of its parts is built."""
        container.clock.override(providers.Object(self.order.times.for_mta()))
        watch_engine(container.engine(), self.moments)
        wire = httpx.AsyncHTTPTransport(
            # No city here has a certificate, and loading those of others takes long.
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=False,
            limits=httpx.Limits(max_connections=8, keepalive_expiry=4.0),
        )
        order = self.order
        watched: httpx.AsyncBaseTransport = WatchedTransport(
            wire, self.moments, order.nobody, order.refused
        )
        if order.rival:
            watched = Rival(watched, wire, order.folder / "rivals")
        container.http.add_kwargs(transport=watched)

    def ready(self) -> None:
        """Say that it works now."""
        print(READY, flush=True)  # noqa: T201 - to whoever started it
        self.moments.come(READY)


def _break(patch: pytest.MonkeyPatch) -> None:
    """Break MTA: a call that got no answer counts as not executed."""

    def unknown(booking: Booking, now: datetime, _terms: Terms, reason: str) -> Booking:
        return booking.not_executed(now, now, reason)

    patch.setattr(Booking, "unknown", unknown)


async def _up(fitting: Fitting, present: Settings) -> None:
    """`mta up`, as it is."""

    def build(chosen: Settings, out: TextIO) -> up_container.Parts:
        parts = up_container.build(chosen, out)
        fitting.put_on(parts.watcher)
        fitting.put_on(parts.worker)
        return parts

    pytest.MonkeyPatch().setattr(up_main, "build", build)
    stop = up_main.stop_on_signals()
    await up_main.run(present, stop, ready=fitting.ready)


async def _opened(fitting: Fitting, present: Settings) -> None:
    """`mta bookings opened`, from where it has found booking and citizen."""
    booking, citizen = map(UUID, fitting.order.words)
    container = build_cli(present)
    fitting.put_on(container)
    async with opened(container):
        fitting.ready()
        await container.follow_up().opened(booking, citizen)


async def _release(fitting: Fitting, present: Settings) -> None:
    """`mta bookings release`, from where it has found booking and citizen."""
    booking, citizen = map(UUID, fitting.order.words)
    container = build_cli(present)
    fitting.put_on(container)
    async with opened(container):
        fitting.ready()
        await container.release()(booking, citizen)


async def _erase(fitting: Fitting, present: Settings) -> None:
    """`mta erase`, from where it has found the citizen."""
    (citizen,) = map(UUID, fitting.order.words)
    container = build_cli(present)
    fitting.put_on(container)
    async with opened(container):
        fitting.ready()
        await container.erase()(citizen)


COMMANDS: Mapping[str, Callable[[Fitting, Settings], Awaitable[None]]] = {
    "up": _up,
    "opened": _opened,
    "release": _release,
    "erase": _erase,
}


def _live(order: Order) -> NoReturn:
    """Do what is ordered, in a fresh process, and end it."""
    code = 1
    try:
        _own_streams(order.said)
        logs.set_up("warning")
        fitting = Fitting(order, Moments(order.log, order.kill_at, order.since))
        present = settings.load(order.settings)
        if order.blindly_again:
            _break(pytest.MonkeyPatch())

        async def run() -> None:
            await COMMANDS[order.command](fitting, present)

        asyncio.run(run())
        code = 0
    except (IllegalTransition, NotFound) as error:
        print(error)  # noqa: T201 - that is what a citizen reads
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _own_streams(said: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for ours, stream in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, stream)


@attrs.define
class Nursery:
    """The processes that were started here, and what became of them."""

    living: set[int] = attrs.field(factory=set)

    def start(self, order: Order) -> int:
        """Fork, and return the new process's id."""
        if not (pid := os.fork()):
            _live(order)
        self.living.add(pid)
        return pid

    def status(self, pid: int) -> int | None:
        """Return how a process ended, negative for a signal; None while it lives."""
        if pid not in self.living:
            return None
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            return None
        self.living.remove(pid)
        return os.waitstatus_to_exitcode(status)

    def kill(self, pid: int) -> int:
        """Kill one of ours, and wait for it."""
        if pid not in self.living:
            return 0
        os.kill(pid, signal.SIGKILL)
        self.living.remove(pid)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    """Take orders until the input ends."""
    for module in _WARM:
        import_module(module)
    nursery = Nursery()
    try:
        for line in sys.stdin:
            match json.loads(line):
                case {"start": order}:
                    answer: int | None = nursery.start(Order.read(order))
                case {"status": pid}:
                    answer = nursery.status(pid)
                case {"kill": pid}:
                    answer = nursery.kill(pid)
                case other:
                    raise ValueError(f"no order: {other}")
            print(json.dumps(answer), flush=True)  # noqa: T201 - the answer
    finally:
        for pid in list(nursery.living):
            nursery.kill(pid)


if __name__ == "__main__":
    main()
