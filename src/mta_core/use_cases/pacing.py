"""Pacing: let the next question leave when its time has come, and say why then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import attrs

from mta_core.domain.errors import SiteError, StorageUnavailable
from mta_core.polling.pace import Counter, Dice, Pace, PaceView, fair
from mta_core.polling.planner import Outcome
from mta_core.ports.clock import Clock
from mta_core.ports.limiter import Limiter

AHEAD = 15
"""Minutes that are overlooked to place a pause: two or three pauses come in them."""

NAME = "pace"
"""What its document is called."""


def nothing_known(_now: datetime, _minutes: int) -> Sequence[float]:
    """Look ahead and see nothing: then a pause is made when it must be."""
    return ()


@attrs.define
class Pacing:
    """The pace of the calendar requests of one egress address.

    Attributes:
        counter: tells the city's counter as of its last answer.
        outlook: tells what asking is worth in so many coming minutes.
        dice: for the jitter; none unless it is given.
    """

    limiter: Limiter
    counter: Callable[[], Counter | None]
    clock: Clock
    outlook: Callable[[datetime, int], Sequence[float]] = nothing_known
    dice: Dice = fair
    pace: Pace = attrs.field(init=False)

    @pace.default
    def _at_once(self) -> Pace:
        return Pace(self.clock.now(), dice=self.dice)

    async def wait(self) -> None:
        """Wait until the next question may leave."""
        wait = self.pace.next_at - self.clock.now()
        if wait > timedelta(0):
            await self.clock.sleep(wait.total_seconds())

    async def heard(self, outcome: Outcome) -> None:
        """Take in what came of a question."""
        took = outcome.took or timedelta(0)
        await self.after(outcome.at - took, outcome.error, outcome.took)

    async def after(
        self,
        sent_at: datetime,
        error: SiteError | None = None,
        took: timedelta | None = None,
    ) -> None:
        """Set the pace after a request, and let all others keep a pause that it takes.

        Args:
            took: how long the answer, or its failure, took.
        """
        now = sent_at + (took or timedelta(0))
        self.pace = self.pace.after(
            sent_at,
            error,
            self.counter(),
            took=took,
            outlook=self.outlook(now, AHEAD),
        )
        if self.pace.pausing:
            with suppress(StorageUnavailable):  # then nobody else gets a place, either
                await self.limiter.pause()

    def put_off(self) -> None:
        """There was nothing to ask: look again after the usual time."""
        self.pace = self.pace.put_off(self.clock.now())

    def hasten(self) -> None:
        """Let the next question keep no distance, only silence and pauses."""
        self.pace = self.pace.hastened(self.clock.now())

    def explain(self) -> PaceView:
        """Say when the next question leaves, and why."""
        return self.pace.explain()

    def documents(self) -> Mapping[str, Mapping[str, Any]]:
        """Write down the pace, by name."""
        return {NAME: self.pace.document()}

    def recall(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Go on at the pace that was written down among other things, if one was."""
        if (kept := documents.get(NAME)) is not None:
            self.pace = Pace.from_document(kept, self.clock.now(), self.dice)
