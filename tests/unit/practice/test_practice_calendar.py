from __future__ import annotations

from typing import Any

import pytest

from tests.unit.practice.support import (
    AUSBILDUNG,
    DAY,
    GEWERBEAMT,
    KFZ,
    KIRCHENAUSTRITT,
    MINUTE,
    PASING,
    RUPPERT,
    STANDESAMT,
    START,
    WOHNSITZ,
    Town,
    at,
    refusal,
)


async def _calendar(town: Town, *asked: Any, **query: object) -> dict[str, Any]:
    answer = await town.calendar(*asked, **query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_nothing_bookable_is_an_empty_list(town: Town) -> None:
    assert await _calendar(town, STANDESAMT, KIRCHENAUSTRITT) == {
        "startDate": "2026-11-23",
        "endDate": "2027-05-23",
        "slotsStartDate": "2026-11-23",
        "slotsEndDate": "2027-05-23",
        "prevBookableDate": None,
        "nextBookableDate": None,
        "availableDays": [],
    }


async def test_wide_window_narrows_to_its_first_bookable_day(town: Town) -> None:
    first, second = at(26, 9), at(27, 9)
    await town.open(STANDESAMT, KIRCHENAUSTRITT, second, first + 600, first)
    body = await _calendar(town, STANDESAMT, KIRCHENAUSTRITT)
    assert (body["slotsStartDate"], body["slotsEndDate"]) == ("2026-11-26",) * 2
    assert body["availableDays"] == [
        {
            "date": "2026-11-26",
            "providerIDs": "10295168",
            "offices": [{"officeId": "10295168", "appointments": [first, first + 600]}],
        },
        {"date": "2026-11-27", "providerIDs": "10295168", "offices": []},
    ]


async def test_single_day_without_offer_snaps_to_the_first_of_its_month(
    town: Town,
) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, at(25, 9))
    times = await town.times(
        STANDESAMT,
        KIRCHENAUSTRITT,
        slotsStartDate="2026-11-28",
        slotsEndDate="2026-11-28",
    )
    assert times == [at(25, 9)]


async def test_single_day_with_offer_stays(town: Town) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, at(25, 9), at(27, 9))
    body = await _calendar(
        town,
        STANDESAMT,
        KIRCHENAUSTRITT,
        slotsStartDate="2026-11-27",
        slotsEndDate="2026-11-27",
    )
    assert body["slotsStartDate"] == "2026-11-27"
    assert [bool(day["offices"]) for day in body["availableDays"]] == [False, True]


async def test_empty_month_scans_forward(town: Town) -> None:
    found = at(14, 9, month=1, year=2027)
    await town.open(STANDESAMT, KIRCHENAUSTRITT, found, found + 10 * DAY)
    body = await _calendar(
        town,
        STANDESAMT,
        KIRCHENAUSTRITT,
        slotsStartDate="2026-11-23",
        slotsEndDate="2026-11-23",
    )
    assert (body["slotsStartDate"], body["slotsEndDate"]) == ("2027-01-14",) * 2
    assert [day["date"] for day in body["availableDays"]] == [
        "2027-01-14",
        "2027-01-24",
    ]


async def test_wide_window_without_offer_in_a_month_with_one_is_not_moved(
    town: Town,
) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9))
    body = await _calendar(
        town,
        STANDESAMT,
        KIRCHENAUSTRITT,
        slotsStartDate="2026-11-25",
        slotsEndDate="2026-11-29",
    )
    assert (body["slotsStartDate"], body["slotsEndDate"]) == (
        "2026-11-25",
        "2026-11-29",
    )
    assert body["availableDays"] == [
        {"date": "2026-11-24", "providerIDs": "10295168", "offices": []}
    ]


async def test_neighbours_lie_outside_the_painted_months(town: Town) -> None:
    november, january = at(24, 9), at(5, 9, month=1, year=2027)
    december = [at(1, 9, month=12), at(24, 9, month=12)]
    march = at(1, 9, month=3, year=2027)
    await town.open(
        STANDESAMT,
        KIRCHENAUSTRITT,
        november,
        november + DAY,
        *december,
        january,
        march,
    )
    body = await _calendar(
        town,
        STANDESAMT,
        KIRCHENAUSTRITT,
        slotsStartDate="2026-12-24",
        slotsEndDate="2026-12-24",
    )
    assert (body["prevBookableDate"], body["nextBookableDate"]) == (
        "2026-11-25",
        "2027-01-05",
    )
    assert [day["date"] for day in body["availableDays"]] == [
        "2026-12-01",
        "2026-12-24",
    ]


async def test_neighbours_stay_within_the_horizon(town: Town) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9), at(20, 9, month=12))
    body = await _calendar(town, STANDESAMT, KIRCHENAUSTRITT, endDate="2026-12-19")
    assert body["nextBookableDate"] is None


async def test_earlier_offer_shows_as_neighbour_of_an_empty_window(town: Town) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9))
    body = await _calendar(
        town, STANDESAMT, KIRCHENAUSTRITT, slotsStartDate="2026-12-01"
    )
    assert (body["prevBookableDate"], body["availableDays"]) == ("2026-11-24", [])


