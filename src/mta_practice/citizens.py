"""Citizens who are logged in: what the city reads from their bearer token.

The gateway has checked the token; the city's own code only decodes it (contract
1.1), so here, too, nobody looks at its signature.
"""

from __future__ import annotations

import base64
import json

import attrs

from mta_practice.errors import NotLoggedIn

_PARTS = 3


@attrs.frozen
class Citizen:
    """Who is logged in: the claim ``lhmExtID``, and what else the token says."""

    id: str
    email: str | None = None
    given_name: str | None = None
    family_name: str | None = None


def logged_in(authorization: str | None) -> Citizen | None:
    """Read the header ``Authorization``; None where there is none.

    Raises:
        NotLoggedIn: it is no bearer token, or one without the claim ``lhmExtID``.
    """
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    claims = _claims(token.strip()) if scheme.lower() == "bearer" else {}
    found = _text(claims, "lhmExtID")
    if not found:
        raise NotLoggedIn
    return Citizen(
        found,
        _text(claims, "email"),
        _text(claims, "given_name"),
        _text(claims, "family_name"),
    )


def _claims(token: str) -> dict[str, object]:
    parts = token.split(".")
    if len(parts) != _PARTS:
        return {}
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _text(claims: dict[str, object], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) else None
