"""What every request meets before its route, in the city's order (contract 2.5)."""

from __future__ import annotations

from typing import Final

import attrs

from mta_practice.city import City
from mta_practice.errors import SERVER_FAULT_BODY, Refusal, ServerFault
from mta_practice.http.call import (
    AnyRequest,
    Call,
    UnsaneQuery,
    read_body,
    read_query,
)
from mta_practice.http.reply import SECURITY, Raw, Reply, refused
from mta_practice.http.routes import Routes
from mta_practice.networks import Networks

#: Largest Content-Length the city takes, in bytes.
_LARGEST_BODY: Final = 10_485_760

#: What PHP sends when nobody catches an exception.
_BARE_500: Final = Reply(500, Raw(b"", "text/html; charset=UTF-8"))


@attrs.frozen
class Guards:
    """The guards around the routes of one city."""

    city: City
    routes: Routes
    blacklist: Networks

    async def answer(self, request: AnyRequest, call: Call) -> tuple[Call, Reply]:
        """Answer a request, and give the call with as much of it as was read.

        Blacklist, size and sanitizer come before the counter, so what they refuse is
        not counted; only what the counter accepts gets the headers.
        """
        if call.address in self.blacklist:
            return call, refused(Refusal("ipBlacklisted"))
        if call.size > _LARGEST_BODY:
            return call, refused(Refusal("requestEntityTooLarge"))
        try:
            call = attrs.evolve(call, query=read_query(request))
        except UnsaneQuery:
            return call, _BARE_500
        allowance = self.city.counter.accept(call.address, self.city.clock.now())
        if allowance is None:
            return call, refused(Refusal("rateLimitExceeded"))
        reply = await self._accepted(request, call)
        headers = {**SECURITY, **allowance.headers()}
        return call, attrs.evolve(reply, headers=headers)

    async def _accepted(self, request: AnyRequest, call: Call) -> Reply:
        """Maintenance, then the body, then the route."""
        try:
            if self.city.maintenance:
                raise Refusal("serviceUnavailable")
            if call.body is None:
                call = attrs.evolve(call, body=await read_body(request.receive))
            route = self.routes.get((call.method, call.route))
            if route is None:
                raise Refusal("notFound")
            return Reply(200, await route(self.city, call))
        except Refusal as refusal:
            return refused(refusal)
        except ServerFault:
            return Reply(500, SERVER_FAULT_BODY)
