"""Which broker carries the jobs, and what happens around each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from dramatiq import Broker, MessageProxy, Middleware
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AsyncIO, Retries

from mta_core.ports.queue import Task

QUEUES: Mapping[Task, str] = {
    Task.BOOK: "bookings",
    Task.FOLLOW_UP: "bookings",
    Task.DELIVER: "notices",
}
"""Apart, so that a flood of messages is never in front of a booking."""

MOST_DEAD = 10
"""Failed jobs that are kept per queue, for whoever looks into the process."""

B = TypeVar("B", bound=Broker)


def make_stub_broker(*resources: Middleware) -> StubBroker:
    """Build the broker of one process: its queues live in memory and die with it.

    Args:
        resources: what is opened before the first job and closed after the last one.
    """
    return _with_queues(StubBroker(middleware=_middleware(*resources, _FewDead())))


class _FewDead(Middleware):
    """Keeps the latest few failed jobs only.

    The broker was made for tests: it would keep all of them, with their tracebacks and
    all that hangs on those, for as long as the process lives.
    """

    def after_nack(self, broker: Broker, message: MessageProxy) -> None:
        """Drop the oldest."""
        dead = cast("StubBroker", broker).dead_letters_by_queue
        del dead[message.queue_name][:-MOST_DEAD]


def _middleware(*resources: Middleware) -> list[Middleware]:
    """List all of Dramatiq's middleware that MTA uses; nothing comes by default.

    "Before" hooks run in this order, "after" hooks in the reverse one: the loop is
    there before the resources are opened on it, and stays until they are closed. Time
    limits are kept by the actors themselves: Dramatiq's own would need a thread that
    only its command line starts.
    """
    return [AsyncIO(), *resources, Retries()]


def _with_queues(broker: B) -> B:
    """Declare the queues, so that a process without workers can fill them too."""
    for queue in dict.fromkeys(QUEUES.values()):
        broker.declare_queue(queue)
    return broker
