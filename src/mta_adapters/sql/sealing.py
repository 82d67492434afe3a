"""What the tables need of a cipher."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

import attrs

from mta_core.domain.accounts import Home
from mta_core.ports.cipher import Cipher


class Digest(Protocol):
    """Fingerprints that only the holder of the key can make."""

    def digest(self, text: str) -> str:
        """Return the same fingerprint for the same text, and tell nothing of it."""
        ...


class DigestingCipher(Cipher, Digest, Protocol):
    """A cipher by which a sealed text can also be found again."""


@attrs.frozen
class Seal:
    """Seals the fields of one record of one citizen; what is empty stays empty."""

    _cipher: Cipher
    _person: UUID
    _row: UUID

    def close(self, field: str, text: str) -> str | None:
        """Seal a text, or return None for an empty one."""
        if not text:
            return None
        return self._cipher.seal(self._person, self._row, field, text)

    def open(self, field: str, sealed: str | None) -> str:
        """Open a text; None is the empty one. Raises `CannotUnseal`."""
        if sealed is None:
            return ""
        return self._cipher.open(self._person, self._row, field, sealed)

    def close_all(self, field: str, texts: Mapping[str, str]) -> str | None:
        """Seal named texts as one, names and all."""
        return self.close(field, json.dumps(dict(texts)) if texts else "")

    def open_all(self, field: str, sealed: str | None) -> dict[str, str]:
        """Open named texts. Raises `CannotUnseal`."""
        if sealed is None:
            return {}
        texts: dict[str, str] = json.loads(self.open(field, sealed))
        return texts


def digest_of(home: Home, cipher: Digest) -> str:
    """Return the text by which the citizen of a home is found."""
    return cipher.digest(f"{home.channel}\n{home.address}")
