"""`mta bookings` and `mta bookings opened`."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import attrs
import httpx
import pytest

from mta_core.domain.catalogue import ServiceSet
from mta_entrypoints.cli.container import CliContainer
from tests.integration.cli.household import (
    ADDRESS,
    CAR,
    CAR_OFFICE,
    NAME,
    Household,
    a_start,
    list_nothing,
)

pytestmark = pytest.mark.integration


def test_there_may_be_none(home: Household) -> None:
    home.books()
    assert home.mta("bookings").out == "There are no bookings.\n"
    assert home.json("bookings") == []


def test_a_booking_is_shown_before_the_city_is_asked(home: Household) -> None:
    home.books()
    home.free(a_start())
    home.look()

    [booking] = home.json("bookings")

    assert booking["state"] == "requested"
    assert (booking["number"], booking["processId"]) == ("", None)
    assert (booking["reservedAt"], booking["openMailBy"]) == (None, None)


def test_programs_read_all_there_is_to_know(home: Household) -> None:
    booking = home.preconfirmed(a_start(4))

    [wish] = home.json("subscriptions")
    [at_city] = [
        each for each in home.ask("appointments") if each["status"] == "preconfirmed"
    ]
    assert booking["subscription"] == wish["id"]
    assert booking["start"] == datetime.fromtimestamp(a_start(4), UTC).isoformat()
    assert booking["services"] == str(CAR)
    assert (booking["officeId"], booking["office"]) == (
        CAR_OFFICE,
        "KfZ Zulassungsstelle",
    )
    assert str(booking["processId"]) == str(at_city["processId"])
    assert at_city["familyName"] == NAME
    times = [booking[name] for name in ("requestedAt", "reservedAt", "openMailBy")]
    assert times == sorted(times)
    assert booking["number"]


def test_people_read_what_is_left_to_do(home: Household) -> None:
    booking = home.preconfirmed()

    head, line = home.mta("bookings").lines

    columns = ["id", "state", "appointment", "office", "number", "to", "do"]
    assert head.split() == columns
    assert line.startswith(f"{booking['id'][-8:]}  preconfirmed")
    assert booking["number"] in line
    assert "Open the city's mail by " in line
    assert booking["toDo"] in line


def test_one_of_them_is_shown_with_its_story(home: Household) -> None:
    booking = home.preconfirmed()

    said = home.mta("bookings", booking["id"][-6:])

    assert said.lines[0] == f"Booking {booking['id'][-8:]}"
    for words in (
        "KfZ Zulassungsstelle, Eichstätter Straße 2, 80686 München",
        "no-reply@muenchen.example",
        "MTA sees the slot free",
        "MTA asks the city to hold the slot: done, ",
        "MTA asks the city for its mail: done, ",
    ):
        assert words in said.out
    shown = home.json("bookings", booking["id"])
    calls = shown.pop("calls")
    assert shown == booking
    assert [call["call"] for call in calls] == ["reserve", "update", "preconfirm"]
    assert {call["answer"] for call in calls} == {"done"}
    assert all(call["milliseconds"] >= 0 for call in calls)


def test_a_booking_of_another_is_not_shown(home: Household) -> None:
    booking = home.preconfirmed()
    home.mta("subscribe", CAR, "--as", "bela")
    said = home.mta("bookings", booking["id"], "--as", "bela", code=2)
    assert "There is no booking" in said.err


def test_an_office_that_is_listed_no_more_goes_by_its_number(home: Household) -> None:
    home.books()
    home.free(a_start())
    home.look()
    home.within(list_nothing)

    [booking] = home.json("bookings")
    assert booking["office"] == str(CAR_OFFICE)
    assert str(CAR_OFFICE) in home.mta("bookings").lines[1]


def test_the_way_to_a_confirmed_appointment(home: Household) -> None:
    booking = home.preconfirmed()
    home.open_mail(booking["processId"])
    home.mta("bookings", "opened")

    assert [b["state"] for b in home.json("bookings")] == ["confirmed"]
    assert home.json("subscriptions")[0]["state"] == "fulfilled"
    kinds = {notice["kind"] for notice in home.json("notifications")}
    assert {"booking", "open mail", "confirmed"} <= kinds


def test_opened_needs_a_name_only_if_several_wait(home: Household) -> None:
    booking = home.preconfirmed()
    home.within(lambda container: _twin(container, UUID(booking["id"])))
    assert len(home.json("bookings")) == 2

    said = home.mta("bookings", "opened", code=2)
    assert "Which of your 2 bookings? Give its id: " in said.err

    home.open_mail(booking["processId"])
    home.mta("bookings", "opened", booking["id"])
    states = [each["state"] for each in home.json("bookings")]
    assert sorted(states) == ["confirmed", "preconfirmed"]


async def _twin(container: CliContainer, booking_id: UUID) -> None:
    """Store another booking of another service that waits for its mail too."""
    async with container.store().begin() as tx:
        booking = await tx.bookings.get(booking_id)
        slot = attrs.evolve(booking.slot, services=ServiceSet.parse(str(ADDRESS)))
        twin = attrs.evolve(booking, id=container.ids().new(), slot=slot, version=0)
        await tx.bookings.save(twin)
        await tx.commit()


def test_an_id_of_nothing_is_named(home: Household) -> None:
    home.preconfirmed(a_start(9))
    said = home.mta("bookings", "opened", "0000zzzz", code=2)
    assert said.err == "mta: There is no booking 0000zzzz.\n"


def test_a_slot_that_somebody_else_took_is_said_with_the_reason(
    home: Household,
) -> None:
    home.books()
    home.free(a_start(11))
    home.look()
    [booking] = home.json("bookings")
    body = {"timestamp": a_start(11), "officeId": CAR_OFFICE, "serviceId": [CAR]}
    taken = httpx.post(f"{home.city.api_url}/reserve-appointment/", json=body)
    assert taken.is_success, taken.text

    home.within(lambda container: container.calls().advance(UUID(booking["id"])))

    [after] = home.json("bookings")
    assert after["state"] == "lost"
    assert after["reason"]
    assert after["why"].startswith("Somebody was faster; MTA goes on looking.")
    assert after["why"] in home.mta("bookings").lines[1]
