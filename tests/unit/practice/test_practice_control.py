from __future__ import annotations

import pytest

from mta_practice import City, PracticeSettings
from mta_practice.openings import read_opening
from tests.unit.practice.support import (
    AUSBILDUNG,
    KIRCHENAUSTRITT,
    MINUTE,
    PASING,
    STANDESAMT,
    START,
    WOHNSITZ,
    Town,
    a_town,
    at,
)

NINE = at(26, 9)


class TestOpenings:
    async def test_frees_what_one_unit_needs(self, town: Town) -> None:
        answer = await town.open(AUSBILDUNG, WOHNSITZ, NINE)
        assert answer.status_code == 201
        assert answer.json() == {
            "officeId": AUSBILDUNG,
            "serviceId": WOHNSITZ,
            "slotTimeInMinutes": 5,
            "slotsPerStart": 3,
            "freed": [NINE, NINE + 5 * MINUTE, NINE + 10 * MINUTE],
        }

    async def test_shows_to_every_service_that_fits(self, town: Town) -> None:
        await town.open(AUSBILDUNG, WOHNSITZ, NINE)
        assert len(await town.times(AUSBILDUNG, 1080843)) == 3  # one slot
        assert await town.times(AUSBILDUNG, 10224132) == []  # six slots

    async def test_same_start_again_adds_nothing_while_free(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE, NINE)
        again = await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE, NINE + 300)
        assert again.json()["freed"] == [NINE + 300]

    async def test_live_appointment_keeps_its_slot(self, town: Town) -> None:
        await town.reserved(NINE)
        again = await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        assert (again.status_code, again.json()["freed"]) == (201, [])
        assert await town.times(STANDESAMT, KIRCHENAUSTRITT) == []

    async def test_slot_of_an_ended_appointment_is_freed_at_once(
        self, town: Town
    ) -> None:
        await town.cancel(await town.confirmed(NINE))
        again = await town.open(STANDESAMT, KIRCHENAUSTRITT, NINE)
        assert again.json()["freed"] == [NINE]
        second = await town.confirmed(NINE, email="max@example.org")
        await town.pass_time(30 * MINUTE)  # the first one's deallocation frees nothing
        assert await town.times(STANDESAMT, KIRCHENAUSTRITT) == []
        assert (await town.show(second)).json()["status"] == "confirmed"

    async def test_can_all_be_removed(self, town: Town) -> None:
        await town.reserved(NINE)
        await town.open(PASING, KIRCHENAUSTRITT, NINE)
        await town.open(AUSBILDUNG, WOHNSITZ, NINE)
        answer = await town.http.delete("/practice/openings")
        assert (answer.status_code, answer.json()) == (200, {"removed": 4})
        assert await town.times(PASING, KIRCHENAUSTRITT) == []

    async def test_ids_may_be_numeric_strings(self, town: Town) -> None:
        body = {
            "officeId": str(STANDESAMT),
            "serviceId": str(KIRCHENAUSTRITT),
            "starts": [NINE],
        }
        answer = await town.http.post("/practice/openings", json=body)
        assert answer.status_code == 201

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"officeId": 1}, "no office 1"),
            ({"officeId": "x"}, "officeId must be a whole number"),
            ({"officeId": None}, "officeId must be a whole number"),
            ({"officeId": True}, "officeId must be a whole number"),
            ({"serviceId": 1.5}, "serviceId must be a whole number"),
            ({"serviceId": 1}, "does not offer service 1"),
            ({"starts": None}, "non-empty list"),
            ({"starts": []}, "non-empty list"),
            ({"starts": NINE}, "non-empty list"),
            ({"starts": ["9:00"]}, "whole epoch seconds"),
            ({"starts": [NINE + 0.5]}, "whole epoch seconds"),
            ({"starts": [True]}, "whole epoch seconds"),
            ({"starts": [NINE, START]}, "not between now and 9999"),
            ({"starts": [10**18]}, "not between now and 9999"),
        ],
        ids=str,
    )
    async def test_wrong_requests_are_explained(
        self, town: Town, fields: dict[str, object], message: str
    ) -> None:
        body: dict[str, object] = {
            "officeId": STANDESAMT,
            "serviceId": KIRCHENAUSTRITT,
            "starts": [NINE],
        }
        answer = await town.http.post("/practice/openings", json=body | fields)
        assert answer.status_code == 400
        assert message in answer.json()["error"]
        assert await town.times(STANDESAMT, KIRCHENAUSTRITT) == []

    @pytest.mark.parametrize("content", [b"{", b"[]", b""], ids=repr)
    async def test_body_must_be_an_object(self, town: Town, content: bytes) -> None:
        answer = await town.http.post("/practice/openings", content=content)
        assert answer.status_code == 400
        assert "JSON" in answer.json()["error"]

    async def test_pool_marks_them_as_openings(self, town: Town) -> None:
        opening = read_opening(
            {"officeId": STANDESAMT, "serviceId": KIRCHENAUSTRITT, "starts": [NINE]},
            town.city.catalogue,
            START,
        )
        assert opening.grid() == [NINE]


