"""A citizen's hands in the practice city, for tests: real HTTP, no sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import attrs
import httpx

from mta_practice import City, PracticeSettings, create_app
from mta_practice.clock import MUNICH

#: Monday, 7 o'clock in Munich, a whole minute: the first jobs run at START + 60.
START = int(datetime(2026, 11, 23, 7, tzinfo=MUNICH).timestamp())
MINUTE = 60
DAY = 86_400

KIRCHENAUSTRITT = 1063731
STANDESAMT = 10295168  # unchecked, slots of 5 min, hold 15, activation 60, 1 per mail
PASING = 10351882  # demands a telephone number, slots of 10 minutes
AUSBILDUNG = 10503  # unchecked, demands a text field, deallocation 5 min
RUPPERT = 10489  # checked
WOHNSITZ = 1063475  # 3 slots
GEWERBEAMT = 10546  # 4 per mail
KFZ = 10308013  # slots of 15 minutes, has display numbers
DOKUMENTE = 10456  # demands no mail

API = "/buergeransicht/api/citizen"


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> int:
    """Give the epoch second of a time in Munich."""
    return int(datetime(year, month, day, hour, minute, tzinfo=MUNICH).timestamp())


@attrs.frozen
class Town:
    """A practice city behind an HTTP client."""

    city: City
    http: httpx.AsyncClient

    async def get(self, route: str, **query: object) -> httpx.Response:
        params = {name: str(value) for name, value in query.items()}
        return await self.http.get(f"{API}/{route}/", params=params)

    async def post(self, route: str, body: object) -> httpx.Response:
        return await self.http.post(f"{API}/{route}/", json=body)

    async def open(self, office: int, service: int, *starts: int) -> httpx.Response:
        body = {"officeId": office, "serviceId": service, "starts": list(starts)}
        return await self.http.post("/practice/openings", json=body)

    async def pass_time(self, seconds: float) -> None:
        answer = await self.http.post("/practice/clock", json={"advance": seconds})
        assert answer.status_code == 200

    async def calendar(
        self, offices: object, services: object, counts: object = "1", **query: object
    ) -> httpx.Response:
        asked: dict[str, object] = {
            "startDate": "2026-11-23",
            "endDate": "2027-05-23",
            "officeIds": offices,
            "serviceIds": services,
            "serviceCounts": counts,
        }
        return await self.get("available-calendar", **(asked | query))

    async def times(self, office: int, service: int, **query: object) -> list[int]:
        """Give the times the calendar shows for the one searched day."""
        body = (await self.calendar(office, service, **query)).json()
        return [
            start
            for day in body["availableDays"]
            for shown in day["offices"]
            for start in shown["appointments"]
        ]

    async def reserve(
        self,
        start: object,
        office: object = STANDESAMT,
        services: object = (KIRCHENAUSTRITT,),
        **more: object,
    ) -> httpx.Response:
        body = {"timestamp": start, "officeId": office, "serviceId": services, **more}
        return await self.post("reserve-appointment", body)

    async def reserved(
        self,
        start: int,
        office: int = STANDESAMT,
        services: Sequence[int] = (KIRCHENAUSTRITT,),
        **more: object,
    ) -> dict[str, Any]:
        """Open what is needed, reserve it and give the identity."""
        await self.open(office, services[0], start)
        answer = await self.reserve(start, office, list(services), **more)
        assert answer.status_code == 200, answer.text
        return {name: answer.json()[name] for name in ("processId", "authKey")}

    async def update(
        self, identity: Mapping[str, object], **fields: object
    ) -> httpx.Response:
        data = {"familyName": "Resi Huber", "email": "resi@example.org"} | fields
        return await self.post("update-appointment", {**identity, **data})

    async def preconfirm(self, identity: Mapping[str, object]) -> httpx.Response:
        return await self.post("preconfirm-appointment", dict(identity))

    async def confirm(self, identity: Mapping[str, object]) -> httpx.Response:
        return await self.post("confirm-appointment", dict(identity))

    async def cancel(self, identity: Mapping[str, object]) -> httpx.Response:
        return await self.post("cancel-appointment", dict(identity))

    async def show(self, identity: Mapping[str, object]) -> httpx.Response:
        return await self.get("appointment", **identity)

    async def preconfirmed(
        self, start: int, office: int = STANDESAMT, **fields: object
    ) -> dict[str, Any]:
        identity = await self.reserved(start, office)
        assert (await self.update(identity, **fields)).status_code == 200
        assert (await self.preconfirm(identity)).status_code == 200
        return identity

    async def confirmed(
        self, start: int, office: int = STANDESAMT, **fields: object
    ) -> dict[str, Any]:
        identity = await self.preconfirmed(start, office, **fields)
        assert (await self.confirm(identity)).status_code == 200
        return identity

    async def mails(self, to: str | None = None) -> list[dict[str, Any]]:
        params = {} if to is None else {"to": to}
        answer = await self.http.get("/practice/mails", params=params)
        found: list[dict[str, Any]] = answer.json()
        return found

    async def remembered(self, identity: Mapping[str, object]) -> dict[str, Any]:
        answer = await self.http.get("/practice/appointments")
        found: dict[str, Any] = next(
            item for item in answer.json() if item["processId"] == identity["processId"]
        )
        return found


def codes(answer: httpx.Response) -> list[str]:
    """Give the error codes of an envelope, in their order."""
    return [error["errorCode"] for error in answer.json()["errors"]]


def refusal(answer: httpx.Response) -> tuple[int, list[str]]:
    """Give HTTP status and error codes."""
    return answer.status_code, codes(answer)


@asynccontextmanager
async def a_town(**settings: Any) -> AsyncIterator[Town]:
    """Give a stepped practice city at START; the counter is out of the way.

    Without the app's lifespan: under a stepped clock it does nothing, and an async
    fixture may not leave it in another task than it entered.
    """
    chosen = {"stepped": True, "start": START, "request_limit": 10_000} | settings
    app: Any = create_app(PracticeSettings(**chosen))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        yield Town(app.state.city, http)
