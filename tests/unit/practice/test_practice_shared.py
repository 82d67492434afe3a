"""Offices that pool their times (contract 6, sharedBookingOfficeIds)."""

from __future__ import annotations

import json
from typing import Any

from mta_practice import compact_catalogue
from tests.unit.practice.support import (
    AUSBILDUNG,
    DAY,
    RUPPERT,
    WOHNSITZ,
    Town,
    a_town,
    at,
    refusal,
)

ONE_SLOT = 1080843
BOTH = f"{RUPPERT},{AUSBILDUNG}"
SLOT = 300
NINE = at(24, 9)


def _unchecked() -> dict[str, Any]:
    """Give the compact catalogue with the check switched off: it is not the point."""
    catalogue: dict[str, Any] = json.loads(json.dumps(dict(compact_catalogue())))
    for office in catalogue["offices"]:
        office["scope"]["captchaActivatedRequired"] = False
    return catalogue


async def _owned(town: Town, offices: object = BOTH) -> dict[int, list[int]]:
    """Give the times of the searched day by the office that owns them."""
    body = (await town.calendar(offices, ONE_SLOT)).json()
    return {
        int(shown["officeId"]): shown["appointments"]
        for day in body["availableDays"]
        for shown in day["offices"]
    }


async def _opened(town: Town, office: int, *steps: int) -> None:
    starts = [NINE + step * SLOT for step in steps]
    assert (await town.open(office, ONE_SLOT, *starts)).status_code == 201


class TestPooled:
    async def test_offices_take_turns_in_the_order_of_their_scopes(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0, 1, 2, 3)  # scope 372
            await _opened(town, RUPPERT, 0, 1, 2, 3)  # scope 160
            assert await _owned(town) == {
                RUPPERT: [NINE, NINE + 2 * SLOT],
                AUSBILDUNG: [NINE + SLOT, NINE + 3 * SLOT],
            }

    async def test_scopes_decide_the_order_not_offices(self) -> None:
        catalogue = _unchecked()
        main = next(o for o in catalogue["offices"] if o["id"] == RUPPERT)
        main["scope"]["id"] = 999  # after the other's 372
        async with a_town(catalogue=catalogue) as town:
            await _opened(town, AUSBILDUNG, 0)
            await _opened(town, RUPPERT, 0)
            assert await _owned(town) == {AUSBILDUNG: [NINE]}

    async def test_a_time_of_one_office_alone_counts_as_its_turn(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0, 1, 2)
            await _opened(town, RUPPERT, 0, 2)
            assert await _owned(town) == {
                RUPPERT: [NINE, NINE + 2 * SLOT],
                AUSBILDUNG: [NINE + SLOT],
            }
            await _opened(town, RUPPERT, 1)
            owned = await _owned(town)
            assert owned[AUSBILDUNG] == [NINE + SLOT]

    async def test_no_time_is_shown_twice_and_none_is_missing(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0, 2, 3, 7)
            await _opened(town, RUPPERT, 1, 2, 3, 4, 9)
            owned = await _owned(town)
            times = sorted(owned[RUPPERT] + owned[AUSBILDUNG])
            assert times == [NINE + step * SLOT for step in (0, 1, 2, 3, 4, 7, 9)]

    async def test_turns_begin_anew_with_every_question(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0)
            await _opened(town, RUPPERT, 0)
            assert await _owned(town) == await _owned(town) == {RUPPERT: [NINE]}

    async def test_the_order_of_asking_does_not_matter(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0, 1)
            await _opened(town, RUPPERT, 0, 1)
            turned = f"{AUSBILDUNG},{RUPPERT}"
            assert await _owned(town, turned) == await _owned(town)

    async def test_one_office_asked_alone_shows_all_of_its_own(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0, 1)
            await _opened(town, RUPPERT, 0, 1, 2)
            assert await _owned(town, AUSBILDUNG) == {AUSBILDUNG: [NINE, NINE + SLOT]}

    async def test_offices_that_do_not_share_show_the_same_time_each(self) -> None:
        catalogue = compact_catalogue(sharing=False)
        wire: dict[str, Any] = json.loads(json.dumps(dict(catalogue)))
        for office in wire["offices"]:
            office["scope"]["captchaActivatedRequired"] = False
        async with a_town(catalogue=wire) as town:
            await _opened(town, AUSBILDUNG, 0)
            await _opened(town, RUPPERT, 0)
            assert await _owned(town) == {RUPPERT: [NINE], AUSBILDUNG: [NINE]}

    async def test_the_day_names_the_owners_other_days_all_offices(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            for office in (AUSBILDUNG, RUPPERT):
                await town.open(office, ONE_SLOT, NINE, NINE + DAY)
            days = (await town.calendar(BOTH, ONE_SLOT)).json()["availableDays"]
            assert [day["providerIDs"] for day in days] == [str(RUPPERT), "10489,10503"]


class TestReserve:
    async def test_is_done_with_the_office_that_owns_the_time(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0)
            gone = await town.reserve(NINE, RUPPERT, [ONE_SLOT])
            assert refusal(gone) == (404, ["appointmentNotAvailable"])
            done = await town.reserve(NINE, AUSBILDUNG, [ONE_SLOT])
            assert done.json()["officeId"] == AUSBILDUNG

    async def test_the_peer_steps_in_when_the_winner_is_booked(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0)
            await _opened(town, RUPPERT, 0)
            await town.reserve(NINE, RUPPERT, [ONE_SLOT])
            assert await _owned(town) == {AUSBILDUNG: [NINE]}
            await town.reserve(NINE, AUSBILDUNG, [ONE_SLOT])
            assert await _owned(town) == {}

    async def test_every_shown_time_can_be_reserved_with_its_owner(self) -> None:
        async with a_town(catalogue=_unchecked()) as town:
            await _opened(town, AUSBILDUNG, 0, 1, 2, 3)
            await _opened(town, RUPPERT, 1, 2, 3, 4)
            for office, starts in (await _owned(town)).items():
                for start in starts:
                    done = await town.reserve(start, office, [ONE_SLOT])
                    assert done.status_code == 200


class TestCheck:
    async def test_an_unchecked_office_shows_its_times_without_a_token(
        self, town: Town
    ) -> None:
        await _opened(town, AUSBILDUNG, 0)
        assert await _owned(town, AUSBILDUNG) == {AUSBILDUNG: [NINE]}

    async def test_asked_together_with_its_checked_peer_it_needs_one(
        self, town: Town
    ) -> None:
        await _opened(town, AUSBILDUNG, 0)
        answer = await town.calendar(BOTH, WOHNSITZ)
        assert refusal(answer) == (400, ["captchaMissing"])

    async def test_its_times_can_be_reserved_without_one(self, town: Town) -> None:
        await _opened(town, AUSBILDUNG, 0)
        answer = await town.reserve(NINE, AUSBILDUNG, [ONE_SLOT])
        assert answer.status_code == 200

    async def test_those_of_its_checked_peer_cannot(self, town: Town) -> None:
        await _opened(town, RUPPERT, 0)
        answer = await town.reserve(NINE, RUPPERT, [ONE_SLOT])
        assert refusal(answer) == (400, ["captchaMissing"])