async def test_horizon_cuts_the_painted_month(town: Town) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9), at(25, 9), at(28, 9))
    body = await _calendar(
        town,
        STANDESAMT,
        KIRCHENAUSTRITT,
        startDate="2026-11-25",
        endDate="2026-11-27",
    )
    assert [day["date"] for day in body["availableDays"]] == ["2026-11-25"]


class TestWindow:
    @pytest.mark.parametrize(
        ("window", "expected"),
        [
            ({}, ("2026-11-23", "2026-12-31")),
            ({"slotsStartDate": "2026-12-05"}, ("2026-12-05", "2026-12-31")),
            ({"slotsEndDate": "2026-12-05"}, ("2026-11-23", "2026-12-05")),
            (
                {"slotsStartDate": "2020-01-01", "slotsEndDate": "2030-01-01"},
                ("2026-11-23", "2026-12-31"),
            ),
            ({"slotsStartDate": "", "slotsEndDate": ""}, ("2026-11-23", "2026-12-31")),
        ],
        ids=["unset", "start only", "end only", "clamped", "empty"],
    )
    async def test_is_filled_and_clamped(
        self, town: Town, window: dict[str, str], expected: tuple[str, str]
    ) -> None:
        body = await _calendar(
            town, STANDESAMT, KIRCHENAUSTRITT, endDate="2026-12-31", **window
        )
        assert (body["slotsStartDate"], body["slotsEndDate"]) == expected

    @pytest.mark.parametrize(
        "window",
        [
            {"slotsStartDate": "2027-01-01"},
            {"slotsEndDate": "2026-11-01"},
            {"slotsStartDate": "2026-10-01", "slotsEndDate": "2026-11-01"},
        ],
        ids=["after", "before", "both before"],
    )
    async def test_outside_the_horizon_is_520(
        self, town: Town, window: dict[str, str]
    ) -> None:
        answer = await town.calendar(
            STANDESAMT, KIRCHENAUSTRITT, endDate="2026-12-31", **window
        )
        assert refusal(answer) == (520, ["unknownError"])


class TestSlotsNeeded:
    async def test_time_needs_consecutive_slots(self, town: Town) -> None:
        await town.open(AUSBILDUNG, WOHNSITZ, at(24, 9))
        await town.open(AUSBILDUNG, WOHNSITZ, at(24, 9, 15))
        assert await town.times(AUSBILDUNG, WOHNSITZ) == [
            at(24, 9, minute) for minute in (0, 5, 10, 15)
        ]
        assert await town.times(AUSBILDUNG, WOHNSITZ, serviceCounts="2") == [at(24, 9)]

    async def test_needs_of_several_services_add_up(self, town: Town) -> None:
        await town.open(KFZ, 1080502, at(24, 9))  # two slots
        answer = await town.calendar(KFZ, "1063424,1064121", "1,1")
        days = answer.json()["availableDays"]
        assert days[0]["offices"][0]["appointments"] == [at(24, 9)]

    async def test_listed_day_may_have_no_time(self, town: Town) -> None:
        """The day list does not look at the slots needed."""
        await town.open(AUSBILDUNG, 1080843, at(24, 9))  # one slot
        await town.open(AUSBILDUNG, WOHNSITZ, at(25, 9))  # three
        body = await _calendar(town, AUSBILDUNG, WOHNSITZ)
        assert body["slotsStartDate"] == "2026-11-24"
        assert [day["date"] for day in body["availableDays"]] == ["2026-11-25"]


class TestOffices:
    async def test_ids_are_strings_sorted_as_strings(self, town: Town) -> None:
        for office in (PASING, STANDESAMT):
            await town.open(office, KIRCHENAUSTRITT, at(24, 9), at(25, 9))
        offices = f"{PASING},{STANDESAMT}"
        body = await _calendar(town, offices, KIRCHENAUSTRITT)
        searched, painted = body["availableDays"]
        assert searched["providerIDs"] == painted["providerIDs"] == "10295168,10351882"
        assert [shown["officeId"] for shown in searched["offices"]] == [
            "10295168",
            "10351882",
        ]

    async def test_searched_day_lists_only_offices_with_times(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9), at(25, 9))
        await town.open(PASING, KIRCHENAUSTRITT, at(25, 9))
        body = await _calendar(town, f"{PASING},{STANDESAMT}", KIRCHENAUSTRITT)
        assert [day["providerIDs"] for day in body["availableDays"]] == [
            "10295168",
            "10295168,10351882",
        ]

    async def test_every_office_must_offer_every_service(self, town: Town) -> None:
        expected = (400, ["invalidLocationAndServiceCombination"])
        for offices in (f"{STANDESAMT},{GEWERBEAMT}", "999999"):
            answer = await town.calendar(offices, KIRCHENAUSTRITT)
            assert refusal(answer) == expected

    async def test_office_named_twice_counts_once(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9))
        offices = f"{STANDESAMT},{STANDESAMT}"
        body = await _calendar(town, offices, KIRCHENAUSTRITT)
        assert len(body["availableDays"][0]["offices"]) == 1

    async def test_pools_of_offices_are_apart(self, town: Town) -> None:
        await town.open(STANDESAMT, KIRCHENAUSTRITT, at(24, 9))
        assert await town.times(PASING, KIRCHENAUSTRITT) == []


