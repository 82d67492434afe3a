"""The check for a person: challenge, cost, token (contract 5)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from mta_practice import HumanRules
from mta_practice.clock import SteppedClock
from mta_practice.human import HumanCheck
from mta_practice.tokens import Tokens
from tests.unit.practice.person import payload_of, solved
from tests.unit.practice.support import (
    API,
    AUSBILDUNG,
    MINUTE,
    RUPPERT,
    STANDESAMT,
    START,
    WOHNSITZ,
    Town,
    a_town,
    at,
    refusal,
)

NINE = at(26, 9)
FAILED = "Captcha verification failed"

#: A check that costs a test nothing.
CHEAP = HumanRules(allow_listed=("127.0.0.1",))


@pytest.fixture
async def cheap() -> AsyncIterator[Town]:
    async with a_town(human=CHEAP) as town:
        yield town


async def challenge(town: Town, **headers: str) -> dict[str, Any]:
    answer = await town.http.get(f"{API}/captcha-challenge/", headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def verify(town: Town, payload: object) -> dict[str, Any]:
    answer = await town.post("captcha-verify", {"payload": payload})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def token(town: Town) -> str:
    answer = await verify(town, solved(await challenge(town)))
    return str(answer["token"])


def claims(text: str) -> Any:
    part = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class TestDetails:
    async def test_tell_where_the_check_is(self) -> None:
        async with a_town(public_url="https://city.test/") as town:
            answer = (await town.get("captcha-details")).json()
        assert answer == {
            "siteKey": "",
            "captchaChallenge": f"https://city.test{API}/captcha-challenge/",
            "captchaVerify": f"https://city.test{API}/captcha-verify/",
            "captchaEnabled": True,
        }

    async def test_disabled_is_only_told(self) -> None:
        """The city looks at the office's flag alone."""
        async with a_town(human=HumanRules(enabled=False)) as town:
            answer = (await town.get("captcha-details")).json()
            assert answer["captchaEnabled"] is False
            refused = await town.calendar(RUPPERT, WOHNSITZ)
            assert refusal(refused) == (400, ["captchaMissing"])


class TestChallenge:
    async def test_has_the_shape_of_the_recorded_one(self, town: Town) -> None:
        answer = await challenge(town)
        parameters = answer["parameters"]
        assert list(answer) == ["parameters", "signature"]
        assert list(parameters) == [
            "algorithm",
            "nonce",
            "salt",
            "cost",
            "keyLength",
            "keyPrefix",
            "keySignature",
            "memoryCost",
            "parallelism",
            "expiresAt",
            "data",
        ]
        assert re.fullmatch("[0-9a-f]{64}", parameters.pop("nonce"))
        assert re.fullmatch("[0-9a-f]{24}", parameters.pop("salt"))
        assert re.fullmatch("[0-9a-f]{64}", answer["signature"])
        assert parameters == {
            "algorithm": "SHA-256",
            "cost": 1000,
            "keyLength": 32,
            "keyPrefix": "00",
            "keySignature": None,
            "memoryCost": None,
            "parallelism": None,
            "expiresAt": START + 1200,
            "data": None,
        }

    async def test_each_is_another(self, town: Town) -> None:
        first, second = await challenge(town), await challenge(town)
        assert first["parameters"]["nonce"] != second["parameters"]["nonce"]
        assert first["signature"] != second["signature"]

    async def test_same_seed_draws_the_same(self) -> None:
        async with a_town(seed=5) as one, a_town(seed=5) as twin:
            assert await challenge(one) == await challenge(twin)


