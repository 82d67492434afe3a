"""`mta bookings release` and `mta bookings cancel`: so that somebody else gets it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mta_practice import running
from tests.integration.cli.household import (
    A_CITY,
    CAR,
    Household,
    a_fresh_start,
    lose_patience,
)
from tests.unit.entrypoints.keyboard import Keyboard

pytestmark = pytest.mark.integration


def confirmed(home: Household) -> Any:
    """Have an appointment."""
    booking = home.preconfirmed()
    home.open_mail(booking["processId"])
    return home.json("bookings", "opened")


class TestRelease:
    def test_what_is_held_is_free_for_somebody_else(self, home: Household) -> None:
        booking = home.preconfirmed()

        said = home.mta("bookings", "release")

        assert said.lines[0].startswith("Given back: ")
        assert said.lines[0].endswith(
            ", KfZ Zulassungsstelle. Somebody else can have it now."
        )
        assert home.statuses(booking["processId"]) == ["deleted"]
        [after] = home.json("bookings")
        assert (after["state"], after["why"]) == ("released", "You gave it back.")
        assert home.json("subscriptions")[0]["state"] == "active"

    def test_before_the_city_is_asked_it_is_simply_dropped(
        self, home: Household
    ) -> None:
        home.books()
        home.free(a_fresh_start())
        home.look()
        assert home.json("bookings", "release")["state"] == "released"

    def test_a_confirmed_one_is_cancelled_instead(self, home: Household) -> None:
        booking = confirmed(home)
        said = home.mta("bookings", "release", code=2)
        assert said.err == "mta: Nothing is held for you.\n"
        said = home.mta("bookings", "release", booking["id"], code=2)
        assert said.err.endswith(
            f"To cancel it: mta bookings cancel {booking['id'][-8:]}.\n"
        )
        assert home.statuses(booking["processId"]) == ["confirmed"]

    def test_a_city_that_is_away_is_asked_later(
        self, home: Household, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(A_CITY) as city:
            monkeypatch.setenv("MTA_CITY_URL", city.api_url)
            Household(city, home.data, home.capsys).preconfirmed()
        lose_patience(monkeypatch)

        said = home.mta("bookings", "release", code=1)
        assert said.lines[-1].endswith(
            ": the city could not be asked yet. MTA goes on trying as long as `mta up` "
            "runs."
        )
        assert home.json("bookings")[0]["toDo"] == "Nothing: MTA gives it back."

    def test_what_has_ended_stays_as_it_is(self, home: Household) -> None:
        booking = home.preconfirmed()
        home.mta("bookings", "release")
        said = home.mta("bookings", "release", booking["id"], code=2)
        assert "This booking has ended already: it is released." in said.err


class TestCancel:
    def test_a_confirmed_appointment_goes_to_somebody_else(
        self, home: Household
    ) -> None:
        booking = confirmed(home)

        said = home.mta("bookings", "cancel", "--yes")

        assert said.lines[0].startswith("Cancelled: ")
        assert said.lines[0].endswith(". Somebody else can have it now.")
        assert said.lines[1].endswith("`mta resume` looks again.")
        assert home.statuses(booking["processId"]) == ["deleted"]
        assert home.json("bookings")[0]["state"] == "cancelled"
        assert home.json("resume")["state"] == "active"

    def test_nothing_is_cancelled_without_a_yes(self, home: Household) -> None:
        booking = confirmed(home)
        said = home.mta("bookings", "cancel", code=2)
        assert said.err == (
            "mta: Nothing was cancelled. To cancel without being asked: --yes.\n"
        )
        assert home.statuses(booking["processId"]) == ["confirmed"]

    @pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2)])
    def test_who_is_there_is_asked(
        self, home: Household, keyboard: Keyboard, answer: str, code: int
    ) -> None:
        booking = confirmed(home)
        keyboard.types(answer)
        said = home.mta("bookings", "cancel", booking["id"], code=code)
        assert "so that somebody else gets it? [y/N]" in said.err
        status = "deleted" if code == 0 else "confirmed"
        assert home.statuses(booking["processId"]) == [status]

    def test_one_that_is_not_confirmed_is_released_instead(
        self, home: Household
    ) -> None:
        booking = home.preconfirmed()
        said = home.mta("bookings", "cancel", "--yes", code=2)
        assert said.err == "mta: You have no confirmed appointment.\n"
        said = home.mta("bookings", "cancel", booking["id"], "--yes", code=2)
        assert f"mta bookings release {booking['id'][-8:]}" in said.err

    def test_what_has_ended_stays_as_it_is(self, home: Household) -> None:
        booking = confirmed(home)
        home.mta("bookings", "cancel", "--yes")
        said = home.mta("bookings", "cancel", booking["id"], code=2)
        assert "This booking has ended already: it is cancelled." in said.err

    def test_a_city_that_refuses_keeps_it(self, home: Household) -> None:
        booking = confirmed(home)
        fault = {
            "route": "cancel-appointment",
            "kind": "status",
            "status": 400,
            "times": 1,
        }
        httpx.post(f"{home.city.url}/practice/faults", json=fault).raise_for_status()
        said = home.mta("bookings", "cancel", "--yes", code=1)
        assert home.statuses(booking["processId"]) == ["confirmed"]
        assert said.out.endswith(
            ": the city did not take it back. Invalid request. (invalidRequest) It is "
            "still yours; the city's mail has a link that cancels it.\n"
        )


@pytest.mark.parametrize("step", ["release", "cancel"])
def test_a_booking_of_another_is_nobodys(home: Household, step: str) -> None:
    booking = home.preconfirmed()
    home.mta("subscribe", CAR, "--as", "bela")
    said = home.mta("bookings", step, booking["id"], "--as", "bela", code=2)
    assert "There is no booking" in said.err
    assert home.statuses(booking["processId"]) == ["preconfirmed"]