async def test_past_times_of_today_are_not_shown(town: Town) -> None:
    await town.open(STANDESAMT, KIRCHENAUSTRITT, START + 30, START + 3600)
    assert await town.times(STANDESAMT, KIRCHENAUSTRITT) == [START + 30, START + 3600]
    town.city.clock.advance(31)  # type: ignore[attr-defined]
    assert await town.times(STANDESAMT, KIRCHENAUSTRITT) == [START + 3600]


async def test_slots_within_five_minutes_are_cancelled_by_the_next_run(
    town: Town,
) -> None:
    soon = START + MINUTE + 5 * MINUTE
    await town.open(STANDESAMT, KIRCHENAUSTRITT, soon, soon + 1)
    await town.pass_time(MINUTE)
    assert await town.times(STANDESAMT, KIRCHENAUSTRITT) == [soon + 1]


class TestValidation:
    async def test_no_parameters_fail_in_order(self, town: Town) -> None:
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

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("officeIds", "a", "invalidOfficeId"),
            ("officeIds", "10295168,", "invalidOfficeId"),
            ("officeIds", "0", "invalidOfficeId"),
            ("officeIds", "-5", "invalidOfficeId"),
            ("serviceIds", "x1", "invalidServiceId"),
            ("serviceIds", "1,,2", "invalidServiceId"),
            ("startDate", "2026-11-31", "invalidStartDate"),
            ("startDate", "23.11.2026", "invalidStartDate"),
            ("endDate", "2026-1-1", "invalidEndDate"),
            ("serviceCounts", "0", "invalidServiceCount"),
            ("serviceCounts", "26", "invalidServiceCount"),
            ("serviceCounts", "1.0", "invalidServiceCount"),
            ("serviceCounts", "+1", "invalidServiceCount"),
            ("serviceCounts", "", "invalidServiceCount"),
            ("slotsStartDate", "tomorrow", "invalidSlotsStartDate"),
            ("slotsEndDate", "2026-13-01", "invalidSlotsEndDate"),
        ],
    )
    async def test_each_field(
        self, town: Town, field: str, value: str, code: str
    ) -> None:
        answer = await town.calendar(STANDESAMT, KIRCHENAUSTRITT, **{field: value})
        assert refusal(answer) == (400, [code])

    async def test_reversed_window(self, town: Town) -> None:
        answer = await town.calendar(
            STANDESAMT,
            KIRCHENAUSTRITT,
            slotsStartDate="2026-12-02",
            slotsEndDate="2026-12-01",
        )
        assert refusal(answer) == (400, ["slotsStartDateAfterEndDate"])

    @pytest.mark.parametrize(
        ("start", "end", "errors"),
        [
            ("2026-12-02", "2026-12-01", 1),
            ("2026-11-23", "2027-11-24", 1),
            ("2028-11-23", "2026-11-23", 2),
        ],
        ids=["reversed", "too long", "both"],
    )
    async def test_impossible_horizon_is_520(
        self, town: Town, start: str, end: str, errors: int
    ) -> None:
        answer = await town.calendar(
            STANDESAMT, KIRCHENAUSTRITT, startDate=start, endDate=end
        )
        assert refusal(answer) == (520, ["unknownError"] * errors)

    async def test_past_dates_and_365_days_are_allowed(self, town: Town) -> None:
        answer = await town.calendar(
            STANDESAMT, KIRCHENAUSTRITT, startDate="2026-01-01", endDate="2027-01-01"
        )
        assert answer.status_code == 200

    async def test_blanks_around_numbers_are_cut(self, town: Town) -> None:
        answer = await town.calendar(f" {STANDESAMT} ", f"{KIRCHENAUSTRITT} ", " 1")
        assert answer.status_code == 200

    async def test_as_many_counts_as_services(self, town: Town) -> None:
        answer = await town.calendar(KFZ, "1063424,1064121", "1")
        assert answer.status_code == 500
        assert answer.json() == {
            "error": {"message": "An internal error has occurred.", "code": 0}
        }


class TestHumanCheck:
    async def test_any_checked_office_demands_a_token(self, town: Town) -> None:
        offices = f"{AUSBILDUNG},{RUPPERT}"
        answer = await town.calendar(offices, WOHNSITZ)
        assert refusal(answer) == (400, ["captchaMissing"])
        answer = await town.calendar(offices, WOHNSITZ, captchaToken="x.y.z")
        assert refusal(answer) == (400, ["captchaInvalid"])

    async def test_its_error_comes_last(self, town: Town) -> None:
        answer = await town.get("available-calendar", officeIds=RUPPERT)
        assert refusal(answer)[1][-2:] == ["invalidServiceCount", "captchaMissing"]

    async def test_unchecked_office_ignores_a_token(self, town: Town) -> None:
        answer = await town.calendar(AUSBILDUNG, WOHNSITZ, captchaToken="x")
        assert answer.status_code == 200
