"""The city's human check, as it is carried between the city and a person (contract 5).

MTA passes it on and never solves it: there is no method here that could.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from mta_core.domain.shifts import Token


class HumanCheck(Protocol):
    """Carries a challenge to a person, and what they made of it back to the city.

    Budgets are not its business: whoever calls has a place in the budget already, and
    asks the city from one address for the challenge, the verification and all that the
    token is shown for.

    Raises (both methods):
        SiteUnreachable, RateLimited: the check cannot be had just now.
        SiteSilent, SiteChanged: no usable answer came.
    """

    async def challenge(self) -> Mapping[str, Any]:
        """Get a challenge, for one person and one token. The widget reads it as JSON.

        The city makes challenges dearer the more of them an address takes.
        """
        ...

    async def verify(self, payload: str) -> Token:
        """Hand in what the person's browser made of a challenge.

        Raises:
            CheckFailed: the city does not accept it; it takes a new challenge.
        """
        ...
