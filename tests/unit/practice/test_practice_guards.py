"""The guards in front of the routes, in the city's order (contract 2.5)."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from mta_practice import PracticeError, PracticeSettings
from mta_practice.networks import Networks
from tests.unit.practice.support import (
    API,
    KIRCHENAUSTRITT,
    STANDESAMT,
    Town,
    a_town,
    at,
    codes,
    refusal,
)

BLACKLISTED = (403, ["IP_BLACKLISTED"])
MAINTENANCE = (503, ["serviceUnavailable"])


def unguarded(answer: httpx.Response) -> bool:
    """Say whether the answer bears neither security nor counter headers."""
    names = {"x-frame-options", "x-ratelimit-limit", "retry-after"}
    return not names & set(answer.headers)


class TestBlacklist:
    async def test_address_and_block_are_refused(self) -> None:
        async with a_town(blacklist=("10.0.0.1", "192.0.2.0/24", "2001:db8::/32")) as t:
            answers = {
                address: await t.http.get(
                    f"{API}/captcha-details/", headers={"X-Forwarded-For": address}
                )
                for address in (
                    "10.0.0.1",
                    "10.0.0.2",
                    "192.0.2.77",
                    "2001:db8::5",
                    "2001:db9::5",
                    "nobody",
                )
            }
        refused = [address for address, a in answers.items() if a.status_code == 403]
        assert refused == ["10.0.0.1", "192.0.2.77", "2001:db8::5"]
        assert refusal(answers["10.0.0.1"]) == BLACKLISTED
        assert unguarded(answers["10.0.0.1"])
        assert answers["nobody"].status_code == 200

    def test_block_may_be_written_from_any_of_its_addresses(self) -> None:
        assert "10.0.0.9" in Networks.parse([" 10.0.0.5/24 "])

    @pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.0/40", "city"])
    def test_what_is_no_block_is_explained(self, text: str) -> None:
        with pytest.raises(PracticeError, match="no address and no CIDR block"):
            PracticeSettings(blacklist=(text,))


class TestSanitizer:
    async def test_longest_string_passes_and_one_more_faults_bare(
        self, town: Town
    ) -> None:
        for name in ("officeIds", "anything"):
            fits = await town.http.get(f"{API}/captcha-details/?{name}={'5' * 32_768}")
            assert fits.status_code == 200
            over = await town.http.get(f"{API}/captcha-details/?{name}={'5' * 32_769}")
            assert (over.status_code, over.content) == (500, b"")
            assert unguarded(over)

    async def test_strings_are_measured_in_bytes(self, town: Town) -> None:
        umlauts = quote("ü" * 5000)
        for more, status in ((22_768, 200), (22_769, 500)):
            path = f"{API}/captcha-details/?a={umlauts}{'x' * more}"
            assert (await town.http.get(path)).status_code == status

    async def test_nesting_ends_before_ten(self, town: Town) -> None:
        nine = await town.http.get(f"{API}/captcha-details/?a{'[x]' * 9}=1")
        assert nine.status_code == 200
        ten = await town.http.get(f"{API}/captcha-details/?a{'[]' * 10}=1")
        assert (ten.status_code, ten.content) == (500, b"")

    async def test_bodies_are_left_alone(self, town: Town) -> None:
        body = {"processId": 5, "authKey": "ab12", "familyName": "x" * 40_000}
        answer = await town.post("update-appointment", body)
        assert codes(answer) == ["appointmentNotFound"]


class TestMaintenance:
    async def test_answers_503_everywhere(self) -> None:
        async with a_town(maintenance=True) as town:
            for route in ("captcha-details", "offices-and-services", "nothing"):
                answer = await town.get(route)
                assert refusal(answer) == MAINTENANCE
                assert answer.headers["x-frame-options"] == "DENY"
                assert "x-ratelimit-remaining" in answer.headers
            assert refusal(await town.post("cancel-appointment", {})) == MAINTENANCE

    async def test_can_be_switched_while_the_city_runs(self, town: Town) -> None:
        assert (await town.get("captcha-details")).status_code == 200
        on = await town.http.post("/practice/switches", json={"maintenance": True})
        assert on.json() == {
            "maintenance": True,
            "captchaDown": False,
            "softBan": False,
        }
        assert refusal(await town.get("captcha-details")) == MAINTENANCE
        shown = await town.http.get("/practice/switches")
        assert shown.json() == on.json()
        await town.http.post("/practice/switches", json={"maintenance": False})
        assert (await town.get("captcha-details")).status_code == 200

    async def test_a_soft_ban_shows_nothing_and_says_nothing(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, at(26, 9))
        before = await town.calendar(STANDESAMT, KIRCHENAUSTRITT)
        assert before.json()["availableDays"]
        for banned in (True, False):
            switch = {"softBan": banned}
            await town.http.post("/practice/switches", json=switch)
            answer = await town.calendar(STANDESAMT, KIRCHENAUSTRITT)
            assert answer.status_code == 200
            days = answer.json()["availableDays"]
            assert days == ([] if banned else before.json()["availableDays"])

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({}, "maintenance, captchaDown"),
            ([], "JSON object"),
            ({"maintenance": 1}, "maintenance must be true or false"),
            ({"light": True}, "no switch light"),
        ],
        ids=str,
    )
    async def test_wrong_switches_are_explained(
        self, town: Town, body: object, message: str
    ) -> None:
        answer = await town.http.post("/practice/switches", json=body)
        assert answer.status_code == 400
        assert message in answer.json()["error"]


class TestOrder:
    """Each guard is met with everything behind it failing, too."""

    async def ask(self, town: Town, **headers: str) -> httpx.Response:
        path = f"{API}/nothing/?a={'x' * 33_000}"
        return await town.http.get(path, headers=headers)

    async def test_blacklist_size_sanitizer_counter_maintenance(self) -> None:
        large = {"Content-Length": "99999999"}
        async with a_town(maintenance=True, request_limit=1, blacklist=("::1",)) as t:
            listed = {"X-Forwarded-For": "::1"}
            assert refusal(await self.ask(t, **large, **listed)) == BLACKLISTED
            answer = await self.ask(t, **large)
            assert refusal(answer) == (413, ["requestEntityTooLarge"])
            assert (await self.ask(t)).status_code == 500
            assert refusal(await t.get("nothing")) == MAINTENANCE
            refused = await t.get("nothing")
            assert refusal(refused) == (429, ["rateLimitExceeded"])
            assert unguarded(refused)

    async def test_only_the_counted_count(self) -> None:
        """Blacklist, size and sanitizer refuse before the counter, the rest after."""
        async with a_town(request_limit=3) as town:
            for _ in range(5):
                await self.ask(town)
            left = []
            for route in ("nothing", "captcha-details"):
                answer = await town.get(route)
                left.append(answer.headers["x-ratelimit-remaining"])
        assert left == ["1", "0"]

    async def test_refused_ones_stand_in_the_ledger(self, town: Town) -> None:
        await self.ask(town)
        seen = (await town.http.get("/practice/ledger")).json()
        assert [(item["route"], item["status"]) for item in seen] == [("nothing", 500)]
