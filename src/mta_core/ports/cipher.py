"""Contact data and the city's keys are never stored in the open."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Cipher(Protocol):
    """Seals texts so that they can be opened only for the same person, row and field."""

    def seal(self, person: UUID, row: UUID, field: str, text: str) -> str:
        """Seal a text. Sealing it twice gives two different results."""
        ...

    def open(self, person: UUID, row: UUID, field: str, sealed: str) -> str:
        """Open what `seal` made.

        Raises:
            CannotUnseal: another key, person, row or field, or it was tampered with.
        """
        ...
