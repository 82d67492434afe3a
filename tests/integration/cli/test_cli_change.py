"""`mta change`, `pause`, `resume` and `unsubscribe`: the life of a wish."""

from __future__ import annotations

from typing import Any

import pytest

from mta_core.domain.subscriptions import Subscription
from mta_core.ports.queue import Task
from mta_entrypoints.cli.container import CliContainer
from mta_practice import running
from tests.integration.cli.household import (
    A_CITY,
    BOOK_MODE,
    CAR,
    CAR_OFFICE,
    CHURCH,
    CHURCH_OFFICE,
    CURIOUS_OFFICE,
    DETAILS,
    EMAIL,
    NAME,
    RESIDENCE,
    Household,
    a_fresh_start,
    lose_patience,
)
from tests.unit.entrypoints.keyboard import Keyboard

pytestmark = pytest.mark.integration

STEPS = ("change", "pause", "resume", "unsubscribe")
LATE = ("--hours", "23-24")
"""Nothing that any of these tests frees begins then."""


def words_of(step: str) -> list[str]:
    """Return what a step cannot do without."""
    return {"change": ["--hours", "8-12"], "unsubscribe": ["--yes"]}.get(step, [])


def the_wish(home: Household) -> Any:
    [wish] = home.json("subscriptions")
    return wish


class TestChange:
    def test_only_what_is_given_changes(self, home: Household) -> None:
        before = home.json("subscribe", CAR, "--weekdays", "mon,tue", "--notice", "1d")

        after = home.json("change", "--hours", "8-12", "--mail-hours", "0-24")

        assert after.pop("givenBack") == []
        assert after["wishes"] == {**before["wishes"], "hours": "08:00-12:00"}
        assert after["mailHours"] == "00:00-24:00"
        assert after["waitingSince"] == before["waitingSince"]
        assert after == the_wish(home)

    def test_a_wish_can_be_taken_back(self, home: Household) -> None:
        plain = home.json("subscribe", CAR, "--as", "plain")
        wishes = ("--office", CAR_OFFICE, "--days", "2030-01-01", "--weekdays", "tue")
        home.mta("subscribe", CAR, *wishes, "--hours", "8-12")
        options = ("--office", "--days", "--weekdays", "--hours")
        after = home.json("change", *(x for name in options for x in (name, "any")))
        assert after["wishes"] == plain["wishes"]

    def test_people_read_it_all_back(self, home: Household) -> None:
        done = home.json("subscribe", CAR)
        said = home.mta("change", done["id"], "--hours", "8-12")
        assert said.lines[0].startswith(f"Subscription {done['id'][-8:]} (Umschreibung")
        assert said.lines[0].endswith(") is changed.")
        assert "any day; from 08:00 to 12:00; 2 hours ahead at least" in said.out

    def test_who_was_told_can_have_it_booked(self, home: Household) -> None:
        home.mta("subscribe", CAR)
        after = home.json("change", "--mode", "book", *DETAILS, "--earlier", "7d")
        assert (after["mode"], after["earlierByMinutes"]) == ("book", 7 * 24 * 60)
        assert NAME in home.mta("export").out
        assert home.json("change", "--earlier", "0")["earlierByMinutes"] is None
        assert home.json("change", "--mode", "tell")["mode"] == "tell"

    def test_who_has_one_and_wants_no_earlier_one_is_done(
        self, home: Household
    ) -> None:
        home.books(CAR, "--earlier", "7d")
        home.free(a_fresh_start())
        home.look(*Task)
        home.open_mail(home.json("bookings")[0]["processId"])
        home.mta("bookings", "opened")
        assert the_wish(home)["appointment"] == home.json("bookings")[0]["start"]
        said = home.mta("change", "--earlier", "0")
        assert said.lines[1] == (
            "MTA does not look for it; it is fulfilled: you have an appointment."
        )

    def test_details_are_asked_for_as_at_the_beginning(
        self, home: Household, keyboard: Keyboard
    ) -> None:
        home.mta("subscribe", CHURCH, "--office", CHURCH_OFFICE)
        keyboard.types(NAME, EMAIL)
        assert home.json("change", "--mode", "book")["mode"] == "book"
        keyboard.types("+49 89 12345600")
        after = home.json("change", "--office", CURIOUS_OFFICE)
        assert (after["watched"], after["missing"]) == ([CURIOUS_OFFICE], {})

    def test_details_can_be_put_right(self, home: Household) -> None:
        home.mta("subscribe", RESIDENCE, *BOOK_MODE, *DETAILS, "--custom", "one")
        home.mta("change", "--email", "new@example.org", "--custom", "two")
        stored = home.mta("export").out
        for value in (NAME, "new@example.org", "two"):
            assert value in stored
        for value in (EMAIL, '"one"'):
            assert value not in stored

    def test_what_does_not_suit_any_more_is_given_back_at_once(
        self, home: Household
    ) -> None:
        home.books()
        home.free(a_fresh_start())
        home.look()

        after = home.json("change", *LATE)

        [given_back] = after["givenBack"]
        assert given_back["state"] == "released"
        assert given_back == home.json("bookings")[0]

    def test_what_was_over_is_looked_for_again(self, home: Household) -> None:
        home.mta("subscribe", CAR)
        home.within(lambda container: _save(container, Subscription.expire))
        assert home.json("change", "--days", "any")["state"] == "active"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ([], "What shall be different?"),
            (["--mode", "swap"], "--mode"),
            (["--office", "x"], "'x' is not the id of an office"),
            (["--office", CHURCH_OFFICE], "does not offer"),
            (["--days", "soon"], "'soon' is not a day"),
            (["--days", "2020-01-01", *DETAILS], "No day is left that would suit"),
            (["--without", "x"], "'x' is not a day"),
            (["--weekdays", "someday"], "'someday' is not a weekday"),
            (["--hours", "9"], "'9' is not a span of hours"),
            (["--notice", "soon"], "'soon' is not a duration"),
            (["--mail-hours", "9"], "'9' is not a span of hours"),
            (["--earlier", "7d"], "--earlier needs --mode book"),
            (["--mode", "book"], "name (--name), mail address (--email)."),
            (["--mode", "book", *DETAILS, "--earlier", "1h"], "less than a day"),
            (["--name", "A"], "give it with --email"),
            (["--email", "a+b@example.org"], "plus sign"),
            ([*DETAILS, "--telephone", "1"], "7 to 15 digits"),
            (["--answer", "Farbe=rot"], "No office that you want asks 'Farbe'"),
            (["--custom", "x"], "None of them has questions of its own"),
            (["--custom2", "x"], "None of them has questions of its own"),
        ],
    )
    def test_bad_input_is_explained_and_nothing_is_changed(
        self, home: Household, words: list[object], said: str
    ) -> None:
        before = home.json("subscribe", CAR)
        told = home.mta("change", *words, code=2)
        assert said in " ".join(told.err.split())
        assert told.out == ""
        assert the_wish(home) == before
        assert EMAIL not in home.mta("export").out


