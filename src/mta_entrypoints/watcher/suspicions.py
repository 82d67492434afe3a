"""What the watcher does with a suspicion: log it. Trouble here never stops the watching."""

from __future__ import annotations

from collections.abc import Awaitable

import attrs
import structlog

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import MtaError, SiteError
from mta_core.polling.planner import Outcome
from mta_core.use_cases.suspect import Changes, Suspect

_log = structlog.get_logger()


@attrs.frozen
class Suspicions:
    """Lets `Suspect` see every answer, and logs what begins and what ends."""

    suspect: Suspect

    async def after(self, outcome: Outcome) -> None:
        """Take in what came of a question."""
        await self._look(self.suspect(outcome))

    async def read(self, answer: Catalogue | SiteError) -> None:
        """Take in what came of reading the catalogue."""
        await self._look(self.suspect.read(answer))

    async def _look(self, looking: Awaitable[Changes]) -> None:
        try:
            changes = await looking
        except MtaError as error:
            _log.error("suspect_failed", reason=str(error))
            return
        for condition in changes.began:
            _log.warning(
                "condition_began",
                condition=condition.name.value,
                about=condition.about,
                since=condition.since.isoformat(),
                detail=condition.detail,
            )
        for condition in changes.ended:
            _log.info(
                "condition_ended",
                condition=condition.name.value,
                about=condition.about,
                since=condition.since.isoformat(),
            )
