"""The watcher's loops: read the catalogue, ask evenly, relay, look after the waiting."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import attrs
import structlog

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import (
    MtaError,
    SiteError,
    StorageDamaged,
    StorageUnavailable,
)
from mta_core.polling.planner import Outcome
from mta_core.ports.clock import Clock
from mta_core.use_cases.foretell import Foretell
from mta_core.use_cases.invite import Invite
from mta_core.use_cases.pacing import Pacing
from mta_core.use_cases.read_catalogue import FRESH, ReadCatalogue
from mta_core.use_cases.relay import Relay
from mta_core.use_cases.remember import Remember
from mta_core.use_cases.tend import Tend
from mta_core.use_cases.watch import Watch
from mta_entrypoints.watcher.suspicions import Suspicions

TICK = 0.5
"""Seconds until a change of the subscriptions is noticed, at most."""

RELAY_EVERY = 0.5
TEND_EVERY = 60.0
REMEMBER_EVERY = 60.0
RETRY_CATALOGUE = 30.0
AFTER_TROUBLE = 5.0

_log = structlog.get_logger()


@attrs.define
class Watcher:
    """Runs until it is cancelled. Trouble that may pass is logged and waited out."""

    watch: Watch
    relay: Relay
    tend: Tend
    read_catalogue: ReadCatalogue
    suspicions: Suspicions
    pacing: Pacing
    clock: Clock
    remember: Remember
    invite: Invite
    foretell: Foretell
    _blind: dict[str, str] = attrs.field(factory=dict)

    async def run(self) -> None:
        """Run all loops; an unexpected error in one ends them all.

        Raises:
            StorageDamaged: waiting would not help.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._catalogue_loop())
                tasks.create_task(self._relay_loop())
                tasks.create_task(self._tend_loop())
                tasks.create_task(self._watch_loop())
                tasks.create_task(self._remember_loop())
        except ExceptionGroup as ended:
            damage, bug = ended.split(StorageDamaged)
            if damage is None or bug is not None:
                raise
            raise damage.exceptions[0] from None
        finally:
            with suppress(MtaError):
                await self.remember(now=True)

    async def _watch_loop(self) -> None:
        await self._recall()
        while True:
            await self.pacing.wait()
            started = self.clock.now()
            try:
                outcome = await self.watch()
            except MtaError as error:
                await self.pacing.after(started)
                await self._trouble("watch_failed", error)
                continue
            if outcome is None:
                await self._foretell()
                await self.clock.sleep(TICK)
                continue
            await self.pacing.heard(outcome)
            self._report(outcome)
            await self.suspicions.after(outcome)
            await self._foretell()

    async def _catalogue_loop(self) -> None:
        before: Catalogue | None = None
        while True:
            try:
                catalogue = await self.read_catalogue.fresh()
                await self.tend.offered(catalogue, before)
            except SiteError as error:
                _log.warning("catalogue_unread", reason=str(error))
                await self.suspicions.read(error)
                await self.clock.sleep(RETRY_CATALOGUE)
                continue
            except MtaError as error:
                await self._trouble("catalogue_failed", error)
                continue
            before = catalogue
            _log.info("catalogue_read", services=len(catalogue.services))
            await self.suspicions.read(catalogue)
            await self.clock.sleep((FRESH + timedelta(minutes=1)).total_seconds())

    async def _relay_loop(self) -> None:
        while True:
            try:
                await self.relay()
            except MtaError as error:
                await self._trouble("relay_failed", error)
            await self.clock.sleep(RELAY_EVERY)

    async def _tend_loop(self) -> None:
        while True:
            try:
                if cared := await self.tend():
                    _log.info("subscriptions_tended", count=cared)
                if invited := await self.invite():
                    _log.info("people_invited", count=invited)
            except MtaError as error:
                await self._trouble("tend_failed", error)
            await self.clock.sleep(TEND_EVERY)

    async def _recall(self) -> None:
        """Read what watching has taught before. Raises `StorageDamaged`."""
        while True:
            try:
                return await self.remember.recall()
            except MtaError as error:
                await self._trouble("recall_failed", error)

    async def _foretell(self) -> None:
        """Show what comes next. Nothing depends on it but `mta why`."""
        try:
            await self.foretell(self.pacing.explain())
        except StorageDamaged as error:
            await self._trouble("forecast_failed", error)
        except StorageUnavailable as error:
            _log.debug("forecast_not_written", reason=str(error))

    async def _remember_loop(self) -> None:
        while True:
            await self.clock.sleep(REMEMBER_EVERY)
            try:
                await self.remember()
            except MtaError as error:
                await self._trouble("remember_failed", error)

    async def _trouble(self, event: str, error: MtaError) -> None:
        _log.error(event, reason=str(error))
        if isinstance(error, StorageDamaged):
            raise error
        await self.clock.sleep(AFTER_TROUBLE)

    def _report(self, outcome: Outcome) -> None:
        """Log what was seen; blindness once when it begins and once when it ends."""
        key = outcome.probe.key
        if outcome.error is not None:
            kind = type(outcome.error).__name__
            if self._blind.get(key) != kind:
                _log.warning("probe_blind", probe=key, reason=str(outcome.error))
            self._blind[key] = kind
            return
        if self._blind.pop(key, None):
            _log.info("probe_seeing", probe=key)
        if outcome.observation is not None:
            free = len(outcome.observation.free)
            _log.info("probe_asked", probe=key, free=free)
