"""How the city says no: the error envelope and the exceptions that lead to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from mta_practice.error_table import TABLE_TEXT, WIRE_CODES


class PracticeError(Exception):
    """The practice city itself cannot do what it was asked to do.

    Raised for a bad catalogue file, an occupied port or a wrong control request;
    the message is meant for the person who started the practice city.
    """


class Refusal(Exception):
    """The city refuses a request with its ordinary error envelope (contract 2.1).

    *keys* are keys of the table, in the order in which the rules failed. A key that
    the table does not know goes out as ``unknownError`` (contract 2.3).
    """

    def __init__(self, *keys: str) -> None:
        super().__init__(*keys)
        self.keys = keys

    @property
    def http_status(self) -> int:
        """Give the HTTP status: the highest in the list (contract 2.1)."""
        return max(entry(key).status for key in self.keys)


class Overtaken(Refusal):
    """Somebody was faster between finding the slot and inserting the reservation.

    HTTP 404 around ``unknownError`` 520 (contract 2.3, ProcessReserveFailed).
    """

    def __init__(self) -> None:
        super().__init__("ProcessReserveFailed")

    @property
    def http_status(self) -> int:
        """Give the status of the city's backend, not the body's 520."""
        return 404


class NotLoggedIn(Refusal):
    """A citizen's login is missing or malformed: HTTP 401 around 406 (contract 1.1)."""

    def __init__(self) -> None:
        super().__init__("authKeyMismatch")

    @property
    def http_status(self) -> int:
        """Give the status of the door, not the body's 406."""
        return 401


class ServerFault(Exception):
    """An uncaught fault in the city's code: bare HTTP 500 (contract 2.1)."""


@attrs.frozen
class ErrorEntry:
    """One line of the table; *status* is an HTTP status code."""

    code: str
    status: int
    kind: str
    message: str

    def wire(self) -> dict[str, object]:
        """Give the entry as the city writes it into ``errors``."""
        return {
            "errorCode": self.code,
            "statusCode": self.status,
            "errorType": self.kind,
            "errorMessage": self.message,
        }


def _entry(line: str) -> tuple[str, ErrorEntry]:
    key, status, kind, message = line.split(maxsplit=3)
    return key, ErrorEntry(WIRE_CODES.get(key, key), int(status), kind, message)


TABLE: Final[Mapping[str, ErrorEntry]] = MappingProxyType(
    dict(_entry(line) for line in TABLE_TEXT.strip().splitlines())
)

UNKNOWN: Final = ErrorEntry("unknownError", 520, "error", "An unknown error occurred.")

SERVER_FAULT_BODY: Final[Mapping[str, object]] = MappingProxyType(
    {"error": {"message": "An internal error has occurred.", "code": 0}}
)


def entry(key: str) -> ErrorEntry:
    """Look *key* up; what the table does not know is ``unknownError`` 520."""
    return TABLE.get(key, UNKNOWN)


def envelope(keys: Iterable[str]) -> dict[str, object]:
    """Build ``{"errors": [...]}`` for *keys*, in their order."""
    return {"errors": [entry(key).wire() for key in keys]}
