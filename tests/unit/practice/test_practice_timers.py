"""What the minute jobs end and return, and when (contract 4 and 8)."""

from __future__ import annotations

import pytest

from tests.unit.practice.support import (
    AUSBILDUNG,
    GEWERBEAMT,
    KIRCHENAUSTRITT,
    MINUTE,
    STANDESAMT,
    START,
    WOHNSITZ,
    Town,
    a_town,
    at,
    refusal,
)

NINE = at(26, 9)


async def _free(town: Town, office: int = STANDESAMT) -> bool:
    service = KIRCHENAUSTRITT if office == STANDESAMT else WOHNSITZ
    return NINE in await town.times(office, service)


class TestReservation:
    async def test_lapses_at_the_next_run_after_its_time(self, town: Town) -> None:
        await town.pass_time(1)
        identity = await town.reserved(NINE)  # at START + 1, for 15 minutes
        await town.pass_time(15 * MINUTE)
        assert (await town.show(identity)).json()["status"] == "reserved"
        assert not await _free(town)
        await town.pass_time(59)  # START + 16 min: the run
        assert refusal(await town.show(identity)) == (404, ["appointmentNotFound"])
        assert await _free(town)

    async def test_may_be_continued_until_the_run(self, town: Town) -> None:
        await town.pass_time(1)
        identity = await town.reserved(NINE)
        await town.update(identity)
        await town.pass_time(15 * MINUTE + 58)
        assert (await town.preconfirm(identity)).status_code == 200

    async def test_lapses_on_the_run_that_meets_its_time(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.pass_time(15 * MINUTE)
        assert (await town.show(identity)).status_code == 404

    async def test_is_not_renewed_by_an_update(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.pass_time(14 * MINUTE)
        await town.update(identity)
        await town.pass_time(MINUTE)
        assert (await town.show(identity)).status_code == 404

    async def test_has_its_offices_own_duration(self, town: Town) -> None:
        identity = await town.reserved(NINE, GEWERBEAMT, [1063423])
        await town.pass_time(9 * MINUTE)
        assert (await town.show(identity)).status_code == 200
        await town.pass_time(MINUTE)
        assert (await town.show(identity)).status_code == 404

    async def test_is_remembered(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.pass_time(15 * MINUTE)
        remembered = await town.remembered(identity)
        assert remembered["status"] == "lapsed"
        assert remembered["endedWhy"] == "reservation_expired"
        assert remembered["reservedAt"] == "2026-11-23T06:00:00.000000+00:00"
        assert remembered["endedAt"] == "2026-11-23T06:15:00.000000+00:00"


class TestActivation:
    async def test_clock_runs_from_reserve(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.update(identity)
        await town.pass_time(14 * MINUTE)
        await town.preconfirm(identity)
        await town.pass_time(46 * MINUTE - 1)
        assert (await town.show(identity)).json()["status"] == "preconfirmed"
        assert not await _free(town)
        await town.pass_time(1)
        assert refusal(await town.confirm(identity)) == (404, ["appointmentNotFound"])
        assert await _free(town)
        assert (await town.remembered(identity))["endedWhy"] == "activation_expired"

    async def test_confirmed_one_stays(self, town: Town) -> None:
        identity = await town.confirmed(NINE)
        await town.pass_time(120 * MINUTE)
        assert (await town.show(identity)).json()["status"] == "confirmed"


class TestCancelled:
    @pytest.mark.parametrize(("office", "minutes"), [(STANDESAMT, 15), (AUSBILDUNG, 5)])
    async def test_returns_after_deallocation(
        self, town: Town, office: int, minutes: int
    ) -> None:
        service = KIRCHENAUSTRITT if office == STANDESAMT else WOHNSITZ
        identity = await town.reserved(NINE, office, [service])
        await town.update(identity, customTextfield="x")
        await town.confirm(identity)
        await town.pass_time(20)
        new = identity | {"authKey": (await town.cancel(identity)).json()["authKey"]}
        await town.pass_time(minutes * MINUTE)
        assert not await _free(town, office)
        assert (await town.show(new)).json()["status"] == "deleted"
        await town.pass_time(40)
        assert await _free(town, office)
        assert refusal(await town.show(new)) == (404, ["appointmentNotFound"])

    async def test_reserved_one_returns_with_the_next_run(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.cancel(identity)
        assert not await _free(town)
        await town.pass_time(MINUTE)
        assert await _free(town)
        assert refusal(await town.show(identity)) == (406, ["authKeyMismatch"])
        remembered = await town.remembered(identity)
        assert (remembered["status"], remembered["endedWhy"]) == (
            "blocked",
            "cancelled",
        )

    async def test_returned_slots_can_be_booked_again_once(self, town: Town) -> None:
        await town.cancel(await town.confirmed(NINE))
        await town.pass_time(15 * MINUTE)
        assert (await town.reserve(NINE)).status_code == 200
        await town.pass_time(MINUTE)
        assert not await _free(town)


class TestOrder:
    async def test_mail_has_left_long_before_its_appointment_lapses(
        self, town: Town
    ) -> None:
        identity = await town.preconfirmed(NINE)
        await town.pass_time(60 * MINUTE)
        assert (await town.mails())[0]["sent_at"] == "2026-11-23T06:01:00.000000+00:00"
        assert (await town.remembered(identity))["endedAt"] == (
            "2026-11-23T07:00:00.000000+00:00"
        )

    async def test_every_run_in_a_long_step_has_its_own_time(self, town: Town) -> None:
        first = await town.reserved(NINE)
        await town.pass_time(90)
        second = await town.reserved(NINE + 300)
        await town.pass_time(3600)
        ends = [(await town.remembered(item))["endedAt"] for item in (first, second)]
        assert [end[11:19] for end in ends] == ["06:15:00", "06:17:00"]


async def test_jobs_may_run_faster() -> None:
    async with a_town(job_period=0.5) as town:
        await town.pass_time(0.2)
        await town.preconfirmed(NINE)
        await town.pass_time(0.3)
        assert (await town.mails())[0]["sent_at"] == "2026-11-23T06:00:00.500000+00:00"


async def test_runs_are_aligned_to_the_minute() -> None:
    async with a_town(start=START + 20.5) as town:
        await town.preconfirmed(NINE)
        await town.pass_time(39.5)
        assert (await town.mails())[0]["sent_at"] == "2026-11-23T06:01:00.000000+00:00"