class TestCost:
    async def test_grows_with_the_challenges_of_the_address(self, town: Town) -> None:
        costs = [(await challenge(town))["parameters"]["cost"] for _ in range(11)]
        assert costs == [1000] * 4 + [5000] * 5 + [10_000] * 2

    async def test_each_address_pays_for_itself(self, town: Town) -> None:
        for _ in range(5):
            await challenge(town)
        other = await challenge(town, **{"X-Forwarded-For": "10.0.0.7"})
        assert other["parameters"]["cost"] == 1000

    async def test_old_challenges_are_forgotten(self, town: Town) -> None:
        for _ in range(5):
            await challenge(town)
        await town.pass_time(30 * MINUTE)
        assert (await challenge(town))["parameters"]["cost"] == 1000

    async def test_below_the_ladder_it_is_a_million(self) -> None:
        async with a_town(human=HumanRules(ladder=((1, 50),))) as town:
            costs = [(await challenge(town))["parameters"]["cost"] for _ in range(2)]
        assert costs == [1_000_000, 50]

    async def test_allow_listed_address_pays_one(self) -> None:
        async with a_town(human=HumanRules(allow_listed=("10.0.0.0/8",))) as town:
            inside = await challenge(town, **{"X-Forwarded-For": "10.9.8.7"})
            outside = await challenge(town, **{"X-Forwarded-For": "11.9.8.7"})
        assert inside["parameters"]["cost"] == 1
        assert outside["parameters"]["cost"] == 1000

    def test_forgotten_addresses_are_swept_out(self) -> None:
        clock = SteppedClock(0)
        check = HumanCheck(HumanRules(ladder=((0, 1), (1, 2))), clock, 1)
        for number in range(1000):
            check.challenge(f"old {number}")
        clock.advance(1799)
        check.challenge("fresh")
        clock.advance(2)
        check.challenge("new")
        again: Any = check.challenge("fresh")
        assert again["parameters"]["cost"] == 2


