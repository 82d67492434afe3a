"""The routes up to Muc-45, far enough that a client recognises them (contract 1.4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from mta_practice import PracticeSettings
from mta_practice.http.routes import OLD_ROUTES
from tests.unit.practice.support import (
    API,
    AUSBILDUNG,
    KFZ,
    KIRCHENAUSTRITT,
    PASING,
    RUPPERT,
    STANDESAMT,
    WOHNSITZ,
    Town,
    a_town,
    at,
    refusal,
)

NINE, NEXT_DAY, LATER = at(26, 9), at(27, 10), at(14, 9, month=1, year=2027)
OFFICES = f"{STANDESAMT},{PASING}"


@pytest.fixture
async def old() -> AsyncIterator[Town]:
    async with a_town(generation="muc45") as town:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE, NINE + 300, LATER)
        await town.open(PASING, KIRCHENAUSTRITT, NINE, NEXT_DAY)
        yield town


def asked(**fields: object) -> dict[str, object]:
    return {
        "startDate": "2026-11-23",
        "endDate": "2027-05-23",
        "officeId": OFFICES,
        "serviceId": KIRCHENAUSTRITT,
        "serviceCount": "1",
    } | fields


def on(date: str, **fields: object) -> dict[str, object]:
    return {
        "date": date,
        "officeId": OFFICES,
        "serviceId": KIRCHENAUSTRITT,
        "serviceCount": "1",
    } | fields


async def body(town: Town, route: str, **query: object) -> Any:
    answer = await town.get(route, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestRecognition:
    async def test_new_city_complains_old_city_knows_nothing(self, old: Town) -> None:
        assert refusal(await old.get("available-calendar")) == (404, ["notFound"])
        async with a_town() as new:
            status, errors = refusal(await new.get("available-calendar"))
        assert (status, errors[0]) == (400, "invalidOfficeId")

    async def test_has_the_routes_of_its_tag(self) -> None:
        assert {route for _, route in OLD_ROUTES} == {
            "services",
            "scopes",
            "offices",
            "offices-and-services",
            "scope-by-id",
            "services-by-office",
            "offices-by-service",
            "available-days",
            "available-days-by-office",
            "available-appointments",
            "available-appointments-by-office",
            "appointment",
            "captcha-details",
            "captcha-challenge",
            "captcha-verify",
            "reserve-appointment",
            "update-appointment",
            "confirm-appointment",
            "preconfirm-appointment",
            "cancel-appointment",
            "my-appointments",
        }

    @pytest.mark.parametrize("route", sorted(route for _, route in OLD_ROUTES))
    async def test_both_slash_forms_answer_alike(self, old: Town, route: str) -> None:
        method = next(method for method, name in OLD_ROUTES if name == route)
        found = [
            await old.http.request(method, f"{API}/{route}{end}") for end in ("", "/")
        ]
        assert found[0].status_code == found[1].status_code
        if route != "captcha-challenge":
            assert found[0].content == found[1].content

    async def test_booking_is_as_today(self, old: Town) -> None:
        answer = await old.reserve(NINE)
        assert answer.json()["status"] == "reserved"

    def test_unknown_generation_is_no_setting(self) -> None:
        assert PracticeSettings(generation="muc45").generation == "muc45"  # type: ignore[arg-type]


class TestCatalogue:
    async def test_lists(self, old: Town) -> None:
        new = old.city.catalogue.wire
        assert (await body(old, "services"))["services"] == new["services"]
        offices = (await body(old, "offices"))["offices"]
        assert [office["id"] for office in offices] == list(old.city.catalogue.offices)
        assert not any("sharedBookingOfficeIds" in office for office in offices)
        scopes = (await body(old, "scopes"))["scopes"]
        assert {scope["id"] for scope in scopes} == {
            office["scope"]["id"] for office in offices if office["scope"]
        }
        whole = await body(old, "offices-and-services")
        assert list(whole) == ["offices", "services", "relations"]
        assert whole["offices"] == offices

    async def test_one_scope(self, old: Town) -> None:
        (scope,) = [
            office["scope"]
            for office in (await body(old, "offices"))["offices"]
            if office["id"] == KFZ
        ]
        assert await body(old, "scope-by-id", scopeId=scope["id"]) == scope
        answer = await old.get("scope-by-id", scopeId=999_999)
        assert refusal(answer) == (404, ["scopesNotFound"])
        for query in ({}, {"scopeId": "x"}, {"scopeId": 0}):
            answer = await old.get("scope-by-id", **query)
            assert refusal(answer) == (400, ["invalidScopeId"])

    async def test_services_of_an_office(self, old: Town) -> None:
        found = (await body(old, "services-by-office", officeId=STANDESAMT))["services"]
        assert KIRCHENAUSTRITT in {service["id"] for service in found}
        answer = await old.get("services-by-office", officeId=999_999)
        assert refusal(answer) == (404, ["requestNotFound"])
        answer = await old.get("services-by-office")
        assert refusal(answer) == (400, ["invalidOfficeId"])

    async def test_offices_of_a_service(self, old: Town) -> None:
        found = await body(old, "offices-by-service", serviceId=KIRCHENAUSTRITT)
        ids = {office["id"] for office in found["offices"]}
        assert {STANDESAMT, PASING} <= ids
        assert KFZ not in ids
        answer = await old.get("offices-by-service", serviceId=1)
        assert refusal(answer) == (404, ["providerNotFound"])
        answer = await old.get("offices-by-service")
        assert refusal(answer) == (400, ["invalidServiceId"])


class TestDays:
    async def test_whole_range_in_one_answer(self, old: Town) -> None:
        assert await body(old, "available-days", **asked()) == {
            "availableDays": ["2026-11-26", "2026-11-27", "2027-01-14"]
        }

    async def test_by_office(self, old: Town) -> None:
        answer = await body(old, "available-days-by-office", **asked())
        both = ",".join(sorted([str(STANDESAMT), str(PASING)]))
        assert answer == {
            "availableDays": [
                {"time": "2026-11-26", "providerIDs": both},
                {"time": "2026-11-27", "providerIDs": str(PASING)},
                {"time": "2027-01-14", "providerIDs": str(STANDESAMT)},
            ]
        }

    @pytest.mark.parametrize("route", ["available-days", "available-days-by-office"])
    async def test_none_is_an_error(self, old: Town, route: str) -> None:
        query = asked(endDate="2026-11-25")
        expected = (404, ["noAppointmentForThisDay"])
        assert refusal(await old.get(route, **query)) == expected

    async def test_wrong_input_is_named_as_today(self, old: Town) -> None:
        assert refusal(await old.get("available-days")) == (
            400,
            [
                "invalidOfficeId",
                "invalidServiceId",
                "invalidStartDate",
                "invalidEndDate",
                "invalidServiceCount",
            ],
        )
        plural = asked(officeIds=STANDESAMT)
        del plural["officeId"]
        answer = await old.get("available-days", **plural)
        assert refusal(answer) == (400, ["invalidOfficeId"])

    async def test_checked_office_asks_for_a_person(self, old: Town) -> None:
        query = asked(officeId=RUPPERT, serviceId=WOHNSITZ)
        answer = await old.get("available-days", **query)
        assert refusal(answer) == (400, ["captchaMissing"])
        answer = await old.get("available-days", **query, captchaToken="x.y.z")
        assert refusal(answer) == (400, ["captchaInvalid"])


class TestTimes:
    async def test_of_one_day(self, old: Town) -> None:
        answer = await body(old, "available-appointments", **on("2026-11-26"))
        assert answer == {"appointmentTimestamps": [NINE, NINE + 300]}

    async def test_by_office(self, old: Town) -> None:
        route = "available-appointments-by-office"
        answer = await body(old, route, **on("2026-11-26"))
        found = {
            office["officeId"]: office["appointments"] for office in answer["offices"]
        }
        assert found == {STANDESAMT: [NINE, NINE + 300], PASING: [NINE]}

    async def test_none_is_an_error_or_an_empty_list(self, old: Town) -> None:
        query = on("2026-11-25")
        answer = await old.get("available-appointments", **query)
        assert refusal(answer) == (404, ["appointmentNotAvailable"])
        empty = await body(old, "available-appointments-by-office", **query)
        assert empty == {"offices": []}

    async def test_the_date_has_its_own_error(self, old: Town) -> None:
        for route in ("available-appointments", "available-appointments-by-office"):
            answer = await old.get(route, **on("26.11.2026", serviceCount="x"))
            assert refusal(answer) == (400, ["invalidDate", "invalidServiceCount"])

    async def test_service_must_be_offered_there(self, old: Town) -> None:
        query = on("2026-11-26", serviceId=WOHNSITZ, officeId=f"{AUSBILDUNG},{KFZ}")
        answer = await old.get("available-appointments", **query)
        assert refusal(answer) == (400, ["invalidLocationAndServiceCombination"])
