"""`mta history`: when slots appear, and how much is known of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from mta_core.domain.availability import BERLIN, Opening, day_of
from mta_core.domain.catalogue import OfficeId, ServiceId, ServiceSet
from mta_core.testing import a_slot, an_opening
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.history_map import WEEKDAYS
from tests.integration.cli.household import (
    CAR,
    CAR_OFFICE,
    CHURCH,
    CHURCH_OFFICE,
    CURIOUS_OFFICE,
    PASSPORT,
    Household,
    a_fresh_start,
)

pytestmark = pytest.mark.integration

DAYS = range(1, 13)
NIGHT, MINUTES = range(8), (0, 20, 40)
"""When MTA asks here: hardly ever, so that it is quickly written."""

USUAL = "usually seen: every day 4:00–5:00 (36 of 36 openings, on 12 of 12 days)"


def ago(days: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day in Munich, counted back from today."""
    day = day_of(datetime.now(UTC)) - timedelta(days=days)
    return datetime.combine(day, time(hour, minute), BERLIN).astimezone(UTC)


def opened(
    *moments: datetime, service: int = CHURCH, office: int = CHURCH_OFFICE
) -> list[Opening]:
    """Build openings that appeared then and were soon gone."""
    services = ServiceSet.of([ServiceId(service)])
    slot = a_slot(services=services, office=OfficeId(office))
    soon = timedelta(minutes=4)
    return [
        an_opening(slot, first_seen=at, last_seen=at + soon / 2, gone_at=at + soon)
        for at in moments
    ]


def record(home: Household, *openings: Opening) -> None:
    """Let MTA have watched in the last nights, and seen these openings."""
    services = ServiceSet.of([ServiceId(CHURCH)])
    offices = OfficeId(CHURCH_OFFICE), OfficeId(CURIOUS_OFFICE)
    asked = [ago(d, h, m) for d in DAYS for h in NIGHT for m in MINUTES]

    async def write(container: CliContainer) -> None:
        async with container.store().begin() as tx:
            for at in asked:
                await tx.watched.note(services, offices, at)
            await tx.openings.save(openings)
            await tx.commit()

    home.within(write)


@pytest.fixture
def usual(home: Household) -> Household:
    """A household that has seen something at four o'clock each day."""
    record(home, *opened(*(ago(day, 4, m) for day in DAYS for m in MINUTES)))
    return home


def test_people_see_a_heat_map_and_how_much_is_known(usual: Household) -> None:
    said = usual.mta("history", "kirchenaustritt")
    title, hours, *week = said.lines[:9]
    assert title.startswith("Kirchenaustritt, when slots appeared at all offices: ")
    assert hours.split() == [str(hour) for hour in range(24)]
    assert tuple(line[:3] for line in week) == WEEKDAYS
    for line in week:
        assert line[3 + 4 * 3 :][:3] in (" ██", " ▓▓")
        assert line.endswith("  ·" * 16)
    assert USUAL in said.lines
    assert said.err == ""


def test_programs_read_all_of_it(usual: Household) -> None:
    told = usual.json("history", CHURCH)
    assert (told["name"], told["all"]["openings"]) == ("Kirchenaustritt", 36)
    assert told["all"]["text"] == USUAL
    assert told["all"]["usually"]["fromHour"] == 4
    offices = {office["id"]: office for office in told["offices"]}
    assert offices[CHURCH_OFFICE]["openings"] == 36
    assert offices[CURIOUS_OFFICE]["openings"] == 0
    assert offices[CURIOUS_OFFICE]["watchedDays"] == 12


def test_one_office_and_fewer_days(usual: Household) -> None:
    told = usual.json("history", CHURCH, "--office", CHURCH_OFFICE, "--days", 4)
    assert [office["id"] for office in told["offices"]] == [CHURCH_OFFICE]
    assert told["all"]["text"] == "too little is known yet: 9 openings in 3 days"


def test_the_city_is_not_asked(usual: Household) -> None:
    before = len(usual.ask("ledger"))
    usual.mta("history", CHURCH)
    assert len(usual.ask("ledger")) == before


def test_where_nothing_was_seen_that_is_said(home: Household) -> None:
    record(home)
    said = home.mta("history", CHURCH, code=1)
    assert "0 openings in 12 days of watching." in said.lines
    assert home.json("history", CHURCH, code=1)["all"]["openings"] == 0


def test_where_mta_did_not_watch_nothing_is_claimed(home: Household) -> None:
    for service in (CAR, PASSPORT):
        said = home.mta("history", service, code=3)
        assert "MTA has not watched this, so it knows nothing of it." in said.out
        assert home.json("history", service, code=3)["all"]["openings"] is None


def test_looking_is_watching(home: Household) -> None:
    home.books()
    home.look()
    assert home.json("history", CAR, code=3)["all"]["firstAnswer"] is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Which service?"),
        (["history of the world"], "'history of the world'"),
        ([1], "The city lists no service 1"),
        ([CAR, "--office", CHURCH_OFFICE], "does not offer"),
        ([CAR, "--office", "x"], "'x' is not the id of an office"),
        ([CAR, "--days", 0], "the last 1 to 60 days"),
        ([CAR, "--days", 61], "the last 1 to 60 days"),
    ],
)
def test_bad_input_is_explained(
    home: Household, words: list[object], said: str
) -> None:
    told = home.mta("history", *words, code=2)
    assert said in told.err
    assert told.out == ""


# Where a citizen would look for it


def test_who_sees_nothing_free_reads_when_there_usually_is(usual: Household) -> None:
    assert usual.mta("look", CHURCH, code=1).lines[-1] == USUAL
    assert "usually" not in usual.mta("look", CAR, code=1).out


def test_it_is_that_of_the_offices_that_are_asked(usual: Household) -> None:
    words = ("look", CHURCH, "--office", CURIOUS_OFFICE)
    assert "usually" not in usual.mta(*words, code=1).out


def test_who_sees_something_free_needs_no_history(usual: Household) -> None:
    usual.free(a_fresh_start(), service=CHURCH, office=CHURCH_OFFICE)
    assert "usually" not in usual.mta("look", CHURCH).out


def test_who_waits_reads_it_beside_the_wish(usual: Household) -> None:
    for words, known in (
        ((CHURCH, "--as", "amira"), True),
        ((CHURCH, "--office", CURIOUS_OFFICE, "--as", "bela"), False),
        ((CAR, "--office", CAR_OFFICE, "--as", "carla"), False),
    ):
        wish = usual.json("subscribe", *words)
        shown = usual.mta("subscriptions", wish["id"], *words[-2:])
        assert (USUAL in shown.lines) is known


def test_who_waits_no_more_does_not(usual: Household) -> None:
    wish = usual.json("subscribe", CHURCH)
    usual.mta("unsubscribe", "--yes")
    assert "usually" not in usual.mta("subscriptions", wish["id"]).out
