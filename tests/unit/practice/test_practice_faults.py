"""Faults on demand; those that need a socket stand in tests/integration/practice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.practice.support import (
    API,
    KIRCHENAUSTRITT,
    STANDESAMT,
    Town,
    a_town,
    at,
    refusal,
)

NINE = at(26, 9)
ROUTE = "captcha-details"


async def arm(town: Town, route: str = ROUTE, **fault: Any) -> dict[str, Any]:
    answer = await town.http.post("/practice/faults", json={"route": route, **fault})
    assert answer.status_code == 201, answer.text
    armed: dict[str, Any] = answer.json()
    return armed


async def seen(town: Town) -> list[int]:
    return [item["status"] for item in (await town.http.get("/practice/ledger")).json()]


async def until(happened: Callable[[], bool]) -> None:
    for _ in range(1000):
        if happened():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not happen")


class TestArming:
    async def test_tells_what_is_armed_and_how_often_it_struck(
        self, town: Town
    ) -> None:
        expected = {
            "route": ROUTE,
            "kind": "status",
            "when": "before",
            "status": 503,
            "seconds": None,
            "errorCode": None,
            "times": 2,
        }
        armed = await arm(town, kind="status", status=503, times=2)
        assert armed == expected | {"struck": 0, "left": 2}
        assert [(await town.get(ROUTE)).status_code for _ in "123"] == [503, 503, 200]
        listed = (await town.http.get("/practice/faults")).json()
        assert listed == [expected | {"struck": 2, "left": 0}]

    async def test_can_all_be_cleared(self, town: Town) -> None:
        await arm(town, kind="status", status=503, times=5)
        await arm(town, "*", kind="status", status=500)
        await town.get("offices-and-services")
        answer = await town.http.delete("/practice/faults")
        assert (answer.status_code, answer.json()) == (200, {"cleared": 1})
        assert (await town.http.get("/practice/faults")).json() == []
        assert (await town.get(ROUTE)).status_code == 200

    async def test_first_armed_strikes_first_and_alone(self, town: Town) -> None:
        await arm(town, "*", kind="status", status=502)
        await arm(town, f"/{ROUTE}/", kind="status", status=504)
        found = [(await town.get(ROUTE)).status_code for _ in "123"]
        assert found == [502, 504, 200]

    async def test_other_routes_are_spared(self, town: Town) -> None:
        await arm(town, kind="status", status=503)
        assert (await town.get("offices-and-services")).status_code == 200
        assert (await town.get(ROUTE)).status_code == 503

    @pytest.mark.parametrize(
        ("fault", "message"),
        [
            ([], "JSON object"),
            ({}, "kind must be one of: status, delay, drop"),
            ({"kind": "fire"}, "kind must be one of"),
            ({"kind": ["drop"]}, "kind must be one of"),
            ({"kind": "drop", "when": "now"}, "when must be one of: before, after"),
            ({"kind": "drop", "route": "here"}, "route must be * or one of: appoint"),
            ({"kind": "drop", "route": 5}, "route must be"),
            ({"kind": "drop", "colour": "red"}, "no field colour"),
            ({"kind": "status"}, "needs a status"),
            ({"kind": "status", "status": 99}, "from 200 to 599"),
            ({"kind": "status", "status": 600}, "from 200 to 599"),
            ({"kind": "status", "status": "503"}, "from 200 to 599"),
            ({"kind": "status", "status": True}, "from 200 to 599"),
            ({"kind": "status", "errorCode": "x"}, "key of the error table"),
            ({"kind": "drop", "status": 503}, "drop has no status"),
            ({"kind": "drop", "errorCode": "notFound"}, "drop has no errorCode"),
            ({"kind": "drop", "seconds": 1}, "drop has no seconds"),
            ({"kind": "delay"}, "seconds must be a number"),
            ({"kind": "delay", "seconds": 0}, "seconds must be a number"),
            ({"kind": "delay", "seconds": 3601}, "seconds must be a number up to 3600"),
            ({"kind": "delay", "seconds": "1"}, "seconds must be a number"),
            ({"kind": "drop", "times": 0}, "times must be a whole number"),
            ({"kind": "drop", "times": 1.5}, "times must be a whole number"),
            ({"kind": "drop", "times": True}, "times must be a whole number"),
        ],
        ids=str,
    )
    async def test_wrong_faults_are_explained(
        self, town: Town, fault: object, message: str
    ) -> None:
        body = {"route": ROUTE, **fault} if isinstance(fault, dict) else fault
        answer = await town.http.post("/practice/faults", json=body)
        assert answer.status_code == 400
        assert message in answer.json()["error"]
        assert (await town.http.get("/practice/faults")).json() == []

    async def test_old_routes_can_be_struck_in_the_older_city_only(self) -> None:
        async with a_town(generation="muc45") as town:
            await arm(town, "available-days", kind="drop")
            fault = {"route": "available-calendar", "kind": "drop"}
            answer = await town.http.post("/practice/faults", json=fault)
        assert answer.status_code == 400


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (400, "invalidRequest"),
            (403, "unauthorized"),
            (404, "notFound"),
            (409, "processAlreadyExists"),
            (429, "rateLimitExceeded"),
            (500, "internalError"),
            (503, "serviceUnavailable"),
        ],
    )
    async def test_speaks_the_table_where_it_can(
        self, town: Town, status: int, code: str
    ) -> None:
        await arm(town, kind="status", status=status)
        answer = await town.get(ROUTE)
        assert refusal(answer) == (status, [code])
        assert "x-ratelimit-limit" not in answer.headers

    @pytest.mark.parametrize(
        ("status", "title"), [(502, "502 Bad Gateway"), (599, "599")]
    )
    async def test_speaks_as_a_gateway_where_it_cannot(
        self, town: Town, status: int, title: str
    ) -> None:
        await arm(town, kind="status", status=status)
        answer = await town.get(ROUTE)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert f"<title>{title}</title>" in answer.text

    async def test_error_code_and_status_may_differ(self, town: Town) -> None:
        """The lost race and the login do it, too."""
        await arm(town, kind="status", status=404, errorCode="authKeyMismatch")
        assert refusal(await town.get(ROUTE)) == (404, ["authKeyMismatch"])

    async def test_gateway_may_make_a_400_of_a_503(self, town: Town) -> None:
        await arm(town, kind="status", status=400, errorCode="serviceUnavailable")
        answer = await town.get(ROUTE)
        assert refusal(answer) == (400, ["serviceUnavailable"])
        assert answer.json()["errors"][0]["statusCode"] == 503

    @pytest.mark.parametrize(("status", "http"), [({}, 520), ({"status": 500}, 500)])
    async def test_backend_may_fail_in_a_way_without_a_name(
        self, town: Town, status: dict[str, Any], http: int
    ) -> None:
        """ProcessCreateFailed and ProcessUpdateFailed are 500 around 520."""
        await arm(town, kind="status", errorCode="unknownError", **status)
        answer = await town.get(ROUTE)
        assert refusal(answer) == (http, ["unknownError"])
        assert answer.json()["errors"][0]["statusCode"] == 520

    async def test_before_means_the_city_saw_nothing(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await arm(town, "cancel-appointment", kind="status", status=503)
        assert (await town.cancel(identity)).status_code == 503
        assert (await town.show(identity)).json()["status"] == "reserved"

    async def test_after_means_the_city_did_it(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        await arm(town, "reserve-appointment", kind="status", status=504, when="after")
        assert (await town.reserve(NINE)).status_code == 504
        (item,) = (await town.http.get("/practice/appointments")).json()
        assert item["status"] == "reserved"
        assert refusal(await town.reserve(NINE)) == (404, ["appointmentNotAvailable"])

    async def test_ledger_tells_what_the_city_answered(self, town: Town) -> None:
        await arm(town, kind="status", status=503)
        await arm(town, kind="status", status=504, when="after")
        await town.get(ROUTE)
        await town.get(ROUTE)
        assert await seen(town) == [503, 200]

    async def test_only_what_reached_the_city_is_counted(self) -> None:
        async with a_town(request_limit=10) as town:
            await arm(town, kind="status", status=503)
            await arm(town, kind="status", status=503, when="after")
            await town.get(ROUTE)
            await town.get(ROUTE)
            answer = await town.get(ROUTE)
        assert answer.headers["x-ratelimit-remaining"] == "7"


class TestBodies:
    @pytest.mark.parametrize("when", ["before", "after"])
    async def test_garbage_is_no_json(self, town: Town, when: str) -> None:
        await arm(town, kind="garbage", when=when)
        answer = await town.get(ROUTE)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        with pytest.raises(ValueError, match=r"."):
            answer.json()

    @pytest.mark.parametrize("when", ["before", "after"])
    async def test_empty_has_no_body(self, town: Town, when: str) -> None:
        await arm(town, kind="empty", when=when)
        answer = await town.get(ROUTE)
        assert (answer.status_code, answer.content) == (200, b"")

    async def test_status_can_be_set(self, town: Town) -> None:
        await arm(town, kind="empty", status=500)
        assert (await town.get(ROUTE)).status_code == 500

    async def test_truncated_after_keeps_the_beginning(self, town: Town) -> None:
        whole = (await town.get(ROUTE)).content
        await arm(town, kind="truncate", when="after")
        answer = await town.get(ROUTE)
        assert answer.headers["content-length"] == str(len(whole))
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.content == whole[: len(whole) // 2]

    async def test_after_keeps_the_citys_status(self, town: Town) -> None:
        await arm(town, "appointment", kind="garbage", when="after")
        assert (await town.get("appointment")).status_code == 400


class TestDelay:
    @pytest.mark.parametrize(("when", "done"), [("before", 0), ("after", 1)])
    async def test_step_of_the_clock_ends_it(
        self, town: Town, when: str, done: int
    ) -> None:
        """An hour of delay, without an hour of waiting."""
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        await arm(town, "reserve-appointment", kind="delay", seconds=3600, when=when)
        asked = asyncio.create_task(town.reserve(NINE))
        await until(lambda: town.city.faults.wire()[0]["struck"] == 1)
        await until(lambda: len(town.city.ledger.entries()) == done)
        await town.pass_time(3599)
        assert len(town.city.book.all()) == done
        assert not asked.done()
        await town.pass_time(1)
        answer = await asyncio.wait_for(asked, 20)
        assert answer.status_code == 200
        assert len(town.city.book.all()) == 1

    async def test_is_never_longer_than_asked(self, town: Town) -> None:
        """Though the stepped clock stands still."""
        await arm(town, kind="delay", seconds=0.05)
        begun = time.monotonic()
        assert (await town.get(ROUTE)).status_code == 200
        assert time.monotonic() - begun >= 0.05

    async def test_is_noted_once(self, town: Town) -> None:
        await arm(town, kind="delay", seconds=0.001)
        await town.get(ROUTE)
        assert await seen(town) == [200]


async def test_control_routes_and_pages_are_never_struck(town: Town) -> None:
    await arm(town, "*", kind="status", status=503, times=9)
    for path in ("/practice/health", "/buergeransicht/"):
        assert (await town.http.get(path)).status_code == 200
    assert (await town.http.get(f"{API}/")).status_code == 503
