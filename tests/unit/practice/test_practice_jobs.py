"""The minute jobs: their order, their offices' own minutes, and what disturbs them."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from mta_practice import compact_catalogue
from mta_practice.appointments import Book
from mta_practice.jobs import Job, MinuteJobs, NoLife
from mta_practice.mails import Mailroom
from mta_practice.stock import Stock
from tests.unit.practice.support import (
    DOKUMENTE,
    KIRCHENAUSTRITT,
    MINUTE,
    STANDESAMT,
    START,
    Town,
    a_town,
    at,
)

NINE = at(26, 9)


async def _disturbed(town: Town, **body: object) -> dict[str, Any]:
    answer = await town.http.post("/practice/jobs", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def _free(town: Town) -> bool:
    return NINE in await town.times(STANDESAMT, KIRCHENAUSTRITT)


class _Diary(NoLife):
    """A life that writes down what it is told, and when."""

    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []

    def live(self, at: float) -> None:
        self.told.append(("live", at - START))

    def delete_unconfirmed(self, at: float) -> None:
        self.told.append(("unconfirmed", at - START))

    def deallocate(self, at: float) -> None:
        self.told.append(("deallocate", at - START))

    def delete_reserved(self, at: float) -> None:
        self.told.append(("reserved", at - START))

    def calculate_slots(self, at: float) -> None:
        self.told.append(("slots", at - START))


def test_jobs_run_in_the_order_of_the_citys_cron() -> None:
    diary = _Diary()
    book, stock = Book(random.Random(1)), Stock()
    jobs = MinuteJobs(book, stock, Mailroom(), MINUTE, START, diary)
    assert jobs.catch_up(START + 90) == 1
    assert diary.told == [
        ("live", 60),
        ("unconfirmed", 60),
        ("deallocate", 60),
        ("reserved", 60),
        ("slots", 60),
        ("live", 90),
    ]
    names = [job.value for job in Job if job is not Job.SEND_MAILS]
    assert names == [
        "deleteUnconfirmedAppointmentData",
        "deallocateAppointmentData",
        "deleteReservedData",
        "calculateSlots",
    ]


class TestOwnMinutes:
    @pytest.mark.parametrize("minutes", [0, 1, 5, 10, 15, 20, 30])
    async def test_of_a_reservation(self, minutes: int) -> None:
        async with a_town(catalogue=_with(reservationDuration=minutes)) as town:
            identity = await town.reserved(NINE)
            await town.pass_time(max(minutes, 1) * MINUTE - 1)
            assert (await town.show(identity)).status_code == 200
            await town.pass_time(1)
            assert (await town.show(identity)).status_code == 404
            assert await _free(town)

    @pytest.mark.parametrize("minutes", [15, 30, 60])
    async def test_of_an_activation(self, minutes: int) -> None:
        async with a_town(catalogue=_with(activationDuration=minutes)) as town:
            identity = await town.preconfirmed(NINE)
            await town.pass_time(minutes * MINUTE - 1)
            assert not await _free(town)
            await town.pass_time(1)
            assert await _free(town)
            assert (await town.show(identity)).status_code == 404

    async def test_of_a_deallocation_may_be_none(self, town: Town) -> None:
        service = 10502137
        identity = await town.reserved(NINE, DOKUMENTE, [service])
        await town.confirm(identity)
        await town.cancel(identity)
        assert await town.times(DOKUMENTE, service) == []
        await town.pass_time(MINUTE)
        assert await town.times(DOKUMENTE, service) == [NINE]


def _with(**fields: object) -> dict[str, Any]:
    catalogue: dict[str, Any] = json.loads(json.dumps(dict(compact_catalogue())))
    for office in catalogue["offices"]:
        if office["id"] == STANDESAMT:
            office["scope"] |= fields
    return catalogue


class TestLate:
    async def test_everything_comes_so_much_later(self, town: Town) -> None:
        told = await _disturbed(town, late=20)
        assert told["nextRun"] == "2026-11-23T06:01:20.000000+00:00"
        identity = await town.reserved(NINE)
        await town.pass_time(15 * MINUTE + 19)
        assert (await town.show(identity)).status_code == 200
        await town.pass_time(1)
        assert (await town.remembered(identity))["endedAt"] == (
            "2026-11-23T06:15:20.000000+00:00"
        )

    async def test_may_be_in_time_again(self, town: Town) -> None:
        await _disturbed(town, late=20)
        await town.pass_time(MINUTE + 20)
        told = await _disturbed(town, late=0)
        assert told == {
            "nextRun": "2026-11-23T06:02:00.000000+00:00",
            "late": 0.0,
            "skip": {},
        }


class TestSkipped:
    async def test_a_reservation_waits_for_the_next_run(self, town: Town) -> None:
        identity = await town.reserved(NINE)
        await town.pass_time(14 * MINUTE)
        await _disturbed(town, skip={"deleteReservedData": 2})
        await town.pass_time(2 * MINUTE)
        assert (await town.show(identity)).status_code == 200
        await town.pass_time(MINUTE)
        assert (await town.show(identity)).status_code == 404

    async def test_a_cancelled_one_waits_for_the_slots(self, town: Town) -> None:
        """The job that hangs is skipped for up to a quarter of an hour (8)."""
        await town.cancel(await town.reserved(NINE))
        await _disturbed(town, skip={"calculateSlots": 15})
        await town.pass_time(15 * MINUTE)
        assert not await _free(town)
        await town.pass_time(MINUTE)
        assert await _free(town)

    async def test_the_others_run_on(self, town: Town) -> None:
        await _disturbed(town, skip={"calculateSlots": 100, "sendMails": 1})
        await town.preconfirmed(NINE)
        await town.pass_time(2 * MINUTE)
        assert (await town.mails())[0]["sent_at"] == "2026-11-23T06:02:00.000000+00:00"
        told = (await town.http.get("/practice/jobs")).json()
        assert told["skip"] == {"calculateSlots": 98}

    async def test_none_more_can_be_told_too(self, town: Town) -> None:
        await _disturbed(town, skip={"calculateSlots": 100})
        await _disturbed(town, skip={"calculateSlots": 0})
        await town.cancel(await town.reserved(NINE))
        await town.pass_time(MINUTE)
        assert await _free(town)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "JSON object"),
        ({"late": 60}, "from 0 to below 60 s"),
        ({"late": -1}, "from 0 to below 60 s"),
        ({"late": "soon"}, "late must be a number"),
        ({"late": True}, "late must be a number"),
        ({"skip": "all"}, "skip must name jobs"),
        ({"skip": {"tea": 1}}, "there is no job tea"),
        ({"skip": {Job.DEALLOCATE: "x"}}, "skip must name jobs"),
        ({"skip": {Job.DEALLOCATE: True}}, "skip must name jobs"),
        ({"skip": {Job.DEALLOCATE: 2000}}, "from 0 to 1440 runs"),
        ({"skip": {Job.DEALLOCATE: -1}}, "from 0 to 1440 runs"),
    ],
    ids=str,
)
async def test_wrong_disturbances_are_explained(
    town: Town, body: object, message: str
) -> None:
    answer = await town.http.post("/practice/jobs", json=body)
    assert answer.status_code == 400
    assert message in answer.json()["error"]
