"""The city's API over HTTP: gateway, faults, guards, routes and the ledger."""

from __future__ import annotations

import attrs
from litestar import Request, asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from mta_practice.city import City
from mta_practice.drift import drifted
from mta_practice.faults import Fault, Kind, When
from mta_practice.http.call import (
    AUTHENTICATED,
    BASE,
    AnyRequest,
    Call,
    read_body,
    read_call,
)
from mta_practice.http.cors import Cors
from mta_practice.http.guards import Guards
from mta_practice.http.reply import Raw, Reply
from mta_practice.http.routes import ROUTES, routes_of
from mta_practice.http.sending import send_reply
from mta_practice.http.striking import struck
from mta_practice.ledger import Seen
from mta_practice.networks import Networks

__all__ = ["BASE", "ROUTES", "mount"]


def mount(city: City) -> ASGIRouteHandler:
    """Build the handler that takes every path and method below both bases."""
    settings = city.settings
    guards = Guards(
        city, routes_of(settings.generation), Networks.parse(settings.blacklist)
    )
    cors = Cors(settings.origins)

    @asgi([BASE, AUTHENTICATED], is_mount=True, copy_scope=True)
    async def citizen(scope: Scope, receive: Receive, send: Send) -> None:
        request: AnyRequest = Request(scope, receive, send)
        reply = cors.preflight(request)
        if reply is None:
            reply = await _answered(city, guards, request)
            headers = {**reply.headers, **cors.headers(request)}
            reply = attrs.evolve(reply, body=_told(city, reply), headers=headers)
        await send_reply(reply, scope, receive, send)

    return citizen


def _told(city: City, reply: Reply) -> object:
    """Give the body as the city's frontend of today would call its fields."""
    drift = city.settings.drift
    if not drift or isinstance(reply.body, Raw):
        return reply.body
    return drifted(reply.body, drift)


async def _answered(city: City, guards: Guards, request: AnyRequest) -> Reply:
    """Answer one request through the fault that strikes it, if any does."""
    city.catch_up()
    call = read_call(request)
    fault = city.faults.strike(call.route)
    if fault is not None:  # the request is there, however long the answer takes
        call = attrs.evolve(call, body=await read_body(request.receive))

    async def answer() -> Reply:
        return await _noted(city, guards, request, call)

    if fault is None:
        return await answer()
    reply = await struck(fault, city, answer)
    if _never_came(fault):
        _note(city, call, reply.status, city.clock.now())
    return reply


async def _noted(city: City, guards: Guards, request: AnyRequest, call: Call) -> Reply:
    """Let the city answer, and write into the ledger what it said."""
    now = city.catch_up()
    call, reply = await guards.answer(request, call)
    _note(city, call, reply.status, now)
    return reply


def _never_came(fault: Fault) -> bool:
    return fault.when is When.BEFORE and fault.kind is not Kind.DELAY


def _note(city: City, call: Call, status: int, at: float) -> None:
    """Write a request down; a *status* of 0 says that nobody answered it."""
    city.ledger.note(
        Seen(
            at,
            call.address,
            call.user_agent,
            call.method,
            call.route,
            call.query,
            status,
        )
    )
