"""Every route's answers and errors, judged by the project's schema and the city's."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from mta_practice import load_catalogue
from mta_practice.http.routes import ROUTES
from mta_practice.schema import ANSWERS, answer_schema, schema
from tests.unit.practice.conformance import (
    WRONG_THERE,
    Answer,
    own_verdict,
    published_file,
    published_verdict,
)
from tests.unit.practice.person import solved
from tests.unit.practice.support import (
    API,
    AUSBILDUNG,
    GEWERBEAMT,
    KFZ,
    KIRCHENAUSTRITT,
    MINUTE,
    RUPPERT,
    STANDESAMT,
    WOHNSITZ,
    Town,
    a_town,
    at,
)

NINE = at(26, 9)

needs_published = pytest.mark.skipif(
    not published_file().is_file(),
    reason=f"the city's description is not at hand: no {published_file()}",
)


@asynccontextmanager
async def _listening(**settings: Any) -> AsyncIterator[tuple[Town, list[Answer]]]:
    """Give a town and the list into which each of its city's answers is written."""
    heard: list[Answer] = []

    async def hear(answer: httpx.Response) -> None:
        await answer.aread()
        if answer.request.url.path.startswith(API):
            heard.append(Answer.of(answer))

    async with a_town(**settings) as town:
        town.http.event_hooks = {"response": [hear]}
        yield town, heard


async def _catalogue(town: Town) -> None:
    await town.get("offices-and-services")


async def _calendar(town: Town) -> None:
    await town.calendar(STANDESAMT, KIRCHENAUSTRITT)  # nothing free
    await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE, at(27, 9), at(3, 9, 12))
    await town.open(AUSBILDUNG, WOHNSITZ, NINE, at(15, 9, month=12))
    await town.calendar(STANDESAMT, KIRCHENAUSTRITT)
    await town.calendar(AUSBILDUNG, f"{WOHNSITZ},1080843", "1,2")
    await town.calendar(STANDESAMT, KIRCHENAUSTRITT, slotsStartDate="2026-12-01")


async def _calendar_refused(town: Town) -> None:
    await town.get("available-calendar")
    await town.calendar(RUPPERT, WOHNSITZ)
    await town.calendar(RUPPERT, WOHNSITZ, captchaToken="x.y.z")
    await town.calendar(GEWERBEAMT, KIRCHENAUSTRITT)
    await town.calendar(STANDESAMT, KIRCHENAUSTRITT, startDate="2027-12-01")
    await town.calendar(STANDESAMT, KIRCHENAUSTRITT, slotsStartDate="2029-01-01")
    await town.calendar(KFZ, "1063424,1064121", "1")  # a bare 500


async def _way(town: Town) -> None:
    identity = await town.confirmed(NINE)
    await town.show(identity)
    answer = await town.cancel(identity)
    await town.show(identity | {"authKey": answer.json()["authKey"]})
    left = await town.reserved(NINE + 300, email="max@example.org")
    await town.cancel(left)
    await town.open(KFZ, 1063424, NINE, NINE + 900, NINE + 1800)
    await town.reserve(NINE, KFZ, [1063424, 1064121], serviceCount=[2, 1])


async def _way_refused(town: Town) -> None:
    await town.reserve(NINE)
    await town.reserve("soon", "x", ["y"], serviceCount=[0])
    await town.reserve(NINE, STANDESAMT, 5)  # a bare 500
    await town.reserve(NINE, RUPPERT, [WOHNSITZ])
    nobody = {"processId": 12345, "authKey": "0" * 64}
    for act in (town.show, town.update, town.preconfirm, town.confirm, town.cancel):
        await act(nobody)
        await act({"processId": 0, "authKey": "x"})
    await town.http.post(f"{API}/update-appointment/", content=b"{")
    identity = await town.confirmed(NINE)
    await town.preconfirm(identity)
    await town.confirm(identity)
    await town.show(identity | {"authKey": "0" * 64})
    another = await town.reserved(NINE + 300)
    await town.update(another)  # one appointment per mail
    await town.update(another, familyName="", email="x")
    await town.pass_time(20 * MINUTE)
    await town.confirm(another)


async def _lost_race(town: Town) -> None:
    town.city.stock.take = lambda *_: False  # type: ignore[method-assign]
    await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
    answer = await town.reserve(NINE)
    assert answer.status_code == 404


def _login(citizen: str) -> dict[str, str]:
    parts = ({"alg": "none"}, {"lhmExtID": citizen})
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in parts
    )
    return {"Authorization": f"Bearer {head}.{claims}.x"}


async def _own(town: Town) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
    reserved = (await town.reserve(NINE)).json()
    identity = {name: reserved[name] for name in ("processId", "authKey")}
    await town.update(identity)
    path, headers = f"{API}/confirm-appointment/", _login("citizen-1")
    await town.http.post(path, json=identity, headers=headers)
    own = await town.http.get(f"{API}/my-appointments/", headers=headers)
    assert len(own.json()) == 1
    await town.http.get(f"{API}/my-appointments/", headers=_login("citizen-2"))
    await town.get("my-appointments")


async def _check(town: Town) -> None:
    await town.get("captcha-details")
    challenge = (await town.get("captcha-challenge")).json()
    payload = solved(challenge)
    token = (await town.post("captcha-verify", {"payload": payload})).json()["token"]
    await town.open(RUPPERT, WOHNSITZ, NINE)
    await town.calendar(RUPPERT, WOHNSITZ, captchaToken=token)
    await town.reserve(NINE, RUPPERT, [WOHNSITZ], captchaToken=token)


