"""Sending an answer, or what a fault has left of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from mta_practice.http.reply import Fate, Reply

#: Where `mta_practice.http.transport` leaves the way to close a connection.
HANG_UP: Final = "mta_practice.hang_up"


async def send_reply(reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    """Send *reply* as far as its fate lets it come."""
    if reply.fate is Fate.WHOLE:
        await _response(reply)(scope, receive, send)
        return
    close = _way_to_hang_up(scope)
    if reply.fate is Fate.CUT:
        await _send_half(reply, send, last=close is None)
    if close is not None:
        close()
        await receive()  # comes back when the server has noticed, too


async def _send_half(reply: Reply, send: Send, *, last: bool) -> None:
    """Announce the whole body and send half of it."""
    body = reply.encoded()
    headers = {"content-type": reply.media, **reply.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [*raw, (b"content-length", str(len(body)).encode())],
        }
    )
    half = body[: len(body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": not last})


def _way_to_hang_up(scope: Scope) -> Callable[[], None] | None:
    """Give what closes the connection; None where there is none.

    In a test without sockets an answer just ends, or never begins.
    """
    extensions = cast("dict[str, object]", scope.get("extensions") or {})
    return cast("Callable[[], None] | None", extensions.get(HANG_UP))


def _response(reply: Reply) -> ASGIResponse:
    return ASGIResponse(
        body=reply.encoded(),
        status_code=reply.status,
        media_type=reply.media,
        headers=dict(reply.headers),
    )
