"""`mta subscribe`: what is taken down, what is said, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mta_entrypoints.cli.container import CliContainer
from tests.integration.cli.household import (
    BOOK,
    CAR,
    CAR_OFFICE,
    CHURCH,
    CHURCH_OFFICE,
    CURIOUS_OFFICE,
    DETAILS,
    EMAIL,
    PASSPORT,
    RESIDENCE,
    Household,
)

pytestmark = pytest.mark.integration


async def _waiting(container: CliContainer) -> int:
    """Count who waits."""
    async with container.store().snapshot() as tx:
        return len(await tx.subscriptions.active())


CAR_NAME = "Umschreibung Fahrzeug – von außerhalb nach München"
NEXT_YEAR = datetime.now(UTC).year + 1


def test_who_wants_to_be_told_needs_to_say_nothing_else(home: Household) -> None:
    said = home.mta("subscribe", "--service", CAR)

    [line] = said.lines
    assert line.endswith(
        f": MTA watches 1 office(s) and tells you of what suits: {CAR_NAME}."
    )
    [shown] = home.json("subscriptions")
    assert line.startswith(f"Subscription {shown['id'][-8:]}:")
    assert (shown["mode"], shown["state"]) == ("tell", "active")
    assert shown["mailHours"] == "07:00-22:00"
    assert shown["blind"] == []


def test_the_privacy_note_comes_before_anything_is_stored(home: Household) -> None:
    said = home.mta("subscribe", "--service", CAR)
    assert "`mta erase` deletes all" in said.err
    assert "erase" not in said.out


def test_who_wants_a_booking_gives_name_and_mail(home: Household) -> None:
    said = home.mta("subscribe", "--service", CAR, *BOOK)
    assert f"MTA watches 1 office(s) and books what suits: {CAR_NAME}." in said.out
    [shown] = home.json("subscriptions")
    assert (shown["mode"], shown["mailHours"]) == ("book", "00:00-24:00")


def test_every_wish_can_be_named(home: Household) -> None:
    wishes = (
        *("--service", f"{CAR}x2", "--office", CAR_OFFICE),
        *("--days", f"{NEXT_YEAR}-03-01..{NEXT_YEAR}-03-19"),
        *("--days", f"{NEXT_YEAR}-04-01", "--without", f"{NEXT_YEAR}-03-08"),
        *("--weekdays", "mon,wed", "--hours", "8:30-12", "--notice", "1d"),
        *("--telephone", "+498912345600", "--custom", "M-AB 100", "--custom2", "x"),
    )
    done = home.json("subscribe", *wishes, *DETAILS)

    assert done["services"] == f"{CAR}x2"
    assert done["name"] == f"{CAR_NAME} x 2"
    stored = home.mta("export").out
    for value in ("+498912345600", "M-AB 100", f"{NEXT_YEAR}-03-08", "08:30"):
        assert value in stored


def test_several_services_are_one_appointment(home: Household) -> None:
    done = home.json("subscribe", "--service", CAR, "--service", 1064121)
    assert done["services"] == f"1064121+{CAR}"


def test_programs_read_one_document(home: Household) -> None:
    done = home.json("subscribe", "--service", CAR)
    assert done == home.json("subscriptions")[0]


def test_offices_behind_a_check_are_named_with_the_reason(home: Household) -> None:
    said = home.mta("subscribe", "--service", PASSPORT)
    assert "MTA watches 0 office(s)" in said.lines[0]
    assert said.lines[1] == (
        "Not watched: Bürgerbüro Orleansplatz, Bürgerbüro Ruppertstraße. The city asks "
        "for a human check there, which only a person may do."
    )


def test_the_others_are_watched_all_the_same(home: Household) -> None:
    done = home.json("subscribe", "--service", RESIDENCE)
    assert [(spot["reason"], spot["offices"]) for spot in done["blind"]] == [
        ("human check needed", [10489, 102522])
    ]
    said = home.mta("subscribe", "--service", RESIDENCE, "--as", "another")
    assert "MTA watches 1 office(s)" in said.out


def test_offices_that_ask_for_more_are_named_with_what_is_missing(
    home: Household,
) -> None:
    said = home.mta("subscribe", "--service", CHURCH, *BOOK)
    assert said.lines[1:] == [
        "At Standesamt München-Pasing MTA can only tell you, since the city also asks "
        "for: telephone."
    ]


def test_nothing_is_missing_for_who_gives_all(home: Household) -> None:
    telephone = ("--telephone", "+498912345600")
    said = home.mta("subscribe", "--service", CHURCH, *BOOK, *telephone)
    assert len(said.lines) == 1


def test_details_given_once_are_known(home: Household) -> None:
    home.mta("subscribe", "--service", CAR, *BOOK)
    home.mta("subscribe", "--service", CHURCH, "--mode", "book")
    assert len(home.json("subscriptions")) == 2


def test_nobody_waits_twice_for_the_same(home: Household) -> None:
    first = home.json("subscribe", "--service", CAR)
    said = home.mta("subscribe", "--service", CAR, code=2)
    assert f"You already wait for {CAR_NAME}: subscription {first['id']}" in said.err
    assert len(home.json("subscriptions")) == 1


def test_a_household_waits_each_for_themselves(home: Household) -> None:
    home.mta("subscribe", "--service", CAR, "--as", "amira")
    home.mta("subscribe", "--service", CAR, "--as", "bela")
    assert len(home.json("subscriptions", "--as", "amira")) == 1
    assert len(home.json("subscriptions", "--as", "bela")) == 1


YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--service", 99], "The city lists no service 99"),
        (["--service", "passport"], "'passport' does not name services"),
        (["--service", CAR, "--service", CAR], f"Service {CAR} is named twice"),
        (["--service", f"{CAR}x3"], "at most 2 at once"),
        (["--service", CAR, "--service", PASSPORT], "No office offers"),
        (["--service", CAR, "--office", 1], "The city lists no office 1"),
        (
            ["--service", CAR, "--office", CHURCH_OFFICE],
            f"Standesamt München ({CHURCH_OFFICE}) does not offer {CAR_NAME}",
        ),
        (["--service", CAR, "--office", "abc"], 'unable to convert "abc" into int'),
        (["--service", CAR, "--mode", "swap"], "--mode"),
        (["--service", CAR, "--hours", "9"], "'9' is not a span of hours"),
        (["--service", CAR, "--hours", "12-8"], "end before they start"),
        (["--service", CAR, "--days", "soon"], "'soon' is not a day"),
        (["--service", CAR, "--days", YESTERDAY], "No day is left that would suit"),
        (
            ["--service", CAR, "--days", f"{NEXT_YEAR}-03-02..{NEXT_YEAR}-03-01"],
            "before it starts",
        ),
        (["--service", CAR, "--without", "x"], "'x' is not a day"),
        (["--service", CAR, "--weekdays", "someday"], "'someday' is not a weekday"),
        (["--service", CAR, "--notice", "soon"], "'soon' is not a duration"),
        (["--service", CAR, "--mail-hours", "9"], "'9' is not a span of hours"),
        (["--service", CAR, "--name", " ", "--email", EMAIL], "A name is needed"),
        (["--service", CAR, "--email", EMAIL], "A name is needed"),
        (["--service", CAR, "--name", "A", "--email", "a+b@example.org"], "plus sign"),
        (["--service", CAR, "--name", "A", "--email", "nowhere"], "not a mail address"),
        (
            ["--service", CAR, "--name", "A", "--email", f"{'a' * 50}@example.org"],
            "up to 50 characters",
        ),
        (["--service", CAR, *DETAILS, "--telephone", "089-1"], "7 to 15 digits"),
        (["--service", CAR, *DETAILS, "--custom", "x" * 251], "up to 250 characters"),
        (["--service", CAR, "--mode", "book"], "the city also asks for: email, name"),
        (
            ["--service", CHURCH, "--office", CURIOUS_OFFICE, *BOOK],
            "the city also asks for: telephone",
        ),
        ([], "--service requires an argument"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_awaited(
    home: Household, words: list[object], said: str
) -> None:
    refused = home.mta("subscribe", *words, code=2)

    assert said in " ".join(refused.err.split())
    assert refused.out == ""
    assert "Traceback" not in refused.err
    assert home.within(_waiting) == 0


@pytest.mark.parametrize(
    "words",
    [["--notice", "9999999999d"], ["--notice", "999999999d"]],
)
def test_a_wish_beyond_all_time_is_refused(home: Household, words: list[str]) -> None:
    said = home.mta("subscribe", "--service", CAR, *words, code=2)
    assert said.err


@pytest.mark.parametrize(
    "words",
    [["--mail-hours", "9"], ["--days", str(YESTERDAY)], ["--custom", "x" * 251]],
)
def test_who_typed_something_wrong_is_not_stored(
    home: Household, words: list[str]
) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS, *words, code=2)
    said = home.mta("subscriptions", code=2)
    assert "Nobody is known as 'me' here: start with mta subscribe." in said.err
