"""Watch shifts: opened by a person's check, watched, and ended with their token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.catalogue import Catalogue
from mta_core.domain.errors import CheckNeeded, InvalidValue, NotFound
from mta_core.domain.shifts import EXPIRED, OWNER_ONLY, RENEWED, Shift, ShiftRules
from mta_core.domain.subscriptions import Subscription
from mta_core.polling.planner import Outcome
from mta_core.polling.probes import Demand, fold
from mta_core.polling.shift_plan import OnShift
from mta_core.ports.checks import HumanCheck
from mta_core.ports.clock import Clock, Ids
from mta_core.ports.limiter import Budget, Limiter
from mta_core.ports.repository import Transaction, UnitOfWork
from mta_core.use_cases.politeness import turn
from mta_core.use_cases.read_catalogue import last_known


@attrs.frozen
class OpenShift:
    """Carry the city's check to a person and back, and open their shift."""

    store: UnitOfWork
    check: HumanCheck
    limiter: Limiter
    clock: Clock
    ids: Ids
    rules: ShiftRules = OWNER_ONLY

    async def to_watch(self, user_id: UUID) -> Sequence[Demand]:
        """Say what a shift of this citizen would watch, before they pass a check.

        Raises:
            InvalidValue: nothing, so nobody should pass one.
        """
        async with self.store.snapshot() as tx:
            wishes = await tx.subscriptions.of(user_id)
            demands = fold(wishes, await last_known(tx), self.clock.now(), checked=True)
        if not demands:
            raise InvalidValue(
                "You wait for nothing at an office that is behind the city's human "
                "check, so there is nothing to watch for you in a shift."
            )
        return demands

    async def challenge(self) -> Mapping[str, Any]:
        """Get a challenge for the person's browser. Raises `SiteError`."""
        async with turn(self.limiter, self.clock, Budget.OTHER):
            return await self.check.challenge()

    async def __call__(self, user_id: UUID, payload: str) -> Shift:
        """Have the city judge what the person made of it, and open their shift.

        A shift of theirs that is open already is over with that.

        Raises:
            CheckFailed: it takes a new challenge.
            SiteError: the check cannot be had just now.
        """
        async with turn(self.limiter, self.clock, Budget.OTHER):
            sent_at = self.clock.now()
            token = await self.check.verify(payload)
        shift = Shift.open(self.ids.new(), user_id, self.rules.egress, token, sent_at)
        async with self.store.begin() as tx:
            for earlier in await tx.shifts.live(sent_at, self.rules.egress):
                if earlier.user == user_id:
                    await tx.shifts.save(earlier.end(sent_at, RENEWED))
            shift = await tx.shifts.save(shift)
            await tx.commit()
        return shift


@attrs.frozen
class LiveShifts:
    """The shifts that are open at this address, and what may be asked in them."""

    store: UnitOfWork
    clock: Clock
    rules: ShiftRules = OWNER_ONLY

    async def __call__(self, catalogue: Catalogue) -> Sequence[OnShift]:
        """Read them anew: one may have been opened just now."""
        now = self.clock.now()
        async with self.store.snapshot() as tx:
            return [
                OnShift(
                    shift,
                    fold(await self._wishes(tx, shift), catalogue, now, checked=True),
                    None if self.rules.shared else shift.user,
                )
                for shift in await tx.shifts.live(now, self.rules.egress)
            ]

    async def heard(self, on: OnShift, outcome: Outcome) -> None:
        """Note what came of a question, and end the shift if its token is over."""
        now, error = self.clock.now(), outcome.error
        async with self.store.begin() as tx:
            if isinstance(error, CheckNeeded):
                await end_shift(tx, on.shift, now, error.code)
            elif (shift := await _still(tx, on.shift)) is not None:
                await tx.shifts.save(shift.heard(now, str(error) if error else ""))
            await tx.commit()

    async def end_the_old(self) -> int:
        """End those whose time has passed; their tokens are forgotten."""
        now = self.clock.now()
        async with self.store.snapshot() as tx:
            if not await tx.shifts.over(now):
                return 0
        async with self.store.begin() as tx:
            over = await tx.shifts.over(now)
            for shift in over:
                await tx.shifts.save(shift.end(shift.expires_at, EXPIRED))
            await tx.commit()
        return len(over)

    async def _wishes(self, tx: Transaction, shift: Shift) -> Sequence[Subscription]:
        if self.rules.shared:
            return await tx.subscriptions.active()
        return await tx.subscriptions.of(shift.user)


async def shift_for(
    tx: Transaction, user_id: UUID, rules: ShiftRules, now: datetime
) -> Shift | None:
    """Find a shift whose token may be shown for a citizen: their own if there is one."""
    live = await tx.shifts.live(now, rules.egress)
    usable = [shift for shift in live if rules.serve(shift, user_id)]
    return min(usable, key=lambda shift: shift.user != user_id, default=None)


async def end_shift(tx: Transaction, shift: Shift, now: datetime, reason: str) -> None:
    """End a shift whose token the city takes no more, if nobody has yet."""
    present = await _still(tx, shift)
    if present is not None:
        await tx.shifts.save(present.end(now, reason))


async def _still(tx: Transaction, shift: Shift) -> Shift | None:
    """Read a shift again; None if it has ended, or its owner is gone."""
    try:
        present = await tx.shifts.get(shift.id)
    except NotFound:
        return None
    return present if present.ended_at is None else None
