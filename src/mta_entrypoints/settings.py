"""Settings: environment variables ``MTA_…``, a ``.env`` file, secrets from files.

Every setting has a default that needs nothing; an error says which variable is wrong
and what to do about it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import attrs
import typed_settings as ts
from dotenv import dotenv_values
from typed_settings.loaders import DictLoader

from mta_core.domain.errors import InvalidValue

PREFIX = "MTA_"
FILE_SUFFIX = "_FILE"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LONGEST_TIMEOUT = 12.0  # a call's lease (15 s) must outlive the call itself
PRACTICE_PORT = 8765
PRACTICE_URL = f"http://127.0.0.1:{PRACTICE_PORT}/buergeransicht/api/citizen"


def default_data_dir() -> Path:
    """Return where data are kept unless ``MTA_DATA_DIR`` says otherwise."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "mta"


def _at_home(folder: str | Path) -> Path:
    return Path(folder).expanduser()


def own_version() -> str:
    """Return the installed version, for the User-Agent and `--version`."""
    try:
        return version("munich-termin-automator")
    except PackageNotFoundError:
        return "0+source"


@attrs.frozen
class Settings:
    """What an operator can set.

    Attributes:
        city_url: the base of the city's API; the practice city's by default.
        data_dir: where the database, the key and the lock live.
        contact: the operator's address in the User-Agent; nothing but a loopback city
            is asked without one.
        master_key: base64 of 32 bytes; empty means a file made once in *data_dir*.
        city_timeout: seconds until a question to the city counts as unanswered.
        clock: what a practice city's clock file holds (``MTA_CLOCK_FILE`` names it);
            empty means the machine's time, as it must for any real city.
    """

    city_url: str = PRACTICE_URL
    data_dir: Path = attrs.field(factory=default_data_dir, converter=_at_home)
    contact: str = ""
    master_key: str = attrs.field(default="", repr=False)
    city_timeout: float = 10.0
    log_level: str = "info"
    clock: str = ""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "mta.sqlite"

    @property
    def loopback(self) -> bool:
        """Whether the city is on this machine: then it is a practice city."""
        return urlsplit(self.city_url).hostname in {"127.0.0.1", "localhost", "::1"}


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environment: instead of the process's own.

    Raises:
        InvalidValue: a setting cannot be used; the text names its variable.
    """
    if environment is None:
        environment = {**_with_files(_dotenv()), **_with_files(os.environ)}
    else:
        environment = _with_files(environment)
    values = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value
    }
    fields = {field.name for field in attrs.fields(Settings)}
    loader = DictLoader({name: values[name] for name in fields & values.keys()})
    try:
        return _checked(ts.load_settings(Settings, [loader]))
    except InvalidValue:
        raise
    except (ValueError, TypeError, ExceptionGroup) as error:
        given = ", ".join(sorted(f"{PREFIX}{name.upper()}" for name in values))
        raise InvalidValue(
            f"The settings cannot be used ({given}): {_innermost(error)}"
        ) from error


def _innermost(error: BaseException) -> str:
    """Name the first of the errors that a group holds."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)


def _dotenv() -> dict[str, str]:
    """Read ``.env`` of the present folder, if there is one."""
    try:
        return {name: text for name, text in dotenv_values(".env").items() if text}
    except UnicodeDecodeError:
        raise InvalidValue(".env is not written in UTF-8.") from None


def _with_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Put in place of ``MTA_X_FILE`` what the file holds, as ``MTA_X``."""
    values = dict(environment)
    for name, path in environment.items():
        if name.startswith(PREFIX) and name.endswith(FILE_SUFFIX):
            try:
                text = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                why = getattr(error, "strerror", None) or "it is no text"
                raise InvalidValue(f"{name}: {path} cannot be read: {why}") from None
            values[name.removesuffix(FILE_SUFFIX)] = text
    return values


def _checked(settings: Settings) -> Settings:
    if not _is_web_address(settings.city_url):
        raise InvalidValue(
            f"MTA_CITY_URL={settings.city_url!r} is not a web address; "
            f"the practice city's is {PRACTICE_URL}"
        )
    if not settings.loopback and not settings.contact:
        host = urlsplit(settings.city_url).hostname
        raise InvalidValue(
            f"MTA_CONTACT is empty. MTA asks {host} only under the name of "
            "somebody whom the city can reach: set a mail address or a web page."
        )
    if not 0 < settings.city_timeout <= LONGEST_TIMEOUT:
        raise InvalidValue(f"MTA_CITY_TIMEOUT must be up to {LONGEST_TIMEOUT} seconds.")
    if settings.clock and not settings.loopback:
        raise InvalidValue("MTA_CLOCK is for practice cities: real ones have our time.")
    if settings.log_level.upper() not in LEVELS:
        raise InvalidValue(f"MTA_LOG_LEVEL must be one of {', '.join(LEVELS).lower()}.")
    return settings


def _is_web_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        plain = not (url.username or url.password or url.query or url.port == 0)
        return plain and url.scheme in {"http", "https"} and bool(url.hostname)
    except ValueError:  # a broken host, or a port that is none
        return False