class TestPauseAndResume:
    def test_who_pauses_keeps_their_place(self, home: Household) -> None:
        before = home.json("subscribe", CAR)

        said = home.mta("pause")
        assert said.out.endswith(
            "is paused: MTA does not look for it until `mta resume`.\n"
        )
        assert the_wish(home)["state"] == "paused"
        said = home.mta("resume")

        assert "MTA looks for it, and you have kept your place." in said.lines[0]
        assert the_wish(home) == before
        assert EMAIL not in home.mta("export").out

    def test_what_is_held_is_given_back(self, home: Household) -> None:
        home.books()
        home.free(a_fresh_start())
        home.look()
        said = home.mta("pause")
        assert said.lines[-1].startswith("Given back: ")
        assert [booking["state"] for booking in home.json("bookings")] == ["released"]

    def test_what_the_city_has_mailed_is_not(self, home: Household) -> None:
        home.preconfirmed()
        assert home.json("pause")["givenBack"] == []
        assert home.json("bookings")[0]["state"] == "preconfirmed"

    def test_unnamed_it_is_the_one_that_can_be_paused(self, home: Household) -> None:
        first = home.json("subscribe", CAR)
        home.mta("pause")
        second = home.json("subscribe", CHURCH)
        assert home.json("pause")["id"] == second["id"]
        said = home.mta("resume", code=2)
        assert "Which of your 2 subscriptions? Give its id: " in said.err
        assert first["id"][-8:] in said.err
        assert home.json("resume", first["id"][-5:])["id"] == first["id"]
        assert home.json("resume")["id"] == second["id"]

    def test_what_is_over_cannot_be_paused(self, home: Household) -> None:
        done = home.json("subscribe", CAR)
        home.within(lambda container: _save(container, Subscription.fulfil))
        said = home.mta("pause", code=2)
        assert said.err == "mta: MTA looks for nothing that could be paused.\n"
        said = home.mta("pause", done["id"], code=2)
        assert "fulfilled cannot become paused" in said.err


