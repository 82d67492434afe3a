"""`mta subscriptions`: what is awaited, and where MTA is blind."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from mta_core.domain.availability import BERLIN
from mta_entrypoints.cli.container import CliContainer
from mta_practice import running
from tests.integration.cli.household import (
    A_CITY,
    CAR,
    CAR_OFFICE,
    PASSPORT,
    RESIDENCE,
    Household,
    a_start,
    list_nothing,
)

pytestmark = pytest.mark.integration


def test_a_stranger_is_told_where_to_begin(home: Household) -> None:
    for command in ("subscriptions", "bookings", "notifications", "export", "erase"):
        said = home.mta(command, "--as", "nobody", code=2)
        assert said.err == (
            "mta: Nobody is known as 'nobody' here: start with mta subscribe.\n"
        )
        assert said.out == ""


def test_they_are_listed_as_one_reads_them(home: Household) -> None:
    done = home.json("subscribe", "--service", CAR)

    head, line = home.mta("subscriptions").lines

    assert head.split() == ["id", "service", "mode", "state", "since", "blind"]
    since = datetime.fromisoformat(done["waitingSince"])
    assert abs((datetime.now(UTC) - since).total_seconds()) < 60
    assert line.split()[0] == done["id"][-8:]
    assert "tell  active" in line
    assert line.rstrip().endswith(f"{since.astimezone(BERLIN):%d %b %Y %H:%M}")


def test_offices_behind_a_check_are_shown_as_blind(home: Household) -> None:
    home.mta("subscribe", "--service", PASSPORT)
    [shown] = home.json("subscriptions")
    [spot] = shown["blind"]
    assert (spot["reason"], spot["since"]) == ("human check needed", None)
    assert spot["offices"] == [10489, 102522]
    assert "Not watched: Bürgerbüro Orleansplatz" in home.mta("subscriptions").out


def test_an_outage_is_shown_with_its_beginning(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(A_CITY) as city:
        monkeypatch.setenv("MTA_CITY_URL", city.api_url)
        home.mta("subscribe", "--service", CAR)
    before = datetime.now(UTC)
    home.look()
    home.look()

    [shown] = home.json("subscriptions")

    [spot] = shown["blind"]
    assert (spot["reason"], spot["offices"]) == ("outage", [CAR_OFFICE])
    since = datetime.fromisoformat(spot["since"])
    assert before <= since <= datetime.now(UTC)
    line = home.mta("subscriptions").lines[1]
    assert re.search(
        r"Blind since \w{3} \d\d \w{3} \d{4} \d\d:\d\d \(outage\): "
        r"KfZ Zulassungsstelle\. The city cannot be reached",
        line,
    )


def test_whoever_sees_again_is_not_blind(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(A_CITY) as city:
        monkeypatch.setenv("MTA_CITY_URL", city.api_url)
        home.mta("subscribe", "--service", CAR)
    home.look()
    assert home.json("subscriptions")[0]["blind"]

    with running(A_CITY, port=city.port):
        home.look()

    assert home.json("subscriptions")[0]["blind"] == []


def test_where_the_city_offers_it_no_more_is_said(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    home.within(list_nothing)

    [shown] = home.json("subscriptions")
    assert [spot["reason"] for spot in shown["blind"]] == ["not offered"]
    assert shown["name"] == str(CAR)


def test_a_place_that_is_nowhere_is_not_listed(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    home.within(list_nothing)
    assert ": ." not in home.json("subscriptions")[0]["blind"][0]["text"]


def test_who_waits_no_more_is_not_blind(home: Household) -> None:
    home.mta("subscribe", "--service", RESIDENCE)
    assert home.json("subscriptions")[0]["blind"]

    async def fulfil(container: CliContainer) -> None:
        async with container.store().begin() as tx:
            [wish] = await tx.subscriptions.active()
            await tx.subscriptions.save(wish.fulfil())
            await tx.commit()

    home.within(fulfil)
    [shown] = home.json("subscriptions")
    assert (shown["state"], shown["blind"]) == ("fulfilled", [])


def test_messages_are_shown_with_what_became_of_them(home: Household) -> None:
    home.mta("subscribe", "--service", CAR)
    assert home.mta("notifications").out == "There are no messages.\n"
    home.free(a_start())
    home.look()

    [owed] = home.json("notifications")
    assert (owed["kind"], owed["state"], owed["deliveredAt"]) == (
        "found",
        "pending",
        None,
    )
    assert owed["attempts"] == 0
    assert "KfZ Zulassungsstelle" in owed["title"] + owed["body"]
    said = home.mta("notifications")
    assert said.lines[0].split() == ["when", "state", "message"]
    assert owed["title"] in said.lines[1]


def test_nobody_sees_the_messages_of_another(home: Household) -> None:
    home.mta("subscribe", "--service", CAR, "--as", "amira")
    home.mta("subscribe", "--service", PASSPORT, "--as", "bela")
    home.free(a_start())
    home.look()
    assert home.json("notifications", "--as", "amira")
    assert home.json("notifications", "--as", "bela") == []
    assert home.json("bookings", "--as", "bela") == []
