"""Serving the practice city: in a thread for tests and demos, or for good."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import attrs
import uvicorn

from mta_practice.errors import PracticeError
from mta_practice.http.app import create_app
from mta_practice.http.citizen import BASE
from mta_practice.http.transport import HangUpProtocol
from mta_practice.settings import PracticeSettings

#: Longest wait for start and stop, in seconds.
_START_WITHIN: Final = 15.0
_STOP_WITHIN: Final = 10.0


@attrs.frozen
class Practice:
    """A practice city that is being served."""

    url: str
    api_url: str
    port: int


class _Server(uvicorn.Server):
    """A server that says when it is ready and leaves the signals to us."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def running(
    settings: PracticeSettings, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Practice]:
    """Serve a practice city in a thread of its own until the block ends.

    *port* 0 takes a free one.

    Raises:
        PracticeError: the port is taken, or the server did not start in time.
    """
    with _bound(host, port) as listener:
        practice = _practice(host, listener)
        server = _server(settings, practice)
        thread = threading.Thread(
            target=server.run, args=([listener],), name="practice-city", daemon=True
        )
        thread.start()
        try:
            if not server.ready.wait(_START_WITHIN):
                raise PracticeError("the practice city did not start")
            yield practice
        finally:
            server.should_exit = True
            thread.join(_STOP_WITHIN)


def serve(
    settings: PracticeSettings,
    host: str,
    port: int,
    announce: Callable[[Practice], None] | None = None,
) -> None:
    """Serve a practice city until SIGINT or SIGTERM, then stop in good order.

    Must be called in the main thread. *announce* is told the address once the port
    is ours and connections are taken in.

    Raises:
        PracticeError: the port is taken.
    """
    with _bound(host, port) as listener:
        practice = _practice(host, listener)
        server = _server(settings, practice)
        listener.listen()  # so that whoever is told the address can connect
        if announce is not None:
            announce(practice)
        with _stopped_by_signals(server):
            server.run([listener])


def _bound(host: str, port: int) -> socket.socket:
    # Named as TCP, else asyncio leaves Nagle's algorithm on: 40 ms per answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PracticeError(f"cannot serve on {host}:{port}: {error}") from error
    return listener


def _practice(host: str, listener: socket.socket) -> Practice:
    port = int(listener.getsockname()[1])
    shown = "127.0.0.1" if host in ("", "0.0.0.0") else host  # noqa: S104
    url = f"http://{shown}:{port}"
    return Practice(url, f"{url}{BASE}", port)


def _server(settings: PracticeSettings, practice: Practice) -> _Server:
    known = attrs.evolve(settings, public_url=settings.public_url or practice.url)
    return _Server(
        uvicorn.Config(
            create_app(known),
            log_config=None,  # logging belongs to whoever runs us
            log_level="warning",
            access_log=False,
            http=HangUpProtocol,
            lifespan="on",
            proxy_headers=False,  # the city reads X-Forwarded-For itself
            timeout_graceful_shutdown=2,
        )
    )


@contextmanager
def _stopped_by_signals(server: _Server) -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        server.should_exit = True

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
