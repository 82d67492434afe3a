"""Answers: JSON the way the city writes it, and what can become of it on its way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

import attrs

from mta_practice.errors import Refusal, envelope

JSON: Final = "application/json"

#: Headers on every accepted answer (contract 2.5 and 1). The exact values are not
#: part of the contract.
SECURITY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "X-XSS-Protection": "1; mode=block",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "Content-Security-Policy": "default-src 'self'",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
        "X-Permitted-Cross-Domain-Policies": "none",
        "Cache-Control": "max-age=0",
    }
)


class Fate(Enum):
    """How much of an answer reaches the client: all, half of its body, nothing."""

    WHOLE = auto()
    CUT = auto()
    DROPPED = auto()


@attrs.frozen
class Raw:
    """A body that is sent as it is."""

    content: bytes
    media: str = JSON


@attrs.frozen
class Reply:
    """A status, a body (JSON unless it is `Raw`), extra headers and its fate."""

    status: int
    body: object
    headers: Mapping[str, str] = attrs.field(factory=dict)
    fate: Fate = Fate.WHOLE

    @property
    def media(self) -> str:
        """Give the content type."""
        return self.body.media if isinstance(self.body, Raw) else JSON

    def encoded(self) -> bytes:
        """Write the body: UTF-8, umlauts and slashes unescaped (contract 1)."""
        if isinstance(self.body, Raw):
            return self.body.content
        return json.dumps(
            self.body, ensure_ascii=False, separators=(",", ":"), default=dict
        ).encode()


def refused(refusal: Refusal) -> Reply:
    """Give the city's ordinary no (contract 2.1)."""
    return Reply(refusal.http_status, envelope(refusal.keys))
