"""Serving the page on loopback, for as long as it is needed."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from mta_entrypoints.shift.desk import Desk
from mta_entrypoints.shift.page import make_app

LOOPBACK = "127.0.0.1"
LINGER = 2.5
"""Seconds that the page has to learn of the end: it looks every second."""


class _Server(uvicorn.Server):
    """A server that leaves the signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[str]:
    """Serve a desk's page until the block ends; yields its address.

    Nobody can guess it: it holds a secret made for this page alone.
    """
    with socket.create_server((LOOPBACK, 0)) as listener:
        host = f"{LOOPBACK}:{listener.getsockname()[1]}"
        secret = secrets.token_urlsafe(16)
        server = _Server(
            uvicorn.Config(
                make_app(desk, host, secret),
                log_config=None,
                access_log=False,  # the path is a secret
                log_level="warning",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=1,
            )
        )
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield f"http://{host}/{secret}/"
        finally:
            server.should_exit = True
            await serving
