"""A request as the city's code gets to see it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import attrs
from litestar import Request
from litestar.types import Receive

from mta_practice.citizens import logged_in
from mta_practice.errors import NotLoggedIn, Refusal

BASE: Final = "/buergeransicht/api/citizen"

#: The variant for citizens who are logged in (contract 1): the same routes.
AUTHENTICATED: Final = "/buergeransicht/authenticated/api/citizen"

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NESTED: Final = re.compile(r"\[[^\]]*\]")

#: Longest string in a query in bytes, and the depth from which on PHP's nested
#: names (``a[b][c]``) are too deep (contract 2.5).
_LONGEST_STRING: Final = 32_768
_TOO_DEEP: Final = 10

AnyRequest = Request[Any, Any, Any]


class UnsaneQuery(Exception):
    """The sanitizer gives up, outside of the city's error handler (contract 2.5)."""


@attrs.frozen
class Call:
    """One request to the city, with a *body* not yet parsed, None while not yet read.

    *size* is what ``Content-Length`` announces, in bytes.
    """

    method: str
    route: str
    query: Mapping[str, str]
    content_type: str
    size: int
    address: str
    user_agent: str
    authorization: str | None
    body: bytes | None = None

    def json(self) -> Mapping[str, object]:
        """Parse the body; raises `Refusal` (``invalidRequest``, contract 3)."""
        try:
            parsed = _parsed(self.body or b"") if "json" in self.content_type else None
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise Refusal("invalidRequest")
        return parsed

    def citizen(self) -> str | None:
        """Give the id of who is logged in, None for a guest; raises `NotLoggedIn`."""
        found = logged_in(self.authorization)
        return found.id if found else None

    def known_citizen(self) -> str:
        """Give the id of who is logged in; raises `NotLoggedIn` for a guest, too."""
        citizen = self.citizen()
        if citizen is None:
            raise NotLoggedIn
        return citizen


def read_call(request: AnyRequest) -> Call:
    """Read everything but query and body; both can fail, and later than this."""
    header = request.headers.get
    return Call(
        method=request.method,
        # Litestar takes the base off the path, and a slash that is not there, too.
        route=route_of(unquote(request.scope["raw_path"].decode("latin-1"))),
        query={},
        content_type=header("content-type", "").lower(),
        size=_size(header("content-length", "")),
        address=_address(request),
        user_agent=header("user-agent", ""),
        authorization=header("authorization"),
    )


def route_of(path: str) -> str:
    """Give the route in *path*: what comes after the base, without outer slashes."""
    for base in (BASE, AUTHENTICATED):
        if path == base or path.startswith(f"{base}/"):
            return path.removeprefix(base).strip("/")
    return path.strip("/")


def read_query(request: AnyRequest) -> dict[str, str]:
    """Read the query as the sanitizer leaves it; a repeated name counts last.

    Raises:
        UnsaneQuery: a string is too long, or a name nested too deeply.
    """
    raw = request.scope.get("query_string", b"").decode("latin-1")
    pairs = parse_qsl(raw, keep_blank_values=True)
    for name, value in pairs:
        if len(value.encode()) > _LONGEST_STRING:
            raise UnsaneQuery
        if len(_NESTED.findall(name)) >= _TOO_DEEP:
            raise UnsaneQuery
    return {name: _CONTROL.sub("", value).strip() for name, value in pairs}


async def read_body(receive: Receive) -> bytes:
    """Read the body; Litestar's own reader does not work in a mounted handler."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":  # the client has gone
            break
        parts.append(message.get("body", b""))
        more = bool(message.get("more_body", False))
    return b"".join(parts)


def _address(request: AnyRequest) -> str:
    """Give the client's address: first entry of ``X-Forwarded-For``, else the peer."""
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[0].strip()
    if forwarded:
        return forwarded
    return request.client.host if request.client else "unknown"


def _size(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _parsed(body: bytes) -> object:
    """Parse JSON as strictly as PHP: no NaN, no half of a surrogate pair."""
    parsed: object = json.loads(body, parse_constant=_no_constant)
    json.dumps(parsed, ensure_ascii=False).encode()
    return parsed


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
