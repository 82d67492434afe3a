"""The people MTA works for, what they agreed to and how the city may reach them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import attrs

from mta_core.domain.catalogue import Terms
from mta_core.domain.errors import InvalidValue

# The city's own rules for what it accepts (contract 3): no plus sign, no umlaut check.
_EMAIL = re.compile(
    r"(?!.*\.\.)(?!\.)(?!.*\.$)[^\s@+]+(?<!\.)@(?!\.)[^\s@+]+\.[^\s@]{2,}"
)
_TELEPHONE = re.compile(r"\+?[0-9]{7,15}")
_LONGEST_EMAIL = 50  # the limit of the city's own form (contract 3)
_LONGEST_NAME = 101  # two names of 50 and the space between them (contract 3)
_LONGEST_ANSWER = 250


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


def check_answer(text: str) -> str:
    """Check an answer to an office's own question. Raises `InvalidValue`."""
    sent = text.strip()
    if len(sent) > _LONGEST_ANSWER:
        raise InvalidValue(
            f"The city takes answers of up to {_LONGEST_ANSWER} characters."
        )
    return sent


@attrs.frozen
class Consent:
    """What a citizen agreed to, and when. *wording*: the version of the text shown."""

    wording: str
    given_at: datetime


@attrs.frozen
class Home:
    """Where a citizen is reached: a channel and the address there."""

    channel: str
    address: str


@attrs.frozen
class User:
    """A citizen who asked MTA for help. Nobody is stored without consent."""

    id: UUID
    home: Home
    consent: Consent
    created_at: datetime
    language: str = "en"
    contact: Contact | None = None
    version: int = 0


def missing_details(
    terms: Terms, contact: Contact | None, answers: Mapping[str, str]
) -> tuple[str, ...]:
    """Name what an office demands and the citizen has not given yet.

    A name is demanded everywhere (contract 3); other fields are named with the
    office's own label where it has one.
    """
    given = {
        "name": contact.name if contact else "",
        "email": contact.email if contact else "",
        "telephone": contact.telephone if contact else "",
        **answers,
    }
    demanded = {
        "name": ("name", True),
        "email": ("email", terms.email.required),
        "telephone": ("telephone", terms.telephone.demanded),
        "custom": (terms.custom.label or "custom", terms.custom.demanded),
        "custom2": (terms.custom2.label or "custom2", terms.custom2.demanded),
    }
    return tuple(
        label
        for field, (label, needed) in demanded.items()
        if needed and not given.get(field, "").strip()
    )
