"""Cities that do not answer as they should: what commands say, what the doctor finds.

What a command says of a city that refuses, is silent or sends odd bodies stands in
`test_cli_trouble`; here are real cities of other kinds, and the doctor's words.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from mta_practice import Generation, PracticeSettings, running
from tests.integration.cli.bad_city import Answers, saying
from tests.integration.cli.household import CAR, Household
from tests.integration.cli.test_cli_trouble import ENVELOPE, JSON

pytestmark = pytest.mark.integration

Patch = pytest.MonkeyPatch


def the_city(home: Household, code: int, check: str = "city") -> tuple[str, str, str]:
    """Let the doctor ask; give grade, meaning and advice."""
    told: Any = home.json("doctor", code=code)
    [found] = [each for each in told["checks"] if each["check"] == check]
    return found["grade"], found["means"], found["advice"]


def says_why(home: Household, *said: str) -> None:
    """Every command that needs the city ends with 3, and a sentence."""
    for words in (["services"], ["look", str(CAR)], ["subscribe", str(CAR)]):
        told = home.mta(*words, code=3)
        assert told.err.startswith("mta: ")
        assert told.err.count("\n") == 1
        for text in said:
            assert text in told.err
        assert told.out == ""


# Cities of another kind


OTHERS = [
    (
        PracticeSettings(generation=Generation.MUC45),
        "sharedBookingOfficeIds",
        ("wrong", "speaks an older generation of the API", "Muc-46"),
    ),
    (
        PracticeSettings(drift={"relations": "links"}),
        "$.relations",
        ("wrong", "The city's answer has changed", "Update MTA"),
    ),
    (
        PracticeSettings(drift={"slots": ""}),
        "$.relations[0].slots",
        ("wrong", "The city's answer has changed", "Update MTA"),
    ),
    (
        PracticeSettings(maintenance=True),
        "under maintenance",
        ("warning", "The city is under maintenance", "asks again by itself"),
    ),
    (
        PracticeSettings(blacklist=("127.0.0.0/8",)),
        "IP address is blacklisted",
        ("wrong", "has blacklisted the address of this machine", "ask the city why"),
    ),
]


@pytest.mark.parametrize(("settings", "said", "found"), OTHERS)
def test_a_city_of_another_kind_is_named(
    home: Household,
    monkeypatch: Patch,
    settings: PracticeSettings,
    said: str,
    found: tuple[str, str, str],
) -> None:
    with running(settings) as city:
        monkeypatch.setenv("MTA_CITY_URL", city.api_url)
        says_why(home, said)
        grade, means, advice = the_city(home, code=int(found[0] == "wrong"))
        ledger = httpx.get(f"{city.url}/practice/ledger").json()
    assert grade == found[0]
    assert found[1] in means
    assert found[2] in advice
    assert len(ledger) == 4  # one question a command, whatever was answered


def test_a_host_that_nobody_knows_is_named(home: Household, monkeypatch: Patch) -> None:
    home.mta("services")  # a new log of the budgets would be closed for a minute
    monkeypatch.setenv("MTA_CITY_URL", "https://something.invalid/api")
    monkeypatch.setenv("MTA_CONTACT", "ops@example.org")
    says_why(home, "The city cannot be reached")
    checks = {each["check"]: each for each in home.json("doctor", code=1)["checks"]}
    city = checks["city"]
    assert city["grade"] == "wrong"
    assert city["means"] == "Wrong host: nobody knows something.invalid."
    assert "MTA_CITY_URL" in city["advice"]
    assert checks["clock"]["grade"] == "warning"


# What the doctor makes of odd answers


def an_error(code: bytes, status: int) -> Answers:
    return Answers(status, ENVELOPE % (code, b"Nein."), JSON)


@pytest.mark.parametrize(
    ("answers", "code", "means", "advice"),
    [
        (Answers(), 1, "a web page (HTML, HTTP 200)", "Check MTA_CITY_URL"),
        (Answers(502), 1, "a web page (HTML, HTTP 502)", "Check MTA_CITY_URL"),
        (
            Answers(302, b"", JSON, more=("Location", "https://city.example.org")),
            1,
            "sends elsewhere (HTTP 302)",
            "Set MTA_CITY_URL to where it sends",
        ),
        (an_error(b"notFound", 404), 1, "does not know the route", "Muc-46"),
        (Answers(404, b"nothing", "text/plain"), 1, "wrong path", "MTA_CITY_URL"),
        (Answers(200, b"{}", JSON), 1, "answer has changed", "Update MTA"),
        (an_error(b"rateLimitExceeded", 429), 0, "(429)", "asks again by itself"),
        (an_error(b"internalError", 500), 1, "its own (HTTP 500)", "asks again"),
        (an_error(b"somethingNew", 400), 1, "Nein. (somethingNew)", "MTA_CITY_URL"),
    ],
)
def test_the_doctor_says_what_an_odd_answer_means(
    home: Household,
    monkeypatch: Patch,
    answers: Answers,
    code: int,
    means: str,
    advice: str,
) -> None:
    with saying(answers) as url:
        monkeypatch.setenv("MTA_CITY_URL", url)
        grade, meant, advised = the_city(home, code)
    assert grade == ("wrong" if code else "warning")
    assert means in meant
    assert advice in advised


@contextmanager
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{probe.getsockname()[1]}/api"


@contextmanager
def crowded() -> Iterator[str]:
    """An address at which everybody waits for ever to be let in."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            guest = stack.enter_context(socket.socket())
            guest.setblocking(False)
            guest.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/api"


