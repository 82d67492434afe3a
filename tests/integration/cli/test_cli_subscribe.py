"""`mta subscribe`: what is taken down, what is said, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mta_entrypoints.cli.container import CliContainer
from tests.integration.cli.household import (
    ADDRESS,
    BOOK,
    CAR,
    CHURCH,
    CHURCH_OFFICE,
    CURIOUS_OFFICE,
    DETAILS,
    EMAIL,
    NAME,
    PASSPORT,
    RESIDENCE,
    Household,
    Said,
)
from tests.integration.cli.terminal import at_a_terminal
from tests.unit.entrypoints.keyboard import CTRL_D, Keyboard

pytestmark = pytest.mark.integration


async def _waiting(container: CliContainer) -> int:
    """Count who waits."""
    async with container.store().snapshot() as tx:
        return len(await tx.subscriptions.active())


BUSY_OFFICE, QUESTION = 10503, "Zusätzliche Bemerkungen"
"""The one office for RESIDENCE without a human check, and what it asks."""

CAR_NAME = "Umschreibung Fahrzeug – von außerhalb nach München"
NEXT_YEAR = datetime.now(UTC).year + 1


def facts(said: Said) -> dict[str, str]:
    """Read what was said back, by its name."""
    lines = [line for line in said.lines if line.startswith("  ")]
    pairs = (line.strip().partition("  ") for line in lines)
    return {name: text.strip() for name, _, text in pairs}


def test_who_wants_to_be_told_needs_to_say_nothing_else(home: Household) -> None:
    said = home.mta("subscribe", CAR)

    [shown] = home.json("subscriptions")
    assert said.lines[0] == f"Subscription {shown['id'][-8:]} is taken down."
    assert facts(said)["what"] == CAR_NAME
    assert facts(said)["where"] == "KfZ Zulassungsstelle"
    assert facts(said)["when"] == "any day; 2 hours ahead at least"
    assert facts(said)["then"].startswith("MTA tells you of every slot that suits")
    assert "as long as `mta up` runs" in said.err
    assert (shown["mode"], shown["state"]) == ("tell", "active")
    assert shown["mailHours"] == "07:00-22:00"
    assert shown["blind"] == []


@pytest.mark.parametrize(
    "words",
    [
        [str(CAR)],
        ["--service", str(CAR)],
        ["Umschreibung", "Fahrzeug", "von", "außerhalb"],
        ["umschreibung fahrzeug von ausserhalb nach münchen"],
    ],
)
def test_a_service_goes_by_its_id_or_its_name(
    home: Household, words: list[str]
) -> None:
    assert home.json("subscribe", *words)["services"] == str(CAR)


def test_the_privacy_note_comes_before_anything_is_stored(home: Household) -> None:
    said = home.mta("subscribe", CAR)
    assert "`mta erase` deletes all" in said.err
    assert "erase" not in said.out


def test_who_has_agreed_is_not_told_again(home: Household) -> None:
    home.mta("subscribe", CAR)
    assert "erase" not in home.mta("subscribe", CHURCH).err


def test_who_wants_a_booking_gives_name_and_mail(home: Household) -> None:
    said = home.mta("subscribe", CAR, *BOOK)
    assert facts(said)["then"] == (
        "MTA books the first slot that suits, and tells you to open the city's mail "
        "(at any hour)."
    )
    [shown] = home.json("subscriptions")
    assert (shown["mode"], shown["mailHours"]) == ("book", "00:00-24:00")


def test_every_wish_can_be_named(home: Household) -> None:
    wishes = (
        *(f"{RESIDENCE}x2", "--office", BUSY_OFFICE),
        *("--days", f"{NEXT_YEAR}-03-01..{NEXT_YEAR}-03-19"),
        *("--days", f"{NEXT_YEAR}-04-01", "--without", f"{NEXT_YEAR}-03-08"),
        *("--weekdays", "mon,wed", "--hours", "8:30-12", "--notice", "1d"),
        *("--telephone", "+49 89 123456-00", "--custom", "M-AB 100"),
        *("--mode", "book", "--earlier", "7d"),
    )
    done = home.json("subscribe", *wishes, *DETAILS)

    assert done["services"] == f"{RESIDENCE}x2"
    assert done["name"] == "Wohnsitzanmeldung x 2"
    assert done["wishes"] == {
        "offices": [BUSY_OFFICE],
        "days": [
            {"first": f"{NEXT_YEAR}-03-01", "last": f"{NEXT_YEAR}-03-19"},
            {"first": f"{NEXT_YEAR}-04-01", "last": f"{NEXT_YEAR}-04-01"},
        ],
        "without": [f"{NEXT_YEAR}-03-08"],
        "weekdays": [0, 2],
        "hours": "08:30-12:00",
        "noticeMinutes": 24 * 60,
    }
    assert (done["answered"], done["earlierByMinutes"]) == ([QUESTION], 7 * 24 * 60)
    stored = home.mta("export").out
    for value in ("+498912345600", "M-AB 100", QUESTION):
        assert value in stored


def test_several_services_are_one_appointment(home: Household) -> None:
    done = home.json("subscribe", CAR, ADDRESS, "--as", "amira")
    assert done["services"] == f"{ADDRESS}+{CAR}"
    done = home.json("subscribe", "--service", CAR, "--service", ADDRESS)
    assert done["services"] == f"{ADDRESS}+{CAR}"


def test_several_persons_are_a_count(home: Household) -> None:
    assert home.json("subscribe", CAR, "--persons", 2)["services"] == f"{CAR}x2"


def test_programs_read_one_document(home: Household) -> None:
    done = home.json("subscribe", CAR)
    assert done == home.json("subscriptions")[0]


def test_offices_behind_a_check_are_named_with_the_reason(home: Household) -> None:
    said = home.mta("subscribe", PASSPORT)
    assert facts(said)["where"] == "nowhere, see below"
    assert said.lines[-1] == (
        "Not watched: Bürgerbüro Orleansplatz, Bürgerbüro Ruppertstraße. The city asks "
        "for a human check there, which only a person may do."
    )


def test_the_others_are_watched_all_the_same(home: Household) -> None:
    done = home.json("subscribe", RESIDENCE)
    assert [(spot["reason"], spot["offices"]) for spot in done["blind"]] == [
        ("human check needed", [10489, 102522])
    ]
    assert done["watched"] == [BUSY_OFFICE]
    said = home.mta("subscribe", RESIDENCE, "--as", "another")
    assert facts(said)["where"] == "Bürgerbüro Ruppertstraße (Ausbildung)"


def test_offices_that_ask_for_more_are_named_with_what_is_missing(
    home: Household,
) -> None:
    said = home.mta("subscribe", CHURCH, *BOOK)
    assert said.lines[-1] == (
        "At Standesamt München-Pasing MTA can only tell you, since the city also asks "
        "for: telephone."
    )
    [shown] = home.json("subscriptions")
    assert shown["missing"] == {str(CURIOUS_OFFICE): ["telephone"]}


def test_nothing_is_missing_for_who_gives_all(home: Household) -> None:
    telephone = ("--telephone", "+498912345600")
    assert home.json("subscribe", CHURCH, *BOOK, *telephone)["missing"] == {}


def test_details_given_once_are_known(home: Household) -> None:
    home.mta("subscribe", CAR, *BOOK)
    home.mta("subscribe", CHURCH, "--mode", "book")
    assert len(home.json("subscriptions")) == 2


def test_a_detail_can_be_added_later(home: Household) -> None:
    home.mta("subscribe", CAR, *BOOK)
    more = ("--mode", "book", "--telephone", "+498912345600")
    assert home.json("subscribe", CHURCH, *more)["missing"] == {}
    assert EMAIL in home.mta("export").out


def test_nobody_waits_twice_for_the_same(home: Household) -> None:
    first = home.json("subscribe", CAR)
    said = home.mta("subscribe", CAR, code=2)
    assert said.err == (
        f"mta: You already wait for {CAR_NAME}. To wish for something else: "
        f"mta change {first['id'][-8:]}.\n"
    )
    assert len(home.json("subscriptions")) == 1


def test_who_has_ended_a_wish_may_begin_anew(home: Household) -> None:
    home.mta("subscribe", CAR)
    home.mta("unsubscribe", "--yes")
    assert home.json("subscribe", CAR)["state"] == "active"


def test_a_household_waits_each_for_themselves(home: Household) -> None:
    home.mta("subscribe", CAR, "--as", "amira")
    home.mta("subscribe", CAR, "--as", "bela")
    assert len(home.json("subscriptions", "--as", "amira")) == 1
    assert len(home.json("subscriptions", "--as", "bela")) == 1


def test_who_is_there_is_asked_for_what_is_missing(
    home: Household, keyboard: Keyboard
) -> None:
    keyboard.types(NAME, "amira+termin@example.org", EMAIL, "Neu in München")
    book = ("--mode", "book", "--office", BUSY_OFFICE)
    said = home.mta("subscribe", "wohnsitzanmeldung", *book)

    assert "plus sign" in said.err
    assert f"{QUESTION}: " in said.err
    [shown] = home.json("subscriptions")
    assert (shown["mode"], shown["missing"]) == ("book", {})
    stored = home.mta("export").out
    for value in (NAME, EMAIL, "Neu in München"):
        assert value in stored


def test_who_goes_away_is_not_stored(home: Household, keyboard: Keyboard) -> None:
    keyboard.types(NAME, CTRL_D)
    said = home.mta("subscribe", CAR, "--mode", "book", code=1)
    assert said.out == ""
    home.mta("subscriptions", code=2)


def test_it_is_so_at_a_real_terminal_too(home: Household, tmp_path: Path) -> None:
    surroundings = {
        "MTA_CITY_URL": home.city.api_url,
        "MTA_DATA_DIR": str(home.data),
    }
    words = ("subscribe", str(CAR), "--mode", "book")
    with at_a_terminal(tmp_path, *words, **surroundings) as terminal:
        terminal.answers("Your name", NAME)
        terminal.answers("Your mail address", "nowhere")
        terminal.sees("not a mail address that the city accepts")
        terminal.answers("Your mail address", EMAIL)
        terminal.sees("is taken down")
        terminal.ends(code=0)
    assert home.json("subscriptions")[0]["mode"] == "book"


YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--service", 99], "The city lists no service 99"),
        (["--service", "Raumfahrt"], "Raumfahrt"),
        (["kfz"], "kfz"),
        ([CAR, "--persons", 0], "--persons must be 1 to 25"),
        ([CAR, "--persons", 3], "at most 2 at once"),
        ([CAR, "--persons", "x"], "--persons"),
        ([f"{CAR}x2", "--persons", 2], "not both"),
        ([CAR, "--earlier", "7d"], "--earlier needs --mode book"),
        ([CAR, *BOOK, "--earlier", "1h"], "less than a day"),
        ([CAR, *BOOK, "--earlier", "soon"], "'soon' is not a duration"),
        ([CAR, "--answer", "x"], 'has no "="'),
        ([CAR, "--answer", "Farbe=rot"], "No office that you want asks 'Farbe'"),
        ([CAR, "--custom", "x"], "None of them has questions of its own"),
        (
            [RESIDENCE, "--answer", "Farbe=rot"],
            f'They ask: --answer "{QUESTION}=…"',
        ),
        (["--service", CAR, "--service", CAR], f"Service {CAR} is named twice"),
        (["--service", f"{CAR}x3"], "at most 2 at once"),
        (["--service", CAR, "--service", PASSPORT], "No office offers"),
        (["--service", CAR, "--office", 1], "The city lists no office 1"),
        (
            ["--service", CAR, "--office", CHURCH_OFFICE],
            f"Standesamt München ({CHURCH_OFFICE}) does not offer {CAR_NAME}",
        ),
        (["--service", CAR, "--office", "abc"], "'abc' is not the id of an office"),
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
        ([RESIDENCE, *DETAILS, "--custom", "x" * 251], "up to 250 characters"),
        (
            ["--service", CAR, "--mode", "book"],
            "the city also asks for: name (--name), mail address (--email).",
        ),
        (
            ["--service", CHURCH, "--office", CURIOUS_OFFICE, *BOOK],
            "the city also asks for: telephone (--telephone).",
        ),
        (
            ["--service", RESIDENCE, *BOOK],
            f'the city also asks for: {QUESTION} (--answer "{QUESTION}=…").',
        ),
        ([], "Which service?"),
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
    [["--mail-hours", "9"], ["--days", str(YESTERDAY)], ["--earlier", "7d"]],
)
def test_who_typed_something_wrong_is_not_stored(
    home: Household, words: list[str]
) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS, *words, code=2)
    said = home.mta("subscriptions", code=2)
    assert "Nobody is known as 'me' here: start with mta subscribe." in said.err
