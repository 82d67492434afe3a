"""`mta subscriptions`: what is awaited, and where MTA is blind."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from mta_core.domain.accounts import Home
from mta_core.domain.availability import BERLIN
from mta_core.domain.conditions import Condition, ConditionName
from mta_entrypoints.cli.container import CliContainer
from mta_entrypoints.cli.session import CHANNEL
from mta_practice import running
from tests.integration.cli.household import (
    A_CITY,
    CAR,
    CAR_OFFICE,
    CHURCH,
    PASSPORT,
    RESIDENCE,
    Household,
    a_start,
    list_nothing,
)

pytestmark = pytest.mark.integration


async def _register(container: CliContainer, name: str) -> None:
    await container.register()(Home(CHANNEL, name), agreed_to="test")


def test_a_stranger_is_told_where_to_begin(home: Household) -> None:
    for command in ("subscriptions", "bookings", "notifications", "export", "erase"):
        said = home.mta(command, "--as", "nobody", code=2)
        assert said.err == (
            "mta: Nobody is known as 'nobody' here: start with mta subscribe.\n"
        )
        assert said.out == ""


def test_there_may_be_nothing_to_wait_for(home: Household) -> None:
    home.mta("subscribe", CAR, "--as", "amira")
    home.within(lambda container: _register(container, "bela"))
    assert home.mta("subscriptions", "--as", "bela").out == "You wait for nothing.\n"
    assert home.json("subscriptions", "--as", "bela") == []


def test_what_is_quiet_for_unusually_long_is_said_so(home: Household) -> None:
    since = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)

    async def fall_quiet(container: CliContainer) -> None:
        async with container.store().begin() as tx:
            quiet = Condition(ConditionName.QUIET, str(CAR), since, "Nothing.")
            await tx.conditions.save(quiet)
            await tx.commit()

    done = home.json("subscribe", CAR)
    assert home.json("subscriptions", done["id"])["quietSince"] is None
    home.within(fall_quiet)
    said = home.mta("subscriptions", done["id"]).out
    assert "Quiet for unusually long: MTA has seen nothing free for this since" in said
    described = home.json("subscriptions", done["id"])
    assert described["quietSince"] == since.isoformat()


def test_they_are_listed_as_one_reads_them(home: Household) -> None:
    done = home.json("subscribe", CAR, "--hours", "8-12")

    head, line, more = (text.rstrip() for text in home.mta("subscriptions").lines)

    assert head.split() == [
        "id",
        "service",
        "where",
        "and",
        "when",
        "state",
        "to",
        "know",
    ]
    since = datetime.fromisoformat(done["waitingSince"])
    assert abs((datetime.now(UTC) - since).total_seconds()) < 60
    assert line.split()[0] == done["id"][-8:]
    assert "KfZ Zulassungsstelle" in line
    assert line.endswith("tell, active")
    assert "any day; from 08:00 to 12:00; 2 hours ahead at least" in more
    assert more.endswith(f"since {since.astimezone(BERLIN):%a %d %b %Y %H:%M}")


def test_one_of_them_is_shown_with_all_about_it(home: Household) -> None:
    done = home.books()
    home.mta("subscribe", CHURCH)
    home.free(a_start())
    home.look()

    said = home.mta("subscriptions", done["id"][-6:])

    assert said.lines[0] == f"Subscription {done['id'][-8:]}"
    assert "MTA books the first slot that suits" in said.out
    [booking] = home.json("bookings")
    assert said.lines[-1].startswith(f"Booking {booking['id'][-8:]}: requested, ")
    assert home.json("subscriptions", done["id"]) == {
        **home.json("subscriptions")[0],
        "bookings": [booking],
    }


def test_a_subscription_of_nobody_is_not_shown(home: Household) -> None:
    home.mta("subscribe", CAR)
    said = home.mta("subscriptions", "0000zzzz", code=2)
    assert said.err == "mta: There is no subscription 0000zzzz.\n"


def test_nor_is_that_of_another(home: Household) -> None:
    done = home.json("subscribe", CAR)
    home.mta("subscribe", CAR, "--as", "bela")
    said = home.mta("subscriptions", done["id"], "--as", "bela", code=2)
    assert "There is no subscription" in said.err


def test_who_still_looks_for_an_earlier_one_reads_so(home: Household) -> None:
    home.books(CAR, "--earlier", "7d")
    assert "once booked, MTA looks for one at least 7 days earlier" in (
        home.mta("subscriptions").out
    )


def test_who_is_asked_whether_they_need_it_reads_so(home: Household) -> None:
    home.mta("subscribe", CAR)

    async def ask(container: CliContainer) -> None:
        async with container.store().begin() as tx:
            [wish] = await tx.subscriptions.active()
            await tx.subscriptions.save(wish.ask(datetime.now(UTC)))
            await tx.commit()

    home.within(ask)
    assert (
        "do you still need it? `mta resume` says yes" in home.mta("subscriptions").out
    )
    assert home.json("resume")["askedAt"] is None
    assert "still need it" not in home.mta("subscriptions").out


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