class TestUnsubscribe:
    def test_it_is_for_good(self, home: Household) -> None:
        done = home.json("subscribe", CAR)
        assert home.mta("unsubscribe", "--yes").lines == [
            f"Subscription {done['id'][-8:]} ({done['name']}) is ended."
        ]
        assert the_wish(home)["state"] == "cancelled"
        said = home.mta("resume", done["id"], code=2)
        assert "cancelled cannot become active" in said.err
        said = home.mta("change", "--hours", "8-12", code=2)
        assert said.err == "mta: You wait for nothing.\n"

    def test_nothing_ends_without_a_yes(self, home: Household) -> None:
        home.mta("subscribe", CAR)
        assert home.mta("unsubscribe", code=2).err == (
            "mta: Nothing was changed. To end it without being asked: --yes.\n"
        )
        assert the_wish(home)["state"] == "active"

    @pytest.mark.parametrize(("answer", "code"), [("y", 0), ("", 2), ("no", 2)])
    def test_who_is_there_is_asked(
        self, home: Household, keyboard: Keyboard, answer: str, code: int
    ) -> None:
        home.mta("subscribe", CAR)
        keyboard.types(answer)
        said = home.mta("unsubscribe", code=code)
        assert "Stop waiting for Umschreibung Fahrzeug" in said.err
        assert (the_wish(home)["state"] == "cancelled") is (code == 0)

    def test_what_is_held_is_given_back_and_said(self, home: Household) -> None:
        booking = home.preconfirmed()
        said = home.mta("unsubscribe", "--yes")
        assert said.lines[-1].startswith("Given back: ")
        assert home.statuses(booking["processId"]) == ["deleted"]

    def test_a_confirmed_appointment_stays(self, home: Household) -> None:
        booking = home.preconfirmed()
        home.open_mail(booking["processId"])
        home.mta("bookings", "opened")
        said = home.mta("unsubscribe", "--yes")
        assert said.lines[-1].startswith("Your appointment on ")
        assert said.lines[-1].endswith(
            ", KfZ Zulassungsstelle, stays yours; `mta bookings cancel` gives it back."
        )
        assert home.statuses(booking["processId"]) == ["confirmed"]

    def test_one_that_was_confirmed_meanwhile_is_given_back_too(
        self, home: Household
    ) -> None:
        booking = home.preconfirmed()
        home.open_mail(booking["processId"])
        [given_back] = home.json("unsubscribe", "--yes")["givenBack"]
        assert home.statuses(booking["processId"]) == ["deleted"]
        assert given_back["state"] in {"released", "cancelled"}

    def test_a_city_that_is_away_is_asked_later(
        self, home: Household, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(A_CITY) as city:
            monkeypatch.setenv("MTA_CITY_URL", city.api_url)
            away = Household(city, home.data, home.capsys)
            away.preconfirmed()
        lose_patience(monkeypatch)
        said = home.mta("unsubscribe", "--yes")
        assert "the city could not be asked yet. MTA goes on" in said.lines[-1]
        [booking] = home.json("bookings")
        assert (booking["state"], booking["beingGivenBack"]) == ("preconfirmed", True)


@pytest.mark.parametrize("step", STEPS)
def test_nobody_touches_the_wish_of_another(home: Household, step: str) -> None:
    done = home.json("subscribe", CAR, "--as", "amira")
    home.mta("subscribe", CHURCH, "--as", "bela")
    said = home.mta(step, done["id"], *words_of(step), "--as", "bela", code=2)
    assert "There is no subscription" in said.err
    assert home.json("subscriptions", "--as", "amira") == [done]


@pytest.mark.parametrize("step", STEPS)
def test_a_stranger_is_told_where_to_begin(home: Household, step: str) -> None:
    said = home.mta(step, *words_of(step), "--as", "nobody", code=2)
    assert "start with mta subscribe" in said.err


@pytest.mark.parametrize("step", STEPS)
def test_programs_read_what_came_of_it(home: Household, step: str) -> None:
    home.mta("subscribe", CAR)
    done = home.json(step, *words_of(step))
    assert done.pop("givenBack") == []
    assert done == the_wish(home)


async def _save(container: CliContainer, step: Any) -> None:
    async with container.store().begin() as tx:
        [wish] = await tx.subscriptions.active()
        await tx.subscriptions.save(step(wish))
        await tx.commit()
