"""The human check over HTTP: its contract, and answers that are none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import attrs
import httpx
import pytest

from mta_adapters.city import HttpHumanCheck, HttpSite, make_client
from mta_core.domain.errors import (
    CheckFailed,
    MtaError,
    RateLimited,
    SiteChanged,
    SiteUnreachable,
)
from mta_core.domain.shifts import TOKEN_LIFE, Token
from mta_core.testing.builders import a_probe, a_slot
from mta_core.testing.clock import FakeClock
from mta_practice.settings import HumanRules
from tests.contracts.check_contract import CheckContract, a_proof
from tests.integration.city.test_city_against_practice import (
    STEPPED,
    PracticeCity,
    a_city,
)
from tests.unit.practice.person import solved

CHEAP = attrs.evolve(STEPPED, human=HumanRules(allow_listed=("0.0.0.0/0",)))
"""A city whose check costs next to nothing to pass."""

CHALLENGE = {"parameters": {"algorithm": "SHA-256"}, "signature": "ab" * 32}


@attrs.frozen
class CheckedPractice(PracticeCity):
    """A practice city, and a test in the place of a person."""

    @property
    def check(self) -> HttpHumanCheck:
        return HttpHumanCheck(self.site)

    def passed(self, challenge: Mapping[str, Any]) -> str:
        return solved(challenge)


@asynccontextmanager
async def a_checked_city() -> AsyncIterator[CheckedPractice]:
    async with a_city(CHEAP) as city:
        yield CheckedPractice(city.site, city.clock, city.web)


class TestHttpHumanCheck(CheckContract):
    """The adapter and the practice city against the contract."""

    @pytest.fixture
    async def city(self) -> AsyncIterator[CheckedPractice]:
        async with a_checked_city() as city:
            yield city


async def test_a_token_says_how_long_it_lives() -> None:
    async with a_checked_city() as city:
        assert (await a_proof(city)).life() == TOKEN_LIFE


async def test_the_check_counts_like_every_other_request() -> None:
    async with a_checked_city() as city:
        before = city.site.counter()
        await a_proof(city)
        after = city.site.counter()
    assert before is None
    assert after is not None
    assert after.remaining == STEPPED.request_limit - 3


async def test_a_captcha_service_that_is_down_is_an_outage() -> None:
    async with a_checked_city() as city:
        payload = solved(await city.check.challenge())
        await city.web.post("/practice/switches", json={"captchaDown": True})
        with pytest.raises(SiteUnreachable, match="no check to give: Request error"):
            await city.check.challenge()
        with pytest.raises(SiteUnreachable, match="cannot judge it: Request error"):
            await city.check.verify(payload)


@asynccontextmanager
async def answering(answer: httpx.Response) -> AsyncIterator[HttpHumanCheck]:
    """A check that is told the same whatever it asks."""
    transport = httpx.MockTransport(lambda _: answer)
    async with make_client(
        "http://localhost", contact=None, version="0", transport=transport
    ) as client:
        yield HttpHumanCheck(HttpSite(client, FakeClock()))


def _json(body: object) -> httpx.Response:
    return httpx.Response(200, json=body)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (_json({}), SiteChanged),
        (_json([]), SiteChanged),
        (_json({"parameters": [], "signature": "x"}), SiteChanged),
        # Before Muc-42 (contract 5).
        (_json({"algorithm": "SHA-256", "challenge": "ab", "salt": "c"}), SiteChanged),
        (httpx.Response(200, content=b"<html>"), SiteChanged),
        (httpx.Response(200, content=b""), SiteChanged),
        (httpx.Response(429), RateLimited),
    ],
)
async def test_what_is_no_challenge_is_never_shown_to_a_person(
    answer: httpx.Response, error: type[MtaError]
) -> None:
    async with answering(answer) as check:
        with pytest.raises(error):
            await check.challenge()


async def test_a_challenge_comes_without_orders_to_the_widget() -> None:
    answer = {**CHALLENGE, "configuration": {"auto": "onload"}}
    async with answering(_json(answer)) as check:
        assert await check.challenge() == CHALLENGE


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"meta": {"success": True}, "token": ""}, SiteChanged),
        ({"meta": {"success": True}}, SiteChanged),
        ({"meta": {"success": False, "error": "No payload provided"}}, CheckFailed),
        ({"meta": {"success": False, "error": "\x1b[2J"}}, CheckFailed),
        (None, SiteChanged),
    ],
)
async def test_without_a_token_there_is_no_shift(
    body: object, error: type[MtaError]
) -> None:
    async with answering(_json(body)) as check:
        with pytest.raises(error) as caught:
            await check.verify("payload")
    assert str(caught.value).isprintable()


async def test_a_token_is_taken_as_it_is_and_never_shown() -> None:
    body = {"meta": {"success": True}, "data": {"valid": True}, "token": "a.b.c"}
    async with answering(_json(body)) as check:
        token = await check.verify("payload")
    assert token == Token("a.b.c")
    assert "a.b.c" not in repr(token)


async def test_a_token_travels_where_the_city_looks_for_it() -> None:
    """In the query of the calendar, in the body of a reservation (contract 1.1)."""
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(503)

    async with make_client(
        "http://localhost",
        contact=None,
        version="0",
        transport=httpx.MockTransport(note),
    ) as client:
        site = HttpSite(client, FakeClock())
        for token in (Token("a.b.c"), None):
            for question in (
                site.calendar(a_probe(), token),
                site.reserve(a_slot(), token),
            ):
                with pytest.raises(MtaError):
                    await question
    shown = [
        (request.url.params.get("captchaToken"), _token_in(request)) for request in seen
    ]
    assert shown == [("a.b.c", None), (None, "a.b.c"), (None, None), (None, None)]


def _token_in(request: httpx.Request) -> object:
    content = request.content
    return json.loads(content).get("captchaToken") if content else None