class TestVerify:
    async def test_solution_earns_a_token(self, cheap: Town) -> None:
        answer = await verify(cheap, solved(await challenge(cheap)))
        assert list(answer) == ["meta", "data", "token"]
        assert answer["meta"] == {"success": True}
        assert answer["data"] == {"valid": True}

    async def test_work_is_what_the_contract_describes(self, cheap: Town) -> None:
        """Written from contract 5 by hand, byte by byte, without the library."""
        async with a_town(human=HumanRules(ladder=((0, 7),))) as town:
            asked = await challenge(town)
            parameters = asked["parameters"]
            nonce, salt = (bytes.fromhex(parameters[key]) for key in ("nonce", "salt"))
            counter, key = 0, b"\xff"
            while not key.hex().startswith("00"):
                password = nonce + counter.to_bytes(4, "big")
                key = hashlib.sha256(salt + password).digest()
                for _ in range(parameters["cost"] - 1):
                    key = hashlib.sha256(key).digest()[: parameters["keyLength"]]
                counter += 1
            solution = {"counter": counter - 1, "derivedKey": key.hex(), "time": 12.5}
            answer = await verify(town, payload_of(asked, solution))
        assert answer["meta"] == {"success": True}

    async def test_payload_may_be_url_safe_and_unpadded(self, cheap: Town) -> None:
        text = solved(await challenge(cheap))
        url_safe = text.translate(str.maketrans("+/", "-_")).rstrip("=")
        assert (await verify(cheap, url_safe))["meta"]["success"]

    async def test_payload_can_be_verified_once(self, cheap: Town) -> None:
        payload = solved(await challenge(cheap))
        await verify(cheap, payload)
        assert await verify(cheap, payload) == {
            "meta": {"success": False, "error": FAILED},
            "data": {"valid": False},
        }

    async def test_more_uses_can_be_set(self) -> None:
        rules = HumanRules(allow_listed=("127.0.0.1",), verifies=2)
        async with a_town(human=rules) as town:
            payload = solved(await challenge(town))
            done = [(await verify(town, payload))["meta"]["success"] for _ in "123"]
        assert done == [True, True, False]

    async def test_challenge_expires(self, cheap: Town) -> None:
        early, late = [solved(await challenge(cheap)) for _ in range(2)]
        await cheap.pass_time(1200)
        assert (await verify(cheap, early))["meta"]["success"]
        await cheap.pass_time(1)
        assert (await verify(cheap, late))["meta"]["error"] == FAILED

    async def test_city_time_alone_decides(self) -> None:
        """The machine's clock is years away from this city's."""
        for start in (1_000_000_000, 4_000_000_000):
            async with a_town(human=CHEAP, start=start) as town:
                answer = await verify(town, solved(await challenge(town)))
            assert answer["meta"]["success"]

    @pytest.mark.parametrize(
        ("payload", "error"),
        [
            (None, "No payload provided"),
            ("", "No payload provided"),
            (5, "No payload provided"),
            ("%%%", "Payload could not be decoded"),
            ("abcde", "Payload could not be decoded"),
            ("ü", "Payload could not be decoded"),
            (base64.b64encode(b"{").decode(), "Invalid JSON in payload"),
            (base64.b64encode(b"\xff").decode(), "Invalid JSON in payload"),
            (base64.b64encode(b"[" * 100_000).decode(), "Invalid JSON in payload"),
        ],
        ids=lambda value: str(value)[:20],
    )
    async def test_unreadable_payload(
        self, town: Town, payload: object, error: str
    ) -> None:
        assert await verify(town, payload) == {
            "meta": {"success": False, "error": error},
            "data": None,
        }

    @pytest.mark.parametrize(
        "content",
        [
            None,
            [],
            "text",
            {},
            {"challenge": None, "solution": None},
            {"challenge": [], "solution": {}},
            {"challenge": {"parameters": {}}, "solution": {}},
            {"challenge": {"parameters": "x"}, "solution": {}},
        ],
        ids=str,
    )
    async def test_payload_of_another_shape(self, town: Town, content: object) -> None:
        payload = base64.b64encode(json.dumps(content).encode()).decode()
        answer = await verify(town, payload)
        assert answer["meta"] == {"success": False, "error": FAILED}
        assert answer["data"] == {"valid": False}

    @pytest.mark.parametrize(
        "change",
        [
            {"cost": 0},
            {"expiresAt": START + 99_999},
            {"expiresAt": "never"},
            {"expiresAt": None},
            {"keyPrefix": ""},
            {"data": {"\ud800": 1}},
            {"nonce": 5},
        ],
        ids=str,
    )
    async def test_changed_challenge_fails(
        self, cheap: Town, change: dict[str, object]
    ) -> None:
        asked = await challenge(cheap)
        content = json.loads(base64.b64decode(solved(asked)))
        content["challenge"]["parameters"] |= change
        payload = payload_of(content["challenge"], content["solution"])
        assert (await verify(cheap, payload))["data"] == {"valid": False}

    @pytest.mark.parametrize("signature", [None, "", 5, "00" * 32])
    async def test_wrong_signature_fails(self, cheap: Town, signature: object) -> None:
        asked = await challenge(cheap)
        content = json.loads(base64.b64decode(solved(asked)))
        content["challenge"]["signature"] = signature
        payload = payload_of(content["challenge"], content["solution"])
        assert (await verify(cheap, payload))["data"] == {"valid": False}

    @pytest.mark.parametrize(
        "change",
        [{"counter": -1}, {"counter": "1"}, {"derivedKey": "00" * 32}],
        ids=str,
    )
    async def test_wrong_solution_fails(
        self, cheap: Town, change: dict[str, object]
    ) -> None:
        asked = await challenge(cheap)
        content = json.loads(base64.b64decode(solved(asked)))
        payload = payload_of(asked, content["solution"] | change)
        assert (await verify(cheap, payload))["data"] == {"valid": False}

    async def test_body_must_be_json(self, town: Town) -> None:
        answer = await town.http.post(f"{API}/captcha-verify/", content=b"{")
        assert refusal(answer) == (400, ["invalidRequest"])


class TestUpstream:
    async def test_failure_is_told_with_200(self, cheap: Town) -> None:
        payload = solved(await challenge(cheap))
        switched = await cheap.http.post(
            "/practice/switches", json={"captchaDown": True}
        )
        assert switched.json()["captchaDown"] is True
        for answer in (await challenge(cheap), await verify(cheap, payload)):
            assert answer["data"] is None
            assert answer["meta"]["success"] is False
            assert answer["meta"]["error"].startswith("Request error: ")
        await cheap.http.post("/practice/switches", json={"captchaDown": False})
        assert (await verify(cheap, payload))["meta"]["success"]


