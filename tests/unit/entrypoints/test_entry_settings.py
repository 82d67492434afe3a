"""Settings: where each comes from, and what is said when one cannot be used."""

from __future__ import annotations

import base64
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from mta_core.domain.errors import InvalidValue
from mta_entrypoints.settings import (
    PRACTICE_URL,
    Settings,
    default_data_dir,
    load,
    own_version,
)

CITY = "https://city.example.org/buergeransicht/api/citizen"
KEY = base64.b64encode(bytes(range(32))).decode()


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/amira")

    settings = load({})

    assert settings == Settings(
        city_url=PRACTICE_URL,
        data_dir=Path("/home/amira/.local/share/mta"),
        contact="",
        master_key="",
        city_timeout=10.0,
        log_level="info",
    )
    assert settings.database == settings.data_dir / "mta.sqlite"
    assert settings.loopback


def test_data_are_kept_where_the_system_keeps_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/var/data")
    assert default_data_dir() == Path("/var/data/mta")


def test_every_variable_is_read() -> None:
    settings = load(
        {
            "MTA_CITY_URL": CITY,
            "MTA_DATA_DIR": "/srv/mta",
            "MTA_CONTACT": "ops@example.org",
            "MTA_MASTER_KEY": KEY,
            "MTA_CITY_TIMEOUT": "7.5",
            "MTA_OPERATOR": "amira",
            "MTA_LOG_LEVEL": "Warning",
            "MTA_UNHEARD_OF": "is left alone",
            "PATH": "is none of ours",
        }
    )

    assert settings == Settings(
        city_url=CITY,
        data_dir=Path("/srv/mta"),
        contact="ops@example.org",
        master_key=KEY,
        city_timeout=7.5,
        operator="amira",
        log_level="Warning",
    )
    assert not settings.loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:99", "[::1]:8765"])
def test_a_city_on_this_machine_needs_no_contact(host: str) -> None:
    assert load({"MTA_CITY_URL": f"http://{host}/api"}).loopback


def test_the_process_itself_is_asked_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MTA_CITY_TIMEOUT", "3")
    assert load().city_timeout == 3


def test_a_file_of_settings_is_read_and_the_process_overrules_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "# a household\nMTA_CONTACT='amira@example.org'\n"
        "MTA_LOG_LEVEL=debug\nMTA_CITY_TIMEOUT=\n"
    )
    monkeypatch.setenv("MTA_LOG_LEVEL", "error")

    settings = load()

    assert settings.contact == "amira@example.org"
    assert settings.log_level == "error"
    assert settings.city_timeout == 10


def test_a_value_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(f"{KEY}\n")
    contact = tmp_path / "contact"
    contact.write_text("ops@example.org\n")

    settings = load(
        {"MTA_MASTER_KEY_FILE": str(secret), "MTA_CONTACT_FILE": str(contact)}
    )

    assert (settings.master_key, settings.contact) == (KEY, "ops@example.org")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(InvalidValue, match=f"MTA_MASTER_KEY_FILE: {missing} cannot"):
        load({"MTA_MASTER_KEY_FILE": str(missing)})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MTA_CITY_URL", "city.example.org", "is not a web address"),
        ("MTA_CITY_URL", "ftp://city.example.org", "practice city's is http://127"),
        ("MTA_CITY_URL", "http://", "is not a web address"),
        ("MTA_CITY_TIMEOUT", "0", "up to 12.0 seconds"),
        ("MTA_CITY_TIMEOUT", "-1", "up to 12.0 seconds"),
        ("MTA_CITY_TIMEOUT", "12.1", "up to 12.0 seconds"),
        ("MTA_CITY_TIMEOUT", "nan", "up to 12.0 seconds"),
        ("MTA_LOG_LEVEL", "loud", "debug, info, warning, error"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_to_do(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(InvalidValue, match=name) as caught:
        load({name: value})
    assert said in str(caught.value)


def test_nobody_asks_the_city_anonymously() -> None:
    with pytest.raises(InvalidValue, match=r"MTA_CONTACT is empty.*city\.example\.org"):
        load({"MTA_CITY_URL": CITY})


def test_the_longest_timeout_is_allowed() -> None:
    assert load({"MTA_CITY_TIMEOUT": "12"}).city_timeout == 12


def test_the_master_key_is_never_shown(tmp_path: Path) -> None:
    settings = load({"MTA_MASTER_KEY": KEY})
    assert KEY not in repr(settings) + str(settings)


def test_the_installed_version_is_told() -> None:
    assert own_version()[0].isdecimal()


def test_an_uninstalled_tree_has_a_version_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("mta_entrypoints.settings.version", version)
    assert own_version() == "0+source"


def test_a_number_that_is_none_is_named() -> None:
    with pytest.raises(InvalidValue, match=r"(?i)MTA_CITY_TIMEOUT"):
        load({"MTA_CITY_TIMEOUT": "soon"})


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidValue, match="settings cannot be used"):
        load({"MTA_CITY_TIMEOUT": "soon"})


def test_a_broken_address_is_refused_like_any_other() -> None:
    with pytest.raises(InvalidValue, match="MTA_CITY_URL"):
        load({"MTA_CITY_URL": "http://[::1"})


def test_an_impossible_port_is_refused() -> None:
    with pytest.raises(InvalidValue, match="MTA_CITY_URL"):
        load({"MTA_CITY_URL": "http://127.0.0.1:99999/api"})


def test_a_key_file_of_raw_bytes_is_refused_without_showing_them(
    tmp_path: Path,
) -> None:
    raw = tmp_path / "key"
    raw.write_bytes(b"\xff" * 32)
    with pytest.raises(InvalidValue, match="MTA_MASTER_KEY_FILE"):
        load({"MTA_MASTER_KEY_FILE": str(raw)})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load({"MTA_DATA_DIR": ""}).data_dir == default_data_dir()


def test_a_file_of_settings_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MTA_CONTACT=Jörg".encode("latin-1"))
    with pytest.raises(InvalidValue, match=r"\.env"):
        load()


def test_the_home_folder_may_be_written_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/amira")
    assert load({"MTA_DATA_DIR": "~/mta"}).data_dir == Path("/home/amira/mta")


def test_the_process_overrules_a_file_named_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contact").write_text("file@example.org")
    (tmp_path / ".env").write_text("MTA_CONTACT_FILE=contact\n")
    monkeypatch.setenv("MTA_CONTACT", "ops@example.org")
    assert load().contact == "ops@example.org"


def test_a_real_city_has_the_time_of_this_machine() -> None:
    given = {
        "MTA_CITY_URL": "https://city.example.org/api",
        "MTA_CONTACT": "ops@example.org",
        "MTA_CLOCK": '{"origin": 0, "start": 0, "speed": 60}',
    }
    with pytest.raises(InvalidValue, match="practice"):
        load(given)
