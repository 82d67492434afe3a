"""Settings: environment variables ``MTA_…``, a ``.env`` file, secrets from files.

Every setting has a default that needs nothing; an error says which variable is wrong
and what to do about it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import attrs
import typed_settings as ts
from dotenv import dotenv_values
from typed_settings.loaders import DictLoader

from mta_core.domain.errors import InvalidValue
from mta_core.domain.shifts import HERE, ShiftRules

DISTRIBUTION = "munich-termin-automator"
PREFIX = "MTA_"
FILE_SUFFIX = "_FILE"
DOTENV = ".env"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LONGEST_TIMEOUT = 12.0  # a call's lease (15 s) must outlive the call itself
SHORTEST_PERMISSION = 20  # "yes" and "1" are no record of anything
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
        return version(DISTRIBUTION)
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
        egress_id: the operator's name for the address from which the city is asked: a
            human check is good at one address alone.
        shared_shifts: the city's permission to share watch shifts among all who wait:
            what it says, its date and who gave it; empty means owner only.
        operator: the citizen who runs MTA, by the name they go by at the console; they
            are told what is not as it should be. Empty: nobody is told.
        clock: what a practice city's clock file holds (``MTA_CLOCK_FILE`` names it);
            empty means the machine's time, as it must for any real city.
    """

    city_url: str = PRACTICE_URL
    data_dir: Path = attrs.field(factory=default_data_dir, converter=_at_home)
    contact: str = ""
    master_key: str = attrs.field(default="", repr=False)
    city_timeout: float = 10.0
    log_level: str = "info"
    egress_id: str = HERE
    shared_shifts: str = ""
    operator: str = ""
    clock: str = ""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "mta.sqlite"

    @property
    def shift_rules(self) -> ShiftRules:
        """Whom a watch shift serves, and from where."""
        return ShiftRules(self.egress_id, self.shared_shifts.strip())

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
        environment = {**in_dotenv(), **_with_files(os.environ)}
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


def in_dotenv() -> dict[str, str]:
    """Return the variables that ``.env`` sets, those from files named there too.

    Raises:
        InvalidValue: it, or such a file, cannot be read.
    """
    return _with_files(_dotenv())


def unknown_names() -> list[str]:
    """List the variables ``MTA_…`` that are set but mean nothing: typing errors."""
    known = {f"{PREFIX}{field.name.upper()}" for field in attrs.fields(Settings)}
    return sorted(
        name
        for name in {**_dotenv(), **os.environ}
        if name.startswith(PREFIX) and name.removesuffix(FILE_SUFFIX) not in known
    )


def _dotenv() -> dict[str, str]:
    """Read ``.env`` of the present folder, if there is one."""
    try:
        return {name: text for name, text in dotenv_values(DOTENV).items() if text}
    except UnicodeDecodeError:
        raise InvalidValue(".env is not written in UTF-8.") from None
    except OSError as error:
        raise InvalidValue(f".env cannot be read: {error.strerror}.") from None


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
    for name in _CHECKS:
        if complaint := complaint_of(settings, name):
            raise InvalidValue(complaint)
    return settings


def complaint_of(settings: Settings, name: str) -> str:
    """Say why the setting of this name cannot be used; empty if it can."""
    check = _CHECKS.get(name)
    return check(settings) if check else ""


def _city_url_complaint(settings: Settings) -> str:
    if _is_web_address(settings.city_url):
        return ""
    if "@" in settings.city_url:  # what stands before it may be a password
        return "MTA_CITY_URL must be a web address without a user or password."
    return (
        f"MTA_CITY_URL={settings.city_url!r} is not a web address; "
        f"the practice city's is {PRACTICE_URL}"
    )


def _contact_complaint(settings: Settings) -> str:
    if settings.loopback or settings.contact:
        return ""
    host = urlsplit(settings.city_url).hostname
    return (
        f"MTA_CONTACT is empty. MTA asks {host} only under the name of "
        "somebody whom the city can reach: set a mail address or a web page."
    )


def _timeout_complaint(settings: Settings) -> str:
    if 0 < settings.city_timeout <= LONGEST_TIMEOUT:
        return ""
    return f"MTA_CITY_TIMEOUT must be up to {LONGEST_TIMEOUT} seconds."


def _clock_complaint(settings: Settings) -> str:
    if settings.loopback or not settings.clock:
        return ""
    return "MTA_CLOCK is for practice cities: real ones have our time."


def _permission_complaint(settings: Settings) -> str:
    said = settings.shared_shifts.strip()
    if not said or (len(said) >= SHORTEST_PERMISSION and re.search(r"[0-9]{4}", said)):
        return ""
    return (
        "MTA_SHARED_SHIFTS must hold the city's permission to share watch shifts: what "
        "it says, its date and who gave it. Without one leave it empty."
    )


def _level_complaint(settings: Settings) -> str:
    if settings.log_level.upper() in LEVELS:
        return ""
    return f"MTA_LOG_LEVEL must be one of {', '.join(LEVELS).lower()}."


_CHECKS: Mapping[str, Callable[[Settings], str]] = {
    "city_url": _city_url_complaint,
    "contact": _contact_complaint,
    "city_timeout": _timeout_complaint,
    "clock": _clock_complaint,
    "shared_shifts": _permission_complaint,
    "log_level": _level_complaint,
}


def _is_web_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        plain = not (url.username or url.password or url.query or url.port == 0)
        whole = not any(letter.isspace() for letter in text)
        return (
            plain and whole and url.scheme in {"http", "https"} and bool(url.hostname)
        )
    except ValueError:  # a broken host, or a port that is none
        return False