class TestToken:
    async def test_is_a_jwt_with_address_and_300_seconds(self, cheap: Town) -> None:
        text = await token(cheap)
        header = json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "=="))
        assert header == {"typ": "JWT", "alg": "HS256"}
        assert claims(text) == {"ip": "127.0.0.1", "iat": START, "exp": START + 300}

    async def test_is_signed_with_hs256(self) -> None:
        text = Tokens(b"secret", 300).issue("10.0.0.1", START)
        signed, _, signature = text.rpartition(".")
        raw = hmac.new(b"secret", signed.encode(), "sha256").digest()
        assert signature == base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    async def test_opens_every_office_until_it_expires(self, cheap: Town) -> None:
        shown = await token(cheap)
        await cheap.open(RUPPERT, WOHNSITZ, NINE)
        await cheap.pass_time(299)
        for offices in (RUPPERT, f"{RUPPERT},{AUSBILDUNG}", RUPPERT):
            answer = await cheap.calendar(offices, WOHNSITZ, captchaToken=shown)
            assert answer.status_code == 200
        reserved = await cheap.reserve(NINE, RUPPERT, [WOHNSITZ], captchaToken=shown)
        assert reserved.json()["status"] == "reserved"
        await cheap.pass_time(1)
        answer = await cheap.calendar(RUPPERT, WOHNSITZ, captchaToken=shown)
        assert refusal(answer) == (400, ["captchaExpired"])
        answer = await cheap.reserve(NINE, RUPPERT, [WOHNSITZ], captchaToken=shown)
        assert refusal(answer) == (400, ["captchaExpired"])

    async def test_is_bound_to_its_address(self, cheap: Town) -> None:
        cheap.http.headers["X-Forwarded-For"] = "10.1.1.1"
        foreign = Tokens(b"x", 300).issue("10.1.1.1", START)
        own = await _token_as(cheap, "127.0.0.1")
        for shown in (own, foreign):
            answer = await cheap.calendar(RUPPERT, WOHNSITZ, captchaToken=shown)
            assert refusal(answer) == (400, ["captchaInvalid"])

    @pytest.mark.parametrize("shown", ["x", "a.b.c", "..", "ü.ö.ä", " "])
    async def test_what_is_no_token_is_invalid(self, town: Town, shown: str) -> None:
        expected = (400, ["captchaInvalid" if shown.strip() else "captchaMissing"])
        answer = await town.calendar(RUPPERT, WOHNSITZ, captchaToken=shown)
        assert refusal(answer) == expected

    async def test_changed_claims_are_invalid(self, cheap: Town) -> None:
        header, _, signature = (await token(cheap)).split(".")
        later = {"ip": "127.0.0.1", "iat": START, "exp": START + 9999}
        part = base64.urlsafe_b64encode(json.dumps(later).encode()).decode()
        forged = ".".join([header, part.rstrip("="), signature])
        answer = await cheap.calendar(RUPPERT, WOHNSITZ, captchaToken=forged)
        assert refusal(answer) == (400, ["captchaInvalid"])

    async def test_lone_surrogate_is_invalid(self, town: Town) -> None:
        assert town.city.human.verdict("\ud800.x.y", "a") == "captchaInvalid"

    async def test_appointment_and_confirm_hand_out_fresh_ones(
        self, town: Town
    ) -> None:
        identity = await town.preconfirmed(NINE)
        await town.pass_time(5)
        for answer in (await town.show(identity), await town.confirm(identity)):
            handed = answer.json()["captchaToken"]
            assert claims(handed)["iat"] == START + 5
            shown = await town.calendar(RUPPERT, WOHNSITZ, captchaToken=handed)
            assert shown.status_code == 200
        for answer in (await town.update(identity), await town.cancel(identity)):
            assert answer.json()["captchaToken"] == ""


async def test_unchecked_offices_never_ask(town: Town) -> None:
    assert (await town.calendar(STANDESAMT, 1063731)).status_code == 200


async def _token_as(town: Town, address: str) -> str:
    headers = {"X-Forwarded-For": address}
    payload = solved(await challenge(town, **headers))
    answer: httpx.Response = await town.http.post(
        f"{API}/captcha-verify/", json={"payload": payload}, headers=headers
    )
    return str(answer.json()["token"])