async def _check_refused(town: Town) -> None:
    for payload in ({}, {"payload": "?"}, {"payload": "e30="}):
        await town.post("captcha-verify", payload)
    await town.http.post("/practice/switches", json={"captchaDown": True})
    await town.get("captcha-challenge")
    await town.post("captcha-verify", {"payload": "e30="})


async def _maintenance(town: Town) -> None:
    await town.http.post("/practice/switches", json={"maintenance": True})
    await _each(town)


async def _unknown(town: Town) -> None:
    await town.get("nothing")
    await town.post("available-calendar", {})


async def _each(town: Town) -> None:
    for method, route in ROUTES:
        await town.http.request(method, f"{API}/{route}/")


WALKS: list[Callable[[Town], Awaitable[None]]] = [
    _catalogue,
    _calendar,
    _calendar_refused,
    _way,
    _way_refused,
    _lost_race,
    _own,
    _check,
    _check_refused,
    _maintenance,
    _unknown,
    _each,
]


async def _heard(**settings: Any) -> list[Answer]:
    """Walk all walks, each in a town of its own, and give all answers."""
    answers: list[Answer] = []
    for walk in WALKS:
        async with _listening(**settings) as (town, heard):
            await walk(town)
            answers += heard
    async with _listening(request_limit=1) as (town, heard):
        await town.get("captcha-details")
        await _each(town)
        answers += heard
    return answers


async def test_every_answer_is_as_the_own_schema_says() -> None:
    answers = await _heard()
    wrong = [(answer.route, own_verdict(answer)) for answer in answers]
    assert [found for found in wrong if found[1]] == []
    good = {answer.route for answer in answers if answer.status == 200}
    bad = {answer.route for answer in answers if answer.status != 200}
    assert good == set(ANSWERS)
    assert bad >= set(ANSWERS)
    statuses = {answer.status for answer in answers}
    assert statuses >= {200, 400, 401, 404, 406, 409, 429, 500, 503, 520}


@needs_published
async def test_every_answer_is_as_the_city_publishes() -> None:
    answers = await _heard()
    wrong = [(answer.route, published_verdict(answer)) for answer in answers]
    assert [found for found in wrong if found[1]] == []


@needs_published
@pytest.mark.parametrize("path", [path for path, _, _ in WRONG_THERE])
async def test_what_is_wrong_in_the_publication_is_still_wrong_there(path: str) -> None:
    """Each entry of the list is needed: without it a right answer is refused."""
    async with _listening() as (town, heard):
        await _catalogue(town)
        await _way(town)
    assert any(published_verdict(answer, trusting=path) for answer in heard)


@needs_published
def test_the_recorded_catalogue_is_right_by_both() -> None:
    file = published_file().parent / "recorded-catalogue.json"
    recorded = json.loads(file.read_text("utf-8"))
    answer = Answer("GET", "offices-and-services", 200, recorded)
    assert (own_verdict(answer), published_verdict(answer)) == ([], [])


@needs_published
async def test_recorded_catalogue_is_served_within_both() -> None:
    wire = load_catalogue(published_file().parent / "recorded-catalogue.json")
    async with _listening(catalogue=wire) as (town, heard):
        await town.get("offices-and-services")
        for office, service in ((10503, WOHNSITZ), (STANDESAMT, KIRCHENAUSTRITT)):
            await town.open(office, service, NINE)
            await town.calendar(office, service)
            await town.reserve(NINE, office, [service], customTextfield="x")
    assert [(own_verdict(item), published_verdict(item)) for item in heard] == [
        ([], [])
    ] * len(heard)
    assert [answer.status for answer in heard] == [200] * 5


class TestOwnSchema:
    def test_is_itself_a_schema(self) -> None:
        Draft202012Validator.check_schema(dict(schema()))

    def test_knows_every_route(self) -> None:
        assert {route for _, route in ROUTES} == set(ANSWERS)

    @pytest.mark.parametrize(
        ("route", "status", "body"),
        [
            ("offices-and-services", 200, {"offices": [], "services": []}),
            ("available-calendar", 200, {"errors": []}),
            ("appointment", 200, {"processId": 12345}),
            ("my-appointments", 200, {}),
            ("captcha-verify", 200, {"meta": {"success": True}, "data": None}),
            ("appointment", 404, {"errors": []}),
            ("appointment", 404, {"errors": [{"errorCode": "notFound"}]}),
            ("appointment", 500, {"error": {"message": "no", "code": 0}}),
            ("nothing", 200, {"offices": []}),
        ],
    )
    def test_refuses_what_is_wrong(self, route: str, status: int, body: object) -> None:
        assert own_verdict(Answer("GET", route, status, body))

    async def test_refuses_a_field_too_many_and_one_too_few(self) -> None:
        async with _listening() as (town, heard):
            await town.reserved(NINE)
            [answer] = heard
        assert own_verdict(answer) == []
        for name in answer.body:
            rest = {key: value for key, value in answer.body.items() if key != name}
            assert own_verdict(Answer("POST", answer.route, 200, rest))
        more = {**answer.body, "publicId": 1}
        assert own_verdict(Answer("POST", answer.route, 200, more))

    async def test_is_handed_out(self, town: Town) -> None:
        told = await town.http.get("/practice/schema")
        assert told.json() == schema()
        assert answer_schema("appointment", 200)["$ref"] == "#/$defs/process"
