"""Cities that do not answer as the city does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs

HTML = b"<!doctype html><title>Wartungsarbeiten</title><h1>Gleich zur\xc3\xbcck</h1>"
BASE = "/buergeransicht/api/citizen"


@attrs.frozen
class Answers:
    """What is said to every question.

    Attributes:
        held: until then, nothing is said.
        clock: seconds by which the city's clock is ahead; None: it tells no time.
        more: another header.
    """

    status: int = 200
    body: bytes = HTML
    kind: str = "text/html; charset=utf-8"
    held: threading.Event | None = None
    clock: float | None = 0.0
    more: tuple[str, str] = ("X-More", "")


@contextmanager
def saying(answers: Answers, port: int = 0) -> Iterator[str]:
    """Serve such a city; give its base URL. *port* 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if answers.held is not None:
                answers.held.wait(30)
                return
            self.send_response_only(answers.status)
            if answers.clock is not None:
                now = time.time() + answers.clock
                self.send_header("Date", self.date_time_string(now))
            self.send_header(*answers.more)
            self.send_header("Content-Type", answers.kind)
            self.send_header("Content-Length", str(len(answers.body)))
            self.end_headers()
            self.wfile.write(answers.body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        if answers.held is not None:
            answers.held.set()
        server.shutdown()
        thread.join()
        server.server_close()
