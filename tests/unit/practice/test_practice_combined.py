"""Appointments of several services, slots and desks (contract 6)."""

from __future__ import annotations

from typing import Any

import pytest

from mta_practice import compact_catalogue
from tests.unit.practice.support import (
    AUSBILDUNG,
    KFZ,
    MINUTE,
    STANDESAMT,
    WOHNSITZ,
    Town,
    at,
    refusal,
)

NINE = at(24, 9)
SLOT = 5 * MINUTE
QUARTER = 15 * MINUTE
HAUSHALT = 1080843  # one slot, as WOHNSITZ has three
MOVED, ADDRESS, SWAP = 1063424, 1064121, 1080502  # one, one and two slots at KFZ


class TestSeveralServices:
    async def test_take_the_sum_of_their_slots(self, town: Town) -> None:
        starts = [NINE + step * QUARTER for step in range(5)]
        await town.open(KFZ, MOVED, *starts)
        body = {"serviceCount": [2, 1]}
        answer = await town.reserve(NINE, KFZ, [MOVED, SWAP], **body)
        process = answer.json()
        assert process["slotCount"] == 4
        assert (process["serviceId"], process["serviceCount"]) == (MOVED, 2)
        assert process["subRequestCounts"] == [
            {"id": SWAP, "name": "Wechselkennzeichen", "count": 1}
        ]
        assert await town.times(KFZ, MOVED) == starts[4:]

    async def test_all_slots_come_back_together(self, town: Town) -> None:
        starts = [NINE + step * QUARTER for step in range(3)]
        await town.open(KFZ, MOVED, *starts)
        await town.reserve(NINE, KFZ, [SWAP, ADDRESS], serviceCount=[1, 1])
        assert await town.times(KFZ, MOVED) == []
        await town.pass_time(15 * MINUTE)
        assert await town.times(KFZ, MOVED) == starts

    async def test_a_gap_in_the_chain_is_no_offer(self, town: Town) -> None:
        await town.open(KFZ, MOVED, NINE, NINE + 2 * QUARTER)
        answer = await town.reserve(NINE, KFZ, [MOVED, ADDRESS], serviceCount=[1, 1])
        assert refusal(answer) == (404, ["appointmentNotAvailable"])

    async def test_quantities_and_combinations_are_not_enforced(
        self, town: Town
    ) -> None:
        """Neither maxQuantity nor combinable nor slotsPerAppointment (contract 3)."""
        office, service = 10640, 1074970
        starts = [NINE + step * 20 * MINUTE for step in range(5)]
        await town.open(office, service, *starts)
        answer = await town.reserve(NINE, office, [service], serviceCount=[5])
        assert answer.json()["slotCount"] == 5

    async def test_the_first_service_leads_whatever_it_is(self, town: Town) -> None:
        await town.open(AUSBILDUNG, WOHNSITZ, NINE, NINE + 3 * SLOT)
        answer = await town.reserve(
            NINE, AUSBILDUNG, [HAUSHALT, WOHNSITZ], serviceCount=[1, 1]
        )
        assert answer.json()["serviceId"] == HAUSHALT
        assert answer.json()["slotCount"] == 4


class TestOpeningsOfOneSlot:
    async def test_take_any_service_in_one_slot(self, town: Town) -> None:
        opening = {
            "officeId": AUSBILDUNG,
            "serviceId": WOHNSITZ,
            "starts": [NINE],
            "multipleSlots": False,
        }
        opened = (await town.http.post("/practice/openings", json=opening)).json()
        assert opened["freed"] == [NINE]
        assert await town.times(AUSBILDUNG, WOHNSITZ, serviceCounts="3") == [NINE]
        answer = await town.reserve(
            NINE, AUSBILDUNG, [WOHNSITZ], serviceCount=[3], customTextfield="x"
        )
        assert answer.json()["slotCount"] == 1
        assert await town.times(AUSBILDUNG, HAUSHALT) == []


