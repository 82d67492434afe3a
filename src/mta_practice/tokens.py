"""The token that proves a person: a JWT with HS256, bound to an address (contract 5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Final

import attrs

_HEADER: Final = {"typ": "JWT", "alg": "HS256"}


@attrs.frozen
class Tokens:
    """Hands out and judges tokens under *secret*; they live *life* seconds."""

    secret: bytes = attrs.field(repr=False)
    life: float

    def issue(self, address: str, now: float) -> str:
        """Give a token for *address*, good from epoch *now* on for any office."""
        claims = {"ip": address, "iat": int(now), "exp": int(now + self.life)}
        signed = f"{_part(_HEADER)}.{_part(claims)}"
        return f"{signed}.{self._signature(signed)}"

    def verdict(self, token: str, address: str, now: float) -> str | None:
        """Give the key of what is wrong with *token* of *address*, None if nothing.

        Signature first, then the time, then the address: an expired token of
        somebody else is ``captchaExpired``.
        """
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(
            self._signature(signed).encode(), signature.encode(errors="replace")
        ):
            return "captchaInvalid"
        claims = _claims(signed)
        if now >= int(str(claims["exp"])):
            return "captchaExpired"
        return None if claims["ip"] == address else "captchaInvalid"

    def _signature(self, signed: str) -> str:
        text = signed.encode(errors="replace")
        return _base64(hmac.new(self.secret, text, hashlib.sha256).digest())


def decoded(text: str) -> bytes:
    """Read base64 in either alphabet, padded or not; raises `ValueError`."""
    plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


def _claims(signed: str) -> dict[str, object]:
    """Read the claims of a token that we have signed ourselves."""
    claims: dict[str, object] = json.loads(decoded(signed.partition(".")[2]))
    return claims


def _part(content: dict[str, object] | dict[str, str]) -> str:
    return _base64(json.dumps(content, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
