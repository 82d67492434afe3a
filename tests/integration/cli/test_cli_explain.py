"""`mta bookings --why`: why a slot did not become mine."""

from __future__ import annotations

import pytest

from tests.integration.cli.household import CAR, CHURCH, Household, a_fresh_start

pytestmark = pytest.mark.integration


def test_nothing_was_free(home: Household) -> None:
    home.mta("subscribe", CAR)
    assert home.mta("bookings", "--why").out == (
        "MTA has seen nothing free for this in the last week.\n"
    )
    assert home.json("bookings", "--why") == []


def test_what_did_not_suit_is_said_with_the_reason(home: Household) -> None:
    done = home.json("subscribe", CAR, "--hours", "23-24")
    home.free(a_fresh_start())
    home.look()

    head, line = (text.rstrip() for text in home.mta("bookings", "--why").lines)

    assert head.split() == [
        *("seen", "gone", "appointment", "office", "why", "not", "you")
    ]
    assert "free when last seen" in line
    assert line.endswith("KfZ Zulassungsstelle  The hour does not suit you.")
    [story] = home.json("bookings", done["id"], "--why")
    assert (story["why"], story["misfit"], story["others"]) == ("misfit", "hours", 0)
    assert story["text"] == "The hour does not suit you."


def test_a_try_is_named_with_its_end(home: Household) -> None:
    booking = home.preconfirmed()
    home.mta("bookings", "release")
    line = home.mta("bookings", "--why").lines[1].rstrip()
    assert line.endswith(
        f"MTA tried to book it for you. Booking {booking['id'][-8:]}: released. You "
        "gave it back."
    )
    [story] = home.json("bookings", "--why")
    assert (story["why"], story["booking"]) == ("tried", booking["id"])


def test_who_waits_longer_comes_first(home: Household) -> None:
    home.books(CAR, "--as", "amira")
    home.books(CAR, "--as", "bela")
    home.free(a_fresh_start())
    home.look()

    [story] = home.json("bookings", "--why", "--as", "bela")

    assert (story["why"], story["others"]) == ("rivals", 1)
    said = home.mta("bookings", "--why", "--as", "bela")
    assert "MTA booked it for people who come first" in " ".join(said.out.split())


def test_of_several_wishes_one_must_be_named(home: Household) -> None:
    first = home.json("subscribe", CAR)
    second = home.json("subscribe", CHURCH)
    said = home.mta("bookings", "--why", code=2)
    assert "Which of your 2 subscriptions? Give its id: " in said.err
    home.mta("pause", first["id"])
    home.mta("unsubscribe", second["id"], "--yes")
    home.mta("bookings", "--why")
    assert home.json("bookings", "--why", second["id"]) == []


def test_the_wishes_of_another_are_not_explained(home: Household) -> None:
    done = home.json("subscribe", CAR)
    home.mta("subscribe", CAR, "--as", "bela")
    said = home.mta("bookings", "--why", done["id"], "--as", "bela", code=2)
    assert "There is no subscription" in said.err
