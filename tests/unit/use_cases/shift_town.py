"""A world with a human check in it, for what goes on behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import attrs

from mta_core.domain.notifications import Kind, Notification
from mta_core.domain.shifts import OWNER_ONLY, Shift, ShiftRules
from mta_core.domain.subscriptions import Subscription, Wishes
from mta_core.testing import RUPPERTSTRASSE, ScriptedCheck, a_shift, a_slot
from mta_core.use_cases.explain import Explain
from mta_core.use_cases.invite import Invite
from mta_core.use_cases.rota import Turns
from mta_core.use_cases.shifts import LiveShifts, OpenShift
from mta_core.use_cases.watch import Watch
from tests.unit.use_cases.world import MINUTE, World

SLOT = a_slot(office=RUPPERTSTRASSE)
LATER = a_slot(days=2, office=RUPPERTSTRASSE)
THERE = Wishes(offices=frozenset({RUPPERTSTRASSE}))
ANSWERS = {"Aktenzeichen": "12/345"}
SHARED = ShiftRules(permission="Letter of 2026-11-02 by N.N., city of Munich")


@attrs.define(eq=False)
class Town(World):
    """A world with a human check. *rules*: whom a shift serves."""

    rules: ShiftRules = attrs.field(default=OWNER_ONLY, kw_only=True)
    check: ScriptedCheck = attrs.field(init=False)
    open_shift: OpenShift = attrs.field(init=False)
    shifts: LiveShifts = attrs.field(init=False)
    invite: Invite = attrs.field(init=False)
    turns: Turns = attrs.field(init=False)

    def wire(self) -> None:
        World.wire(self)
        self.check = ScriptedCheck(self.site)
        self.open_shift = OpenShift(
            self.store, self.check, self.limiter, self.clock, self.ids, self.rules
        )
        self.shifts = LiveShifts(self.store, self.clock, self.rules)
        self.watch = Watch(
            self.waiting,
            self.planner,
            self.limiter,
            self.site,
            self.store,
            self.record,
            self.clock,
            self.shifts,
        )
        self.invite = Invite(self.store, self.clock, self.ids, self.shifts)
        self.turns = Turns(self.store, self.clock, self.ids)
        self.calls = attrs.evolve(self.calls, rules=self.rules)
        self.book = attrs.evolve(self.book, calls=self.calls)
        self.explain = Explain(self.store, self.clock, self.rules)

    async def passes(self, user_id: UUID) -> Shift:
        """Let a citizen pass the check."""
        challenge = await self.open_shift.challenge()
        return await self.open_shift(user_id, self.check.passed(challenge))

    async def shift(self, shift: Shift) -> Shift:
        """Read a shift again."""
        async with self.store.snapshot() as tx:
            return await tx.shifts.get(shift.id)

    async def teller(self, **changes: Any) -> Subscription:
        """Store a wish to be told of slots behind the check."""
        return await self.wish(wishes=THERE, **changes)

    async def shift_booker(self, **changes: Any) -> Subscription:
        """Store a wish to have one booked."""
        return await self.booker(wishes=THERE, answers=ANSWERS, **changes)


TEXT = "Neue Termine: Montag bis Freitag zwischen 7 und 8 Uhr."
SEVEN = datetime(2026, 9, 2, 5, 0, tzinfo=UTC)
"""Seven in Munich, on the Wednesday after the doubles' time begins."""


@attrs.define(eq=False)
class StatingTown(Town):
    """A town whose checked office states its hours."""

    async def opens(self, text: str = TEXT) -> None:
        """Let the office state its hours."""
        await self.serve(RUPPERTSTRASSE, checked=True, info=text)

    async def until(self, minutes: float) -> None:
        """Let the watcher go on, so many minutes after seven."""
        await self.wait_until(SEVEN + minutes * MINUTE)

    async def tick(self, first: float = -15, last: float = 65) -> None:
        """Look after everybody each minute, and send what is due."""
        minute = first
        while minute < last:
            await self.until(minute)
            await self.invite()
            await self.clock.advance(2)  # the relay leaves alone what is due just now
            await self.relay()
            await self.work_off()
            minute += 1

    async def invitations(self, user_id: UUID) -> list[Notification]:
        return [n for n in await self.owed(user_id) if n.kind is Kind.INVITATION]

    async def sent_at(self, user_id: UUID) -> list[float]:
        """Say how many minutes from seven on they were delivered."""
        notes = await self.invitations(user_id)
        at = [n.delivered_at for n in notes if n.delivered_at]
        return [round((moment - SEVEN) / MINUTE) for moment in at]

    async def watches(self, user: UUID, **changes: Any) -> None:
        """Let somebody open a shift of five minutes."""
        now = self.clock.now()
        async with self.store.begin() as tx:
            shift = a_shift(opened_at=now, expires_at=now + 5 * MINUTE, **changes)
            await tx.shifts.save(attrs.evolve(shift, user=user))
            await tx.commit()
