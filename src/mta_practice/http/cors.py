"""Pages from elsewhere that call the API: the city leaves that to its gateway."""

from __future__ import annotations

from typing import Final

import attrs

from mta_practice.http.call import AnyRequest
from mta_practice.http.reply import Raw, Reply

_METHODS: Final = "GET, POST, OPTIONS"
_HEADERS: Final = "Authorization, Content-Type"
_EXPOSED: Final = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"

#: Seconds for which a browser may remember a preflight.
_MAX_AGE: Final = "600"


@attrs.frozen
class Cors:
    """The gateway's rules: which *origins* may read answers, ``*`` for all."""

    origins: tuple[str, ...]

    def preflight(self, request: AnyRequest) -> Reply | None:
        """Answer a browser's question before a call; None if it is none.

        Such a question never reaches the city: it is neither counted nor noted.
        """
        headers = request.headers
        asks = "origin" in headers and "access-control-request-method" in headers
        if request.method != "OPTIONS" or not asks:
            return None
        allowed = self.headers(request)
        if not allowed:
            return Reply(403, Raw(b"Invalid CORS request", "text/plain"))
        asked = headers.get("access-control-request-headers") or _HEADERS
        return Reply(
            204,
            Raw(b"", "text/plain"),
            allowed
            | {
                "Access-Control-Allow-Methods": _METHODS,
                "Access-Control-Allow-Headers": asked,
                "Access-Control-Max-Age": _MAX_AGE,
            },
        )

    def headers(self, request: AnyRequest) -> dict[str, str]:
        """Give the headers that let the page of *request* read the answer."""
        origin = request.headers.get("origin")
        if origin is None:
            return {}
        if "*" in self.origins:
            allowed = "*"
        elif origin in self.origins:
            allowed = origin
        else:
            return {}
        return {
            "Access-Control-Allow-Origin": allowed,
            "Access-Control-Expose-Headers": _EXPOSED,
            "Vary": "Origin",
        }
