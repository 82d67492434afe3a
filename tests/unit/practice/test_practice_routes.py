"""The twelve routes, their doors, and the errors that lie behind several of them."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from mta_practice.errors import TABLE
from mta_practice.http.call import AUTHENTICATED
from mta_practice.http.citizen import ROUTES
from tests.unit.practice.support import (
    API,
    MINUTE,
    STANDESAMT,
    Town,
    a_town,
    at,
    refusal,
)

NINE = at(26, 9)
DENIED = (401, ["authKeyMismatch"])
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]


def bearer(**claims: object) -> dict[str, str]:
    """Write the header of somebody who is logged in; the gateway checked the rest."""
    raw = json.dumps(claims).encode()
    part = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return {"Authorization": f"Bearer e30.{part}.c2ln"}


RESI, MAX = bearer(lhmExtID="resi-1"), bearer(lhmExtID="max-2")


def as_citizen(town: Town, header: dict[str, str]) -> Town:
    """Give the same town to somebody who is logged in."""
    transport = town.http._transport  # noqa: SLF001 - one city, two browsers
    http = httpx.AsyncClient(transport=transport, base_url="http://x", headers=header)
    return Town(town.city, http)


async def mine(town: Town, **query: object) -> list[dict[str, Any]]:
    answer = await town.get("my-appointments", **query)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    return found


class TestRoutes:
    def test_there_are_the_twelve_of_today(self) -> None:
        assert sorted(ROUTES) == [
            ("GET", "appointment"),
            ("GET", "available-calendar"),
            ("GET", "captcha-challenge"),
            ("GET", "captcha-details"),
            ("GET", "my-appointments"),
            ("GET", "offices-and-services"),
            ("POST", "cancel-appointment"),
            ("POST", "captcha-verify"),
            ("POST", "confirm-appointment"),
            ("POST", "preconfirm-appointment"),
            ("POST", "reserve-appointment"),
            ("POST", "update-appointment"),
        ]

    @pytest.mark.parametrize(("method", "route"), list(ROUTES), ids=str)
    async def test_logged_in_variant_answers_the_same(
        self, town: Town, method: str, route: str
    ) -> None:
        paths = [
            f"{base}/{route}{end}" for base in (API, AUTHENTICATED) for end in "/ "
        ]
        answers = [
            await town.http.request(method, path.strip(), json={"payload": ""})
            for path in paths
        ]
        assert len({answer.status_code for answer in answers}) == 1
        if route != "captcha-challenge":
            assert len({answer.content for answer in answers}) == 1

    @pytest.mark.parametrize("route", sorted(route for _, route in ROUTES))
    async def test_every_other_method_is_not_found(
        self, town: Town, route: str
    ) -> None:
        for method in METHODS:
            if (method, route) in ROUTES:
                continue
            answer = await town.http.request(method, f"{API}/{route}/")
            assert answer.status_code == 404
            if method != "HEAD":
                assert refusal(answer) == (404, ["notFound"])

    async def test_old_routes_are_gone(self, town: Town) -> None:
        for route in ("services", "available-days", "available-appointments"):
            assert refusal(await town.get(route)) == (404, ["notFound"])

    async def test_unknown_path_beside_the_api(self, town: Town) -> None:
        for path in (f"{API}x/captcha-details/", f"{API}captcha-details/"):
            assert refusal(await town.http.get(path)) == (404, ["notFound"])


class TestLogin:
    """``Authorization`` where it may come along (contract 1.1)."""

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "Basic eDp5",
            "Bearer",
            "Bearer x",
            "Bearer a.b",
            "Bearer a.%%%.c",
            "Bearer a.bnVsbA.c",
            "Bearer a.e30.c",
            bearer(lhmExtID="")["Authorization"],
            bearer(lhmExtID=5)["Authorization"],
            bearer(email="resi@example.org")["Authorization"],
        ],
    )
    @pytest.mark.parametrize("route", ["my-appointments", "appointment"])
    async def test_malformed_is_401_around_406(
        self, town: Town, route: str, header: str
    ) -> None:
        headers = {"Authorization": header}
        answer = await town.http.get(f"{API}/{route}/", headers=headers)
        assert refusal(answer) == DENIED
        assert answer.json()["errors"][0]["statusCode"] == 406

    @pytest.mark.parametrize("route", ["update", "preconfirm", "confirm", "cancel"])
    async def test_malformed_denies_every_change(self, town: Town, route: str) -> None:
        identity = await town.reserved(NINE)
        answer = await town.http.post(
            f"{API}/{route}-appointment/",
            json=identity,
            headers={"Authorization": "Bearer x"},
        )
        assert refusal(answer) == DENIED
        assert (await town.show(identity)).json()["status"] == "reserved"

    async def test_valid_login_still_needs_the_key(self, town: Town) -> None:
        resi = as_citizen(town, RESI)
        identity = await town.reserved(NINE)
        await resi.update(identity)
        wrong = identity | {"authKey": "ab12"}
        assert refusal(await resi.show(wrong)) == (406, ["authKeyMismatch"])
        assert refusal(await resi.show({})) == (
            400,
            ["invalidProcessId", "invalidAuthKey"],
        )

    async def test_somebody_else_is_refused(self, town: Town) -> None:
        """ExternalUserIdMatchFailed (contract 2.4)."""
        resi, other = as_citizen(town, RESI), as_citizen(town, MAX)
        identity = await town.reserved(NINE)
        await resi.update(identity)
        expected = (406, ["authKeyMismatch"])
        assert refusal(await other.show(identity)) == expected
        assert refusal(await other.confirm(identity)) == expected
        assert (await town.show(identity)).status_code == 200

    async def test_reserve_needs_none(self, town: Town) -> None:
        town.http.headers["Authorization"] = "Bearer x"
        await town.reserved(NINE)


class TestMyAppointments:
    async def test_needs_a_login(self, town: Town) -> None:
        answer = await town.get("my-appointments")
        assert refusal(answer) == DENIED
        assert answer.json()["errors"][0]["statusCode"] == 406

    async def test_shows_own_confirmed_ones_as_a_bare_array(self, town: Town) -> None:
        resi, other = as_citizen(town, RESI), as_citizen(town, MAX)
        assert await mine(resi) == []
        identity = await town.reserved(NINE)
        await resi.update(identity)
        await resi.preconfirm(identity)
        assert await mine(resi) == []
        shown = (await resi.confirm(identity)).json()
        assert await mine(resi) == [shown | {"captchaToken": ""}]
        assert await mine(other) == []
        await resi.cancel(identity)
        assert await mine(resi) == []

    async def test_owner_is_who_worked_on_it_first(self, town: Town) -> None:
        resi = as_citizen(town, RESI)
        for turn, step in enumerate(("preconfirm", "confirm")):
            mail = f"{step}@example.org"
            identity = await town.reserved(NINE + turn * 300)
            await town.update(identity, email=mail)
            await getattr(resi, step)(identity)
            await town.confirm(identity)
        assert [item["email"] for item in await mine(resi)] == [
            "preconfirm@example.org",
            "confirm@example.org",
        ]

    async def test_filter_picks_one(self, town: Town) -> None:
        resi = as_citizen(town, RESI)
        ids = []
        for turn in range(2):
            identity = await town.reserved(NINE + turn * 300)
            await town.update(identity, email=f"resi{turn}@example.org")
            await resi.confirm(identity)
            ids.append(identity["processId"])
        assert [item["processId"] for item in await mine(resi)] == ids
        assert [i["processId"] for i in await mine(resi, filterId=ids[1])] == ids[1:]
        assert await mine(resi, filterId=1) == []
        assert len(await mine(resi, filterId="all")) == 2


class TestErrors:
    async def test_highest_status_wins_over_the_order(self, town: Town) -> None:
        answer = await town.calendar("x", 1063731, endDate="2030-01-01")
        assert refusal(answer) == (520, ["invalidOfficeId", "unknownError"])

    @pytest.mark.parametrize(
        "query",
        [
            {"startDate": "2026-12-24", "endDate": "2026-12-23"},
            {"startDate": "2026-12-24", "endDate": "2027-12-25"},
            {"slotsStartDate": "2020-01-01", "slotsEndDate": "2020-01-02"},
        ],
        ids=["startDateAfterEndDate", "dateRangeTooLarge", "invalidDateRange"],
    )
    async def test_codes_without_an_entry_are_520(
        self, town: Town, query: dict[str, str]
    ) -> None:
        answer = await town.calendar(STANDESAMT, 1063731, **query)
        assert refusal(answer) == (520, ["unknownError"])
        assert answer.json()["errors"][0]["statusCode"] == 520

    async def test_every_missing_parameter_is_collected_in_order(
        self, town: Town
    ) -> None:
        assert refusal(await town.get("available-calendar")) == (
            400,
            [
                "invalidOfficeId",
                "invalidServiceId",
                "invalidStartDate",
                "invalidEndDate",
                "invalidServiceCount",
            ],
        )

    @pytest.mark.parametrize("key", sorted(TABLE))
    async def test_every_entry_of_the_table_can_be_met(
        self, town: Town, key: str
    ) -> None:
        """Those of the backend that nothing here raises come by a fault (2.4)."""
        fault = {"route": "appointment", "kind": "status", "errorCode": key}
        await town.http.post("/practice/faults", json=fault)
        answer = await town.get("appointment")
        assert answer.json() == {"errors": [TABLE[key].wire()]}
        assert answer.status_code == TABLE[key].status

    async def test_nothing_free_is_200_with_an_empty_list(self, town: Town) -> None:
        answer = await town.calendar(STANDESAMT, 1063731)
        assert (answer.status_code, answer.json()["availableDays"]) == (200, [])

    async def test_second_step_alone_reports_the_combination(self, town: Town) -> None:
        answer = await town.calendar(f"{STANDESAMT},99", 1063731)
        assert refusal(answer) == (400, ["invalidLocationAndServiceCombination"])


class TestMails:
    async def test_confirmation_brings_the_calendar_entry(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        shown = (await town.show(identity)).json()
        await town.cancel(identity)
        kinds = {mail["kind"]: mail["ics"] for mail in await town.mails()}
        assert kinds == {
            "activation": None,
            "confirmation": shown["icsContent"],
            "cancellation": None,
        }

    async def test_rescheduling_needs_no_route_of_its_own(self) -> None:
        """GET, reserve with its token, update, confirm directly, cancel (contract 4)."""
        async with a_town() as town:
            # Two allowed per mail here, else the update would be refused.
            old = await town.confirmed(NINE, email="resi@example.org")
            token = (await town.show(old)).json()["captchaToken"]
            await town.open(STANDESAMT, 1063731, NINE + 5 * MINUTE)
            answer = await town.reserve(NINE + 5 * MINUTE, captchaToken=token)
            new = {name: answer.json()[name] for name in ("processId", "authKey")}
            assert (await town.update(new, email="r2@example.org")).status_code == 200
            assert (await town.confirm(new)).json()["status"] == "confirmed"
            assert (await town.cancel(old)).json()["status"] == "deleted"
