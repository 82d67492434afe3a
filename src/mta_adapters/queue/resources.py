"""What a worker needs around its jobs, on the event loop that runs them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from dramatiq import Broker, Middleware, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import MiddlewareError

Step = Callable[[], Coroutine[Any, Any, None]]


class ResourceFailed(MiddlewareError):
    """What the worker needs could not be opened: it must not start.

    Of Dramatiq's own kind, because it swallows any other error before a start.
    """


class ResourceMiddleware(Middleware):
    """Opens before the first job and closes after the last one.

    Both run on Dramatiq's event loop, so that what they make can be used by actors.
    """

    def __init__(self, open: Step, close: Step) -> None:
        self._open = open
        self._close = close
        self._opened = False

    def before_worker_boot(self, _broker: Broker, _worker: Worker) -> None:
        """Open, before any worker thread runs.

        Raises:
            ResourceFailed: opening failed. The caller stops the worker all the same,
                which ends the event loop.
        """
        try:
            _run(self._open)
        except Exception as error:
            raise ResourceFailed(f"The worker cannot start: {error}") from error
        self._opened = True

    def after_worker_shutdown(self, _broker: Broker, _worker: Worker) -> None:
        """Close what was opened, while the event loop still runs."""
        if self._opened:
            self._opened = False
            _run(self._close)


def _run(step: Step) -> None:
    thread = get_event_loop_thread()
    if thread is None:
        raise RuntimeError("AsyncIO must come before the resources that need its loop.")
    thread.run_coroutine(step())
