"""`mta look`: what is free now, asked once and within the budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mta_core.ports.limiter import Budget, Grant, Wait
from mta_core.testing import FakeClock, FakeLimiter
from mta_entrypoints.cli.look import ASKING, Heard
from mta_practice import running
from tests.integration.cli.household import (
    A_CITY,
    CAR,
    CAR_OFFICE,
    CHURCH,
    CHURCH_OFFICE,
    CURIOUS_OFFICE,
    PASSPORT,
    RESIDENCE,
    Household,
    a_start,
)

pytestmark = pytest.mark.integration

TODAY = datetime.now(UTC).date()


def test_free_times_are_shown_as_a_table(home: Household) -> None:
    home.free(a_start(4), a_start(4, 2), a_start(5))

    said = home.mta("look", "umschreibung", "fahrzeug", "außerhalb")

    name, head, line, seen, hint = said.lines
    assert name == "Umschreibung Fahrzeug – von außerhalb nach München:"
    assert head.split() == ["day", "office", "free", "at"]
    day = datetime.fromtimestamp(a_start(4), UTC)
    assert line.startswith(f"{day:%a %d %b %Y}  KfZ Zulassungsstelle ({CAR_OFFICE})  ")
    assert seen.startswith("2 times free from ")
    assert hint.endswith("bookable, too, not verified: KfZ Zulassungsstelle.")
    assert said.err == ""


def test_programs_read_what_was_seen(home: Household) -> None:
    home.free(a_start(4), a_start(5))

    seen = home.json("look", CAR)

    start = datetime.fromtimestamp(a_start(4), UTC)
    assert seen["free"] == [
        {
            "start": start.isoformat(),
            "officeId": CAR_OFFICE,
            "office": "KfZ Zulassungsstelle",
        }
    ]
    assert seen["through"] == start.date().isoformat()
    assert seen["hints"] == [
        {
            "day": (start.date() + timedelta(days=1)).isoformat(),
            "offices": [CAR_OFFICE],
        }
    ]
    assert (seen["services"], seen["blind"], seen["notAsked"]) == (str(CAR), None, [])
    age = datetime.now(UTC) - datetime.fromisoformat(seen["asOf"])
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_nothing_free_is_said_with_where_and_until_when(home: Household) -> None:
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=9)
    home.free(a_start(20), service=CHURCH, office=CHURCH_OFFICE)

    said = home.mta("look", CHURCH, "--days", f"{first}..{last}", code=1)

    assert said.lines[1].startswith(
        f"Nothing is free from {first:%a %d %b %Y} to {last:%a %d %b %Y} at 2 offices, "
        "as of "
    )


def test_one_question_is_asked_and_no_more(home: Household) -> None:
    before = len(home.ask("ledger"))
    home.mta("look", CAR, code=1)
    assert len(home.ask("ledger")) == before + 1


def test_only_the_offices_that_are_named_are_asked(home: Household) -> None:
    home.free(a_start(4), service=CHURCH, office=CHURCH_OFFICE)
    seen = home.json("look", CHURCH, "--office", CURIOUS_OFFICE, code=1)
    assert [office["id"] for office in seen["asked"]] == [CURIOUS_OFFICE]


def test_for_several_persons_a_longer_time_is_looked_for(home: Household) -> None:
    home.free(a_start(4))
    assert home.json("look", CAR, "--persons", 2, code=1)["free"] == []
    home.free(a_start(4), a_start(4, 1))
    [slot] = home.json("look", CAR, "--persons", 2)["free"]
    assert slot["start"] == datetime.fromtimestamp(a_start(4), UTC).isoformat()


def test_offices_behind_a_check_are_not_asked(home: Household) -> None:
    seen = home.json("look", RESIDENCE, code=1)
    assert [office["id"] for office in seen["notAsked"]] == [10489, 102522]
    said = home.mta("look", RESIDENCE, code=1)
    assert said.lines[-1] == (
        "Not asked: Bürgerbüro Orleansplatz, Bürgerbüro Ruppertstraße. The city wants a "
        "human check there, which only you can pass: look on the city's own page."
    )


def test_who_sees_nothing_does_not_say_nothing_free(home: Household) -> None:
    before = len(home.ask("ledger"))
    said = home.mta("look", PASSPORT, code=3)
    assert "Nothing is free" not in said.out
    assert "human check" in said.out
    seen = home.json("look", PASSPORT, code=3)
    assert (seen["free"], seen["blind"]["reason"]) == (None, "human check needed")
    assert len(home.ask("ledger")) == before


def test_a_city_that_does_not_answer_blinds(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(A_CITY) as city:
        monkeypatch.setenv("MTA_CITY_URL", city.api_url)
        home.mta("services")

    said = home.mta("look", CAR, code=3)
    assert said.out == ""
    assert said.err.startswith("mta: MTA is blind (outage): The city cannot be reached")
    assert said.err.endswith("Nobody knows whether something is free.\n")
    seen = home.json("look", CAR, code=3)
    assert (seen["free"], seen["blind"]["reason"]) == (None, "outage")


def test_a_city_that_answers_oddly_blinds(home: Household) -> None:
    fault = {"route": "available-calendar", "kind": "garbage", "times": 1}
    httpx.post(f"{home.city.url}/practice/faults", json=fault).raise_for_status()
    said = home.mta("look", CAR, code=3)
    assert "mta: MTA is blind (" in said.err


def test_what_is_seen_is_told_to_who_waits(home: Household) -> None:
    home.mta("subscribe", CAR, "--as", "amira")
    home.free(a_start(6))
    home.mta("look", CAR)
    [found] = home.json("notifications", "--as", "amira")
    assert found["kind"] == "found"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Which service?"),
        (["Raumfahrt"], "Raumfahrt"),
        ([99], "The city lists no service 99"),
        ([f"{CAR}x3"], "at most 2 at once"),
        ([CAR, "--persons", 0], "--persons must be 1 to 25"),
        ([CAR, "--office", "x"], "'x' is not the id of an office"),
        ([CAR, "--office", 1], "The city lists no office 1"),
        ([CAR, "--office", CHURCH_OFFICE], "does not offer"),
        ([CAR, "--days", "soon"], "'soon' is not a day"),
        ([CAR, "--days", "2026-12-02..2026-12-01"], "before it starts"),
    ],
)
def test_bad_input_is_explained(
    home: Household, words: list[object], said: str
) -> None:
    told = home.mta("look", *words, code=2)
    assert said in told.err
    assert told.out == ""


async def test_who_has_to_wait_is_told_how_long() -> None:
    said: list[str] = []
    limiter = Heard(FakeLimiter(FakeClock()), said.append)
    granted = [await limiter.ask(Budget.CALENDAR) for _ in range(10)]
    for place in granted:
        assert isinstance(place, Grant)
        await limiter.settle(place)
    assert set(said) == {ASKING}

    assert isinstance(await limiter.ask(Budget.CALENDAR), Wait)
    assert said[-1] == (
        "The city is asked only so often in a minute: MTA's turn comes in 60 s …"
    )
