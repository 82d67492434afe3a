"""When the city, the settings or this machine are not what they should be."""

from __future__ import annotations

import base64
import socket
import threading
from pathlib import Path

import pytest

from tests.integration.cli.bad_city import Answers, saying
from tests.integration.cli.household import CAR, DETAILS, Household

pytestmark = pytest.mark.integration

ENVELOPE = (
    b'{"errors": [{"errorCode": "%s", "errorMessage": "%s", "statusCode": 400,'
    b' "errorType": "error"}]}'
)
JSON = "application/json"


@pytest.fixture
def stranger(
    home: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Household:
    """A household whose data folder does not know any city yet."""
    monkeypatch.setenv("MTA_DATA_DIR", str(tmp_path / "fresh"))
    return home


@pytest.fixture
def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/api"


# The city


def test_a_city_that_cannot_be_reached_is_named(
    stranger: Household, nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_CITY_URL", nowhere)
    for words in (["services"], ["subscribe", "--service", str(CAR)]):
        said = stranger.mta(*words, code=3)
        assert said.err.startswith("mta: The city cannot be reached (")
        assert said.out == ""


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (Answers(), "/offices-and-services/: not JSON"),
        (Answers(404), "HTTP 404"),
        (Answers(502), "HTTP 502"),
        (Answers(body=b"", kind=JSON), "empty answer"),
        (Answers(body=b"[]", kind=JSON), "/offices-and-services/"),
        (Answers(body=b'{"offices": 1}', kind=JSON), "/offices-and-services/"),
        (Answers(429, ENVELOPE % (b"rateLimitExceeded", b"slowly"), JSON), "HTTP 429"),
        (
            Answers(400, ENVELOPE % (b"somethingNew", b"Nein."), JSON),
            "Nein. (somethingNew)",
        ),
        (
            Answers(503, ENVELOPE % (b"serviceUnavailable", b"Wartung"), JSON),
            "Wartung",
        ),
    ],
)
def test_a_city_that_answers_oddly_is_quoted_without_its_page(
    stranger: Household,
    monkeypatch: pytest.MonkeyPatch,
    answers: Answers,
    said: str,
) -> None:
    with saying(answers) as url:
        monkeypatch.setenv("MTA_CITY_URL", url)
        told = stranger.mta("services", code=3)
    assert told.err.startswith("mta: ")
    assert said in told.err
    assert "Traceback" not in told.err
    assert "<h1>" not in told.err


def test_a_wrong_address_at_the_city_is_explained(
    stranger: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_CITY_URL", f"{stranger.city.url}/somewhere/else")
    told = stranger.mta("services", code=3)
    assert "/offices-and-services/" in told.err
    assert "404" in told.err


def test_a_city_that_says_nothing_is_not_waited_for_in_vain(
    stranger: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_CITY_TIMEOUT", "0.2")
    with saying(Answers(held=threading.Event())) as url:
        monkeypatch.setenv("MTA_CITY_URL", url)
        told = stranger.mta("services", code=3)
    assert "The city gave no answer" in told.err


def test_what_is_known_serves_while_the_city_is_away(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same city, as far as the database knows; a question would fail.
    monkeypatch.setenv("MTA_CITY_TIMEOUT", "0.001")
    home.mta("services", "reisepass")
    home.mta("subscribe", "--service", CAR)


# The settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MTA_CITY_URL", "city.example.org", "MTA_CITY_URL='city.example.org' is not"),
        ("MTA_CITY_URL", "https://city.example.org/api", "MTA_CONTACT is empty"),
        ("MTA_CITY_TIMEOUT", "60", "MTA_CITY_TIMEOUT must be up to 12.0"),
        ("MTA_LOG_LEVEL", "loud", "MTA_LOG_LEVEL must be one of"),
        ("MTA_CONTACT_FILE", "/nowhere/contact", "MTA_CONTACT_FILE: /nowhere/contact"),
        ("MTA_MASTER_KEY", "c2hvcnQ=", "MTA_MASTER_KEY does not hold a master key"),
    ],
)
@pytest.mark.parametrize("command", ["services", "up"])
def test_a_setting_that_cannot_be_used_is_wrong_input(
    home: Household,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(name, value)
    told = home.mta(command, code=2)
    assert said in told.err
    assert "Traceback" not in told.err


def test_a_contact_that_is_no_header_is_wrong_input(
    stranger: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTA_CONTACT", "Jörg")
    told = stranger.mta("services", code=2)
    assert "plain ASCII" in told.err


# This machine


def test_a_file_in_place_of_the_folder_is_named(
    home: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("MTA_DATA_DIR", str(file))
    assert f"MTA_DATA_DIR={file} is not a folder" in home.mta("services", code=4).err


def test_a_database_that_is_none_is_named(home: Household) -> None:
    (home.data / "mta.sqlite").write_bytes(b"something else entirely" * 100)
    told = home.mta("services", code=4)
    assert "The database file is no database" in told.err


def test_a_key_that_others_can_read_is_not_used(home: Household) -> None:
    (home.data / "master.key").chmod(0o644)
    told = home.mta("services", code=2)
    assert "chmod 600" in told.err


def test_another_key_opens_nothing(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mta("subscribe", "--service", CAR, *DETAILS)
    other = base64.b64encode(b"k" * 32).decode()
    monkeypatch.setenv("MTA_MASTER_KEY", other)

    told = home.mta("subscriptions", code=2)

    assert "Nobody is known" in told.err
    assert other not in told.err
