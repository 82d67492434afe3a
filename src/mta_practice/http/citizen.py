"""The city's routes: what a request meets, in the city's order (contract 2.5)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs
from litestar import Request, asgi
from litestar.handlers import ASGIRouteHandler
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from mta_practice.city import City
from mta_practice.errors import (
    SERVER_FAULT_BODY,
    Refusal,
    ServerFault,
    envelope,
)
from mta_practice.http.reply import JSON, SECURITY, Reply
from mta_practice.ledger import Seen

BASE: Final = "/buergeransicht/api/citizen"

#: Largest Content-Length the city takes, in bytes (contract 2.5).
_LARGEST_BODY: Final = 10_485_760

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@attrs.frozen
class Call:
    """One request to the city, with a *body* that is not yet parsed."""

    method: str
    route: str
    query: Mapping[str, str]
    content_type: str
    body: bytes
    address: str

    def json(self) -> Mapping[str, object]:
        """Parse the body; raises `Refusal` (``invalidRequest``, contract 3)."""
        try:
            parsed = _parsed(self.body) if "json" in self.content_type else None
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise Refusal("invalidRequest")
        return parsed


def _parsed(body: bytes) -> object:
    """Parse JSON as strictly as PHP: no NaN, no half of a surrogate pair."""
    parsed: object = json.loads(body, parse_constant=_no_constant)
    json.dumps(parsed, ensure_ascii=False).encode()
    return parsed


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


Route = Callable[[City, Call], Awaitable[Mapping[str, object]]]


async def _reserve(city: City, call: Call) -> Mapping[str, object]:
    """Look up, take the city's time, insert: the place where races are lost."""
    offer = city.look_up(call.json(), call.address)
    await asyncio.sleep(city.settings.lookup_seconds)
    return city.reserve(offer)


def _plain(answer: Callable[[City, Call], Mapping[str, object]]) -> Route:
    async def route(city: City, call: Call) -> Mapping[str, object]:
        return answer(city, call)

    return route


ROUTES: Final[Mapping[tuple[str, str], Route]] = MappingProxyType(
    {
        ("GET", "offices-and-services"): _plain(lambda c, _: c.offices_and_services()),
        ("GET", "available-calendar"): _plain(
            lambda c, call: c.available_calendar(call.query, call.address)
        ),
        ("GET", "appointment"): _plain(
            lambda c, call: c.appointment(call.query, call.address)
        ),
        ("POST", "reserve-appointment"): _reserve,
        ("POST", "update-appointment"): _plain(lambda c, call: c.update(call.json())),
        ("POST", "preconfirm-appointment"): _plain(
            lambda c, call: c.preconfirm(call.json())
        ),
        ("POST", "confirm-appointment"): _plain(
            lambda c, call: c.confirm(call.json(), call.address)
        ),
        ("POST", "cancel-appointment"): _plain(lambda c, call: c.cancel(call.json())),
    }
)


def mount(city: City) -> ASGIRouteHandler:
    """Build the handler that takes every path and method below the base."""

    @asgi(BASE, is_mount=True, copy_scope=True)
    async def citizen(scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        reply = await _answered(city, request)
        response = ASGIResponse(
            body=reply.encoded(),
            status_code=reply.status,
            media_type=JSON,
            headers=dict(reply.headers),
        )
        await response(scope, receive, send)

    return citizen


async def _answered(city: City, request: Request[Any, Any, Any]) -> Reply:
    """Answer one request and write it into the ledger."""
    now = city.catch_up()
    call = Call(
        method=request.method,
        route=_route(request),
        query=_query(request),
        content_type=request.headers.get("content-type", ""),
        body=b"",
        address=client_address(request),
    )
    reply = await _guarded(city, call, request, now)
    agent = request.headers.get("user-agent", "")
    city.ledger.note(
        Seen(
            now, call.address, agent, call.method, call.route, call.query, reply.status
        )
    )
    return reply


async def _guarded(
    city: City, call: Call, request: Request[Any, Any, Any], now: float
) -> Reply:
    """Size, then counter, then the route; only accepted answers get the headers."""
    if _content_length(request) > _LARGEST_BODY:
        return _refused(Refusal("requestEntityTooLarge"))
    allowance = city.counter.accept(call.address, now)
    if allowance is None:
        return _refused(Refusal("rateLimitExceeded"))
    reply = await _routed(city, attrs.evolve(call, body=await _body(request.receive)))
    return attrs.evolve(reply, headers={**SECURITY, **allowance.headers()})


async def _routed(city: City, call: Call) -> Reply:
    route = ROUTES.get((call.method, call.route))
    try:
        if route is None:
            raise Refusal("notFound")
        return Reply(200, await route(city, call))
    except Refusal as refusal:
        return _refused(refusal)
    except ServerFault:
        return Reply(500, SERVER_FAULT_BODY)


def _refused(refusal: Refusal) -> Reply:
    return Reply(refusal.http_status, envelope(refusal.keys))


def client_address(request: Request[Any, Any, Any]) -> str:
    """Give the client's address: first entry of ``X-Forwarded-For``, else the peer."""
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[0].strip()
    if forwarded:
        return forwarded
    return request.client.host if request.client else "unknown"


def _route(request: Request[Any, Any, Any]) -> str:
    return request.url.path.removeprefix(BASE).strip("/")


def _query(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Read the query as the sanitizer leaves it; a repeated name counts last."""
    raw = request.scope.get("query_string", b"").decode("latin-1")
    return {
        name: _CONTROL.sub("", value).strip()
        for name, value in parse_qsl(raw, keep_blank_values=True)
    }


async def _body(receive: Receive) -> bytes:
    """Read the body; Litestar's own reader does not work in a mounted handler."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":  # the client has gone
            break
        parts.append(message.get("body", b""))
        more = bool(message.get("more_body", False))
    return b"".join(parts)


def _content_length(request: Request[Any, Any, Any]) -> int:
    text = request.headers.get("content-length", "")
    return int(text) if text.isdecimal() else 0
