"""What a failed call to the city means, in one table.

The question behind every row is what may have happened over there: refused, not
executed, or unknown (design: booking). Rows are tried from top to bottom; what no row
knows is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import attrs
import httpx

from mta_adapters.city.reading import NotJson, decode
from mta_core.domain.errors import (
    CheckNeeded,
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteSilent,
    SiteUnreachable,
    SlotGone,
    UnknownAppointment,
)
from mta_core.polling.pace import COUNTER_LIFE


class Route(Enum):
    """The routes that MTA uses (contract 1.1)."""

    CATALOGUE = "/offices-and-services/"
    CALENDAR = "/available-calendar/"
    RESERVE = "/reserve-appointment/"
    UPDATE = "/update-appointment/"
    PRECONFIRM = "/preconfirm-appointment/"
    CANCEL = "/cancel-appointment/"
    APPOINTMENT = "/appointment/"
    CHALLENGE = "/captcha-challenge/"
    VERIFY = "/captcha-verify/"


@attrs.frozen
class Row:
    """One line of the table. None, and no code, match anything.

    *code*: the ``errorCode`` of the first error; "" is an answer without envelope.
    """

    means: type[SiteError]
    code: str | None = None
    status: range | None = None
    route: Route | None = None

    def matches(self, route: Route, status: int, code: str) -> bool:
        """Whether this row is about such an answer."""
        return (
            self.route in (None, route)
            and self.code in (None, code)
            and (self.status is None or status in self.status)
        )


def _only(status: int) -> range:
    return range(status, status + 1)


_4XX = range(400, 500)
_5XX = range(500, 600)

# Codes of 5xx errors stand without a status: a gateway of the city has been seen to
# turn 5xx into 400 (contract 2.5).
TABLE: tuple[Row, ...] = (
    # Not executed: a guard in front of the city's code said no.
    Row(RateLimited, status=_only(429)),
    Row(RateLimited, "rateLimitExceeded"),
    Row(SiteUnreachable, "serviceUnavailable"),
    # Refusals that mean something to MTA.
    Row(SlotGone, "appointmentNotAvailable", _only(404), Route.RESERVE),
    Row(SlotGone, "unknownError", _only(404), Route.RESERVE),  # lost race, 2.3
    Row(CheckNeeded, "captchaMissing", _4XX),
    Row(CheckNeeded, "captchaInvalid", _4XX),
    Row(CheckNeeded, "captchaExpired", _4XX),
    Row(CheckNeeded, "captchaVerificationFailed", _4XX),
    Row(CheckNeeded, "captchaVerificationError", _4XX),
    Row(UnknownAppointment, "appointmentNotFound", _only(404)),
    Row(UnknownAppointment, "authKeyMismatch", _only(406)),  # after a cancel, 4
    # These come after, or beside, a change: MTA has to look.
    Row(SiteSilent, "emailIsRequired", _only(406), Route.PRECONFIRM),
    Row(SiteSilent, "processNotReservedAnymore", _only(409), Route.PRECONFIRM),
    # Broken on the city's side: nobody knows how far it came.
    Row(SiteSilent, status=_5XX),
    Row(SiteSilent, "unknownError"),
    Row(SiteSilent, "zmsClientCommunicationError"),
    Row(SiteSilent, "internalError"),
    Row(SiteSilent, "processDeleteFailed"),
    # A known route is unknown there: an older generation, or a wrong address (1.4).
    Row(SiteChanged, "notFound", _only(404)),
    # No envelope: a gateway's page, or something new.
    Row(SiteChanged, ""),
    Row(Refused, status=_4XX),
    Row(SiteChanged),
)

_HINTS: Mapping[tuple[type[SiteError], str], str] = {
    (SiteChanged, "notFound"): (
        "the city does not know this route: it runs an older version of its API, "
        "or the base URL is wrong"
    ),
}

# Before anything was sent. What is not listed may have been sent.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_CODE = re.compile(r"\w{1,64}\Z", re.ASCII)
_LONGEST_MESSAGE = 300
_LONGEST_WAIT = timedelta(hours=1)


def of_transport(route: Route, fault: Exception) -> SiteError:
    """Tell what a failure of the network means.

    The text of the fault stays out: it may quote the address asked, with its key.
    """
    detail = f"({route.value}: {type(fault).__name__})"
    if isinstance(fault, _NOT_SENT):
        return SiteUnreachable(f"The city cannot be reached {detail}.")
    return SiteSilent(f"The city gave no answer {detail}.")


def of_answer(route: Route, response: httpx.Response, now: datetime) -> SiteError:
    """Tell what an answer without success means."""
    status = response.status_code
    code, said = _first_error(response.content)
    row = next(row for row in TABLE if row.matches(route, status, code))
    if issubclass(row.means, Refused):
        return row.means(code, f"{said or 'The city refused.'} ({code})")
    hint = _HINTS.get((row.means, code), said)
    message = f"{route.value}: HTTP {status} {code} {hint}".strip()
    if row.means is RateLimited:
        return RateLimited(message, until=now + _wait(response.headers))
    return row.means(message)


def _wait(headers: httpx.Headers) -> timedelta:
    """The city names no time, a gateway may; its counter lives 60 s (contract 2.5)."""
    asked = headers.get("Retry-After", "")
    if asked.isascii() and asked.isdecimal() and len(asked) <= 6:
        return min(timedelta(seconds=int(asked)), _LONGEST_WAIT)
    return COUNTER_LIFE


def _first_error(body: bytes) -> tuple[str, str]:
    """Read code and message of the first error; ("", "") without the envelope (2.1).

    The first decides: the city collects several only for wrong parameters.
    """
    try:
        answer = decode(body)
    except NotJson:
        return "", ""
    match answer:
        case {"errors": [{"errorCode": str(code), **rest}, *_]} if _CODE.match(code):
            return code, _plain(rest.get("errorMessage"))
        case _:
            return "", ""


def _plain(said: Any) -> str:
    plain = isinstance(said, str) and said.isprintable()
    return said[:_LONGEST_MESSAGE] if plain else ""
