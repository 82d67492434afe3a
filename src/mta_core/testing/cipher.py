"""A cipher that keeps the rules of the port and protects nothing."""

from __future__ import annotations

import itertools
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

import attrs

from mta_core.domain.errors import CannotUnseal
from mta_core.ports.cipher import Cipher


@attrs.define(eq=False)
class LabelCipher(Cipher):
    """Writes a label on the text instead of locking it away.

    Anybody can read what it "seals": it is for tests alone. What it keeps of the port
    is the binding to person, row, field and key, and that no two seals are alike.
    """

    _key: str = "the test's key"
    _numbers: Iterator[int] = attrs.field(factory=itertools.count, init=False)

    def seal(self, person: UUID, row: UUID, field: str, text: str) -> str:
        """Encode a text and label it."""
        numbered = f"{next(self._numbers)}:{text}"
        body = urlsafe_b64encode(numbered.encode()).decode()
        return f"{body}.{self._label(person, row, field, body)}"

    def open(self, person: UUID, row: UUID, field: str, sealed: str) -> str:
        """Read the text again. Raises `CannotUnseal` if the label is another one."""
        body, _, label = sealed.partition(".")
        if label != self._label(person, row, field, body):
            raise CannotUnseal
        _, _, text = urlsafe_b64decode(body).decode().partition(":")
        return text

    def _label(self, person: UUID, row: UUID, field: str, body: str) -> str:
        bound = "\0".join((self._key, str(person), str(row), field, body))
        return sha256(bound.encode()).hexdigest()
