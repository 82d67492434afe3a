"""The citizen's contact data and the city's rules for them (contract 3)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

import attrs

from mta_practice.catalogue import Scope, TextField

#: The city's own pattern: no plus sign, no dot at either end of the name, no two in
#: a row, two characters after the last dot.
_EMAIL: Final = re.compile(
    r"(?!.*\.\.)(?!\.)(?!.*\.\Z)[^\s@+]+(?<!\.)@(?!\.)[^\s@+]+\.[^\s@]{2,}"
)
_TELEPHONE: Final = re.compile(r"\+?[0-9]\d{6,14}", re.ASCII)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")

#: Longest free text, in characters after normalisation.
_LONGEST_TEXT: Final = 250


@attrs.frozen
class Contact:
    """Contact data of an update; None means "leave as it is"."""

    family_name: str
    email: str | None
    telephone: str | None
    custom: str | None
    custom2: str | None


def contact(body: Mapping[str, object]) -> Contact:
    """Read the contact data of an update; what is no string counts as absent."""
    return Contact(
        family_name=_text(body, "familyName") or "",
        email=_text(body, "email"),
        telephone=_text(body, "telephone"),
        custom=_normal(_text(body, "customTextfield")),
        custom2=_normal(_text(body, "customTextfield2")),
    )


def contact_errors(data: Contact, scope: Scope | None) -> list[str]:
    """Give the failing rules of *data* under the rules of *scope*."""
    errors = [] if data.family_name.strip() else ["invalidFamilyName"]
    if scope is None:
        return errors
    if scope.email_required and not _EMAIL.fullmatch(data.email or ""):
        errors.append("invalidEmail")
    if not _telephone_valid(data.telephone, scope.telephone):
        errors.append("invalidTelephone")
    if not _custom_valid(data.custom, scope.custom):
        errors.append("invalidCustomTextfield")
    if not _custom_valid(data.custom2, scope.custom2):
        errors.append("invalidCustomTextfield2")
    return errors


def _telephone_valid(value: str | None, field: TextField) -> bool:
    # A missing number passes even where one is required: the city's own gap.
    if not field.activated or value is None:
        return True
    if not value:
        return not field.required
    return _TELEPHONE.fullmatch(value) is not None


def _custom_valid(value: str | None, field: TextField) -> bool:
    if not field.activated:
        return True
    if field.required and not (value or ""):
        return False
    return len(value or "") <= _LONGEST_TEXT


def _normal(value: str | None) -> str | None:
    """Decode entities, turn ``<br>`` into a new line, drop tags and outer blanks."""
    if value is None:
        return None
    return _TAG.sub("", _BREAK.sub("\n", html.unescape(value))).strip()


def _text(body: Mapping[str, object], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None
