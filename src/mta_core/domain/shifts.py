"""Watch shifts: what one human check is good for (design 7, contract 5).

Some offices show times only to whoever has passed the city's human check. A person
passes it in their own browser; the token that the city gives for it lives 300 s, at the
address that had it verified. For that long MTA looks at checked offices for that
person: a *watch shift*.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from mta_core.domain.errors import IllegalTransition

TOKEN_LIFE = timedelta(seconds=300)
"""How long a token lives if it does not say so itself (contract 5)."""

LONGEST_LIFE = timedelta(hours=1)
"""A token that claims to live longer is not believed."""

MARGIN = timedelta(seconds=5)
"""A shift ends so much before its token: the last question must still arrive."""

HERE = "here"
"""The egress address of an installation that has but one."""

EXPIRED = "expired"
RENEWED = "renewed"
"""Reasons why a shift ended, beside the city's error codes."""


@attrs.frozen
class Token:
    """What the city gives for a human check. A secret, and opaque.

    It is good at the address alone that had it verified (contract 5).
    """

    text: str = attrs.field(repr=False)

    def life(self) -> timedelta:
        """Return how long it lives, as it says itself; nothing is verified.

        The difference of its two moments counts, whatever the city's clock shows.
        """
        match _claims(self.text):
            case {"iat": int(issued), "exp": int(expires)} if expires > issued:
                return min(timedelta(seconds=expires - issued), LONGEST_LIFE)
            case _:
                return TOKEN_LIFE


def _claims(text: str) -> object:
    """Read what a JWT says of itself; None if it is none that can be read."""
    _, _, rest = text.partition(".")
    claims = rest.partition(".")[0]
    padded = claims + "=" * (-len(claims) % 4)
    try:
        return json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, RecursionError):  # no base64 is a ValueError, too
        return None


@attrs.frozen
class Shift:
    """The life of one human check's token.

    Attributes:
        user: its owner, who passed the check.
        egress: the address that had the token verified, by the operator's name for it.
        token: None once the shift has ended: nobody needs it any more.
        opened_at: when the check was sent to the city.
        expires_at: from here on nothing is asked with the token.
        reason: why it ended.
        asked: how many answers came to questions of this shift.
        heard_at: when the last one came.
        trouble: what stood in the way of the last question; empty if nothing did.
    """

    id: UUID
    user: UUID
    egress: str
    token: Token | None
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    reason: str = ""
    asked: int = 0
    heard_at: datetime | None = None
    trouble: str = ""
    version: int = 0

    @classmethod
    def open(
        cls, shift_id: UUID, user: UUID, egress: str, token: Token, at: datetime
    ) -> Shift:
        """Begin a shift. *at*: when the check was sent, so before the token's birth."""
        expires_at = at + max(token.life() - MARGIN, timedelta(0))
        return cls(shift_id, user, egress, token, at, expires_at)

    def lives(self, now: datetime) -> bool:
        """Whether the city may be asked with its token now."""
        return self.ended_at is None and now < self.expires_at

    def heard(self, now: datetime, trouble: str = "") -> Shift:
        """Note that a question of this shift was answered, or why it was not."""
        if trouble:
            return attrs.evolve(self, trouble=trouble)
        return attrs.evolve(self, asked=self.asked + 1, heard_at=now, trouble="")

    def end(self, now: datetime, reason: str) -> Shift:
        """End it, and forget its token.

        Raises:
            IllegalTransition: it has ended already.
        """
        if self.ended_at is not None:
            raise IllegalTransition("This watch shift has ended already.")
        return attrs.evolve(self, token=None, ended_at=now, reason=reason)


@attrs.frozen
class ShiftRules:
    """Whom a shift serves, and from where.

    Attributes:
        egress: the address through which this process asks the city.
        permission: the city's permission to share shifts, as the operator recorded it:
            what it says, its date and who gave it. Empty: a shift serves its owner
            alone.
    """

    egress: str = HERE
    permission: str = ""

    @property
    def shared(self) -> bool:
        """Whether what one person's check shows is for everybody who waits."""
        return bool(self.permission)

    def serve(self, shift: Shift, user_id: UUID) -> bool:
        """Whether a shift may be used for a citizen."""
        return self.shared or shift.user == user_id


OWNER_ONLY = ShiftRules()
"""Unless the operator says otherwise."""
