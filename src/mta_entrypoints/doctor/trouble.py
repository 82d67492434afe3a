"""What an error of the city means for whoever runs MTA, in one table."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import attrs
import httpx

from mta_core.domain.errors import (
    RateLimited,
    Refused,
    SiteChanged,
    SiteError,
    SiteUnreachable,
)
from mta_entrypoints.doctor.findings import Finding, Grade
from mta_entrypoints.doctor.witness import Seen
from mta_entrypoints.settings import Settings


@attrs.frozen
class Evidence:
    """An error of the city, and what the network said of it."""

    error: SiteError
    seen: Seen
    settings: Settings

    @property
    def words(self) -> dict[str, str]:
        """What the texts of the table may name."""
        return {
            "host": urlsplit(self.settings.city_url).netloc,
            "said": str(self.error).rstrip("."),
            "seconds": f"{self.settings.city_timeout:g}",
            "status": str(self.seen.status),
        }


Fits = Callable[[Evidence], bool]


@attrs.frozen
class Row:
    """One line of the table: whether it fits, and what it means then."""

    fits: Fits
    means: str
    advice: str
    grade: Grade = Grade.WRONG


def _error(kind: type[SiteError], *words: str) -> Fits:
    """It is an error of this kind whose text has one of the words, if any is given."""

    def fits(evidence: Evidence) -> bool:
        said = str(evidence.error)
        told = not words or any(word in said for word in words)
        return isinstance(evidence.error, kind) and told

    return fits


def _fault(*kinds: type[BaseException]) -> Fits:
    """One of these faults stands behind the error."""
    return lambda evidence: any(
        isinstance(each, kinds) for each in evidence.seen.faults
    )


def _status(*statuses: range) -> Fits:
    return lambda evidence: any(evidence.seen.status in each for each in statuses)


def _page(evidence: Evidence) -> bool:
    return evidence.seen.kind == "text/html"


def _anything(_: Evidence) -> bool:
    return True


_LATER = "Nothing: MTA asks again by itself, ever more slowly."
_OLDER = (
    "MTA speaks the API of release Muc-46 and later. Check MTA_CITY_URL; if it is "
    "right, the city runs something else, and MTA is blind."
)

# Tried from top to bottom.
TABLE: tuple[Row, ...] = (
    Row(
        _fault(socket.gaierror),
        "Wrong host: nobody knows {host}.",
        "Check MTA_CITY_URL, and whether this machine has a network.",
    ),
    Row(
        _fault(ConnectionRefusedError),
        "{host} refuses connections: nobody listens there.",
        "Start `mta practice` if it shall be the practice city; else check MTA_CITY_URL.",
    ),
    Row(
        _fault(ssl.SSLError),
        "{host} does not show a certificate that this machine trusts.",
        "Check MTA_CITY_URL, and this machine's clock. MTA goes on with no other.",
    ),
    Row(
        _fault(httpx.TimeoutException, asyncio.CancelledError),
        "{host} gives no answer within {seconds} s.",
        "Check MTA_CITY_URL and the network; at most MTA_CITY_TIMEOUT=12 may help.",
    ),
    Row(
        _error(RateLimited),
        "{host} refuses for now: too many requests came from this address (429).",
        _LATER,
        Grade.WARNING,
    ),
    Row(
        _error(SiteUnreachable, "serviceUnavailable"),
        "The city is under maintenance.",
        _LATER,
        Grade.WARNING,
    ),
    Row(
        _error(Refused, "IP_BLACKLISTED"),
        "The city has blacklisted the address of this machine.",
        "Stop `mta up` and ask the city why. A way around it is no way for MTA.",
    ),
    Row(_error(Refused), "The city refuses: {said}.", "Check MTA_CITY_URL."),
    Row(_error(SiteUnreachable), "{said}.", "Check MTA_CITY_URL and the network."),
    Row(
        _page,
        "{host} answers with a web page (HTML, HTTP {status}), not as the API does.",
        "Check MTA_CITY_URL; if it is right, something before the city is broken.",
    ),
    Row(
        _status(range(300, 400)),
        "{host} sends elsewhere (HTTP {status}), and MTA follows nobody.",
        "Set MTA_CITY_URL to where it sends, if that is the city.",
    ),
    Row(
        _status(range(404, 405)),
        "{host} does not know the route: an older generation of the API, or a wrong "
        "path ({said}).",
        _OLDER,
    ),
    Row(
        # It came with Muc-46 (contract 1.4).
        _error(SiteChanged, "sharedBookingOfficeIds"),
        "{host} speaks an older generation of the API ({said}).",
        _OLDER,
    ),
    Row(
        _error(SiteChanged),
        "The city's answer has changed ({said}).",
        "Update MTA. Until it knows the new shape it is blind, and says so.",
    ),
    Row(
        _status(range(500, 600)),
        "The city has a fault of its own (HTTP {status}).",
        _LATER,
    ),
    Row(_anything, "{said}.", _LATER),
)


def explain(check: str, evidence: Evidence) -> Finding:
    """Look an error up."""
    row = next(row for row in TABLE if row.fits(evidence))
    means, advice = (
        text.format_map(evidence.words) for text in (row.means, row.advice)
    )
    return Finding(check, row.grade, means, advice)
