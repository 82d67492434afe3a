"""A human check that a test passes by a word, as the person would with a click."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import attrs

from mta_core.domain.errors import CheckFailed, SiteError
from mta_core.domain.shifts import TOKEN_LIFE, Token
from mta_core.ports.checks import HumanCheck
from mta_core.testing.site import ScriptedSite


@attrs.define(eq=False)
class ScriptedCheck(HumanCheck):
    """Hands out challenges, and tokens that open the scripted city's checked offices.

    Attributes:
        life: how long a token lives.
        trouble: raised by both methods while it is set.
        handed_out: how many challenges were taken.
    """

    _site: ScriptedSite
    life: timedelta = TOKEN_LIFE
    trouble: SiteError | None = None
    handed_out: int = attrs.field(default=0, init=False)
    _open: set[str] = attrs.field(factory=set, init=False)
    _numbers: count[int] = attrs.field(factory=lambda: count(1), init=False)

    async def challenge(self) -> Mapping[str, Any]:
        """Hand one out."""
        self._break()
        signature = f"{next(self._numbers):064x}"
        self._open.add(signature)
        self.handed_out += 1
        return {"parameters": {"algorithm": "SHA-256"}, "signature": signature}

    @staticmethod
    def passed(challenge: Mapping[str, Any]) -> str:
        """Return what the person's browser makes of a challenge."""
        return f"passed {challenge['signature']}"

    async def verify(self, payload: str) -> Token:
        """Give a token for what `passed` returned, once."""
        self._break()
        word, _, signature = payload.partition(" ")
        if word != "passed" or signature not in self._open:
            raise CheckFailed("captchaVerificationFailed")
        self._open.remove(signature)
        return self._site.admit(Token(f"token.{signature}"), self.life)

    def _break(self) -> None:
        if self.trouble is not None:
            raise self.trouble