class TestAppointments:
    async def test_show_the_whole_story(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        remembered = await town.remembered(identity)
        assert remembered == {
            "processId": identity["processId"],
            "officeId": STANDESAMT,
            "serviceId": KIRCHENAUSTRITT,
            "serviceCount": 1,
            "counts": [{"serviceId": KIRCHENAUSTRITT, "count": 1}],
            "timestamp": NINE,
            "status": "confirmed",
            "familyName": "Resi Huber",
            "email": "resi@example.org",
            "telephone": "",
            "customTextfield": "",
            "customTextfield2": "",
            "displayNumber": str(identity["processId"]),
            "reservedAt": "2026-11-23T06:00:00.000000+00:00",
            "endedAt": None,
            "endedWhy": None,
            "slotsReturned": False,
        }

    async def test_cancelled_one_keeps_its_office_here(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        await town.cancel(identity)
        remembered = await town.remembered(identity)
        assert [remembered[name] for name in ("status", "officeId", "endedWhy")] == [
            "deleted",
            STANDESAMT,
            "cancelled",
        ]
        await town.pass_time(15 * MINUTE)
        assert (await town.remembered(identity))["slotsReturned"]


class TestClock:
    async def test_advances_and_tells_the_time(self, town: Town) -> None:
        answer = await town.http.post("/practice/clock", json={"advance": 90.5})
        assert answer.json() == {"now": "2026-11-23T06:01:30.500000+00:00"}
        health = (await town.http.get("/practice/health")).json()
        assert health == {
            "status": "ok",
            "now": "2026-11-23T06:01:30.500000+00:00",
            "stepped": True,
            "offices": 12,
        }

    @pytest.mark.parametrize("advance", [-1, 1e9, "60", None, True])
    async def test_step_must_be_a_sensible_number(
        self, town: Town, advance: object
    ) -> None:
        answer = await town.http.post("/practice/clock", json={"advance": advance})
        assert answer.status_code == 400
        assert "advance" in answer.json()["error"]

    async def test_real_time_cannot_be_advanced(self) -> None:
        async with a_town(stepped=False) as town:
            answer = await town.http.post("/practice/clock", json={"advance": 1})
            assert answer.status_code == 409
            assert "--stepped" in answer.json()["error"]
            health = (await town.http.get("/practice/health")).json()
            assert health["stepped"] is False


class TestPage:
    async def test_needs_no_trailing_slash(self, town: Town) -> None:
        assert (await town.http.get("/buergeransicht")).status_code == 200

    async def test_is_self_contained(self, town: Town) -> None:
        answer = await town.http.get("/buergeransicht/")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        text = answer.text
        assert "Termin bestätigen / confirm" in text
        assert "/buergeransicht/api/citizen/confirm-appointment/" in text
        assert "http://" not in text
        assert "https://" not in text
        assert "src=" not in text


def test_city_can_be_used_without_http() -> None:
    city = City(PracticeSettings(stepped=True, start=START))
    city.open({"officeId": STANDESAMT, "serviceId": KIRCHENAUSTRITT, "starts": [NINE]})
    body = {
        "timestamp": NINE,
        "officeId": STANDESAMT,
        "serviceId": [KIRCHENAUSTRITT],
    }
    assert city.reserve(city.look_up(body, "a"))["status"] == "reserved"
