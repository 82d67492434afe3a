"""The city behind the `SiteGateway` port: one HTTP call for one question."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar

import attrs
import httpx

from mta_adapters.city import reading, translate, wire
from mta_adapters.city.errors import Route, of_answer, of_transport
from mta_core.domain.availability import Calendar, Probe, Slot
from mta_core.domain.calls import CityAppointment, Held
from mta_core.domain.catalogue import Catalogue
from mta_core.domain.shifts import Token
from mta_core.polling.pace import Counter
from mta_core.ports.clock import Clock
from mta_core.ports.site import Details, SiteGateway

T = TypeVar("T")


@attrs.define
class HttpSite(SiteGateway):
    """Speaks the city's API of Muc-46 and later (contract 1.1).

    Nothing is sent twice: whoever calls has a place in the budget for one request.
    """

    _client: httpx.AsyncClient
    _clock: Clock
    _counter: Counter | None = attrs.field(default=None, init=False)

    async def catalogue(self) -> Catalogue:
        """Read all services, offices and offers."""
        answer = await self._get(Route.CATALOGUE, wire.OfficesAndServices, {})
        return translate.catalogue(answer)

    async def calendar(self, probe: Probe, token: Token | None = None) -> Calendar:
        """Ask as the city's own page does: for the first day, and for what follows.

        The city looks on from the first day to the last one (contract 1.2, 7).
        """
        first, last = probe.window.first.isoformat(), probe.window.last.isoformat()
        params = {
            "startDate": first,
            "endDate": last,
            "officeIds": _csv(*sorted(probe.offices)),
            "serviceIds": _csv(*probe.services.ids),
            "serviceCounts": _csv(*(count for _, count in probe.services.items)),
            "slotsStartDate": first,
            "slotsEndDate": first,
            **_proof(token),
        }
        answer = await self._get(Route.CALENDAR, wire.Calendar, params)
        return translate.calendar(answer, probe)

    async def reserve(self, slot: Slot, token: Token | None = None) -> CityAppointment:
        """Hold a slot."""
        body = {
            "timestamp": int(slot.start.timestamp()),
            "serviceCount": [count for _, count in slot.services.items],
            "officeId": slot.office,
            "serviceId": list(slot.services.ids),
            **_proof(token),
        }
        answer = await self._post(Route.RESERVE, body)
        return translate.reserved(answer, slot)

    async def update(self, held: Held, details: Details) -> CityAppointment:
        """Give the citizen's details."""
        contact = details.contact
        more = {
            "familyName": contact.name,
            "email": contact.email,
            "telephone": contact.telephone,
            "customTextfield": details.answers.get("custom", ""),
            "customTextfield2": details.answers.get("custom2", ""),
        }
        return await self._change(Route.UPDATE, held, more)

    async def preconfirm(self, held: Held) -> CityAppointment:
        """Ask the city to send the citizen its mail."""
        return await self._change(Route.PRECONFIRM, held)

    async def cancel(self, held: Held) -> CityAppointment:
        """Give the appointment back."""
        return await self._change(Route.CANCEL, held)

    async def appointment(self, held: Held) -> CityAppointment:
        """Look at an appointment."""
        params = {"processId": str(held.process_id), "authKey": held.auth_key}
        answer = await self._get(Route.APPOINTMENT, wire.Process, params)
        return translate.known(answer, held)

    def counter(self) -> Counter | None:
        """Return the city's request counter as of its last answer that told it."""
        return self._counter

    async def _change(
        self, route: Route, held: Held, more: Mapping[str, str] | None = None
    ) -> CityAppointment:
        keys = {"processId": held.process_id, "authKey": held.auth_key}
        answer = await self._post(route, {**keys, **(more or {})})
        return translate.known(answer, held)

    async def _get(self, route: Route, kind: type[T], params: Mapping[str, str]) -> T:
        request = self._client.build_request("GET", route.value, params=params)
        return await self._answer(route, kind, request)

    async def _post(self, route: Route, body: Mapping[str, Any]) -> wire.Process:
        request = self._client.build_request("POST", route.value, json=body)
        return await self._answer(route, wire.Process, request)

    async def get_raw(self, route: Route) -> bytes:
        """Return what a route answers, unread. Raises as every method does."""
        request = self._client.build_request("GET", route.value)
        return await self._content(route, request)

    async def post_raw(self, route: Route, body: Mapping[str, Any]) -> bytes:
        """Return what a route answers to this, unread. Raises as every method does."""
        request = self._client.build_request("POST", route.value, json=body)
        return await self._content(route, request)

    async def _answer(self, route: Route, kind: type[T], request: httpx.Request) -> T:
        content = await self._content(route, request)
        return reading.read(kind, content, route.value)

    async def _content(self, route: Route, request: httpx.Request) -> bytes:
        response = await self._send(route, request)
        self._note(response.headers)
        if not response.is_success:
            raise of_answer(route, response, self._clock.now())
        return response.content

    async def _send(self, route: Route, request: httpx.Request) -> httpx.Response:
        """Send once. httpx limits each read; an answer that drips is cut off here."""
        try:
            async with asyncio.timeout(self._client.timeout.read):
                return await self._client.send(request)
        except (httpx.HTTPError, TimeoutError) as fault:
            error = of_transport(route, fault)
        raise error  # out here: httpx's errors hold the request, with keys and contact

    def _note(self, headers: httpx.Headers) -> None:
        """Remember the counter; refusals by the limit come without it (contract 2.5)."""
        remaining = headers.get("X-RateLimit-Remaining", "")
        if remaining.isascii() and remaining.isdecimal() and len(remaining) <= 6:
            self._counter = Counter(int(remaining), self._clock.now())


def _csv(*ids: int) -> str:
    return ",".join(map(str, ids))


def _proof(token: Token | None) -> dict[str, str]:
    """Show the token of a human check (contract 1.1)."""
    return {"captchaToken": token.text} if token else {}
