"""Answers as bytes: JSON the way the city writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

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


@attrs.frozen
class Reply:
    """A status, a JSON body and extra headers."""

    status: int
    body: object
    headers: Mapping[str, str] = attrs.field(factory=dict)

    def encoded(self) -> bytes:
        """Write the body: UTF-8, umlauts and slashes unescaped (contract 1)."""
        return json.dumps(
            self.body, ensure_ascii=False, separators=(",", ":"), default=dict
        ).encode()