class TestSeveralDesks:
    async def _opened(self, town: Town, capacity: object, **more: object) -> Any:
        opening = {
            "officeId": STANDESAMT,
            "serviceId": 1063731,
            "starts": [NINE],
            "capacity": capacity,
        }
        return await town.http.post("/practice/openings", json=opening | more)

    async def test_a_time_is_shown_once_and_taken_as_often_as_there_are(
        self, town: Town
    ) -> None:
        await self._opened(town, 2)
        for left in ([NINE], [NINE], []):
            assert await town.times(STANDESAMT, 1063731) == left
            answer = await town.reserve(NINE)
            assert answer.status_code == (200 if left else 404)

    async def test_a_cancelled_one_frees_one(self, town: Town) -> None:
        await self._opened(town, 2)
        first = (await town.reserve(NINE)).json()
        await town.reserve(NINE)
        await town.cancel({name: first[name] for name in ("processId", "authKey")})
        await town.pass_time(MINUTE)
        assert (await town.reserve(NINE)).status_code == 200
        assert refusal(await town.reserve(NINE))[0] == 404

    async def test_a_further_desk_frees_a_full_slot(self, town: Town) -> None:
        await self._opened(town, 1)
        await town.reserve(NINE)
        assert (await self._opened(town, 1)).json()["freed"] == []
        assert (await self._opened(town, 2)).json()["freed"] == [NINE]
        assert (await self._opened(town, 2)).json()["freed"] == []
        assert (await self._opened(town, 1)).json()["freed"] == []

    async def test_removing_leaves_what_is_held(self, town: Town) -> None:
        await self._opened(town, 3)
        process = (await town.reserve(NINE)).json()
        removed = await town.http.delete("/practice/openings")
        assert removed.json() == {"removed": 1}
        assert refusal(await town.reserve(NINE))[0] == 404
        await town.cancel({name: process[name] for name in ("processId", "authKey")})
        await town.pass_time(MINUTE)
        assert (await town.reserve(NINE)).status_code == 200
        assert refusal(await town.reserve(NINE))[0] == 404

    @pytest.mark.parametrize("capacity", [0, 101, "many", 1.5, True])
    async def test_their_number_must_be_sensible(
        self, town: Town, capacity: object
    ) -> None:
        answer = await self._opened(town, capacity)
        assert answer.status_code == 400
        assert "capacity" in answer.json()["error"]

    async def test_multiple_slots_are_a_yes_or_no(self, town: Town) -> None:
        answer = await self._opened(town, 1, multipleSlots="no")
        assert answer.status_code == 400
        assert "multipleSlots" in answer.json()["error"]


class TestCatalogueFields:
    """What the compact catalogue has of section 6."""

    def _offices(self) -> dict[int, dict[str, Any]]:
        listed: Any = compact_catalogue()["offices"]
        return {office["id"]: office for office in listed}

    def _services(self) -> dict[int, dict[str, Any]]:
        listed: Any = compact_catalogue()["services"]
        return {service["id"]: service for service in listed}

    def test_a_checked_office_shares_with_an_unchecked_one(self) -> None:
        offices = self._offices()
        pair = [offices[10489], offices[10503]]
        assert [office["sharedBookingOfficeIds"] for office in pair] == [
            [10489, 10503]
        ] * 2
        checked = [office["scope"]["captchaActivatedRequired"] for office in pair]
        assert checked == [True, False]

    def test_two_offices_are_one_choice_of_the_page(self) -> None:
        """All services disabled at the main one lead to its peer, else the main."""
        offices, listed = self._offices(), compact_catalogue()["relations"]
        assert isinstance(listed, list)
        main, peer = offices[KFZ], offices[102101]
        mix = [KFZ, 102101]
        assert main["allowDisabledServicesMix"] == mix
        assert peer["allowDisabledServicesMix"] == mix
        assert main["name"] == peer["name"]
        [disabled] = main["disabledByServices"]
        at_offices = {r["officeId"] for r in listed if r["serviceId"] == disabled}
        assert at_offices == {KFZ, 102101}

    def test_variants_have_a_parent(self) -> None:
        family, single = self._services()[10224132], self._services()[WOHNSITZ]
        names = ("parentId", "variantId", "rootParentId")
        assert [family[name] for name in names] == [WOHNSITZ, 5, WOHNSITZ]
        assert [single[name] for name in names] == [None, 4, WOHNSITZ]

    def test_one_office_limits_the_slots_of_an_appointment(self) -> None:
        office = self._offices()[10640]
        assert office["slotsPerAppointment"] == "2"
        assert office["scope"]["slotsPerAppointment"] == "2"

    def test_a_relation_may_point_at_a_service_that_is_not_listed(self) -> None:
        relations: Any = compact_catalogue()["relations"]
        unlisted = {r["serviceId"] for r in relations} - set(self._services())
        assert unlisted == {1064308}

    def test_a_service_that_combines_with_nothing_has_an_empty_list(self) -> None:
        assert self._services()[10502137]["combinable"] == []

    def test_older_releases_have_no_sharing(self) -> None:
        offices: Any = compact_catalogue(sharing=False)["offices"]
        assert {office["sharedBookingOfficeIds"] for office in offices} == {None}
