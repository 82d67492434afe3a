"""What every request to the city meets before and around its route."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest

from mta_practice import PracticeSettings, create_app
from mta_practice.http.citizen import ROUTES
from tests.unit.practice.support import (
    API,
    DAY,
    KIRCHENAUSTRITT,
    STANDESAMT,
    START,
    Town,
    a_town,
    at,
    codes,
    refusal,
)

NOT_FOUND = (404, ["notFound"])


class TestRouting:
    async def test_trailing_slash_is_optional(self, town: Town) -> None:
        for path in ("offices-and-services", "offices-and-services/"):
            assert (await town.http.get(f"{API}/{path}")).status_code == 200

    @pytest.mark.parametrize(
        "path", ["", "/", "/nothing", "/appointment/5", "/available-days/"]
    )
    async def test_unknown_path(self, town: Town, path: str) -> None:
        assert refusal(await town.http.get(f"{API}{path}")) == NOT_FOUND

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    async def test_wrong_method_is_not_found(self, town: Town, method: str) -> None:
        path = f"{API}/offices-and-services/"
        assert refusal(await town.http.request(method, path)) == NOT_FOUND

    @pytest.mark.parametrize(("method", "route"), list(ROUTES), ids=str)
    async def test_every_route_answers_json(
        self, town: Town, method: str, route: str
    ) -> None:
        answer = await town.http.request(method, f"{API}/{route}/")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()

    async def test_not_found_envelope(self, town: Town) -> None:
        answer = await town.http.get(f"{API}/nothing")
        assert answer.json() == {
            "errors": [
                {
                    "errorCode": "notFound",
                    "statusCode": 404,
                    "errorType": "error",
                    "errorMessage": "Endpoint not found.",
                }
            ]
        }


class TestBody:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b'"text"',
            b"null",
            b"\xff",
            b'{"officeId": NaN}',
            b'{"familyName": "\\ud800"}',
            b"[" * 100_000,
        ],
        ids=lambda content: repr(content[:20]),
    )
    async def test_must_be_a_json_object(self, town: Town, content: bytes) -> None:
        answer = await town.http.post(
            f"{API}/reserve-appointment/",
            content=content,
            headers={"Content-Type": "application/json"},
        )
        assert refusal(answer) == (400, ["invalidRequest"])

    async def test_must_be_sent_as_json(self, town: Town) -> None:
        answer = await town.http.post(
            f"{API}/confirm-appointment/",
            content=json.dumps({"processId": 5, "authKey": "ab12"}),
            headers={"Content-Type": "text/plain"},
        )
        assert refusal(answer) == (400, ["invalidRequest"])

    async def test_may_come_in_pieces(self, town: Town) -> None:
        async def pieces() -> Any:
            yield b'{"processId": 5,'
            yield b' "authKey": "ab12"}'

        answer = await town.http.post(
            f"{API}/confirm-appointment/",
            content=pieces(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        assert codes(answer) == ["appointmentNotFound"]

    async def test_too_large_is_refused_uncounted(self, town: Town) -> None:
        answer = await town.http.post(
            f"{API}/reserve-appointment/",
            content=b"{}",
            headers={"Content-Length": "10485761"},
        )
        assert refusal(answer) == (413, ["requestEntityTooLarge"])
        assert "x-ratelimit-limit" not in answer.headers

    async def test_umlauts_and_slashes_are_not_escaped(self, town: Town) -> None:
        text = (await town.get("offices-and-services")).text
        assert "Ruppertstraße" in text
        assert "\\/" not in text

    async def test_client_may_leave_in_the_middle(self) -> None:
        """The city sees an empty body then, and the answer goes nowhere."""
        app = create_app(PracticeSettings(stepped=True))
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope: Any = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "path": f"{API}/confirm-appointment",
            "raw_path": f"{API}/confirm-appointment".encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(b"content-type", b"application/json")],
            "client": None,
            "server": ("x", 80),
        }
        await app(scope, receive, send)
        assert sent[0]["status"] == 400
        (seen,) = app.state.city.ledger.entries()
        assert seen.address == "unknown"


class TestCounter:
    async def test_counts_all_routes_and_then_refuses(self) -> None:
        async with a_town(request_limit=60) as town:
            first = await town.get("offices-and-services")
            assert first.headers["x-ratelimit-limit"] == "60"
            assert first.headers["x-ratelimit-remaining"] == "58"
            assert first.headers["x-ratelimit-reset"] == str(START + 60)
            left = [await town.get("nothing") for _ in range(59)]
            assert left[0].headers["x-ratelimit-remaining"] == "57"
            assert left[-1].headers["x-ratelimit-remaining"] == "0"
            refused = await town.get("offices-and-services")
        assert refusal(refused) == (429, ["rateLimitExceeded"])
        names = set(refused.headers)
        assert not {"retry-after", "x-frame-options", "x-ratelimit-limit"} & names

    async def test_dies_a_minute_after_the_last_accepted(self) -> None:
        async with a_town(request_limit=2) as town:
            await town.get("nothing")
            await town.pass_time(50)
            await town.get("nothing")
            await town.pass_time(59)
            assert (await town.get("nothing")).status_code == 429
            await town.pass_time(1)
            assert (await town.get("nothing")).status_code == 404

    async def test_forwarded_address_decides(self) -> None:
        async with a_town(request_limit=1) as town:
            path = f"{API}/offices-and-services"
            for address in ("10.0.0.1, 10.0.0.9", "10.0.0.2"):
                forwarded = {"X-Forwarded-For": address}
                answer = await town.http.get(path, headers=forwarded)
                assert answer.status_code == 200
            forwarded = {"X-Forwarded-For": "10.0.0.1"}
            assert (await town.http.get(path, headers=forwarded)).status_code == 429

    async def test_limit_and_life_can_be_set(self) -> None:
        async with a_town(request_limit=3, counter_seconds=5) as town:
            answer = await town.get("nothing")
            assert answer.headers["x-ratelimit-reset"] == str(START + 5)
            assert answer.headers["x-ratelimit-remaining"] == "1"


async def test_accepted_answers_carry_security_headers(town: Town) -> None:
    for route in ("offices-and-services", "nothing"):
        headers = (await town.get(route)).headers
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" in headers


async def test_answers_are_not_to_be_kept(town: Town) -> None:
    headers = (await town.get("offices-and-services")).headers
    assert headers["cache-control"] == "max-age=0"
    assert "etag" not in headers


class TestQuery:
    async def test_repeated_name_counts_last(self, town: Town) -> None:
        path = f"{API}/appointment/?processId=5&authKey=zz&authKey=ab12"
        assert codes(await town.http.get(path)) == ["appointmentNotFound"]

    async def test_control_characters_are_removed(self, town: Town) -> None:
        path = f"{API}/appointment/?processId=5%0a&authKey=%00ab1%0d2"
        assert codes(await town.http.get(path)) == ["appointmentNotFound"]


class TestLedger:
    async def _entries(self, town: Town) -> list[dict[str, Any]]:
        answer = await town.http.get("/practice/ledger")
        found: list[dict[str, Any]] = answer.json()
        return found

    async def test_notes_every_city_request_without_secrets(self, town: Town) -> None:
        await town.pass_time(0.25)
        await town.http.get(
            f"{API}/appointment/?processId=5&authKey=ab12&captchaToken=a.b",
            headers={"User-Agent": "MTA/1", "X-Forwarded-For": "10.1.2.3"},
        )
        assert await self._entries(town) == [
            {
                "at": "2026-11-23T06:00:00.250000+00:00",
                "address": "10.1.2.3",
                "userAgent": "MTA/1",
                "method": "GET",
                "route": "appointment",
                "query": {"processId": "5", "authKey": "***", "captchaToken": "***"},
                "status": 404,
            }
        ]

    async def test_notes_refused_and_unknown_ones_too(self) -> None:
        async with a_town(request_limit=1) as town:
            await town.post("nothing/here", {})
            await town.get("offices-and-services")
            noted = [
                (item["method"], item["route"], item["status"])
                for item in await self._entries(town)
            ]
        assert noted == [
            ("POST", "nothing/here", 404),
            ("GET", "offices-and-services", 429),
        ]

    async def test_control_routes_are_neither_counted_nor_noted(self) -> None:
        async with a_town(request_limit=1) as town:
            for _ in range(5):
                await town.http.get("/practice/health")
            await town.http.get("/buergeransicht/")
            assert await self._entries(town) == []
            assert (await town.get("offices-and-services")).status_code == 200


async def test_own_fault_is_500_and_logged(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    del town.city.catalogue
    with caplog.at_level(logging.ERROR, "mta_practice"):
        answer = await town.get("offices-and-services")
    assert answer.status_code == 500
    assert "the practice city failed" in caplog.text


async def test_jobs_run_by_themselves_under_real_time() -> None:
    """Mails leave although nobody asks: the wait is for the job, not for time."""
    app: Any = create_app(PracticeSettings(job_period=0.02))
    city = app.state.city
    left = asyncio.Event()
    send = city.mailroom.send_queued

    def watched(at_: float) -> int:
        number: int = send(at_)
        if number:
            left.set()
        return number

    city.mailroom.send_queued = watched
    transport = httpx.ASGITransport(app)
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://x") as http,
    ):
        town = Town(city, http)
        start = int(city.clock.now()) + DAY
        await town.preconfirmed(start - start % 300)
        await asyncio.wait_for(left.wait(), 10)


async def test_stepped_app_has_a_lifespan_too() -> None:
    app = create_app(PracticeSettings(stepped=True))
    async with app.lifespan():
        assert app.state.city.settings.stepped


async def test_opening_shows_at_nine(town: Town) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9))
    assert await town.times(STANDESAMT, KIRCHENAUSTRITT) == [at(24, 9)]
