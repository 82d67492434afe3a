"""The main job with real processes: watch, tell, book, confirmed (R4.2)."""

from __future__ import annotations

import base64
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import House, until

SERVICE, OFFICE = 1064314, 10308013
CHECKED_SERVICE = 1063453
DAY = 24 * 3600
NAME, EMAIL = "Amira Beispiel", "amira@example.org"
BOOK = (
    *("subscribe", "--service", str(SERVICE), "--mode", "book"),
    *("--mail-hours", "0-24", "--name", NAME, "--email", EMAIL),
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def tomorrow(hour: int = 10) -> int:
    """Return a grid start well ahead, in epoch seconds."""
    return (int(time.time()) // DAY + 3) * DAY + hour * 3600


def recorded() -> list[str]:
    """Return the options for the city's recorded catalogue, where it is at hand."""
    shared = Path(os.environ.get("MTA_SHARED", "../shared"))
    path = shared.resolve() / "city" / "recorded-catalogue.json"
    return ["--catalogue", str(path)] if path.is_file() else []


def at_city(house: House, status: str) -> dict[str, Any]:
    """Wait until the city holds an appointment in this state."""

    def find() -> dict[str, Any] | None:
        listed = house.ask("/practice/appointments")
        return next((a for a in listed if a["status"] == status), None)

    return until(find)


def booked(house: House) -> dict[str, Any]:
    """Wait until MTA knows that the city has sent its mail."""
    at_city(house, "preconfirmed")

    def find() -> dict[str, Any] | None:
        listed = house.json("bookings")
        return next((b for b in listed if b["state"] == "preconfirmed"), None)

    return until(find)


def click(house: House, link: str) -> None:
    """Do what the city's page does when a person opens the mail's link."""
    packed = link.rsplit("/", 1)[-1]
    keys = json.loads(base64.b64decode(packed + "=" * (-len(packed) % 4)))
    answer = httpx.post(
        f"{house.city}/buergeransicht/api/citizen/confirm-appointment/",
        json={"processId": keys["id"], "authKey": keys["authKey"]},
    )
    assert answer.json()["status"] == "confirmed"


@pytest.mark.parametrize("catalogue", ["compact", "recorded"])
def test_an_opening_ends_in_a_confirmed_booking(house: House, catalogue: str) -> None:
    options = recorded() if catalogue == "recorded" else []
    if catalogue == "recorded" and not options:
        pytest.skip("the city's recorded catalogue is not at hand (set MTA_SHARED)")
    house.practice(*options)
    house.up()
    house.run(*BOOK)

    house.free(OFFICE, SERVICE, tomorrow())

    booking = booked(house)
    mails = until(lambda: house.ask("/practice/mails", to=EMAIL))
    assert [mail["kind"] for mail in mails] == ["activation"]
    click(house, mails[0]["link"])
    after = house.json("bookings", "opened", booking["id"][-6:])
    assert after["state"] == "confirmed"
    assert after["number"]
    [there] = house.ask("/practice/appointments")
    assert (there["status"], there["familyName"]) == ("confirmed", NAME)
    assert str(there["processId"]) == str(after["processId"])
    assert house.json("subscriptions")[0]["state"] == "fulfilled"

    def kinds() -> set[str] | None:
        listed = house.json("notifications")
        done = {n["kind"] for n in listed if n["state"] == "delivered"}
        return done if {"booking", "open mail", "confirmed"} <= done else None

    until(kinds)
    agents = {seen["userAgent"] for seen in house.ask("/practice/ledger")}
    assert any(agent.startswith("MunichTerminAutomator/") for agent in agents)
    assert EMAIL not in house.log("up")
    assert NAME not in house.log("up")


def test_somebody_in_tell_mode_is_told_and_nothing_is_booked(house: House) -> None:
    house.practice()
    house.up()
    house.run("subscribe", "--service", str(SERVICE))

    house.free(OFFICE, SERVICE, tomorrow(9), tomorrow(10))

    until(lambda: ">>" in house.log("up"))
    [notice] = house.json("notifications")
    assert notice["kind"] == "found"
    assert "KfZ" in notice["body"] + notice["title"]
    assert house.json("bookings") == []
    assert house.ask("/practice/appointments") == []


def test_a_killed_mta_goes_on_where_it_was(house: House) -> None:
    """It may die before it has written down what the city answered: it looks."""
    house.practice()
    up = house.up()
    house.run(*BOOK)
    house.free(OFFICE, SERVICE, tomorrow())
    at_city(house, "preconfirmed")

    up.send_signal(signal.SIGKILL)
    up.wait()
    house.up()

    booking = booked(house)
    [there] = house.ask("/practice/appointments")
    assert str(there["processId"]) == str(booking["processId"])


@pytest.mark.timeout(240)  # a city that does not answer is left in peace for a minute
def test_mta_waits_for_a_city_that_is_away(house: House) -> None:
    city = house.practice()
    house.run(*BOOK)
    city.send_signal(signal.SIGTERM)
    city.wait()
    house.up()
    until(lambda: house.json("subscriptions")[0]["blind"])
    assert house.json("subscriptions")[0]["blind"][0]["reason"] == "outage"

    house.practice()
    house.free(OFFICE, SERVICE, tomorrow())

    booked(house)
    assert house.json("subscriptions")[0]["blind"] == []


def test_a_checked_office_is_not_asked_and_the_reason_is_told(house: House) -> None:
    house.practice()
    house.up()
    said = house.run("subscribe", "--service", str(CHECKED_SERVICE))
    assert "human check" in said

    [shown] = house.json("subscriptions")
    assert {spot["reason"] for spot in shown["blind"]} == {"human check needed"}
    house.run("subscribe", "--as", "omar", "--service", str(SERVICE))

    def asked() -> list[str]:
        ledger = house.ask("/practice/ledger")
        return [str(seen) for seen in ledger if "calendar" in seen["route"]]

    until(asked)  # for somebody else, who came later
    assert all(str(SERVICE) in question for question in asked())
    assert not any(str(CHECKED_SERVICE) in question for question in asked())
    answer = httpx.get(
        f"{house.city}/buergeransicht/api/citizen/available-calendar/",
        params={
            "startDate": "2027-01-04",
            "endDate": "2027-02-04",
            "officeIds": 102522,
            "serviceIds": CHECKED_SERVICE,
            "serviceCounts": 1,
        },
    )
    assert answer.json()["errors"][0]["errorCode"] == "captchaMissing"


def test_export_shows_everything_and_erase_leaves_nothing(house: House) -> None:
    house.practice()
    house.up()
    house.run(*BOOK)
    house.free(OFFICE, SERVICE, tomorrow())
    booked(house)

    exported = json.loads(house.run("export"))
    assert NAME in json.dumps(exported)
    assert exported["bookings"]
    assert NAME.encode() not in _bytes(house)  # sealed at rest

    assert "--yes" in house.run("erase", code=2)
    house.run("erase", "--yes")
    house.run("bookings", code=2)
    [there] = house.ask("/practice/appointments")
    assert there["status"] != "preconfirmed"


def _bytes(house: House) -> bytes:
    return b"".join(path.read_bytes() for path in (house.folder / "data").iterdir())


def test_a_second_up_on_the_same_folder_is_refused(house: House) -> None:
    house.practice()
    house.up()
    assert "Another `mta up`" in house.run("up", code=4)
