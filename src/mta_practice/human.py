"""The check that a person is asking, which some offices demand (contract 5)."""

from __future__ import annotations

from typing import Protocol


class HumanCheck(Protocol):
    """Judge and hand out the tokens that prove a person."""

    def verdict(self, token: str | None, address: str) -> str | None:
        """Give the error key for *token* shown by *address*, None if it is good."""
        ...

    def issue(self, address: str) -> str:
        """Give a token for *address*, empty if none is handed out."""
        ...


class NoTokens(HumanCheck):
    """A city that hands out no tokens: no check can be passed.

    A missing token is told apart from a wrong one, as the city does.
    """

    def verdict(self, token: str | None, address: str) -> str | None:
        """Refuse every token: ``captchaMissing`` or ``captchaInvalid``."""
        return "captchaInvalid" if token else "captchaMissing"

    def issue(self, address: str) -> str:
        """Hand out nothing."""
        return ""
