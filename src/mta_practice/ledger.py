"""The ledger: every request the city has seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final

import attrs

from mta_practice.clock import iso

#: Entries kept; the oldest go first, so that a long demonstration cannot fill memory.
_KEPT: Final = 100_000

#: Query fields whose values open an appointment or prove a person.
_SECRET: Final = frozenset({"authkey", "captchatoken"})


@attrs.frozen
class Seen:
    """One request; *at* in epoch seconds, *route* below the API's base."""

    at: float
    address: str
    user_agent: str
    method: str
    route: str
    query: Mapping[str, str]
    status: int

    def wire(self) -> dict[str, object]:
        """Give the entry as the control route lists it, without secrets."""
        return {
            "at": iso(self.at),
            "address": self.address,
            "userAgent": self.user_agent,
            "method": self.method,
            "route": self.route,
            "query": {
                name: "***" if name.lower() in _SECRET else value
                for name, value in self.query.items()
            },
            "status": self.status,
        }


class Ledger:
    """Requests in the order in which they were answered."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque(maxlen=_KEPT)

    def note(self, seen: Seen) -> None:
        """Write a request down."""
        self._seen.append(seen)

    def entries(self) -> list[Seen]:
        """Give all entries, oldest first."""
        return list(self._seen)
