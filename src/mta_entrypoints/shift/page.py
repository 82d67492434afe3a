"""The page itself, as an ASGI application for one reader on this machine.

The check is the city's, shown by the official widget: altcha 3.2.2 (MIT, its licence
lies beside it), unchanged, the files ``external/altcha.min.js``,
``external/altcha.css`` and ``workers/sha.js`` of that package. The page is told apart
from everything else on this machine by a secret in its path, is answered for under its
own address alone, and loads nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from litestar import Litestar, MediaType, Request, Response, Router, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.types import ExceptionHandlersMap

from mta_core.domain.errors import DomainError, MtaError, Refused
from mta_entrypoints.shift.desk import Desk

STATIC = files("mta_entrypoints.shift") / "static"
LONGEST_BODY = 64 * 1024

_TYPES: Mapping[str, str] = {
    "": "text/html",
    "altcha-sha.js": "text/javascript",
    "altcha.css": "text/css",
    "altcha.min.js": "text/javascript",
    "shift.css": "text/css",
    "shift.js": "text/javascript",
}
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; "
        "connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_Asked = Request[Any, Any, Any]


def make_app(desk: Desk, host: str, secret: str) -> Litestar:
    """Build it.

    Args:
        host: address and port under which it is answered for.
        secret: the first part of every path.
    """

    async def only_here(request: _Asked) -> Response[Any] | None:
        """Keep away pages of others, whatever name they call this address."""
        origin = request.headers.get("Origin", f"http://{host}")
        if request.headers.get("Host") != host or origin != f"http://{host}":
            return _said("This page is for this machine alone.", 403)
        return None

    @get("/challenge")
    async def challenge() -> dict[str, Any]:
        return dict(await desk.challenge())

    @post("/verify", status_code=200)
    async def verify(request: _Asked) -> Response[Any]:
        match await request.json():
            case {"payload": str(payload)}:
                await desk.hand_in(payload)
                return Response(await desk.state())
            case _:
                return _said("There is no payload.", 400)

    @get("/state")
    async def state() -> dict[str, Any]:
        return await desk.state()

    handlers = [challenge, verify, state, *map(_file, _TYPES)]
    return Litestar(
        [Router(f"/{secret}", route_handlers=handlers)],
        before_request=only_here,
        exception_handlers=_ERRORS,
        response_headers=HEADERS,
        request_max_body_size=LONGEST_BODY,
        openapi_config=None,
        logging_config=None,
    )


def _file(name: str) -> HTTPRouteHandler:
    content, media = (STATIC / (name or "index.html")).read_bytes(), _TYPES[name]

    @get(f"/{name}", media_type=media, sync_to_thread=False)
    def file() -> bytes:
        return content

    return file


def _said(text: str, status: int) -> Response[Any]:
    return Response({"error": text}, status_code=status, media_type=MediaType.JSON)


def _failed(_: _Asked, error: MtaError) -> Response[Any]:
    """Tell the person what is wrong: with what they did, or with all the rest."""
    theirs = isinstance(error, DomainError | Refused)
    return _said(str(error), 422 if theirs else 503)


_ERRORS: ExceptionHandlersMap = {MtaError: _failed}
