"""A webhook on loopback: it keeps what is sent there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import attrs


@attrs.define
class Hook:
    """Where messages arrive. *status*: what it answers."""

    port: int
    status: int = 200
    letters: list[Any] = attrs.field(factory=list)

    @property
    def url(self) -> str:
        """Return its Apprise URL, with a secret in it."""
        return f"json://user:secret@127.0.0.1:{self.port}/hook"


@contextmanager
def listening() -> Iterator[Hook]:
    """Serve such a hook."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            hook.letters.append(json.loads(self.rfile.read(length)))
            self.send_response(hook.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook = Hook(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