@contextmanager
def mute() -> Iterator[str]:
    """A city that takes questions and says nothing."""
    with saying(Answers(held=threading.Event())) as url:
        yield url


@contextmanager
def no_tls() -> Iterator[str]:
    """A city that shows no certificate."""
    with saying(Answers()) as url:
        yield url.replace("http:", "https:")


@pytest.mark.parametrize(
    ("place", "means", "advice"),
    [
        (nobody, "refuses connections: nobody listens there", "Start `mta practice`"),
        (crowded, "gives no answer within 0.2 s", "Check MTA_CITY_URL and the network"),
        (mute, "gives no answer within 0.2 s", "Check MTA_CITY_URL and the network"),
        (no_tls, "does not show a certificate", "Check MTA_CITY_URL"),
    ],
)
def test_the_doctor_says_why_there_is_no_answer(
    home: Household, monkeypatch: Patch, place: Any, means: str, advice: str
) -> None:
    monkeypatch.setenv("MTA_CITY_TIMEOUT", "0.2")
    with place() as url:
        monkeypatch.setenv("MTA_CITY_URL", url)
        grade, meant, advised = the_city(home, code=1)
        clock = the_city(home, code=1, check="clock")
    assert grade == "wrong"
    assert means in meant
    assert advice in advised
    assert (clock[0], clock[1][:13]) == ("warning", "Not compared:")


def test_a_city_that_hangs_up_is_quoted(home: Household, monkeypatch: Patch) -> None:
    with running(PracticeSettings()) as city:
        fault = {"route": "*", "kind": "drop", "times": 9}
        httpx.post(f"{city.url}/practice/faults", json=fault).raise_for_status()
        monkeypatch.setenv("MTA_CITY_URL", city.api_url)
        grade, means, _ = the_city(home, code=1)
    assert grade == "wrong"
    assert means.startswith("The city gave no answer")


def test_a_machine_without_a_network_is_told_so(
    home: Household, monkeypatch: Patch
) -> None:
    # A broadcast address: the system refuses to connect before anything leaves.
    monkeypatch.setenv("MTA_CITY_URL", "http://255.255.255.255/api")
    monkeypatch.setenv("MTA_CONTACT", "ops@example.org")
    grade, means, advice = the_city(home, code=1)
    assert grade == "wrong"
    assert means.startswith("The city cannot be reached")
    assert "the network" in advice


# The clock


@pytest.mark.parametrize(
    ("ahead", "grade", "means"),
    [
        (0, "ok", "agrees with"),
        (-50, "ok", "agrees with"),
        (50, "ok", "agrees with"),
        (-90, "warning", "ahead of"),
        (90, "warning", "behind"),
        (-330, "wrong", "Deadlines will be missed"),
        (330, "wrong", "Deadlines will be missed"),
        (None, "warning", "told no time"),
    ],
)
def test_the_clock_is_compared_with_the_citys(
    home: Household, monkeypatch: Patch, ahead: float | None, grade: str, means: str
) -> None:
    with saying(Answers(clock=ahead)) as url:
        monkeypatch.setenv("MTA_CITY_URL", url)
        found, meant, _ = the_city(home, code=1, check="clock")
    assert found == grade
    assert means in meant


@pytest.mark.parametrize(
    ("date", "grade"),
    [
        ("yesterday", "warning"),
        ("Thu, 26 Nov 1998 12:00:00 -0000", "wrong"),
        ("Thu, 26 Nov 1998 12:00:00 GMT", "wrong"),
    ],
)
def test_a_strange_date_is_no_reason_to_fail(
    home: Household, monkeypatch: Patch, date: str, grade: str
) -> None:
    with saying(Answers(clock=None, more=("Date", date))) as url:
        monkeypatch.setenv("MTA_CITY_URL", url)
        assert the_city(home, code=1, check="clock")[0] == grade
