"""The people MTA works for, what they agreed to and how the city may reach them."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import attrs

from mta_core.domain.errors import InvalidValue

# The city's own rules for what it accepts (contract 3): no plus sign, no umlaut check.
_EMAIL = re.compile(
    r"(?!.*\.\.)(?!\.)(?!.*\.$)[^\s@+]+(?<!\.)@(?!\.)[^\s@+]+\.[^\s@]{2,}"
)
_TELEPHONE = re.compile(r"\+?[0-9]{7,15}")
_LONGEST_EMAIL = 50  # the limit of the city's own form (contract 3)
_LONGEST_NAME = 101  # two names of 50 and the space between them (contract 3)


@attrs.frozen
class Contact:
    """What the city is told about a citizen, at booking time only.

    Raises:
        InvalidValue: the city would refuse the name, address or number.
    """

    name: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)
    telephone: str = attrs.field(default="", repr=False)

    @name.validator
    def _check_name(self, _: object, name: str) -> None:
        if not name.strip():
            raise InvalidValue("A name is needed.")
        if len(name) > _LONGEST_NAME:
            raise InvalidValue(f"The name is longer than {_LONGEST_NAME} characters.")

    @email.validator
    def _check_email(self, _: object, email: str) -> None:
        if "+" in email:
            raise InvalidValue("The city refuses mail addresses with a plus sign.")
        if len(email) > _LONGEST_EMAIL:
            raise InvalidValue(
                f"The city takes mail addresses of up to {_LONGEST_EMAIL} characters."
            )
        if not _EMAIL.fullmatch(email):
            raise InvalidValue("This is not a mail address that the city accepts.")

    @telephone.validator
    def _check_telephone(self, _: object, telephone: str) -> None:
        if telephone and not _TELEPHONE.fullmatch(telephone):
            raise InvalidValue(
                "A telephone number has 7 to 15 digits, with an optional + in front."
            )


@attrs.frozen
class Consent:
    """What a citizen agreed to, and when. *wording*: the version of the text shown."""

    wording: str
    given_at: datetime


@attrs.frozen
class Home:
    """Where a citizen is reached: a channel and the address there."""

    channel: str
    address: str = attrs.field(repr=False)

    @property
    def key(self) -> str:
        """Name it without telling the address, which may be a secret."""
        return f"{self.channel}:{sha256(self.address.encode()).hexdigest()[:8]}"


@attrs.frozen
class User:
    """A citizen who asked MTA for help. Nobody is stored without consent.

    Attributes:
        home: where they are known, and always reached.
        channels: where else they want to be reached.
    """

    id: UUID
    home: Home
    consent: Consent
    created_at: datetime
    language: str = "en"
    contact: Contact | None = None
    channels: tuple[Home, ...] = ()
    version: int = 0
