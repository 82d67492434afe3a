"""The politeness budgets towards the city (design: a good citizen)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import attrs

from mta_core.polling.budgets import SPAN as SPAN  # noqa: F401
from mta_core.polling.budgets import Budget as Budget
from mta_core.polling.budgets import Stamp as Stamp


@attrs.frozen
class Grant:
    """A place in a budget. It counts from its grant to 60 s after its answer."""

    id: UUID
    budget: Budget


@attrs.frozen
class Wait:
    """The budget is used up (or closed): ask again after this many seconds."""

    seconds: float


class Limiter(Protocol):
    """A sliding log that a restart cannot forget.

    Whoever has a place sends within 3 s (`SEND_WITHIN`) of having asked for it, or not
    at all. A place that is never settled counts as if its request had left at the last
    moment and had been answered at its timeout. If the state is lost or the clock
    jumps, the limiter is closed until all that may be on its way has run out: for 3 s,
    the timeout and 60 s. If it cannot be reached it is closed: it raises, and nothing
    is sent.
    """

    async def ask(self, budget: Budget, by: datetime | None = None) -> Grant | Wait:
        """Take a place, or learn how long to wait. Never blocks.

        Args:
            by: what leaves later is of no use. In a pause only what cannot wait for
                its end gets a place, and the pause begins anew.

        Raises:
            StorageUnavailable: the log cannot be read or written.
        """
        ...

    async def settle(self, grant: Grant) -> None:
        """Note that the request was answered or has failed: its 60 s begin.

        Only the first time counts, but then however late it is.
        """
        ...

    async def pause(self) -> None:
        """Let the city's counter die (contract 2.5).

        Until 61 s have passed in which nothing was asked and nothing was answered,
        only what cannot wait gets a place. Raises as `ask` does.
        """
        ...

    async def recent(self, since: datetime) -> Sequence[Stamp]:
        """The places taken since then, oldest first; an hour of them is kept.

        What was before a loss or a jump of the clock is forgotten. Raises as `ask`.
        """
        ...
